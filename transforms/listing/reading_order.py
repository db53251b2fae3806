"""Whether readings of one partition can have been made in the order of their times, by what lists never do.

A closed list does not open again, upvotes fall for single papers only, and two pages are not read at one instant.
Of two readings that contradict each other so, the one with the older contents has the wrong time, unless only the
other one's is a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import NamedTuple

from transforms.listing.read_time import HOW
from transforms.records import Finding, Level

# People take single upvotes back. Over a weekend only half of a day's papers get any (seen 2026-02-28).
_FALLS_MIN = 3
_FALLS_TO_RISES = 2
_LOST_MIN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedReading:
    """One reading with what tells its place in time: `upvotes` by sighting key.

    `run_id` names the run that is to load it, None for one that is loaded; `is_guess` is whether nobody stated its
    time.
    """

    page_sha256: str
    url: str
    fetched_at: datetime
    is_closed: bool
    is_partial: bool
    upvotes: Mapping[str, int]
    run_id: str | None = None
    is_guess: bool = False

    @property
    def age(self) -> tuple[datetime, bool, int]:
        """Its place in time; at one instant the closed list with most upvotes is the latest."""
        return self.fetched_at, self.is_closed, sum(self.upvotes.values())


class Misplaced(NamedTuple):
    """What is wrong with the reading that a run is to load."""

    run_id: str
    finding: Finding


def misplaced(readings: Iterable[TimedReading]) -> Iterator[Misplaced]:
    """The findings about readings of one partition: an error for a time that is a guess, else warnings."""
    ordered = sorted(readings, key=lambda each: each.age)
    for earlier, later in combinations(ordered, 2):
        why = _contradiction(earlier, later)
        if why is not None and (earlier.run_id or later.run_id):
            yield from _told(earlier, later, why)


def _contradiction(earlier: TimedReading, later: TimedReading) -> str | None:
    if earlier.page_sha256 == later.page_sha256:
        return None
    is_whole = not (earlier.is_partial or later.is_partial)
    if is_whole and earlier.is_closed and not later.is_closed:
        return "the earlier one has a closed list, the later one an open one"
    if is_whole and earlier.fetched_at == later.fetched_at:
        return "they are two different pages"
    return _falling(earlier.upvotes, later.upvotes)


def _falling(before: Mapping[str, int], after: Mapping[str, int]) -> str | None:
    shared = before.keys() & after.keys()
    falls = [before[key] - after[key] for key in shared if after[key] < before[key]]
    rises = sum(after[key] > before[key] for key in shared)
    are_many = len(falls) >= _FALLS_MIN or (len(shared) < _FALLS_MIN and sum(falls) >= _LOST_MIN)
    if not are_many or len(falls) <= _FALLS_TO_RISES * rises:
        return None
    return f"{len(falls)} of {len(shared)} papers have fewer upvotes in the later one, {rises} more"


def _told(earlier: TimedReading, later: TimedReading, why: str) -> Iterator[Misplaced]:
    wrong = next((each for each in (later, earlier) if each.run_id and each.is_guess), None)
    observed = f"{_named(earlier)}, then {_named(later)}: {why}"
    for each in (earlier, later):
        is_cleared = wrong is not None and each is not wrong and not each.is_guess
        if each.run_id is None or is_cleared:
            continue
        make = Finding.error if each is wrong else Finding.warning
        finding = make("read_order", observed, f"readings in the order of their contents: {HOW}", each.url)
        yield Misplaced(each.run_id, finding)


def _named(reading: TimedReading) -> str:
    return f"{reading.url} read {reading.fetched_at:%Y-%m-%d %H:%M:%S} UTC"


def worst(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The first error, else the first warning: one is enough to see which files lie in a wrong order."""
    return tuple(sorted(findings, key=lambda finding: finding.level is not Level.ERROR)[:1])
