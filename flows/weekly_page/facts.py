"""The facts of one week's page, each read once from the published snapshot, as one frozen record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flows.settings import Settings
from flows.weekly_page.coverage.calendar import WEEKS_SHOWN, Calendar, CalendarCell, calendars
from flows.weekly_page.coverage.missing import (
    Lacking,
    Missing,
    lacking,
    missing_of,
    week_of,
)
from flows.weekly_page.coverage.states import cells_of, states_of
from flows.weekly_page.history import (
    WEEK,
    WEEKS_BEFORE,
    NamedCount,
    Trends,
    WeekCounts,
    counts_of,
    trends_of,
)
from flows.weekly_page.rises import HISTORY, Rise, Rises, UsualAge, rises_of
from flows.weekly_page.shown_papers import (
    Dump,
    DumpedPaper,
    ListedPaper,
    ReviewedPaper,
    ReviewGroup,
    UpvoteReading,
    dumps_of,
    groups_of,
)
from transforms.errors import PaperlogError
from warehouse import Manifest, Reader, Warehouse

Row = dict[str, object]


class NoSuchWeek(PaperlogError):
    """The snapshot has nothing of that week, or nothing at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesSince:
    """How the published snapshot differs from an earlier one: kinds of change with their numbers."""

    published_at: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWeek:
    """A week by its Monday, with the papers that its lists, its reviews and, apart from both, its dumps have."""

    week_on: date
    papers_count: int
    reviewed_count: int
    dumped_count: int

    @property
    def name(self) -> str:
        """Its year and number, as ISO 8601 writes them: `2026-W10`."""
        return f"{self.week_on:%G-W%V}"

    @property
    def year(self) -> int:
        """The year of its Monday."""
        return self.week_on.year

    @property
    def ends_on(self) -> date:
        """Its Sunday."""
        return self.week_on + WEEK - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyPage:
    """All facts of one week's page. The tables of run health are rows by column name, as their queries give them."""

    week_on: date
    weeks: tuple[KnownWeek, ...]  # with a list, a review or a dump, latest first
    manifest: Manifest
    papers: tuple[ListedPaper, ...]
    dumps: tuple[Dump, ...]
    counts: tuple[WeekCounts, ...]
    rises: Rises
    readings: tuple[UpvoteReading, ...]
    ages: tuple[UsualAge, ...]
    topics: Trends
    institutions: Trends
    reviews: tuple[ReviewedPaper, ...]
    missing: Missing
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
    def is_first(self) -> bool:
        """Whether no earlier week has a list."""
        return all(each.week_on >= self.week_on for each in self.weeks if each.papers_count)

    @property
    def previous(self) -> KnownWeek | None:
        """The week before of which something is known."""
        return next((each for each in self.weeks if each.week_on < self.week_on), None)

    @property
    def next(self) -> KnownWeek | None:
        """The week after of which something is known."""
        return next((each for each in reversed(self.weeks) if each.week_on > self.week_on), None)

    @property
    def new(self) -> tuple[ListedPaper, ...]:
        """Papers that no list had before this week."""
        return tuple(each for each in self.papers if each.is_new)

    @property
    def again(self) -> tuple[ListedPaper, ...]:
        """Papers of the week that were listed before it."""
        return tuple(each for each in self.papers if not each.is_new)

    @property
    def reviewed(self) -> tuple[ReviewedPaper, ...]:
        """The papers that reviews of this week chose."""
        return tuple(each for each in self.reviews if each.is_reviewed and each.week_on == self.week_on)

    @property
    def review_groups(self) -> tuple[ReviewGroup, ...]:
        """This week's reviews, then of each other source the last before it."""
        return groups_of(self.reviews)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the pages of all weeks share: the weeks, latest first, the states of days by source, and what lacks."""

    weeks: tuple[KnownWeek, ...]
    manifest: Manifest
    states: Mapping[str, Mapping[date, str]]
    lacking: Lacking

    def week_on(self, day: date | None) -> date:
        """The Monday of the week that contains `day`, else of the latest week with a list, else with a review.

        Raises NoSuchWeek, naming the weeks that there are.
        """
        if day is None:
            return next((each for each in self.weeks if each.papers_count), self.weeks[0]).week_on
        week_on = day - timedelta(days=day.weekday())
        if all(each.week_on != week_on for each in self.weeks):
            known = ", ".join(str(each.week_on) for each in self.weeks[:8])
            raise NoSuchWeek(f"no paper is listed in the week of {week_on}; the latest weeks that have some: {known}")
        return week_on


def known_of(reader: Reader, settings: Settings) -> Known:
    """What all weeks share. Which days are gaps depends on what is fetched, as the settings say.

    Raises NoSuchWeek if nothing of a digest is loaded.
    """
    weeks = reader.records("report_weeks", KnownWeek)
    if not weeks:
        raise NoSuchWeek("the snapshot has no paper of a digest yet: ingest or adopt one first")
    manifest = _manifest(reader)
    until = manifest.published_at.date()
    found = lacking(reader, settings, until)
    return Known(
        weeks=weeks,
        manifest=manifest,
        states=states_of(reader, settings, found, until),
        lacking=found,
    )


def page_of(
    reader: Reader, settings: Settings, known: Known, week_on: date, *, before: ChangesSince | None = None
) -> WeeklyPage:
    """The page of a week, by its Monday; a partition of several days counts to the week in which most of them are."""
    week: dict[str, object] = {"week_on": week_on}
    nine, history = week | {"first_week_on": week_on - WEEKS_BEFORE * WEEK}, week | {"since_on": week_on - HISTORY}
    shown_from = week_on - (WEEKS_SHOWN - 1) * WEEK
    cells = reader.records("report_calendar", CalendarCell, week | {"first_week_on": shown_from})
    papers = reader.records("report_papers", ListedPaper, week)
    return WeeklyPage(
        week_on=week_on,
        weeks=known.weeks,
        manifest=known.manifest,
        papers=papers,
        dumps=dumps_of(reader.records("report_dumps", DumpedPaper, week)),
        counts=counts_of(reader.records("report_history", WeekCounts, nine), week_on),
        rises=rises_of(reader.records("report_rises", Rise, history), papers),
        readings=reader.records("report_readings", UpvoteReading, week),
        ages=reader.records("report_ages", UsualAge, history),
        topics=trends_of(reader.records("report_topics", NamedCount, nine), week_on),
        institutions=trends_of(reader.records("report_institutions", NamedCount, nine), week_on),
        reviews=reader.records("report_reviews", ReviewedPaper, nine),
        missing=missing_of(known.lacking, settings.urls, week_on),
        calendars=calendars(cells_of(cells, known.states, shown_from, week_on), known.states, week_on),
        runs=reader.records("report_runs", Row, week),
        unhealed=tuple(_of_week(reader.records("read_unhealed_runs", Row), week_on)),
        findings=reader.records("report_findings", Row, week),
        quarantine=reader.records("report_quarantine", Row, week),
        before=before,
    )


def changes_since_kept(warehouse: Warehouse, reader: Reader) -> ChangesSince | None:
    """What changed since the newest kept snapshot that is older than the published one; None if none is kept."""
    published_at = _manifest(reader).published_at
    older = [each.published_at for each in warehouse.snapshots() if each.published_at < published_at]
    if not older:
        return None
    counts = Counter(str(row["change"]) for row in warehouse.changes(older[-1]).dicts)
    return ChangesSince(published_at=older[-1], counts=dict(counts.most_common()))


def _manifest(reader: Reader) -> Manifest:
    return reader.only("read_manifest", Manifest)


def _of_week(rows: Sequence[Row], week_on: date) -> Iterator[Row]:
    """The rows about a partition of the week."""
    for row in rows:
        day = row["partition_on"]
        if isinstance(day, date) and week_of(str(row["source"]), day) == week_on:
            yield row
