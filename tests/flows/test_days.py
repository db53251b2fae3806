"""Days as a person writes them, and the ranges that may be asked for."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from flows.days import PATTERN, DayError, Days, days, one_day, span_kept, span_to_fetch, today

NOW = date(2026, 3, 11)


def day(text: str) -> Days:
    return Days(first=date.fromisoformat(text), last=date.fromisoformat(text))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-03-10", "2026-03-10", "2026-03-10"),
        ("today", "2026-03-11", "2026-03-11"),
        ("yesterday", "2026-03-10", "2026-03-10"),
        ("-7d", "2026-03-04", "2026-03-04"),
        ("-0d", "2026-03-11", "2026-03-11"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-12", "2025-12-01", "2025-12-31"),
    ],
)
def test_a_text_means_these_days(text: str, first: str, last: str) -> None:
    assert days(text, NOW) == Days(first=date.fromisoformat(first), last=date.fromisoformat(last))
    assert re.fullmatch(PATTERN, text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "2026-13",
        "20260310",
        "2026-W10-1",
        "tomorrow",
        "7d",
        "-d",
        "",
        "２０２６-03-10",
        "0000-01",
        "-99999d",
    ],
)
def test_another_text_is_refused_by_name(text: str) -> None:
    with pytest.raises(DayError, match="is not a date: write"):
        days(text, NOW)


def test_a_month_is_no_day() -> None:
    with pytest.raises(DayError, match="is a month"):
        one_day("2026-02", NOW)


def test_a_month_alone_is_all_of_its_days() -> None:
    assert span_to_fetch(days("2025-02", NOW), None) == (date(2025, 2, 1), date(2025, 2, 28))
    assert span_to_fetch(None, None, days("2025-02", NOW)) == (date(2025, 2, 1), date(2025, 2, 28))
    assert span_to_fetch(days("2025-02", NOW), days("2025-03", NOW)) == (date(2025, 2, 1), date(2025, 3, 31))


def test_a_month_that_is_not_over_ends_today() -> None:
    month = days(f"{today():%Y-%m}", today())
    assert span_to_fetch(month, None) == (month.first, today())


def test_what_is_left_out_is_today() -> None:
    assert span_to_fetch(None, None) == (today(), today())
    assert span_to_fetch(day("2025-03-03"), None) == (date(2025, 3, 3), today())


@pytest.mark.parametrize(
    ("first", "last", "only", "reason"),
    [
        ("2025-03-05", "2025-03-03", None, "runs backwards"),
        (None, "2025-03-03", None, "needs a first one"),
        ("2025-03-03", None, "2025-03-03", "either one date or a range"),
        ("2125-03-03", None, None, "in the future"),
        ("2025-03-03", "2125-03-03", None, "in the future"),
        (None, None, "2125-03-03", "in the future"),
    ],
)
def test_a_range_that_cannot_be_asked_for_is_refused(
    first: str | None, last: str | None, only: str | None, reason: str
) -> None:
    with pytest.raises(DayError, match=reason):
        span_to_fetch(*(None if each is None else day(each) for each in (first, last, only)))


def test_a_range_of_what_is_kept_may_be_open_but_not_run_backwards() -> None:
    assert span_kept(None, day("2025-03-03")) == (None, date(2025, 3, 3))
    with pytest.raises(DayError, match="runs backwards"):
        span_kept(day("2025-03-04"), day("2025-03-03"))


def test_yesterday_is_yesterday() -> None:
    assert one_day("yesterday", today()) == today() - timedelta(days=1)
