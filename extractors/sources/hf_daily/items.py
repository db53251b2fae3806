"""The embedded JSON of a Daily Papers page: its items as entries, and which fields it gained or lost.

One bad item becomes a rejection, never a lost page. The known fields are those of twelve captured pages (2026-02-20 to
2026-06-03) and of an archive of 27 months; names are the site's own, in its own spelling.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

import msgspec

from extractors.errors import EmptyList, PageChanged
from transforms.fields.text import storable
from transforms.records import (
    AuthorClaim,
    Entry,
    Finding,
    Metric,
    Reason,
    Rejection,
)

# A hostile page may have any number of fields with names of any length; real ones have thirty.
_NAMES_MAX, _NAME_CHARACTERS = 100, 80
ITEMS_MAX = 1000  # real days have 15 to 71
_USUAL_FROM = 10  # on fewer items the absence of a field that most items have is chance

_PAGE_ALWAYS = frozenset({"canSubmit", "prevDate", "publisher"})
_PAGE_KNOWN = _PAGE_ALWAYS | {"date", "dateString", "dailyPapers", "periodType", "nextDate", "query", "isTrending"}
_ITEM_ALWAYS = frozenset({"paper", "title", "publishedAt", "numComments"})
# What most items have, with the list day from which on: first seen in an archive of 580 days of answers.
_ITEM_USUAL = {
    "thumbnail": date(2024, 6, 12),
    "submittedBy": date(2024, 6, 13),
    "isAuthorParticipating": date(2025, 1, 13),
    "summary": date(2025, 3, 11),
    "organization": date(2025, 10, 3),
}
_ITEM_KNOWN = _ITEM_ALWAYS | _ITEM_USUAL.keys() | {"mediaUrl", "mediaUrls", "submitterOrganization", "upvoted"}
_PAPER_ALWAYS = frozenset({"id", "authors", "publishedAt", "title", "summary", "upvotes"})
_PAPER_USUAL = {
    "discussionId": date(2024, 8, 2),
    "githubRepo": date(2025, 3, 4),
    "projectPage": date(2025, 3, 4),
    "submittedOnDailyBy": date(2025, 3, 17),
    "ai_keywords": date(2025, 3, 17),
    "ai_summary": date(2025, 5, 22),
    "githubStars": date(2025, 6, 25),
}
_PAPER_KNOWN = _PAPER_ALWAYS | _PAPER_USUAL.keys() | {"ai_summary_model", "githubRepoAddedBy"}
_PAPER_KNOWN |= {"mediaUrls", "organization", "submittedOnDailyAt", "withdrawnAt"}


class DayPage(msgspec.Struct, frozen=True):
    """The page as a whole; its items are decoded one by one.

    Pages of 2024 have `date`, an instant at midnight, instead of `dateString`, and none of the three fields that tell a
    day from a week, a month, trending papers and a search (compared with a page of 2024-08-01).
    """

    dailyPapers: list[Any]  # noqa: N815
    dateString: str | None = None  # noqa: N815
    date: str | None = None
    periodType: str | None = None  # noqa: N815
    isTrending: bool | None = None  # noqa: N815
    query: dict[str, Any] | None = None
    prevDate: str | None = None  # noqa: N815
    nextDate: str | None = None  # noqa: N815

    @property
    def is_of_2024(self) -> bool:
        """Whether the page has the layout of 2024, by what it has and by what it lacks."""
        later = (self.dateString, self.periodType, self.isTrending, self.query)
        return self.date is not None and later == (None, None, None, None)


class _Author(msgspec.Struct, frozen=True):
    name: str
    status: str | None = None


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
    ai_summary: str | None = None
    ai_keywords: list[str] | None = None


class _Item(msgspec.Struct, frozen=True):
    paper: _Paper
    numComments: int | None = None  # noqa: N815
    submittedBy: _Submitter | None = None  # noqa: N815
    organization: _Organization | None = None
    thumbnail: str | None = None


@dataclass(frozen=True, slots=True)
class FieldCounts:
    """The objects of one kind on a page: their JSON path, how many they are, and how many of them have each field."""

    path: str
    total: int
    having: Mapping[str, int]


def json_of(data: bytes) -> Any:
    """The decoded JSON, None if it is no JSON at all. Raises UnicodeDecodeError if it is no UTF-8.

    Half an emoji (a lone surrogate), NaN and numbers without end are no JSON, yet sites print them: what has one is
    decoded again leniently, so that one bad item does not cost the others.
    """
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError):
        text = data.decode()
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def rejection_or_entry(item: Any, position: int) -> Entry | Rejection:
    """The item as an entry, or why it cannot be one; both keep it verbatim, without the viewer's own `upvoted`."""
    kept = {name: value for name, value in item.items() if name != "upvoted"} if isinstance(item, dict) else item
    try:
        read = msgspec.convert(_without_null_authors(item), _Item)
    except msgspec.ValidationError as error:
        return _rejection(position, Reason.UNREADABLE_ENTRY, str(error), kept)
    if not (read.paper.id or "").strip():
        return _rejection(position, Reason.MISSING_IDENTIFIER, "paper.id is missing or empty", kept)
    if not (read.paper.title or "").strip():
        return _rejection(position, Reason.MISSING_TITLE, "paper.title is missing or empty", kept)
    try:  # four times as fast as `json`, which alone prints what is no JSON: half an emoji, NaN
        return _entry(read, position, msgspec.json.encode(kept).decode())
    except UnicodeEncodeError:
        return _entry(read, position, _printed(kept))


def _without_null_authors(item: Any) -> Any:
    """The item with no authors where they are null: it is no other shape, only an empty field."""
    paper = item.get("paper") if isinstance(item, dict) else None
    if not isinstance(paper, dict) or paper.get("authors", ()) is not None:
        return item
    return {**item, "paper": {**paper, "authors": []}}


def read_items(items: Sequence[Any], where: str) -> tuple[tuple[Entry, ...], tuple[Rejection, ...]]:
    """(entries, rejections) of a list of items, together all of them.

    Raises EmptyList for none; PageChanged for more than any list has, or if not one of them can be read.
    """
    if not items:
        raise EmptyList(where, "entries", "an empty list")
    if len(items) > ITEMS_MAX:
        raise PageChanged(where, f"at most {ITEMS_MAX} entries", str(len(items)))
    read = [rejection_or_entry(item, position) for position, item in enumerate(items, start=1)]
    entries = tuple(each for each in read if isinstance(each, Entry))
    rejections = tuple(each for each in read if isinstance(each, Rejection))
    if not entries:
        found = f"none of {len(items)} readable, the first: {rejections[0].detail}"
        raise PageChanged(where, "entries with an id and a title", found)
    return entries, rejections


def count_fields(page: Mapping[str, Any] | None, items: Sequence[Any]) -> tuple[FieldCounts, FieldCounts, FieldCounts]:
    """The fields of the page (None for a list of items alone), of its items and of their papers."""
    objects = [item for item in items if isinstance(item, dict)]
    papers = [item["paper"] for item in objects if isinstance(item.get("paper"), dict)]
    whole = [] if page is None else [page]
    return _counts("", whole), _counts("dailyPapers[].", objects), _counts("dailyPapers[].paper.", papers)


def field_shares(kinds: Iterable[FieldCounts]) -> tuple[tuple[str, int, int], ...]:
    """Each field's JSON path with the number of objects that have it, and of how many: for the source's history."""
    return tuple(
        (f"{fields.path}{name[:_NAME_CHARACTERS]}", count, fields.total)
        for fields in kinds
        for name, count in sorted(fields.having.items())[:_NAMES_MAX]
    )


def field_warnings(kinds: tuple[FieldCounts, FieldCounts, FieldCounts], list_day: date) -> tuple[Finding, ...]:
    """Warnings for unknown fields, and for those that lists of that day have and this one lacks, with JSON paths."""
    page, items, papers = kinds
    return (
        *(_unusual(page, _PAGE_KNOWN, _PAGE_ALWAYS, ()) if page.total else ()),
        *_unusual(items, _ITEM_KNOWN, _ITEM_ALWAYS, _since(_ITEM_USUAL, list_day)),
        *_unusual(papers, _PAPER_KNOWN, _PAPER_ALWAYS, _since(_PAPER_USUAL, list_day)),
    )


def outer_differences(items: Sequence[Any]) -> Iterator[Finding]:
    """Warnings for items whose own title or summary is not their paper's."""
    for index, item in enumerate(items):
        paper = item.get("paper") if isinstance(item, dict) else None
        if not isinstance(paper, dict):
            continue
        for name in ("title", "summary"):
            # Titles are wrapped differently in the two places (every page of 2024-05 to 2025-03).
            if name not in item or name not in paper or item[name] == paper[name]:
                continue
            if _unwrapped(item[name]) != _unwrapped(paper[name]):
                expected, place = f"the paper's {_short(paper[name])}", f"dailyPapers[{index}].{name}"
                yield Finding.warning("outer_text_differs", _short(item[name]), expected, place)


def _unwrapped(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _since(usual: Mapping[str, date], list_day: date) -> Iterable[str]:
    return (name for name, first_day in usual.items() if first_day <= list_day)


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
        site_summary=paper.ai_summary,
        site_keywords=tuple(paper.ai_keywords or ()),
        thumbnail=item.thumbnail,
        author_claims=tuple(
            AuthorClaim(name=author.name, status=author.status) for author in paper.authors if author.status
        ),
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


def _rejection(position: int, reason: Reason, detail: str, item: Any) -> Rejection:
    detail = f"dailyPapers[{position - 1}]: {detail}"
    return Rejection(position=position, section=None, reason=reason, detail=detail, entry_text=storable(_printed(item)))


def _printed(item: Any) -> str:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))


def _counts(path: str, objects: Sequence[Mapping[str, Any]]) -> FieldCounts:
    return FieldCounts(path, len(objects), Counter(chain.from_iterable(objects)))


def _unusual(
    fields: FieldCounts, known: Collection[str], always: frozenset[str], usual: Iterable[str]
) -> Iterator[Finding]:
    having, total = fields.having, fields.total
    for name in sorted(having.keys() - set(known)):
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
