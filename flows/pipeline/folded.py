"""The same text about several days of a source, folded into one about all of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from extractors.source import OnPages
from extractors.sources import SOURCES, source_named
from transforms.series import family_of

RANGES_NAMED = 3
DAY = "DAY"
"""Stands in a folded text for the day, which differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One text about a source and one of its days, if any. Only what has the same `kind` is folded."""

    kind: Hashable
    source: str
    day: date | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Partitions from `first` to `last` without a hole in their source's calendar."""

    first: date
    last: date
    count: int

    def __str__(self) -> str:
        """`2026-03-02`, or `2026-03-02 to 2026-03-06 (5)`."""
        return str(self.first) if self.count == 1 else f"{self.first} to {self.last} ({self.count})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """The same text about a source and the days in `ranges`; none where it is about no day."""

    kind: Hashable
    source: str
    ranges: tuple[Range, ...]
    text: str

    @property
    def days(self) -> str:
        """The ranges, the first three where there are many, and how many days are left then."""
        most = RANGES_NAMED if len(self.ranges) > RANGES_NAMED + 1 else len(self.ranges)  # "and 1 more" is no shorter
        named, rest = [str(each) for each in self.ranges[:most]], self.ranges[most:]
        more = [f"and {sum(each.count for each in rest)} more until {rest[-1].last}"] if rest else []
        return " ".join([", ".join(named), *more])


def folded(said: Iterable[Said]) -> Iterator[Folded]:
    """The texts in their order, each where its first day stood; one about no day is folded with none."""
    found: dict[Hashable, list[Said]] = {}
    for place, each in enumerate(said):
        key = (each.kind, each.source, _without_day(each), None if each.day else place)
        found.setdefault(key, []).append(each)
    for group in found.values():
        first = group[0]
        days = sorted({each.day for each in group if each.day})
        text = first.text if len(days) <= 1 else _without_day(first)
        yield Folded(kind=first.kind, source=first.source, ranges=ranges(first.source, days), text=text)


def ranges(source: str, days: Iterable[date]) -> tuple[Range, ...]:
    """Days in ascending order as ranges without a hole in the calendar of their source."""
    found: list[Range] = []
    for day in days:
        if found and _follows(source, found[-1].last, day):
            found[-1] = Range(first=found[-1].first, last=day, count=found[-1].count + 1)
        else:
            found.append(Range(first=day, last=day, count=1))
    return tuple(found)


def _without_day(said: Said) -> str:
    return said.text.replace(str(said.day), DAY) if said.day else said.text


def _follows(name: str, before: date, day: date) -> bool:
    """Whether no partition of the source's calendar lies between two days."""
    if family_of(name) not in SOURCES:  # the warehouse, the landing
        return False
    source = source_named(name)
    if isinstance(source.partitions, OnPages):
        return (day - before).days <= source.partition_days
    return not source.partitions(before + timedelta(days=1), day - timedelta(days=1))
