"""The pages for whoever runs it: the calendar of day states with what is missing, and the health of runs."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flows.alerts.mend import advice
from flows.jobs.audit import gaps
from flows.jobs.month_grid import MEANINGS, SIGNS, SourceCalendar
from flows.jobs.month_grid import calendars as day_states
from flows.pages.asked import Asked, Part, WrongQuestion, part_of
from transforms.records import Status
from transforms.series import family_of, series_of
from warehouse import Manifest, Reader

MONTHS_SHOWN = 6
STATUSES = tuple(each.value for each in Status)
BAD = frozenset({"refused", "failed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DayState:
    """A day of a source and its state."""

    source: str
    series: str | None
    on: date
    state: str

    @property
    def sign(self) -> str:
        """The sign of the state, as on a terminal."""
        return SIGNS[self.state]

    @property
    def meaning(self) -> str:
        """The state in words."""
        return MEANINGS[self.state]


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMonth:
    """A month by its first day: weeks of seven places from Monday, each a number (0 for no day) and its state."""

    first_on: date
    weeks: tuple[tuple[tuple[int, DayState | None], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCalendar:
    """One list with its months, newest last, and how many days are in which state in all."""

    source: str
    series: str | None
    counts: Mapping[str, int]
    months: tuple[StateMonth, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What is missing, in words, and the command that mends it, if there is one."""

    head: str
    text: str
    command: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage:
    """The states of all known days, and what is missing; it shows the six months up to `until`."""

    heading: str = "Calendar"
    until: str
    earlier: str | None
    later: str | None
    days: tuple[DayState, ...]
    gaps: tuple[Gap, ...]
    lists: tuple[ListCalendar, ...]

    @property
    def legend(self) -> tuple[tuple[str, str, str], ...]:
        """State, sign and meaning."""
        return tuple((state, SIGNS[state], meaning) for state, meaning in MEANINGS.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCounts:
    """The runs of a source by status."""

    source: str
    loaded: int
    unchanged: int
    no_list: int
    refused: int
    failed: int
    last_at: datetime

    @property
    def by_status(self) -> Mapping[str, int]:
        """How many runs ended how; those without any left out."""
        return {name: getattr(self, name) for name in STATUSES if getattr(self, name)}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnhealedRun:
    """A run that was refused or failed, and that no later one healed."""

    source: str
    partition_on: date | None
    status: str
    reason: str | None
    finished_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCount:
    """A check that did not hold, and its last finding."""

    source: str
    check_name: str
    level: str
    runs_count: int
    last_on: date | None
    observed: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineCount:
    """A reason for which entries were rejected, and one of them."""

    source: str
    reason: str
    open_count: int
    resolved_count: int
    last_on: date | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run."""

    run_id: str
    flow: str
    source: str
    series: str | None
    partition_on: date | None
    status: str
    cause: str | None
    reason: str | None
    finished_at: datetime
    entries_count: int
    sightings_count: int
    rejections_count: int
    papers_added_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The health of runs, and the runs themselves, newest first; `status` where only those that ended so are shown."""

    heading: str = "Health"
    status: str
    manifest: Manifest
    counts: tuple[RunCounts, ...]
    unhealed: tuple[UnhealedRun, ...]
    findings: tuple[FindingCount, ...]
    quarantine: tuple[QuarantineCount, ...]
    runs: tuple[RunRow, ...]
    part: Part

    @property
    def statuses(self) -> tuple[str, ...]:
        """How a run may end."""
        return STATUSES

    @property
    def summary(self) -> str:
        """The page in a sentence or two."""
        healed = "Every refused or failed run was healed by a later one."
        if self.unhealed:
            healed = (
                f"{len(self.unhealed):,} refused or failed {'run waits' if len(self.unhealed) == 1 else 'runs wait'}."
            )
        rejected = sum(each.open_count for each in self.quarantine)
        kept = f"{rejected:,} {'entry is' if rejected == 1 else 'entries are'} in quarantine." if rejected else ""
        return f"{healed} {kept or 'The quarantine is empty.'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run(RunRow):
    total: int


def calendar_page(reader: Reader, asked: Asked) -> CalendarPage:
    """The states of days, and what is missing, each with the command that mends it."""
    known = day_states(reader, asked.settings, asked.today)
    last = max((max(each.states) for each in known), default=_month_of(asked) or date(1970, 1, 1))
    first = min((min(each.states) for each in known), default=last)
    until = _month_of(asked) or last.replace(day=1)
    months = _months_until(until)
    found = advice(gaps(reader, asked.settings.lists_fetched, asked.today), asked.settings.urls)
    return CalendarPage(
        until=f"{until:%Y-%m}",
        earlier=f"{_back(months[0], 1):%Y-%m}" if first < months[0] else None,
        later=f"{_back(until, -MONTHS_SHOWN):%Y-%m}" if last >= _back(until, -1) else None,
        days=tuple(_day(each.source, on, state) for each in known for on, state in sorted(each.states.items())),
        gaps=tuple(Gap(head=each.head, text=each.text, command=each.command) for each in found),
        lists=tuple(_list(each, months) for each in known),
    )


def health_page(reader: Reader, asked: Asked) -> Health:
    """The health of runs."""
    status = asked.text("status")
    if status and status not in STATUSES:
        raise WrongQuestion(f"status: it is one of {', '.join(STATUSES)}")
    runs = reader.records("pages/runs", _Run, {"status": status or None} | asked.limits())
    of_all: dict[str, object] = {"week_on": None}
    return Health(
        status=status,
        manifest=reader.only("read_manifest", Manifest),
        counts=reader.records("report_runs", RunCounts, of_all),
        unhealed=reader.records("read_unhealed_runs", UnhealedRun),
        findings=reader.records("report_findings", FindingCount, of_all),
        quarantine=reader.records("report_quarantine", QuarantineCount, of_all),
        runs=tuple(RunRow(**{field: getattr(each, field) for field in RunRow.__slots__}) for each in runs),
        part=part_of(asked, runs[0].total if runs else 0),
    )


def _month_of(asked: Asked) -> date | None:
    if not (text := asked.text("until")):
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise WrongQuestion(f"until: {text!r} is no month such as 2026-03") from None


def _months_until(until: date) -> tuple[date, ...]:
    return tuple(_back(until, count) for count in reversed(range(MONTHS_SHOWN)))


def _back(month: date, count: int) -> date:
    """The first day of the month so many months before; those before the first year of all are that one."""
    place = month.year * 12 + month.month - 1 - count
    return date(min(max(place // 12, 1), 9999), place % 12 + 1, 1)


def _list(known: SourceCalendar, months: tuple[date, ...]) -> ListCalendar:
    states = list(known.states.values())
    shown = {each.replace(day=1) for each in known.states}
    return ListCalendar(
        source=family_of(known.source),
        series=series_of(known.source),
        counts={state: states.count(state) for state in SIGNS if state in states},
        months=tuple(_month(known, first) for first in months if first in shown),
    )


def _month(known: SourceCalendar, first: date) -> StateMonth:
    weeks = calendar.Calendar().monthdayscalendar(first.year, first.month)
    return StateMonth(
        first_on=first, weeks=tuple(tuple((day, _known(known, first, day)) for day in week) for week in weeks)
    )


def _known(known: SourceCalendar, first: date, day: int) -> DayState | None:
    on = first + timedelta(days=day - 1)
    state = known.states.get(on) if day else None
    return _day(known.source, on, state) if state else None


def _day(source: str, on: date, state: str) -> DayState:
    return DayState(source=family_of(source), series=series_of(source), on=on, state=state)
