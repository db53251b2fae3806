"""The states of a source's days as the months of a wall calendar, for the weekly page."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flows.jobs.month_grid import MEANINGS, SIGNS

MONTHS_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDay:
    """One day of a month; `state` is None if it was never asked for and nothing links to it."""

    day: date
    state: str | None

    @property
    def sign(self) -> str:
        """The sign of its state, the same as on a terminal; empty without one."""
        return SIGNS[self.state] if self.state else ""

    @property
    def description(self) -> str:
        """The day in words."""
        return f"{self.day}: {MEANINGS[self.state] if self.state else 'never asked for'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month by its first day: weeks of seven places from Monday, None where the month has no day."""

    first: date
    weeks: tuple[tuple[MonthDay | None, ...], ...]


def months_of(states: Mapping[date, str], last_on: date) -> tuple[Month, ...]:
    """Those of the last three months, up to that of `last_on`, of which something is known."""
    firsts = [last_on.replace(day=1)]
    while len(firsts) < MONTHS_SHOWN:
        firsts.insert(0, (firsts[0] - timedelta(days=1)).replace(day=1))
    known = {day.replace(day=1) for day in states}
    return tuple(_month(first, states) for first in firsts if first in known)


def _month(first: date, states: Mapping[date, str]) -> Month:
    weeks = calendar.Calendar().monthdayscalendar(first.year, first.month)
    return Month(first=first, weeks=tuple(tuple(_day(first, day, states) for day in week) for week in weeks))


def _day(first: date, number: int, states: Mapping[date, str]) -> MonthDay | None:
    if not number:
        return None
    day = first.replace(day=number)
    return MonthDay(day=day, state=states.get(day))
