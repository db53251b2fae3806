"""The states of a source's days as months side by side, in plain characters, for terminals and artifacts."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from flows.jobs.audit import KnownPartition, gaps
from flows.settings import Settings
from warehouse import Reader

SIGNS = {"final": "+", "open": "~", "no_list": "-", "refused": "!", "missing": "?", "unrecoverable": "x"}
MEANINGS = {
    "final": "final",
    "open": "open, may still change",
    "no_list": "no list that day",
    "refused": "refused",
    "missing": "missing, or never read",
    "unrecoverable": "given up",
}
LEGEND = tuple(f"{SIGNS[state]} {meaning}" for state, meaning in MEANINGS.items())
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HEAD = " " + "  ".join(WEEKDAYS)
MONTH_WIDTH = len(HEAD)
GAP = "      "
BESIDE_EACH_OTHER = 2  # so that they fit into 80 columns


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCalendar:
    """The state of each known day of a source; a day without one was never asked for, and nothing links to it."""

    source: str
    states: Mapping[date, str]

    def lines(self, months_count: int) -> Iterator[str]:
        """The last months of which something is known, two beside each other."""
        yield f"{self.source} since {self._months(months_count)[0]:%B %Y}: {self._counts(months_count)}"
        grids = [list(_month(first, self.states)) for first in self._months(months_count)]
        for place in range(0, len(grids), BESIDE_EACH_OTHER):
            yield ""
            for row in zip_longest(*grids[place : place + BESIDE_EACH_OTHER], fillvalue=""):
                yield GAP.join(f"{cell:<{MONTH_WIDTH}}" for cell in row).rstrip()

    def _months(self, count: int) -> Sequence[date]:
        return sorted({day.replace(day=1) for day in self.states})[-count:]

    def _counts(self, months_count: int) -> str:
        first = self._months(months_count)[0]
        shown = [state for day, state in self.states.items() if day >= first]
        return ", ".join(f"{shown.count(state)} {state.replace('_', ' ')}" for state in SIGNS if state in shown)


def calendars(reader: Reader, settings: Settings, today: date | None = None) -> tuple[SourceCalendar, ...]:
    """One a source of which something is known; days that are gaps (see there) count as missing."""
    states: dict[str, dict[date, str]] = {}
    for each in reader.records("read_known_partitions", KnownPartition):
        states.setdefault(each.source, {})[each.partition_on] = each.state
    for gap in gaps(reader, settings.lists_fetched, today):
        if gap.partition_on is not None:
            states.setdefault(gap.source, {}).setdefault(gap.partition_on, "missing")
    return tuple(SourceCalendar(source=source, states=days) for source, days in states.items())


def text_of(found: Iterable[SourceCalendar], months_count: int) -> str:
    """All calendars, with a legend below."""
    parts = ["\n".join(each.lines(months_count)) for each in found]
    legend = "\n".join(("   ".join(LEGEND[:4]), "   ".join(LEGEND[4:])))
    return "\n\n".join([*parts, legend]) if parts else "nothing is known yet"


def _month(first: date, states: Mapping[date, str]) -> Iterator[str]:
    yield f"{first:%B %Y}".center(MONTH_WIDTH)
    yield HEAD
    days = calendar.Calendar().monthdayscalendar(first.year, first.month)
    for week in days:
        yield "".join(_cell(first, day, states) for day in week).rstrip()


def _cell(first: date, day: int, states: Mapping[date, str]) -> str:
    """` 3+`: the day and the sign of its state."""
    if not day:
        return "    "
    state = states.get(first + timedelta(days=day - 1))
    return f"{day:>2}{SIGNS[state] if state else ' '} "
