"""A file of Markdown a day, for a folder of notes: `2026-03-02.md`, by the last day that an issue looked at.

A reader who has issues on Mondays only gets a file a week. In a file each issue is a section under a comment that names
it. An issue that is sent again takes the place of its own section; all else in the file stays.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote

from extractors.landing.files import write_whole
from flows.digest.channel import ChannelKind, Means, Part, Undelivered
from flows.digest.words import (
    address_of,
    authors_of,
    headline,
    in_words,
    institutions_of,
    left_out_line,
    links_of,
    sections,
    title_of,
    unread_line,
    where,
    why,
)
from flows.shown import markdown
from transforms.digest.readers import Channel
from transforms.digest.records import Issue, Item

FOLDER = "markdown"
# No text of others can be such a line: its `<` is escaped.
_MARK = re.compile(r"^<!-- paperlog ([A-Za-z0-9][A-Za-z0-9_-]*) (\d{4}-\d\d-\d\d) \S+ -->$", re.MULTILINE)
END = "<!-- /paperlog -->"
"""Ends a section; what somebody writes below it is theirs."""

# The signs of an address that mean nothing in Markdown, or are escaped as in HTML.
_SAFE = "%/:?#@!$&'+,;=~._-"


def parts(issue: Issue, _channel: Channel, means: Means) -> tuple[Part, ...]:
    """The issue as one section."""
    part_id = f"{issue.issue_id}/1"
    mark = f"<!-- paperlog {issue.reader} {issue.until_on} {quote(part_id)} -->"
    keys = (*(each.entry_key for each in issue.items), *(each.entry_key for each in issue.unread))
    return (Part(part_id=part_id, payload="\n\n".join((mark, *_blocks(issue, means), END)) + "\n", entry_keys=keys),)


def send(part: Part, channel: Channel, means: Means) -> None:
    """Write the section into the file of its day, in place of itself if it is there, else at the end."""
    mark = _MARK.match(part.payload)
    if mark is None:
        said = f"the part {part.part_id} does not begin with a reader's name of letters, digits, - and _, and a day"
        raise Undelivered(f"channel {channel.name}: {said}", is_uncertain=False)
    path = _folder(channel, means, mark[1]) / f"{date.fromisoformat(mark[2])}.md"
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if (text := _with(before, part.payload, mark[0])) != before:
            write_whole(path, text.encode())
    except UnicodeDecodeError as error:
        said = "is no UTF-8 text, and is not changed: move it away"
        raise Undelivered(f"channel {channel.name}: {path} {said}", is_uncertain=False) from error
    except OSError as error:
        raise Undelivered(f"channel {channel.name}: the file cannot be written: {error}", is_uncertain=True) from error


MARKDOWN = ChannelKind(
    name="markdown",
    meaning="a file of Markdown for each day on which an issue goes out, such as 2026-03-02.md",
    to=f"the folder, below the home unless it is a whole path; {FOLDER}/ and the reader's name if it is not given",
    is_to_optional=True,
    parts=parts,
    send=send,
)


def _folder(channel: Channel, means: Means, reader: str) -> Path:
    """A whole path stays as it is."""
    if channel.to.startswith("~"):
        said = f"to = {channel.to!r}: ~ is not read here, write the whole path"
        raise Undelivered(f"channel {channel.name}: {said}", is_uncertain=False)
    return means.home / (channel.to or f"{FOLDER}/{reader}")


def _with(text: str, section: str, mark: str) -> str:
    """The file's text with the section, which goes on until its end or the next mark: notes below it stay."""
    found = [each for each in _MARK.finditer(text) if each[0] == mark]
    if not found:
        return f"{text.rstrip()}\n\n{section}" if text.strip() else section
    begin = found[0].end()
    ends = [text.find(END, begin) + len(END) + 1] if END in text[begin:] else []
    ends += [after.start() for after in [_MARK.search(text, begin)] if after]
    rest = text[min(ends) :].lstrip("\n") if ends else ""
    return text[: found[0].start()] + section + (f"\n{rest}" if rest else "")


def _blocks(issue: Issue, means: Means) -> Iterator[str]:
    first = "" if issue.since_on == issue.until_on else f"{in_words(issue.since_on)} to "
    yield f"# {markdown(issue.title)}: {first}{in_words(issue.until_on)}"
    yield f"{markdown(headline(issue))}."
    for heading, items in sections(issue):
        yield f"## {heading}"
        for item in items:
            yield from _paper(item, means)
    if line := left_out_line(issue):
        yield f"{markdown(line)}."
    if issue.unread:
        yield "## Lists that were not read whole"
        yield "\n".join(f"- {markdown(unread_line(each))}" for each in issue.unread)


def _paper(item: Item, means: Means) -> Iterator[str]:
    paper = item.paper
    title = markdown(title_of(paper))
    address = address_of(paper, means.site_url)
    yield f"### {_link(title, address) if address else title}"
    facts = [
        " · ".join(markdown(each) for each in (authors_of(paper), institutions_of(paper)) if each),
        "**Withdrawn.**" if paper.is_withdrawn else "",
        f"**{markdown(item.detail)}**" if item.detail else "",
        f"**Why:** {markdown(reasons)}" if (reasons := why(item)) else "",
        markdown(where(item)),
        " · ".join(_link(markdown(each.kind), each.url) for each in links_of(paper, means.site_url)),
    ]
    yield "  \n".join(filter(None, facts))
    for review in paper.reviews:
        for said in filter(None, (review.summary, review.verdict)):
            yield f"**{markdown(review.source)}:** {markdown(said)}"
    if paper.abstract:
        yield markdown(paper.abstract)


def _link(text: str, url: str) -> str:
    """Whatever could end an address is in its percent form."""
    return f"[{text}]({html.escape(quote(url, safe=_SAFE))})"
