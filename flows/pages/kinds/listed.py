"""The pages of a day, a week and a month: what the lists and reviews of those days hold, most upvoted first."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from flows.pages import links
from flows.pages.asked import Asked, NoSuchPage, Part, part_of
from flows.pages.papers import PaperRow, papers_of
from flows.shown import counted
from warehouse import Reader

Span = Literal["day", "week", "month"]
_ADDRESSES: Mapping[Span, Callable[[date], str]] = {"day": links.day, "week": links.week, "month": links.month}
FIRST_YEAR = 1900
_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOfDay:
    """One list or review that was read; `series` where its source has several."""

    source: str
    series: str | None
    partition_on: date
    partition_days: int
    is_archive: bool
    state: str
    entries_count: int
    last_read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    before_on: date | None
    after_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    paper_key: str
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The papers of some days, of one `source` if it is named; beside it are the nearest days that have lists."""

    heading: str
    span: Span
    first_on: date
    last_on: date
    source: str | None
    before_on: date | None
    after_on: date | None
    lists: tuple[ListOfDay, ...]
    papers: tuple[PaperRow, ...]
    part: Part

    @property
    def address(self) -> str:
        """Its own address."""
        return _ADDRESSES[self.span](self.first_on)

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that have a list there, in their order."""
        return tuple(dict.fromkeys(each.source for each in self.lists))

    @property
    def in_week(self) -> date:
        """A day of the week in whose page it is: that of most days of a weekly list."""
        days = max((each.partition_days for each in self.lists), default=1)
        return self.first_on + timedelta(days=(days - 1) // 2)

    @property
    def summary(self) -> str:
        """The page in a sentence."""
        shown = [each for each in self.lists if self.source in {None, each.source}]
        if not shown:
            of = f" of {self.source}" if self.source else ""
            return f"No list{of} of {'this day' if self.span == 'day' else 'these days'} was read."
        lists = counted(len(shown), "list was read", "lists were read")
        papers = counted(self.part.total, "paper")
        order = ", most upvoted first" if any(each.upvotes is not None for each in self.papers) else ""
        return f"{lists}: {papers}{f' of {self.source}' if self.source else ''}{order}."


def day_page(reader: Reader, asked: Asked) -> Listed:
    """The page of a day: lists and reviews that are named by it."""
    on = _day_of(asked.text("day"))
    return _listed(reader, asked, span="day", first=on, last=on, heading=f"{on:%A} {on.day} {on:%B %Y}")


def week_page(reader: Reader, asked: Asked) -> Listed:
    """The page of a week from Monday; a list of several days counts to the week in which most of them are."""
    text = asked.text("week")
    found = _WEEK.fullmatch(text)
    try:
        first = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
        last = first and first + timedelta(days=6)
    except (ValueError, OverflowError):
        first = last = None
    if first is None or last is None:
        raise NoSuchPage(f"{text!r} is no week: write it as 2026-W10")
    year = "" if first.year == last.year else f" {first.year}"
    heading = f"Week of {first.day} {first:%B}{year} to {last.day} {last:%B %Y}"
    return _listed(reader, asked, span="week", first=first, last=last, heading=heading)


def month_page(reader: Reader, asked: Asked) -> Listed:
    """The page of a month."""
    text = asked.text("month")
    found = _MONTH.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1:
        raise NoSuchPage(f"{text!r} is no month: write it as 2026-03")
    first = date(int(found[1]), int(found[2]), 1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return _listed(reader, asked, span="month", first=first, last=last, heading=f"{first:%B %Y}")


def _day_of(text: str) -> date:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise NoSuchPage(f"{text!r} is no day: write it as 2026-03-02") from None
    if str(on) != text:
        raise NoSuchPage(f"{text!r} is no day: write it as {on}")
    return on


def _listed(reader: Reader, asked: Asked, *, span: Span, first: date, last: date, heading: str) -> Listed:
    if first.year < FIRST_YEAR:
        raise NoSuchPage(f"nothing is known of days before {FIRST_YEAR}")
    days: dict[str, object] = {"first": first, "last": last}
    by_middle = {"is_by_middle": int(span == "week")}
    source = asked.text("source") or None
    found = reader.records("pages/listed", _Place, days | by_middle | {"source": source} | asked.limits())
    (beside,) = reader.records("pages/days_beside", _Beside, days | by_middle)
    return Listed(
        heading=heading,
        span=span,
        first_on=first,
        last_on=last,
        source=source,
        before_on=beside.before_on,
        after_on=beside.after_on,
        lists=reader.records("pages/lists_of_days", ListOfDay, days | by_middle),
        papers=papers_of(reader, [each.paper_key for each in found]),
        part=part_of(asked, found[0].total if found else 0),
    )
