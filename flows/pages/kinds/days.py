"""The pages that lead to days: the start page, and all days by month."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flows.pages.asked import Asked, Part, part_of
from flows.pages.holes import Lacking, Silent, lacking, silence
from flows.pages.papers import PaperRow, papers_of
from flows.shown import counted
from warehouse import Manifest, Reader

MONTHS_A_PAGE = 12
LATEST_SHOWN = 10
RISERS_SHOWN = 8
REVIEWS_SHOWN = 5
RISING_DAYS = timedelta(days=14)
ANY: dict[str, object] = {"is_by_middle": 0, "source": None, "offset": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """A day on which some source has a list."""

    on: date
    entries_count: int
    sources: tuple[str, ...]
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfDays:
    """A month by its first day: weeks of seven places from Monday; a place is a day's number and its count, if any."""

    first_on: date
    entries_count: int
    weeks: tuple[tuple[tuple[int, DayCount | None], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """All days that have lists, twelve months a page."""

    heading: str = "Days"
    days: tuple[DayCount, ...]
    part: Part

    @property
    def months(self) -> tuple[MonthOfDays, ...]:
        """The days as the months of a wall calendar, newest first."""
        firsts = dict.fromkeys(each.on.replace(day=1) for each in self.days)
        return tuple(_month(first, self.days) for first in firsts)

    @property
    def most(self) -> int:
        """The most entries of a day."""
        return max((each.entries_count for each in self.days), default=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RisingPaper:
    """A paper with what it gained between its last two readings."""

    paper: PaperRow
    gained: int
    hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What is new: the latest list, what rose in the last two weeks before it, the latest reviews, what is missing."""

    heading: str = "Papers that digests list"
    listed_on: date | None
    listed_count: int
    new_count: int
    latest: tuple[PaperRow, ...]
    risers: tuple[RisingPaper, ...]
    reviewed_on: date | None
    reviewed: tuple[PaperRow, ...]
    lacking: tuple[Lacking, ...]
    silent: tuple[Silent, ...]
    rows: Mapping[str, int]

    @property
    def summary(self) -> str:
        """The page in a sentence."""
        if self.listed_on is None:
            return "No daily list was read yet: run `paperlog ingest` or `paperlog adopt`."
        on = f"{self.listed_on:%A} {self.listed_on.day} {self.listed_on:%B %Y}"
        new = "all of them new" if self.new_count == self.listed_count else f"{self.new_count:,} of them new"
        missing = sum(each.count for each in self.lacking)
        lack = f" {counted(missing, 'list is', 'lists are')} missing." if missing else ""
        return f"The latest list is of {on}: {counted(self.listed_count, 'paper')}, {new}.{lack}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    partition_on: date
    entries_count: int
    sources: tuple[str, ...] = ()
    is_open: bool
    months_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Latest:
    listed_on: date | None
    reviewed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    papers_count: int
    new_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Riser:
    paper_key: str
    upvotes: int
    gained: int
    since: datetime
    until: datetime


def days_page(reader: Reader, asked: Asked) -> Days:
    """All days by month, newest first."""
    found = reader.records("pages/days", _Day, asked.limits(MONTHS_A_PAGE))
    days = tuple(
        DayCount(on=each.partition_on, entries_count=each.entries_count, sources=each.sources, is_open=each.is_open)
        for each in found
    )
    return Days(days=days, part=part_of(asked, found[0].months_total if found else 0, MONTHS_A_PAGE))


def start_page(reader: Reader, asked: Asked) -> Start:
    """The start page."""
    (latest,) = reader.records("pages/latest_days", _Latest)
    on = latest.listed_on
    (new,) = reader.records("pages/new_on", _New, {"on": on}) if on else (_New(papers_count=0, new_count=0),)
    manifest = reader.only("read_manifest", Manifest)
    return Start(
        listed_on=on,
        listed_count=new.papers_count,
        new_count=new.new_count,
        latest=_listed(reader, on) if on else (),
        risers=_risers(reader, on) if on else (),
        reviewed_on=latest.reviewed_on,
        reviewed=_reviewed(reader, latest.reviewed_on) if latest.reviewed_on else (),
        lacking=lacking(reader, asked),
        silent=silence(reader, asked),
        rows=manifest.row_counts,
    )


def _listed(reader: Reader, on: date) -> tuple[PaperRow, ...]:
    rows = reader.named("pages/listed", ANY | {"first": on, "last": on, "most": LATEST_SHOWN}).rows
    return papers_of(reader, [str(row[0]) for row in rows])


def _risers(reader: Reader, on: date) -> tuple[RisingPaper, ...]:
    span = {"first": on - RISING_DAYS, "last": on, "most": RISERS_SHOWN}
    found = {each.paper_key: each for each in reader.records("pages/risers", _Riser, span)}
    return tuple(
        RisingPaper(
            paper=replace(each, upvotes=found[each.paper_key].upvotes),
            gained=found[each.paper_key].gained,
            hours=(found[each.paper_key].until - found[each.paper_key].since) / timedelta(hours=1),
        )
        for each in papers_of(reader, list(found))
    )


def _reviewed(reader: Reader, on: date) -> tuple[PaperRow, ...]:
    rows = reader.named("pages/reviewed_on", {"on": on, "most": REVIEWS_SHOWN}).rows
    return papers_of(reader, [str(row[0]) for row in rows])


def _month(first: date, days: tuple[DayCount, ...]) -> MonthOfDays:
    known = {each.on.day: each for each in days if each.on.replace(day=1) == first}
    weeks = calendar.Calendar().monthdayscalendar(first.year, first.month)
    return MonthOfDays(
        first_on=first,
        entries_count=sum(each.entries_count for each in known.values()),
        weeks=tuple(tuple((day, known.get(day)) for day in week) for week in weeks),
    )
