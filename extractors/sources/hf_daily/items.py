"""The embedded JSON of a Daily Papers page: its items as entries, and which fields it gained or lost.

One bad item becomes a rejection, never a lost page. The known fields are those of twelve captured pages (2026-02-20 to
2026-06-03) and of an archive of 27 months; names are the site's own, in its own spelling.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import msgspec

from transforms.records import (
    Entry,
    Finding,
    Metric,
    Reason,
    Rejection,
)

# A hostile page may have any number of fields with names of any length; real ones have thirty.
_NAMES_MAX, _NAME_CHARACTERS = 100, 80
_USUAL_FROM = 10  # on fewer items the absence of a field that most items have is chance

_PAGE_ALWAYS = frozenset({"canSubmit", "prevDate", "publisher"})
_PAGE_KNOWN = _PAGE_ALWAYS | {"dateString", "dailyPapers", "periodType", "nextDate", "query", "isTrending"}
_ITEM_ALWAYS = frozenset({"paper", "title", "publishedAt", "numComments"})
_ITEM_USUAL = frozenset({"summary", "thumbnail", "submittedBy", "organization", "isAuthorParticipating"})
_ITEM_KNOWN = _ITEM_ALWAYS | _ITEM_USUAL | {"mediaUrls", "upvoted"}
_PAPER_ALWAYS = frozenset({"id", "authors", "publishedAt", "title", "summary", "upvotes"})
_PAPER_USUAL = frozenset({"discussionId", "githubRepo", "githubStars", "projectPage", "submittedOnDailyBy"})
_PAPER_KNOWN = _PAPER_ALWAYS | _PAPER_USUAL | {"ai_keywords", "ai_summary", "ai_summary_model", "githubRepoAddedBy"}
_PAPER_KNOWN |= {"mediaUrls", "organization", "submittedOnDailyAt", "withdrawnAt"}


class DayPage(msgspec.Struct, frozen=True):
    """The page as a whole; its items are decoded one by one."""

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


@dataclass(frozen=True, slots=True)
class FieldCounts:
    """The objects of one kind on a page: their JSON path, how many they are, and how many of them have each field."""

    path: str
    total: int
    having: Mapping[str, int]


def rejection_or_entry(item: Any, position: int) -> Entry | Rejection:
    """The item as an entry, or why it cannot be one; both keep it verbatim, without the viewer's own `upvoted`."""
    kept = {name: value for name, value in item.items() if name != "upvoted"} if isinstance(item, dict) else item
    verbatim = msgspec.json.encode(kept).decode()
    try:
        read = msgspec.convert(item, _Item)
    except msgspec.ValidationError as error:
        return _rejection(position, Reason.UNREADABLE_ENTRY, str(error), verbatim)
    if not (read.paper.id or "").strip():
        return _rejection(position, Reason.MISSING_IDENTIFIER, "paper.id is missing or empty", verbatim)
    if not (read.paper.title or "").strip():
        return _rejection(position, Reason.MISSING_TITLE, "paper.title is missing or empty", verbatim)
    return _entry(read, position, verbatim)


def count_fields(page: Mapping[str, Any], items: Sequence[Any]) -> tuple[FieldCounts, FieldCounts, FieldCounts]:
    """The fields of the page, of its items and of their papers."""
    objects = [item for item in items if isinstance(item, dict)]
    papers = [item["paper"] for item in objects if isinstance(item.get("paper"), dict)]
    return _counts("", [page]), _counts("dailyPapers[].", objects), _counts("dailyPapers[].paper.", papers)


def field_shares(kinds: Iterable[FieldCounts]) -> tuple[tuple[str, int, int], ...]:
    """Each field's JSON path with the number of objects that have it, and of how many: for the source's history."""
    return tuple(
        (f"{fields.path}{name[:_NAME_CHARACTERS]}", count, fields.total)
        for fields in kinds
        for name, count in sorted(fields.having.items())[:_NAMES_MAX]
    )


def field_warnings(kinds: tuple[FieldCounts, FieldCounts, FieldCounts]) -> tuple[Finding, ...]:
    """Warnings for unknown and vanished fields, with their JSON paths."""
    page, items, papers = kinds
    return (
        *_unusual(page, _PAGE_KNOWN, _PAGE_ALWAYS, frozenset()),
        *_unusual(items, _ITEM_KNOWN, _ITEM_ALWAYS, _ITEM_USUAL),
        *_unusual(papers, _PAPER_KNOWN, _PAPER_ALWAYS, _PAPER_USUAL),
    )


def outer_differences(items: Sequence[Any]) -> Iterator[Finding]:
    """Warnings for items whose own title or summary is not their paper's."""
    for index, item in enumerate(items):
        paper = item.get("paper") if isinstance(item, dict) else None
        if not isinstance(paper, dict):
            continue
        for name in ("title", "summary"):
            if name in item and name in paper and item[name] != paper[name]:
                expected, place = f"the paper's {_short(paper[name])}", f"dailyPapers[{index}].{name}"
                yield Finding.warning("outer_text_differs", _short(item[name]), expected, place)


def _entry(item: _Item, position: int, verbatim: str) -> Entry:
    paper = item.paper
    organization = item.organization
    return Entry(
        position=position,
        place=f"dailyPapers[{position - 1}]",
        said=verbatim,
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


def _rejection(position: int, reason: Reason, detail: str, verbatim: str) -> Rejection:
    detail = f"dailyPapers[{position - 1}]: {detail}"
    return Rejection(position=position, section=None, reason=reason, detail=detail, entry_text=verbatim)


def _counts(path: str, objects: Sequence[Mapping[str, Any]]) -> FieldCounts:
    return FieldCounts(path, len(objects), Counter(chain.from_iterable(objects)))


def _unusual(
    fields: FieldCounts, known: frozenset[str], always: frozenset[str], usual: frozenset[str]
) -> Iterator[Finding]:
    having, total = fields.having, fields.total
    for name in sorted(having.keys() - known):
        observed = f"in {having[name]} of {total}"
        yield Finding.warning("unknown_field", observed, "a known field", f"{fields.path}{name}")
    for name in sorted(always):
        if having.get(name, 0) < total:
            observed = f"in {having.get(name, 0)} of {total}"
            yield Finding.warning("vanished_field", observed, "in every one", f"{fields.path}{name}")
    for name in sorted(usual):
        if name not in having and total >= _USUAL_FROM:
            yield Finding.warning("vanished_field", f"in 0 of {total}", "in most", f"{fields.path}{name}")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
