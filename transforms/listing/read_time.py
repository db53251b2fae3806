"""Whether a time of reading can be true, by the page's own evidence: its day, whether its list was still open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from transforms.records import Closing, Finding, Listing, Page, TimeFrom

# A day ends later in the west than in UTC, and lists are published in the evening for the day after.
_DAY_AHEAD = timedelta(days=1)
# An open list is closed by the next list day, after a week at the latest; a file's time is often that of a copy.
_OPEN_FOR = timedelta(days=7)
# Of two machines, a little.
_CLOCKS_DIFFER = timedelta(hours=1)
_LATE = timedelta(days=14)
_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_ANY_DAY = re.compile(
    r"(?<!\d)(?:20\d\d[-._]?\d{2}[-._]?\d{2}|\d{1,2}[-._]\d{1,2}[-._]20\d\d(?!\d)"
    r"|\d{1,2}\.?[ _-][A-Z][a-zé]{2,8}\.?[ _-]20\d\d|[A-Z][a-zé]{2,8}\.?[ _-]\d{1,2},?[ _-]20\d\d)"
)
_NUMBERS = re.compile(r"\d{1,2}\D\d{2}(?!\d)|\d{3,}|\d ?[ap]m\b", re.IGNORECASE)
HOW = "name the file …__fetched_YYYYMMDDTHHMMSSZ or give --fetched-at"


def check_read_time(listing: Listing, page: Page, closing: Closing, partition_days: int) -> Iterator[Finding]:
    """Errors for a time that cannot be true, warnings for one that nobody stated, and for a name of another day."""
    read_on, listed_on = page.fetched_at.date(), listing.partition_on
    after = read_on - listed_on
    if listed_on > read_on + _DAY_AHEAD:
        yield Finding.error("day_in_future", f"a list of {listed_on}, read on {read_on}", "a day that has come")
    elif listing.next_on is not None and page.fetched_at + _CLOCKS_DIFFER < _begin(listing.next_on):
        yield _before_next_day(listing.next_on, page)
    elif page.time_from is TimeFrom.NAME:
        yield from _named(listing, page, after)
    elif page.time_from is TimeFrom.FILE and closing is Closing.TWO_READS:
        yield from _of_file(listing, page, after)
        yield from _unread_clock(page)
    yield from _named_day(page, listed_on, partition_days)


def _before_next_day(next_on: date, page: Page) -> Finding:
    """A page names a next day once that has a list, and a list gets no entry before its day (seen with 820 entries)."""
    make = Finding.error if page.time_from in {TimeFrom.NAME, TimeFrom.FILE} else Finding.warning
    observed = f"read at {page.fetched_at:%Y-%m-%d %H:%M} UTC, yet it knows a list of {next_on}"
    return make("next_day_in_future", observed, f"a time at which that day had come: {HOW}", page.url)


def _begin(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _named(listing: Listing, page: Page, after: timedelta) -> Iterator[Finding]:
    place, observed = (
        page.url,
        f"{page.fetched_at:%Y-%m-%d %H:%M} UTC, from its name, for a list of {listing.partition_on}",
    )
    if after > (_LATE if listing.is_closed else _OPEN_FOR):
        yield Finding.error("read_time", observed, f"a time that fits the page: {HOW}", place)
    else:
        yield Finding.warning("read_time_from_name", observed, f"a stated time: {HOW}", place)


def _of_file(listing: Listing, page: Page, after: timedelta) -> Iterator[Finding]:
    days = f"the file's time is {after.days} days after its day"
    if not (listing.is_closed or listing.is_partial) and after > _OPEN_FOR:
        yield Finding.error("read_time", f"{days}, yet its list is still open", f"the time of reading: {HOW}", page.url)
    elif after > _LATE:
        yield Finding.warning("read_time_of_file", f"{days}: perhaps that of a copy", f"a stated time: {HOW}", page.url)


def _unread_clock(page: Page) -> Iterator[Finding]:
    """A name with a date and more numbers probably has the time of reading, in a spelling that nobody knows."""
    rest, dates_count = _ANY_DAY.subn(" ", page.url)
    if dates_count and (unread := _NUMBERS.search(rest)):
        taken = f"the file's own was taken: {page.fetched_at:%Y-%m-%d %H:%M} UTC"
        observed = f"{unread[0]!r} in its name is no known time, so {taken}"
        yield Finding.warning("clock_in_name", observed, f"a stated time: {HOW}", page.url)


def _named_day(page: Page, listed_on: date, partition_days: int) -> Iterator[Finding]:
    """A bare date in a file's name is the day of a list; the page's own day rules. One with a clock is none."""
    is_bare = page.url.startswith("file:") and page.time_from is not TimeFrom.NAME
    named = _DAY.findall(page.url) if is_bare else []
    if len(named) == 1 and partition_days == 1 and named[0] != listed_on.isoformat():
        yield Finding.warning("day_in_name", f"{named[0]} in its name", f"{listed_on}, the page's own day", page.url)
