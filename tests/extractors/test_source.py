"""The calendars that sources have in common, and what other places derive from a source's record."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.source import OnPages, every_day, mondays, working_days
from extractors.sources import SOURCES
from transforms.records import Closing

DAY = date(2026, 1, 7)


def test_working_days_are_mondays_to_fridays() -> None:
    days = working_days(date(2026, 1, 1), date(2026, 1, 12))
    assert [day.day for day in days] == [1, 2, 5, 6, 7, 8, 9, 12]
    assert working_days(date(2026, 1, 10), date(2026, 1, 11)) == []


def test_weeks_start_on_mondays_in_the_range() -> None:
    assert [day.day for day in mondays(date(2026, 1, 1), date(2026, 1, 19))] == [5, 12, 19]
    assert mondays(date(2026, 1, 5), date(2026, 1, 5)) == [date(2026, 1, 5)]
    assert mondays(date(2026, 1, 6), date(2026, 1, 11)) == []


def test_every_day_has_both_ends() -> None:
    assert [day.day for day in every_day(date(2026, 1, 6), DAY)] == [6, 7]
    assert every_day(DAY, date(2026, 1, 6)) == []


@pytest.mark.parametrize(
    ("name", "days"),
    [("hf_daily", 8), ("hf_listing_text", 12), ("weekly_review", 2)],
)
def test_each_source_has_the_calendar_of_its_lists(name: str, days: int) -> None:
    partitions = SOURCES[name].partitions
    assert not isinstance(partitions, OnPages)
    assert len(partitions(date(2026, 1, 1), date(2026, 1, 12))) == days


def test_a_page_of_a_source_without_a_calendar_is_asked_for_no_partition() -> None:
    source = SOURCES["ml_papers_week"]
    assert isinstance(source.partitions, OnPages)
    assert source.request is not None
    assert source.request(DAY, "http://127.0.0.1:8000/lists/").asked_on is None
    assert source.partition_of(DAY) is None
    assert SOURCES["hf_daily"].partition_of(DAY) == DAY


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("hf_daily", "http://127.0.0.1:8000/lists/papers/date/2026-01-07"),
        ("weekly_review", "http://127.0.0.1:8000/lists/2026-01-07.txt"),
    ],
)
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_request_asks_for_the_partitions_own_page(name: str, url: str, slash: str) -> None:
    request = SOURCES[name].request
    assert request is not None
    asked = request(DAY, f"http://127.0.0.1:8000/lists{slash}")
    assert (asked.source, asked.asked_on, asked.url) == (name, DAY, url)


@pytest.mark.parametrize(
    ("name", "has_public_page"), [("hf_daily", True), ("ml_papers_week", True), ("weekly_review", False)]
)
def test_a_source_is_fetched_from_its_public_page_or_only_from_an_address_that_is_set(
    name: str, has_public_page: bool
) -> None:
    assert SOURCES[name].request is not None
    assert bool(SOURCES[name].default_url) is has_public_page
    assert SOURCES["hf_listing_text"].request is None


def test_the_daily_list_may_grow_after_its_first_reading_and_is_believed_first() -> None:
    assert SOURCES["hf_daily"].closing is Closing.TWO_READS
    assert min(SOURCES, key=lambda name: SOURCES[name].trust) == "hf_daily"
    for name in ("hf_listing_text", "weekly_review", "ml_papers_week"):
        assert SOURCES[name].closing is Closing.FIRST_READ


def test_a_source_has_a_variable_a_row_in_the_documentation_and_schedules_that_can_run() -> None:
    for name, source in SOURCES.items():
        assert source.url_variable == f"PAPERLOG_{name.upper()}_URL"
        assert all((source.stands_for, source.comes_from, source.closes))
        assert (source.facts.name, source.facts.extractor_version) == (name, source.version)
        for schedule in source.schedules:
            assert len(schedule.cron.split()) == 5
            assert min(schedule.days_back) >= 0
