"""The coverage calendars of the weekly page: which partitions of a source were read, by months and week by week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flows.weekly_page.coverage.months import Month, months_of

# So many columns fit the page; a narrow screen shows the last twelve.
WEEKS_SHOWN = 18
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# What a cell shows if its partition has no entries to count.
SIGNS = {"no_list": "-", "refused": "!", "missing": "?", "unrecoverable": "x"}
MEANINGS = {
    "final": "final",
    "open": "open: may still change",
    "no_list": "the source has no list for that day",
    "refused": "refused: no page could be believed",
    "missing": "missing, or never read",
    "unrecoverable": "given up for good",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarCell:
    """One partition and its state."""

    source: str
    partition_days: int
    partition_on: date
    state: str
    entries_count: int | None
    last_read_at: datetime | None

    @property
    def week_on(self) -> date:
        """Monday of the week in which most of its days are."""
        middle = self.partition_on + timedelta(days=(self.partition_days - 1) // 2)
        return middle - timedelta(days=middle.weekday())

    @property
    def label(self) -> str:
        """The label of its row in the calendar."""
        return WEEKDAYS[self.partition_on.weekday()] if self.partition_days == 1 else "Week"

    @property
    def sign(self) -> str:
        """The text of the cell: how many entries, else a sign of its state."""
        return SIGNS.get(self.state) or str(self.entries_count or 0)

    @property
    def description(self) -> str:
        """The cell in words."""
        entries = "" if self.state in SIGNS else f"{self.entries_count or 0} entries, "
        return f"{self.partition_on}: {entries}{MEANINGS.get(self.state, self.state)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRow:
    """One weekday, or all weeks of a weekly source: a cell a week, None if nothing is known of it."""

    label: str
    cells: tuple[CalendarCell | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The last months of a source; its weeks, oldest first, as rows; and its known partitions as a list."""

    source: str
    months: tuple[Month, ...]
    weeks: tuple[date, ...]
    rows: tuple[CalendarRow, ...]
    known: tuple[CalendarCell, ...]

    @property
    def counts(self) -> str:
        """How many partitions are in which state."""
        states = [each.state for each in self.known]
        return ", ".join(f"{states.count(state)} {state.replace('_', ' ')}" for state in MEANINGS if state in states)


def calendars(
    known: Sequence[CalendarCell], states: Mapping[str, Mapping[date, str]], last_week_on: date
) -> tuple[Calendar, ...]:
    """One calendar a source, in the order in which the sources first appear; `states` are of days, by source."""
    weeks = tuple(last_week_on - timedelta(days=7 * back) for back in reversed(range(WEEKS_SHOWN)))
    sources = dict.fromkeys(each.source for each in known)
    months = {source: months_of(states.get(source, {}), last_week_on + timedelta(days=6)) for source in sources}
    return tuple(
        _calendar(source, months[source], weeks, [each for each in known if each.source == source])
        for source in sources
    )


def _calendar(source: str, months: tuple[Month, ...], weeks: tuple[date, ...], known: list[CalendarCell]) -> Calendar:
    places = {(each.label, each.week_on): each for each in known}
    rows = tuple(
        CalendarRow(label=label, cells=tuple(places.get((label, week)) for week in weeks)) for label in _labels(known)
    )
    return Calendar(source=source, months=months, weeks=weeks, rows=rows, known=tuple(known))


def _labels(known: Iterable[CalendarCell]) -> tuple[str, ...]:
    """The working days, so that a gap is seen, and the weekend if something is known of it; else the only row."""
    used = {each.label for each in known}
    return tuple(used) if len(used) == 1 else tuple(day for day in WEEKDAYS if day in used or day in WEEKDAYS[:5])
