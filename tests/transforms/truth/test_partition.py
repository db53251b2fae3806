"""What is true of a partition follows from its readings, in the order in which they were read."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from transforms.records import Closing, Outcome
from transforms.truth.partition import (
    Reading,
    Seen,
    State,
    judge,
)

DAY = date(2026, 4, 10)
NOON = datetime(2026, 4, 10, 12, tzinfo=UTC)


def reading(hours: float, *keys: str, outcome: Outcome = Outcome.LISTING, is_closed: bool = False) -> Reading:
    seen = tuple(Seen(sighting_key=key, content_key=key, position=place) for place, key in enumerate(keys, start=1))
    return Reading(
        page_sha256=f"{hours}{outcome}{keys}",
        fetched_at=NOON + timedelta(hours=hours),
        outcome=outcome,
        is_closed=is_closed,
        seen=seen,
    )


def state(*readings: Reading, closing: Closing = Closing.TWO_READS) -> State:
    states = {judge(order, partition_on=DAY, closing=closing).state for order in itertools.permutations(readings)}
    (only,) = states  # whatever the order
    return only


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ([reading(1, "a")], State.OPEN),
        ([reading(30, "a", is_closed=True)], State.OPEN),
        ([reading(20, "a"), reading(31, "a", is_closed=True)], State.OPEN),
        ([reading(20, "a"), reading(33, "a", is_closed=True)], State.FINAL),
        ([reading(20, "a"), reading(33, "a", "b", is_closed=True)], State.OPEN),
        ([reading(24 * 6, "a", is_closed=True)], State.OPEN),
        ([reading(24 * 7, "a", is_closed=True)], State.FINAL),
        ([reading(24 * 700, "a", is_closed=True)], State.FINAL),
        ([reading(24 * 700, "a")], State.OPEN),
        ([reading(1, outcome=Outcome.NO_LIST)], State.OPEN),
        ([reading(48, outcome=Outcome.NO_LIST)], State.NO_LIST),
        ([reading(48, outcome=Outcome.REFUSED)], State.REFUSED),
        ([reading(48, outcome=Outcome.REFUSED), reading(60, outcome=Outcome.NO_LIST)], State.NO_LIST),
        ([reading(1, "a"), reading(48, outcome=Outcome.NO_LIST)], State.OPEN),
        ([reading(1, "a"), reading(48, outcome=Outcome.REFUSED)], State.OPEN),
        ([reading(2400, outcome=Outcome.OUT_OF_REACH)], State.UNRECOVERABLE),
        ([reading(1, outcome=Outcome.NO_LIST), reading(2400, outcome=Outcome.OUT_OF_REACH)], State.UNRECOVERABLE),
        ([reading(48, outcome=Outcome.REFUSED), reading(2400, outcome=Outcome.OUT_OF_REACH)], State.UNRECOVERABLE),
        ([reading(48, outcome=Outcome.NO_LIST), reading(2400, outcome=Outcome.OUT_OF_REACH)], State.NO_LIST),
        ([reading(1, "a", is_closed=True), reading(2400, outcome=Outcome.OUT_OF_REACH)], State.FINAL),
        ([reading(1, "a"), reading(2400, outcome=Outcome.OUT_OF_REACH)], State.OPEN),
    ],
)
def test_the_state_follows_from_all_readings_in_any_order(readings: list[Reading], expected: State) -> None:
    assert state(*readings) is expected


def test_a_doubtful_reading_shrinks_no_day() -> None:
    whole = [f"paper {number}" for number in range(20)]
    truth = judge([reading(1, *whole), reading(20, *whole[:9])], partition_on=DAY, closing=Closing.TWO_READS)
    assert truth.entries_count == 20
    assert all(current.is_listed for current in truth.current)
    assert len(truth.doubtful) == 1
