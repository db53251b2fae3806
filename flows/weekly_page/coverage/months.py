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
    """A month by its first day: weeks of seven places from Monday, None where it has no day that is to be shown."""

    first: date
    weeks: tuple[tuple[MonthDay | None, ...], ...]


def months_of(states: Mapping[date, str], last_on: date) -> tuple[Month, ...]:
    """Those of the three months up to `last_on` of which something is known; the last one ends with that day."""
    firsts = [last_on.replace(day=1)]
    while len(firsts) < MONTHS_SHOWN:
        firsts.insert(0, (firsts[0] - timedelta(days=1)).replace(day=1))
    known = {day.replace(day=1) for day in states if day <= last_on}
    return tuple(_month(first, states, last_on) for first in firsts if first in known)


def _month(first: date, states: Mapping[date, str], last_on: date) -> Month:
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    shown = [tuple(_day(first, day, states, last_on) for day in week) for week in weeks]
    return Month(first=first, weeks=tuple(week for week in shown if any(week)))


def _day(first: date, day: date, states: Mapping[date, str], last_on: date) -> MonthDay | None:
    is_shown = day.month == first.month and day <= last_on
    return MonthDay(day=day, state=states.get(day)) if is_shown else None
