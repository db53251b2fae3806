"""Notices when the JSON of a Daily Papers page gains or loses fields, or says the same thing twice differently.

The known fields are those of twelve captured pages (2026-02-20 to 2026-06-03) and of an archive of 27 months.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from transforms.records import Finding, Level

# A hostile page may have any number of fields with names of any length; real ones have thirty.
_NAMES_MAX, _NAME_CHARACTERS = 100, 80
_USUAL_FROM = 10  # a field that most items have says something by its absence only from this many items on

_PAGE_ALWAYS = frozenset({"canSubmit", "prevDate", "publisher"})
_PAGE_KNOWN = _PAGE_ALWAYS | {"dateString", "dailyPapers", "periodType", "nextDate", "query", "isTrending"}
_ITEM_ALWAYS = frozenset({"paper", "title", "publishedAt", "numComments"})
_ITEM_USUAL = frozenset({"summary", "thumbnail", "submittedBy", "organization", "isAuthorParticipating"})
_ITEM_KNOWN = _ITEM_ALWAYS | _ITEM_USUAL | {"mediaUrls", "upvoted"}
_PAPER_ALWAYS = frozenset({"id", "authors", "publishedAt", "title", "summary", "upvotes"})
_PAPER_USUAL = frozenset({"discussionId", "githubRepo", "githubStars", "projectPage", "submittedOnDailyBy"})
_PAPER_KNOWN = (
    _PAPER_ALWAYS
    | _PAPER_USUAL
    | {
        "ai_keywords",
        "ai_summary",
        "ai_summary_model",
        "githubRepoAddedBy",
        "mediaUrls",
        "organization",
        "submittedOnDailyAt",
        "withdrawnAt",
    }
)


@dataclass(frozen=True, slots=True)
class Fields:
    """The objects of one kind on a page: their JSON path, how many they are, and how many of them have each field."""

    path: str
    total: int
    having: Mapping[str, int]


def counted(page: Mapping[str, Any], items: Sequence[Any]) -> tuple[Fields, Fields, Fields]:
    """The fields of the page, of its items and of their papers."""
    read = [item for item in items if isinstance(item, dict)]
    papers = [item["paper"] for item in read if isinstance(item.get("paper"), dict)]
    return _fields("", [page]), _fields("dailyPapers[].", read), _fields("dailyPapers[].paper.", papers)


def _fields(path: str, objects: Sequence[Mapping[str, Any]]) -> Fields:
    return Fields(path, len(objects), Counter(chain.from_iterable(objects)))


def told(kinds: Iterable[Fields]) -> tuple[tuple[str, int, int], ...]:
    """Each field's JSON path with the number of objects that have it, and of how many: for the source's history."""
    return tuple(
        (f"{fields.path}{name[:_NAME_CHARACTERS]}", count, fields.total)
        for fields in kinds
        for name, count in sorted(fields.having.items())[:_NAMES_MAX]
    )


def drift(kinds: tuple[Fields, Fields, Fields]) -> tuple[Finding, ...]:
    """Warnings for unknown and vanished fields, with their JSON paths."""
    page, items, papers = kinds
    return (
        *_drift(page, _PAGE_KNOWN, _PAGE_ALWAYS, frozenset()),
        *_drift(items, _ITEM_KNOWN, _ITEM_ALWAYS, _ITEM_USUAL),
        *_drift(papers, _PAPER_KNOWN, _PAPER_ALWAYS, _PAPER_USUAL),
    )


def _drift(fields: Fields, known: frozenset[str], always: frozenset[str], usual: frozenset[str]) -> Iterator[Finding]:
    having, total = fields.having, fields.total
    for name in sorted(having.keys() - known):
        yield _warning("unknown_field", f"in {having[name]} of {total}", "a known field", f"{fields.path}{name}")
    for name in sorted(always):
        if having.get(name, 0) < total:
            found = f"in {having.get(name, 0)} of {total}"
            yield _warning("vanished_field", found, "in every one", f"{fields.path}{name}")
    for name in sorted(usual):
        if name not in having and total >= _USUAL_FROM:
            yield _warning("vanished_field", f"in 0 of {total}", "in most", f"{fields.path}{name}")


def outer_differences(items: Sequence[Any]) -> Iterator[Finding]:
    """Warnings for items whose own title or summary is not their paper's."""
    for index, item in enumerate(items):
        paper = item.get("paper") if isinstance(item, dict) else None
        if not isinstance(paper, dict):
            continue
        for name in ("title", "summary"):
            if name in item and name in paper and item[name] != paper[name]:
                place = f"dailyPapers[{index}].{name}"
                yield _warning("outer_text_differs", _short(item[name]), f"the paper's {_short(paper[name])}", place)


def _warning(check_name: str, observed: str, expected: str, place: str) -> Finding:
    return Finding(check_name=check_name, level=Level.WARNING, observed=observed, expected=expected, place=place)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
