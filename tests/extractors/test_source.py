"""The calendars that sources have in common, and what other places derive from a source's record."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.source import every_day, mondays, working_days
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
    [("hf_daily", 8), ("hf_listing_text", 12), ("weekly_review", 2), ("ml_papers_week", 2)],
)
def test_each_source_has_the_calendar_of_its_lists(name: str, days: int) -> None:
    assert len(SOURCES[name].partitions(date(2026, 1, 1), date(2026, 1, 12))) == days


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("hf_daily", "http://127.0.0.1:8000/lists/papers/date/2026-01-07"),
        ("weekly_review", "http://127.0.0.1:8000/lists/2026-01-07.txt"),
        ("ml_papers_week", "http://127.0.0.1:8000/lists/README.md"),
    ],
)
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_request_asks_for_the_partitions_own_page(name: str, url: str, slash: str) -> None:
    request = SOURCES[name].request
    assert request is not None
    asked = request(DAY, f"http://127.0.0.1:8000/lists{slash}")
    assert (asked.source, asked.asked_on, asked.url) == (name, DAY, url)


def test_some_sources_have_no_public_page_or_none_at_all() -> None:
    assert {name for name, source in SOURCES.items() if source.default_url} == {"hf_daily"}
    assert {name for name, source in SOURCES.items() if source.request is None} == {"hf_listing_text"}


def test_only_the_daily_list_may_grow_after_its_first_reading() -> None:
    assert {name for name, source in SOURCES.items() if source.closing is Closing.TWO_READS} == {"hf_daily"}
    assert min(SOURCES, key=lambda name: SOURCES[name].trust) == "hf_daily"


def test_a_source_has_a_variable_a_row_in_the_documentation_and_schedules_that_can_run() -> None:
    for name, source in SOURCES.items():
        assert source.url_variable == f"PAPERLOG_{name.upper()}_URL"
        assert all((source.stands_for, source.comes_from, source.closes))
        assert (source.facts.name, source.facts.extractor_version) == (name, source.version)
        for schedule in source.schedules:
            assert len(schedule.cron.split()) == 5
            assert min(schedule.days_back) >= 0


def test_no_two_sources_are_believed_alike() -> None:
    assert len({source.trust for source in SOURCES.values()}) == len(SOURCES)
