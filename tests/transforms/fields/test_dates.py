"""Dates as printed, clocks only where there was one, hidden years by the day of reading."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.fields.dates import month_number, published
from transforms.records import Certainty

READ_ON = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("text", "day", "instant"),
    [
        ("2026-05-30", date(2026, 5, 30), None),
        ("2026-05-30T00:00:00.000Z", date(2026, 5, 30), None),
        ("2026-05-30T17:57:34.000Z", date(2026, 5, 30), datetime(2026, 5, 30, 17, 57, 34, tzinfo=UTC)),
        ("2026-05-30T23:30:00-05:00", date(2026, 5, 31), datetime(2026, 5, 31, 4, 30, tzinfo=UTC)),
        ("Apr 22, 2025", date(2025, 4, 22), None),
        ("September 3, 2025", date(2025, 9, 3), None),
        (" Feb 29, 2024 ", date(2024, 2, 29), None),
    ],
)
def test_a_full_date_is_stated(text: str, day: date, instant: datetime | None) -> None:
    assert published(text, read_on=READ_ON) == (day, instant, Certainty.STATED)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("May 24", date(2026, 5, 24)),
        ("Jun 1", date(2026, 6, 1)),
        ("Jun 2", date(2025, 6, 2)),
        ("Dec 31", date(2025, 12, 31)),
        ("Feb 29", date(2024, 2, 29)),
    ],
)
def test_a_hidden_year_is_the_latest_before_the_reading(text: str, day: date) -> None:
    assert published(text, read_on=READ_ON) == (day, None, Certainty.INFERRED_YEAR)


@pytest.mark.parametrize("read_on", [date(2028, 2, 29), date(2104, 2, 28)])
def test_a_leap_day_is_found_at_both_ends_of_its_gap(read_on: date) -> None:
    day, _, _ = published("Feb 29", read_on=read_on)
    assert day == (read_on if read_on.day == 29 else date(2096, 2, 29))


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_an_inferred_date_lies_in_the_year_before_the_reading(printed: date, read_on: date) -> None:
    day, _, _ = published(f"{printed:%b} {printed.day}", read_on=read_on)
    assert (day.month, day.day) == (printed.month, printed.day)
    assert day <= read_on
    if (printed.month, printed.day) != (2, 29):
        assert read_on - day < timedelta(days=366)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-02-30", "20260530", "2026-W22-1", "30 May 2026", "Feb 30", "Foo 3", "Apr 22, 25",
     "2026-05-30T12:00:00", "2026-05-30T25:00:00Z", "٢٠٢٦-٠٥-٣٠", "Apr 25 2"],
)  # fmt: skip
def test_anything_else_is_an_error_that_carries_the_text(text: str) -> None:
    with pytest.raises(ValueError, match="not a date") as caught:
        published(text, read_on=READ_ON)
    assert repr(text) in str(caught.value)


def test_months_have_two_names() -> None:
    assert [month_number(name) for name in ("Jan", "March", "Sept", "December")] == [1, 3, 9, 12]
