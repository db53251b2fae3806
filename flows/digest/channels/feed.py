"""A reader's feed: each thing that an issue tells becomes an entry, once and for ever, in Atom and JSON Feed.

The feed is private, as the pages of `serve` are: it holds abstracts and reviews whatever the terms of their sources.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from flows.design.names import shortened
from flows.digest.channel import ChannelKind, Means, Part, Undelivered
from flows.digest.words import (
    address_of,
    authors_of,
    left_out_line,
    links_of,
    page_of,
    title_of,
    unread_line,
    where,
    why,
)
from flows.feeds.feed import Feed, Item, id_of
from flows.feeds.kept import FeedError, KeptFeed, keep
from flows.shown import in_one_line, visible
from transforms.digest.readers import Channel
from transforms.digest.records import Issue, News, Unread
from transforms.digest.records import Item as Told

PREFIXES = {
    News.LATE: "Late: ",
    News.ROSE: "Rose: ",
    News.REVIEWED: "Review: ",
    News.VERSION: "New version: ",
}
"""How the title of an entry begins; that of a new paper is the paper's own."""

# Real ones are shorter, but for the authors of large collaborations. An entry must fit into a page of the feed.
TITLE_LENGTH = 330
ABSTRACT_LENGTH = 10_000
SUMMARY_LENGTH = 400
TEXT_LENGTH = 1_500
NAME_LENGTH = 100
AUTHORS_MAX = 300
REVIEWS_MAX = 3
CATEGORIES_MAX = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class _Handed:
    """What is handed over: the entries of an issue, best first, and what the feed is called."""

    reader: str
    title: str
    home_url: str | None
    entries: tuple[Item, ...]


def parts(issue: Issue, _channel: Channel, means: Means) -> tuple[Part, ...]:
    """The issue in one part; none if there is nothing to tell: a list that is still open is no news."""
    entries = tuple(_entries(issue, means))
    if not entries:
        return ()
    home_url = means.site_url and f"{means.site_url}/"
    handed = _Handed(reader=issue.reader, title=in_one_line(issue.title), home_url=home_url, entries=entries)
    keys = (*(each.entry_key for each in issue.items), *(each.entry_key for each in issue.trouble))
    return (Part(part_id=f"{issue.issue_id}/1", payload=msgspec.json.encode(handed).decode(), entry_keys=keys),)


def send(part: Part, channel: Channel, means: Means) -> None:
    """Add the entries that the feed does not have yet, and write its documents anew."""
    try:
        handed = msgspec.json.decode(part.payload, type=_Handed)
        kept = KeptFeed(reader=handed.reader, channel=channel.name)
        feed = Feed(
            id=id_of("feed", handed.reader, channel.name),
            title=handed.title,
            description=f"What is new for {handed.reader}.",
            home_url=handed.home_url,
            items=tuple(reversed(handed.entries)),
        )
        keep(means.home / kept.address, feed)
    except (msgspec.MsgspecError, FeedError) as error:
        raise Undelivered(f"channel {channel.name}: {error}", is_uncertain=False) from error
    except OSError as error:
        raise Undelivered(f"channel {channel.name}: the feed cannot be written: {error}", is_uncertain=True) from error


FEED = ChannelKind(
    name="feed",
    meaning="entries in a feed of the reader's own (Atom and JSON Feed), which `paperlog serve` serves",
    parts=parts,
    send=send,
)


def _entries(issue: Issue, means: Means) -> Iterator[Item]:
    for told in issue.items:
        yield _entry_of(told, issue, means)
    for unread in issue.trouble:
        yield _trouble(unread, issue)
    if line := left_out_line(issue):
        yield _note(id_of("digest", issue.issue_id, "left out"), line, issue)


def _entry_of(told: Told, issue: Issue, means: Means) -> Item:
    paper = told.paper
    return Item(
        id=id_of("digest", told.entry_key),
        title=PREFIXES.get(told.news, "") + shortened(title_of(paper), TITLE_LENGTH),
        authors=tuple(_short(each, NAME_LENGTH) for each in paper.authors[:AUTHORS_MAX] if each.strip()),
        published_at=issue.made_at,
        updated_at=issue.made_at,
        paper_url=address_of(paper, None),
        page_url=page_of(paper, means.site_url),
        summary=_short(paper.abstract or "", SUMMARY_LENGTH) or None,
        content="\n".join(f"<p>{each}</p>" for each in _paragraphs(told, means.site_url) if each),
        is_html=True,
        categories=tuple(
            _short(each, NAME_LENGTH) for each in (*paper.categories, *paper.keywords)[:CATEGORIES_MAX] if each.strip()
        ),
    )


def _paragraphs(told: Told, site_url: str | None) -> Iterator[str]:
    """What a person reads, as HTML: only marks of ours, and all texts escaped."""
    paper = told.paper
    institutions = ", ".join(_short(each, NAME_LENGTH) for each in paper.institutions[:2])
    yield " · ".join(_text(each) for each in (authors_of(paper), institutions) if each)
    if paper.is_withdrawn:
        yield "<strong>Withdrawn.</strong>"
    if told.detail:
        yield f"<strong>{_text(told.detail)}</strong>"
    if reasons := why(told):
        yield f"<strong>Why:</strong> {_text(reasons)}"
    yield _text(where(told))
    for review in paper.reviews[:REVIEWS_MAX]:
        for said in filter(None, (review.summary, review.verdict)):
            yield f"<strong>{_text(review.source)}:</strong> {_text(said)}"
    yield _text(paper.abstract or "", ABSTRACT_LENGTH)
    yield " · ".join(
        f'<a href="{html.escape(visible(each.url))}">{_text(each.kind)}</a>' for each in links_of(paper, site_url)
    )


def _trouble(unread: Unread, issue: Issue) -> Item:
    return _note(id_of("digest", unread.entry_key), f"Could not be looked at: {unread_line(unread)}", issue)


def _note(note_id: str, text: str, issue: Issue) -> Item:
    """An entry about no paper."""
    return Item(
        id=note_id,
        title=shortened(text, TITLE_LENGTH),
        published_at=issue.made_at,
        updated_at=issue.made_at,
        content=visible(text),
    )


def _text(text: str, length: int = TEXT_LENGTH) -> str:
    return html.escape(_short(text, length), quote=False)


def _short(text: str, length: int) -> str:
    return visible(shortened(text, length))
