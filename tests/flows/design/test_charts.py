"""Plots have round scales whatever the numbers are, and stay inside their box."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from flows.design.charts import Box, bars, curve

TEXT = 12  # the height of a line of a chart, in its style
FIRST = datetime(2026, 3, 2, 12, tzinfo=UTC)
READINGS = some.lists(
    some.tuples(some.integers(0, 10_000_000), some.integers(0, 3_000_000)),
    min_size=2,
    max_size=30,
    unique_by=lambda each: each[0],
)


def is_inside(box: Box) -> bool:
    marks = [(each.x, each.y) for each in box.dots] + [(each.x + each.width, each.y + each.height) for each in box.bars]
    return all(0 <= x <= box.width and 0 <= y <= box.height for x, y in marks)


def has_whole_numbers(box: Box) -> bool:
    """Whether no printed number is cut off by a side of the box."""
    named = [each for each in box.dots if each.is_named]
    return all(each.label_y >= TEXT and each.label_x + 7 * len(each.label) <= box.width for each in named)


@given(READINGS)
def test_every_curve_fits_its_box_and_scale(readings: list[tuple[int, int]]) -> None:
    drawn = curve("t", "upvotes", [(FIRST + timedelta(seconds=each), value) for each, value in readings])
    assert drawn is not None
    for box in (drawn.wide, drawn.narrow):
        assert is_inside(box)
        assert has_whole_numbers(box)
        assert 2 <= len(box.up) <= 6
        assert 1 <= len(box.across) <= 8
        assert len({each.text for each in box.up}) == len(box.up)
        assert int(box.up[-1].text.replace(",", "")) >= max(value for _, value in readings)


@given(some.lists(some.integers(0, 5_000_000), min_size=2, max_size=40))
def test_all_bars_fit_their_box(numbers: list[int]) -> None:
    drawn = bars("t", "papers", [(f"2026-{place:02d}", number) for place, number in enumerate(numbers)])
    assert drawn is not None
    assert is_inside(drawn.wide)
    assert is_inside(drawn.narrow)
    assert len(drawn.narrow.across) <= 4


@pytest.mark.parametrize("readings", [[], [(FIRST, 3)], [(FIRST, 3), (FIRST, 3)]])
def test_one_moment_is_no_curve(readings: list[tuple[datetime, int]]) -> None:
    assert curve("t", "upvotes", readings) is None


def test_a_curve_is_told_in_words() -> None:
    drawn = curve("Upvotes", "upvotes", [(FIRST, 1000), (FIRST + timedelta(days=1), 1200)])
    assert drawn is not None
    assert drawn.description == (
        "From 1,000 upvotes on 2026-03-02 12:00 UTC to 1,200 on 2026-03-03 12:00 UTC, 2 readings."
    )
