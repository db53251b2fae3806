"""Notices when the JSON of a Daily Papers page gains or loses fields, or says the same thing twice differently.

The known fields are those of twelve captured pages (2026-02-20 to 2026-06-03) and of an archive of 27 months.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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


def drift(page: Mapping[str, Any], items: Sequence[Any]) -> tuple[Finding, ...]:
    """Warnings for unknown and vanished fields with their JSON paths, and for items whose outer text differs."""
    read = [item for item in items if isinstance(item, dict)]
    papers = [item["paper"] for item in read if isinstance(item.get("paper"), dict)]
    return (
        *_drift("", [page], _PAGE_KNOWN, _PAGE_ALWAYS, frozenset()),
        *_drift("dailyPapers[].", read, _ITEM_KNOWN, _ITEM_ALWAYS, _ITEM_USUAL),
        *_drift("dailyPapers[].paper.", papers, _PAPER_KNOWN, _PAPER_ALWAYS, _PAPER_USUAL),
        *_differences(items),
    )


def counted(page: Mapping[str, Any], items: Sequence[Any]) -> tuple[tuple[str, int, int], ...]:
    """Each field's JSON path with the number of objects that have it, and of how many: for the source's history."""
    read = [item for item in items if isinstance(item, dict)]
    papers = [item["paper"] for item in read if isinstance(item.get("paper"), dict)]
    levels: tuple[tuple[str, Sequence[Mapping[str, Any]]], ...] = (
        ("", [page]),
        ("dailyPapers[].", read),
        ("dailyPapers[].paper.", papers),
    )
    return tuple(
        (f"{path}{name[:_NAME_CHARACTERS]}", count, len(objects))
        for path, objects in levels
        for name, count in sorted(Counter(name for each in objects for name in each).items())[:_NAMES_MAX]
    )


def _drift(
    path: str,
    objects: Sequence[Mapping[str, Any]],
    known: frozenset[str],
    always: frozenset[str],
    usual: frozenset[str],
) -> Iterator[Finding]:
    seen = Counter(name for each in objects for name in each)
    for name in sorted(seen.keys() - known):
        yield _warning("unknown_field", f"in {seen[name]} of {len(objects)}", "a known field", f"{path}{name}")
    for name in sorted(always):
        if seen[name] < len(objects):
            yield _warning("vanished_field", f"in {seen[name]} of {len(objects)}", "in every one", f"{path}{name}")
    for name in sorted(usual):
        if seen[name] == 0 and len(objects) >= _USUAL_FROM:
            yield _warning("vanished_field", f"in 0 of {len(objects)}", "in most", f"{path}{name}")


def _differences(items: Sequence[Any]) -> Iterator[Finding]:
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
