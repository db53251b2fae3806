"""The shape of a listing in numbers, and warnings where it differs from the listings of neighbouring partitions.

Always warnings: the neighbours depend on what was loaded before, and the same pages must give the same facts in any
order. Only a page's own content, against its source's versioned expectations, may refuse it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import mean, median

from transforms.records import (
    Finding,
    Listing,
    Rejection,
    Sighting,
)

NEIGHBOURS = 30  # six weeks of daily lists
# With fewer pages or entries an unusual day looks like a changed source.
PAGES_TO_JUDGE = 5
ENTRIES_TO_JUDGE = 8
_SHARE_DROP = 0.05
_SIGMAS = 4.0  # with 3, real days gave false warnings (2026-11): they vary more than chance
_VARIANCE_FLOOR = 0.01  # else a field that was in every entry so far warns at its first gap
_ENTRIES_TIMES = 2.5
_MEDIAN_TIMES = 1.7
_DAYS_BESIDE = 14.0
_FIELDS = (
    *("arxiv_id", "doi", "title_text", "abstract_text", "authors", "author_count", "published_on", "submitted_by"),
    *("organization", "institutions", "review"),
)
_SENTENCE_END = re.compile(r"[.!?…][\"')\]}*$]*(?:\s|$)")
_WORDS_MIN = 15

ShapeItems = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One partition's page in numbers."""

    partition_on: date
    entries_count: int
    numbers: Mapping[str, float]


def shape_of(listing: Listing, sightings: Sequence[Sighting], rejections: Sequence[Rejection]) -> ShapeItems:
    """Shares (0 to 1) and medians of a listing, by name; those of zero are left out.

    Fields of the page as a whole are left out too: their absence is information (no `nextDate`: an open list).
    """
    total = len(sightings)
    if not total:
        return ()
    numbers = {
        "rejected": len(rejections) / (total + len(rejections)),
        **{f"filled {name}": sum(_has(each, name) for each in sightings) / total for name in _FIELDS},
        **_shares("metric", ([metric for metric, _ in each.metrics] for each in sightings), total),
        **_shares("link", ({link.kind for link in each.links} for each in sightings), total),
        **{f"field {name}": count / of for name, count, of in listing.fields if of > 1},
        **_sizes(sightings),
    }
    return tuple(sorted((name, round(value, 4)) for name, value in numbers.items() if value or name == "rejected"))


def reads_like_an_abstract(text: str) -> bool:
    """Whether a text is prose of some length that ends its sentences; most comments are not."""
    return len(text.split(maxsplit=_WORDS_MIN)) >= _WORDS_MIN and bool(_SENTENCE_END.search(text))


def neighbours(history: Iterable[Shape], partition_on: date) -> tuple[Shape, ...]:
    """The shapes of the nearest other partitions with entries, at most NEIGHBOURS; of two as near the earlier first."""
    others = (shape for shape in history if shape.partition_on != partition_on and shape.entries_count)
    return tuple(
        sorted(others, key=lambda each: (abs(each.partition_on - partition_on), each.partition_on))[:NEIGHBOURS]
    )


def drift(now: Shape, history: Iterable[Shape], sightings: Sequence[Sighting]) -> tuple[Finding, ...]:
    """Warnings for what differs from the neighbouring partitions, each with the first entry or field concerned.

    An empty list has no shape: its source believes it by other evidence than its page, or it is not loaded at all.
    """
    if not now.entries_count:
        return ()
    before = neighbours(history, now.partition_on)
    if len(before) < PAGES_TO_JUDGE or now.entries_count < ENTRIES_TO_JUDGE:
        return (*_entries(now, before),) if len(before) >= PAGES_TO_JUDGE else ()
    names = sorted({name for shape in before for name in shape.numbers} - {"rejected"})
    found = [*_entries(now, before), *_rejected(now, before)]
    for name in names:
        seen = [shape.numbers.get(name, 0.0) for shape in before]
        if name.startswith(("median", "mean")):
            found += _size(name, now.numbers.get(name), [value for value in seen if value])
        elif name.startswith("days"):
            found += _days(name, now.numbers.get(name), seen)
        else:
            found += _share(name, now, seen, _first_without(name, sightings))
    return tuple(found)


def _has(sighting: Sighting, field: str) -> bool:
    return getattr(sighting, field) not in (None, "", ())


def _shares(kind: str, sets: Iterable[Iterable[object]], total: int) -> dict[str, float]:
    counts = Counter(name for each in sets for name in set(each))
    return {f"{kind} {name}": count / total for name, count in counts.items()}


def _sizes(sightings: Sequence[Sighting]) -> dict[str, float]:
    abstracts = [each.abstract_text for each in sightings if each.abstract_text]
    titles = [len(each.title_text) for each in sightings if each.title_text]
    authors = [each.author_count for each in sightings if each.author_count]
    days = [(each.partition_on - each.published_on).days for each in sightings if each.published_on]
    return {
        **({"median abstract_characters": float(median(map(len, abstracts)))} if abstracts else {}),
        **({"share reads_like_an_abstract": mean(map(reads_like_an_abstract, abstracts))} if abstracts else {}),
        **({"median title_characters": float(median(titles))} if titles else {}),
        **({"median author_count": float(median(authors))} if authors else {}),
        **({"days since published": float(median(days))} if days else {}),
    }


def _entries(now: Shape, before: Sequence[Shape]) -> Iterator[Finding]:
    counts = [shape.entries_count for shape in before]
    least, most = min(counts) / _ENTRIES_TIMES, max(counts) * _ENTRIES_TIMES
    if not least <= now.entries_count <= most:
        yield _warning("entries", f"{now.entries_count} entries", f"{min(counts)} to {max(counts)}", before)


def _rejected(now: Shape, before: Sequence[Shape]) -> Iterator[Finding]:
    most = max(shape.numbers.get("rejected", 0.0) for shape in before)
    share = now.numbers.get("rejected", 0.0)
    if share > most + _SHARE_DROP:
        yield _warning("rejected", f"{share:.0%} of the entries rejected", f"at most {most:.0%}", before)


def _share(name: str, now: Shape, seen: Sequence[float], first: str | None) -> Iterator[Finding]:
    share = now.numbers.get(name, 0.0)
    if share >= min(seen) - _SHARE_DROP:
        return  # before the mean, which takes long to be exact
    usual = mean(seen)
    deviation = sqrt(max(usual * (1 - usual), _VARIANCE_FLOOR) / now.entries_count)
    if usual - share > _SIGMAS * deviation:
        yield _warning(name, f"in {share:.0%} of {now.entries_count}", f"at least {min(seen):.0%}", seen, first)


def _size(name: str, value: float | None, seen: Sequence[float]) -> Iterator[Finding]:
    if value is None or not seen:
        return  # if it is gone, its share is the warning
    if not min(seen) / _MEDIAN_TIMES <= value <= max(seen) * _MEDIAN_TIMES:
        yield _warning(name, f"{value:g}", f"{min(seen):g} to {max(seen):g}", seen)


def _days(name: str, value: float | None, seen: Sequence[float]) -> Iterator[Finding]:
    if value is not None and not min(seen) - _DAYS_BESIDE <= value <= max(seen) + _DAYS_BESIDE:
        yield _warning(name, f"{value:g} in the middle", f"{min(seen):g} to {max(seen):g}", seen)


def _first_without(name: str, sightings: Sequence[Sighting]) -> str | None:
    """The page's own name of a field, or the first entry that lacks what the others have."""
    kind, _, field = name.partition(" ")
    if kind != "filled":
        return field if kind == "field" else None
    lacking = next((each for each in sightings if not _has(each, field)), None)
    return f"{lacking.section or 'entry'} {lacking.position}: {lacking.entry_key}" if lacking else None


def _warning(name: str, observed: str, usual: str, before: Sequence[object], place: str | None = None) -> Finding:
    check = "field" if name.startswith("field") else "_".join(name.split()[:2])
    expected = f"{usual} as in the {len(before)} nearest partitions"
    return Finding.warning(f"drift_{check}", f"{name}: {observed}", expected, place)
