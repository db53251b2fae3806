"""The calendars that sources have in common, and what other places derive from every source's record."""

from __future__ import annotations

from datetime import date

from extractors.source import every_day, mondays, working_days
from extractors.sources import SOURCES

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


def test_every_record_has_what_other_places_derive_from_it() -> None:
    for name, source in SOURCES.items():
        assert source.url_variable == f"PAPERLOG_{name.upper()}_URL"
        assert all((source.stands_for, source.comes_from, source.closes))
        assert (source.facts.name, source.facts.extractor_version) == (name, source.version)
        assert source.partitions(DAY, DAY) in ([], [DAY])
        if source.request is not None:
            asked = source.request(DAY, "http://127.0.0.1:8000/lists")
            assert (asked.source, asked.asked_on) == (name, source.partition_of(DAY))
            assert asked.url.startswith("http://127.0.0.1:8000/lists/")
        for schedule in source.schedules:
            assert len(schedule.cron.split()) == 5
            assert min(schedule.days_back) >= 0
