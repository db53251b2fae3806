"""A time of reading that cannot be true is refused, one that nobody stated is warned of, by the page's evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.support.pages import page_of
from transforms.listing.read_time import check_read_time
from transforms.records import Closing, Level, Listing, TimeFrom

DAY = date(2026, 1, 7)
ERROR, WARNING = Level.ERROR, Level.WARNING


def found(
    read_on: date,
    time_from: TimeFrom,
    *,
    is_closed: bool,
    url: str = "file:page.html",
    closing: Closing = Closing.TWO_READS,
    next_on: date | None = None,
) -> list[tuple[str, Level]]:
    listing = Listing(
        source="hf_daily", page_sha256="0", partition_on=DAY, is_closed=is_closed, entries=(), next_on=next_on
    )
    read_at = datetime(read_on.year, read_on.month, read_on.day, 9, tzinfo=UTC)
    page = replace(page_of("hf_daily", "x", url=url, fetched_at=read_at), time_from=time_from)
    return [(each.check_name, each.level) for each in check_read_time(listing, page, closing, 1)]


@pytest.mark.parametrize("time_from", list(TimeFrom))
def test_a_list_of_a_day_that_has_not_come_is_refused_however_its_time_is_known(time_from: TimeFrom) -> None:
    assert found(date(2026, 1, 5), time_from, is_closed=False) == [("day_in_future", ERROR)]


def test_a_list_read_in_the_east_the_day_before_is_fine() -> None:
    assert found(date(2026, 1, 6), TimeFrom.CLOCK, is_closed=False) == []


def test_an_open_list_in_a_file_of_months_later_was_not_read_then() -> None:
    assert found(date(2026, 9, 1), TimeFrom.FILE, is_closed=False) == [("read_time", ERROR)]


def test_a_closed_list_in_a_file_of_months_later_may_be_a_copy() -> None:
    assert found(date(2026, 9, 1), TimeFrom.FILE, is_closed=True) == [("read_time_of_file", WARNING)]


def test_a_file_of_the_day_after_is_believed() -> None:
    assert found(date(2026, 1, 8), TimeFrom.FILE, is_closed=True) == []


def test_a_dump_is_closed_whenever_it_was_read() -> None:
    assert found(date(2026, 9, 1), TimeFrom.FILE, is_closed=True, closing=Closing.FIRST_READ) == []


def test_a_clock_in_a_name_is_used_where_it_fits_the_page() -> None:
    assert found(DAY, TimeFrom.NAME, is_closed=False) == [("read_time_from_name", WARNING)]
    assert found(date(2026, 9, 1), TimeFrom.NAME, is_closed=False) == [("read_time", ERROR)]


def test_a_stated_time_is_believed() -> None:
    assert found(date(2026, 9, 1), TimeFrom.STATED, is_closed=True) == []


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("file:2026-01-06.html", ["day_in_name"]),
        ("file:2026-01-07.html", []),
        ("file:2026-01-06__fetched_20260108T090000Z.html", ["day_in_name"]),
        ("https://example.org/2026-01-06", []),
        ("file:2026-01-06_to_2026-01-09.html", []),
    ],
)
def test_a_bare_date_in_a_files_name_checks_the_pages_own_day(url: str, names: list[str]) -> None:
    assert [name for name, _ in found(date(2026, 1, 8), TimeFrom.STATED, is_closed=True, url=url)] == names


@pytest.mark.parametrize("next_on", [date(2026, 1, 9), date(2026, 1, 12)])
def test_a_page_that_knows_its_next_day_was_read_after_that_had_come(next_on: date) -> None:
    early, on_time = date(2026, 1, 8), next_on
    for time_from in (TimeFrom.FILE, TimeFrom.NAME):
        assert found(early, time_from, is_closed=True, next_on=next_on) == [("next_day_in_future", ERROR)]
    for time_from in (TimeFrom.STATED, TimeFrom.CLOCK):
        assert found(early, time_from, is_closed=True, next_on=next_on) == [("next_day_in_future", WARNING)]
    assert found(on_time, TimeFrom.FILE, is_closed=True, next_on=next_on) == []


def test_a_clock_that_is_a_little_slow_is_no_contradiction() -> None:
    next_on = date(2026, 1, 8)
    listing = Listing(source="hf_daily", page_sha256="0", partition_on=DAY, is_closed=True, entries=(), next_on=next_on)
    page = page_of("hf_daily", "x", fetched_at=datetime(2026, 1, 7, 23, 30, tzinfo=UTC))
    assert list(check_read_time(listing, page, Closing.TWO_READS, 1)) == []


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("2026-01-07__read_20260108T1.html", False),
        ("2026-01-07 8h.html", False),
        ("2026-01-07 (2).html", False),
        ("2026-01-06_to_2026-01-09.html", False),
        ("2026-01-07.html", False),
        ("2026-01-07 0857h.html", True),
        ("7 Jan 2026 09.57.html", True),
        ("Jan 7, 2026 9pm.html", True),
        ("3_2_2026 20_57_39.html", True),
        ("page 1234.html", False),
    ],
)
def test_numbers_beside_a_date_that_were_not_read_are_told(name: str, is_told: bool) -> None:
    names = [each for each, _ in found(date(2026, 1, 8), TimeFrom.FILE, is_closed=True, url=f"file:{name}")]
    assert ("clock_in_name" in names) == is_told
