"""Weeks of invented daily lists whose numbers a test knows, each read in the evening and at noon of the next day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from tests.support.batches import batch, sighting
from tests.support.small import DAILY, Invented, warehouse_in, weekly
from transforms.records import Batch, Metric, Sighting

EVENING, NOON = timedelta(hours=22), timedelta(hours=36)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A paper on a list: its number, its upvotes in the readings, oldest first, and what the site says of it."""

    number: int
    upvotes: tuple[int, ...] = ()
    keywords: tuple[str, ...] = ()
    organization: str | None = None
    title: str | None = None


def readings(
    day: date, entries: Sequence[Entry], ages: Sequence[timedelta] = (EVENING, NOON), *, is_closed: bool = True
) -> Iterator[Batch]:
    """The readings of one day's list; upvotes that an entry lacks are those of its last reading."""
    begin = datetime.combine(day, time(), tzinfo=UTC)
    for place, age in enumerate(ages):
        sightings = [_sighting(entry, day, position, place) for position, entry in enumerate(entries, start=1)]
        yield batch(sightings, at=begin + age, day=day, facts=DAILY, is_closed=is_closed and place > 0)


def review_of(monday: date, *titles: str) -> Batch:
    """A weekly review of other papers, the first on top."""
    made = weekly(*((Invented(number=900 + place, title=title, authors=()), ()) for place, title in enumerate(titles)))
    sightings = tuple(replace(each, partition_on=monday) for each in made.sightings)
    return replace(made, run=replace(made.run, partition_on=monday), partition_on=monday, sightings=sightings)


def home_of(home: Path, batches: Iterable[Batch]) -> Path:
    """A home with the batches, loaded and published."""
    with warehouse_in(home).writer("test") as writer:
        writer.load(list(batches))
        writer.publish()
    return home


def _sighting(entry: Entry, day: date, position: int, place: int) -> Sighting:
    upvotes = entry.upvotes[min(place, len(entry.upvotes) - 1)] if entry.upvotes else None
    made = sighting(entry.number, day=day, position=position, title=entry.title)
    return replace(
        made,
        source=DAILY.name,
        organization=entry.organization,
        site_keywords=entry.keywords,
        metrics=() if upvotes is None else ((Metric.UPVOTES, upvotes),),
    )
