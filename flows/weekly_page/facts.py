"""The facts of one week's page, each read once from the published snapshot, as one frozen record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flows.jobs.month_grid import calendars as day_states
from flows.settings import Settings
from flows.weekly_page.calendar import WEEKS_SHOWN, Calendar, CalendarCell, calendars
from flows.weekly_page.shown_papers import ListedPaper, ReviewedPaper, UpvoteReading
from transforms.errors import PaperlogError
from warehouse import Manifest, Reader, Warehouse

WEEK = timedelta(days=7)
RISERS_SHOWN = 10

Row = dict[str, object]


class NoSuchWeek(PaperlogError):
    """The snapshot lists no paper in that week, or none at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesSince:
    """How the published snapshot differs from an earlier one: kinds of change with their numbers."""

    published_at: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedWeek:
    """A week with papers, by its Monday."""

    week_on: date
    papers_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyPage:
    """All facts of one week's page. The tables of run health are rows by column name, as their queries give them."""

    week_on: date
    weeks: tuple[ListedWeek, ...]
    manifest: Manifest
    papers: tuple[ListedPaper, ...]
    readings: tuple[UpvoteReading, ...]
    reviews: tuple[ReviewedPaper, ...]
    calendars: tuple[Calendar, ...]
    runs: tuple[Row, ...]
    unhealed: tuple[Row, ...]
    findings: tuple[Row, ...]
    quarantine: tuple[Row, ...]
    before: ChangesSince | None = None

    @property
    def ends_on(self) -> date:
        """The week's last day."""
        return self.week_on + WEEK - timedelta(days=1)

    @property
    def latest_on(self) -> date | None:
        """The last day of the week that has a daily list."""
        return max((each.listed_on for each in self.papers if each.listed_on), default=None)

    @property
    def newest(self) -> tuple[ListedPaper, ...]:
        """Papers first listed on the week's last list day; in a week without daily lists, all new ones."""
        return tuple(each for each in self.papers if each.is_new and each.listed_on == self.latest_on)

    @property
    def again(self) -> tuple[ListedPaper, ...]:
        """Papers of the week that were listed before it."""
        return tuple(each for each in self.papers if not each.is_new)

    @property
    def risers(self) -> tuple[ListedPaper, ...]:
        """Papers with the most upvotes gained between their last two readings."""
        rising = sorted((each for each in self.papers if each.gained), key=lambda each: -(each.gained or 0))
        return tuple(each for each in rising if (each.gained or 0) > 0)[:RISERS_SHOWN]


def page_of(
    reader: Reader, settings: Settings, day: date | None = None, before: ChangesSince | None = None
) -> WeeklyPage:
    """The page of the week that contains `day`, or of the latest week with a paper.

    Which days are gaps depends on what is fetched, as the settings say. A week runs from Monday; a partition of several
    days counts to the week in which most of them are. Raises NoSuchWeek, naming the weeks that there are.
    """
    weeks = reader.records("report_weeks", ListedWeek)
    week = {"week_on": _week_of(day, weeks)}
    states = {each.source: each.states for each in day_states(reader, settings)}
    since = {"first_week_on": week["week_on"] - (WEEKS_SHOWN - 1) * WEEK}
    return WeeklyPage(
        week_on=week["week_on"],
        weeks=tuple(weeks),
        manifest=_manifest(reader),
        papers=tuple(reader.records("report_papers", ListedPaper, week)),
        readings=tuple(reader.records("report_readings", UpvoteReading, week)),
        reviews=tuple(reader.records("report_reviews", ReviewedPaper, week)),
        calendars=calendars(reader.records("report_calendar", CalendarCell, week | since), states, week["week_on"]),
        runs=tuple(reader.records("report_runs", Row)),
        unhealed=tuple(reader.records("read_unhealed_runs", Row)),
        findings=tuple(reader.records("report_findings", Row)),
        quarantine=tuple(reader.records("report_quarantine", Row)),
        before=before,
    )


def changes_since_kept(warehouse: Warehouse, reader: Reader) -> ChangesSince | None:
    """What changed since the newest kept snapshot that is older than the published one; None if none is kept."""
    published_at = _manifest(reader).published_at
    older = [each.manifest.published_at for each in warehouse.snapshots() if each.manifest.published_at < published_at]
    if not older:
        return None
    counts = Counter(str(row["change"]) for row in warehouse.changes(older[-1]).dicts)
    return ChangesSince(published_at=older[-1], counts=dict(counts.most_common()))


def _manifest(reader: Reader) -> Manifest:
    return reader.records("read_manifest", Manifest)[0]


def _week_of(day: date | None, weeks: Sequence[ListedWeek]) -> date:
    if not weeks:
        raise NoSuchWeek("the snapshot has no paper of a digest yet: ingest or adopt one first")
    if day is None:
        return weeks[0].week_on
    week_on = day - timedelta(days=day.weekday())
    if all(each.week_on != week_on for each in weeks):
        known = ", ".join(str(each.week_on) for each in weeks[:8])
        raise NoSuchWeek(f"no paper is listed in the week of {week_on}; the latest weeks that have some: {known}")
    return week_on
