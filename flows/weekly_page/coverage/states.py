"""The state of each day of each source: one account, from which the calendars and what is missing are both told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from extractors.sources import source_named
from flows.jobs.month_grid import calendars as day_states
from flows.settings import Settings
from flows.weekly_page.coverage.calendar import CalendarCell
from flows.weekly_page.coverage.missing import Lacking, week_of
from warehouse import Reader

MISSING = "missing"

States = Mapping[str, Mapping[date, str]]


def states_of(reader: Reader, settings: Settings, lacking: Lacking, until: date) -> States:
    """The states by source: every day that lacks its list is missing, and none that may still come, from `until` on."""
    states: dict[str, dict[date, str]] = {}
    for each in day_states(reader, settings):
        kept = {day: state for day, state in each.states.items() if state != MISSING or day < until}
        states[each.source] = kept
    for gap in lacking.gaps:
        if gap.partition_on is not None:
            states.setdefault(gap.source, {}).setdefault(gap.partition_on, MISSING)
    return states


def cells_of(
    known: Iterable[CalendarCell], states: States, first_week_on: date, last_week_on: date
) -> tuple[CalendarCell, ...]:
    """The partitions of some weeks, by Mondays, with those that are missing and of which nothing else is known."""
    cells = [each for each in known if each.partition_on in states.get(each.source, {})]
    found = {(each.source, each.partition_on) for each in cells}
    missing = [(source, day) for source, days in states.items() for day, state in days.items() if state == MISSING]
    for source, day in missing:
        if (source, day) not in found and first_week_on <= week_of(source, day) <= last_week_on:
            cells.append(_missing(source, day))
    return tuple(sorted(cells, key=lambda each: (each.partition_days, each.source, each.partition_on)))


def _missing(source: str, day: date) -> CalendarCell:
    return CalendarCell(
        source=source,
        partition_days=source_named(source).partition_days,
        partition_on=day,
        state=MISSING,
        entries_count=None,
        last_read_at=None,
    )
