"""The embedded JSON of a Daily Papers page, item by item: one bad item becomes a rejection, never a lost page."""

from __future__ import annotations

from typing import Any

import msgspec

from transforms.records import (
    Entry,
    Metric,
    Reason,
    Rejection,
)

# Field names are the site's own, in its own spelling.


class DayPage(msgspec.Struct, frozen=True):
    """What the page as a whole says; its items are read one by one."""

    dateString: str  # noqa: N815
    periodType: str  # noqa: N815
    isTrending: bool  # noqa: N815
    query: dict[str, Any]
    dailyPapers: list[Any]  # noqa: N815
    prevDate: str | None = None  # noqa: N815
    nextDate: str | None = None  # noqa: N815


class _Author(msgspec.Struct, frozen=True):
    name: str


class _Organization(msgspec.Struct, frozen=True):
    name: str | None = None
    fullname: str | None = None


class _Submitter(msgspec.Struct, frozen=True):
    name: str | None = None


class _Paper(msgspec.Struct, frozen=True):
    id: str | None = None
    title: str | None = None
    summary: str | None = None
    authors: list[_Author] = []
    publishedAt: str | None = None  # noqa: N815
    upvotes: int | None = None
    githubStars: int | None = None  # noqa: N815
    githubRepo: str | None = None  # noqa: N815
    projectPage: str | None = None  # noqa: N815
    mediaUrls: list[str] | None = None  # noqa: N815


class _Item(msgspec.Struct, frozen=True):
    paper: _Paper
    numComments: int | None = None  # noqa: N815
    submittedBy: _Submitter | None = None  # noqa: N815
    organization: _Organization | None = None


def rejection_or_entry(item: Any, position: int) -> Entry | Rejection:
    """The item as an entry, or why it cannot be one. `said` is the item without the viewer's own `upvoted`."""
    said = _said(item)
    try:
        read = msgspec.convert(item, _Item)
    except msgspec.ValidationError as error:
        return _rejection(position, Reason.UNREADABLE_ENTRY, str(error), said)
    if not (read.paper.id or "").strip():
        return _rejection(position, Reason.MISSING_IDENTIFIER, "paper.id is missing or empty", said)
    if not (read.paper.title or "").strip():
        return _rejection(position, Reason.MISSING_TITLE, "paper.title is missing or empty", said)
    return _entry(read, position, said)


def _entry(item: _Item, position: int, said: str) -> Entry:
    paper = item.paper
    organization = item.organization
    return Entry(
        position=position,
        place=f"dailyPapers[{position - 1}]",
        said=said,
        arxiv_id=paper.id,
        title=paper.title,
        abstract=paper.summary,
        authors=tuple(author.name for author in paper.authors),
        published=paper.publishedAt,
        submitted_by=item.submittedBy.name if item.submittedBy else None,
        organization=(organization.fullname or organization.name) if organization else None,
        links=_links(paper),
        metrics=_metrics(item),
    )


def _links(paper: _Paper) -> tuple[tuple[str, str], ...]:
    links = [("code", paper.githubRepo), ("project", paper.projectPage)]
    links += [("media", url) for url in paper.mediaUrls or []]
    return tuple((kind, url) for kind, url in links if url)


def _metrics(item: _Item) -> tuple[tuple[Metric, str], ...]:
    numbers = (
        (Metric.UPVOTES, item.paper.upvotes),
        (Metric.COMMENTS, item.numComments),
        (Metric.GITHUB_STARS, item.paper.githubStars),
    )
    return tuple((metric, str(number)) for metric, number in numbers if number is not None)


def _rejection(position: int, reason: Reason, detail: str, said: str) -> Rejection:
    detail = f"dailyPapers[{position - 1}]: {detail}"
    return Rejection(position=position, section=None, reason=reason, detail=detail, entry_text=said)


def _said(item: Any) -> str:
    kept = {name: value for name, value in item.items() if name != "upvoted"} if isinstance(item, dict) else item
    return msgspec.json.encode(kept).decode()
