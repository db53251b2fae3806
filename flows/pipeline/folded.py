"""Repeated lines about days that follow each other, folded into one line about all of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from extractors.source import OnPages
from extractors.sources import SOURCES

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
class Folded:
    """The same text about all partitions of a source from `first` to `last`; both None where it is about no day."""

    kind: Hashable
    source: str
    first: date | None
    last: date | None
    count: int
    text: str

    @property
    def days(self) -> str:
        """`2026-03-02`, or `2026-03-02 to 2026-03-06 (5)`."""
        if self.first is None:
            return ""
        return str(self.first) if self.count == 1 else f"{self.first} to {self.last} ({self.count})"


def folded(said: Iterable[Said]) -> Iterator[Folded]:
    """The texts in their order, each where its first day stood; days that do not follow each other stay apart."""
    found: list[list[Said]] = []
    latest: dict[tuple[Hashable, str, str], list[Said]] = {}
    for each in said:
        key = (each.kind, each.source, _without_day(each))
        group = latest.get(key)
        if group is not None and _follows(each.source, group[-1].day, each.day):
            group.append(each)
        else:
            latest[key] = [each]
            found.append(latest[key])
    return (_folded(group) for group in found)


def ranges(source: str, days: Iterable[date]) -> Iterator[Folded]:
    """Days in ascending order as ranges without a hole in the calendar of their source."""
    return folded(Said(kind="", source=source, day=day, text="") for day in days)


def _folded(group: list[Said]) -> Folded:
    first, last = group[0], group[-1]
    text = first.text if len(group) == 1 else _without_day(first)
    return Folded(kind=first.kind, source=first.source, first=first.day, last=last.day, count=len(group), text=text)


def _without_day(said: Said) -> str:
    return said.text.replace(str(said.day), DAY) if said.day else said.text


def _follows(name: str, before: date | None, day: date | None) -> bool:
    """Whether no partition of the source's calendar lies between two days."""
    source = SOURCES.get(name)
    if source is None or before is None or day is None or day <= before:
        return False
    if isinstance(source.partitions, OnPages):
        return (day - before).days <= source.partition_days
    return not source.partitions(before + timedelta(days=1), day - timedelta(days=1))
