"""Readings whose contents contradict the order of their times are told, and refused where a time was only guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from transforms.listing.reading_order import TimedReading, misplaced, worst
from transforms.records import Level

MORNING = datetime(2026, 1, 7, 6, tzinfo=UTC)
ERROR, WARNING = Level.ERROR, Level.WARNING


def reading(
    name: str, hours: int, *upvotes: int, is_closed: bool = False, is_partial: bool = False, guess: bool = True
) -> TimedReading:
    return TimedReading(
        page_sha256=name,
        url=f"file:{name}.html",
        fetched_at=MORNING + timedelta(hours=hours),
        is_closed=is_closed,
        is_partial=is_partial,
        upvotes={f"kite {place}": number for place, number in enumerate(upvotes)},
        run_id=name,
        is_guess=guess,
    )


def loaded(one: TimedReading) -> TimedReading:
    return replace(one, run_id=None, is_guess=False)


def told(*readings: TimedReading) -> dict[str, Level]:
    found: dict[str, list[Level]] = {}
    for run_id, finding in misplaced(readings):
        assert "read_order" in finding.check_name
        found.setdefault(run_id, []).append(finding.level)
    return {run_id: min(levels, key=lambda level: level is not ERROR) for run_id, levels in found.items()}


def test_upvotes_that_rise_and_a_list_that_closes_are_in_order() -> None:
    assert told(reading("a", 0, 5, 4), reading("b", 9, 6, 4, 1), reading("c", 30, 9, 7, 3, is_closed=True)) == {}


@pytest.mark.parametrize("swapped", [False, True])
def test_an_open_list_after_a_closed_one_has_the_wrong_time(swapped: bool) -> None:
    closed, opened = reading("closed", 0, 9, is_closed=True), reading("open", 5, 9)
    found = told(opened, closed) if swapped else told(closed, opened)
    assert found == {"open": ERROR, "closed": WARNING}


def test_a_time_that_is_stated_costs_a_warning() -> None:
    stated = [reading("closed", 0, 9, is_closed=True, guess=False), reading("open", 5, 9, guess=False)]
    assert told(*stated) == {"open": WARNING, "closed": WARNING}


def test_of_a_stated_and_a_guessed_time_the_guess_is_wrong() -> None:
    closed, opened = reading("closed", 0, 9, is_closed=True), reading("open", 5, 9)
    assert told(replace(closed, is_guess=False), opened) == {"open": ERROR}
    assert told(closed, replace(opened, is_guess=False)) == {"closed": ERROR}


def test_what_is_loaded_stands() -> None:
    assert told(reading("new", 0, 9, is_closed=True), loaded(reading("old", 5, 9))) == {"new": ERROR}
    assert told(loaded(reading("one", 0, 9, is_closed=True)), loaded(reading("two", 5, 9))) == {}


@pytest.mark.parametrize(
    ("before", "after", "is_wrong"),
    [
        ((30, 8, 5), (5, 7, 4), True),
        ((30,), (5,), True),
        ((6, 5, 4, 3), (5, 4, 3, 3), True),
        ((9, 6, 5, 4, 3, 1, 1), (8, 5, 4, 4, 3, 1, 1), True),
        ((9, 6, 5, 4, 3, 1, 1), (8, 5, 4, 6, 4, 1, 1), False),
        ((60, 5, 4, 3), (30, 5, 4, 3), False),  # the site took back what bots had given
        ((3,), (2,), False),  # somebody took an upvote back
        ((6, 5, 4), (5, 4, 9), False),
    ],
)
def test_upvotes_fall_for_single_papers_only(before: tuple[int, ...], after: tuple[int, ...], is_wrong: bool) -> None:
    assert told(reading("a", 0, *before), reading("b", 3, *after)) == ({"b": ERROR, "a": WARNING} if is_wrong else {})


def test_an_answer_of_the_api_never_opens_a_list_but_its_numbers_have_an_order() -> None:
    closed = reading("page", 0, 9, 8, 7, is_closed=True)
    assert told(closed, reading("answer", 4, 9, 8, 8, is_partial=True)) == {}
    assert told(closed, reading("answer", 4, 2, 2, 2, is_partial=True)) == {"answer": ERROR, "page": WARNING}


def test_two_pages_are_not_read_at_one_instant() -> None:
    assert told(reading("a", 0, 5), reading("b", 0, 6)) == {"b": ERROR, "a": WARNING}
    assert told(reading("a", 0, 5, guess=False), reading("b", 0, 6, guess=False)) == {"b": WARNING, "a": WARNING}
    assert told(reading("a", 0, 5), reading("answer", 0, 6, is_partial=True)) == {}


def test_the_same_page_again_contradicts_nothing() -> None:
    assert told(reading("a", 0, 5), reading("a", 9, 5)) == {}


def test_an_error_is_told_alone_and_names_both_files() -> None:
    found = [
        each.finding
        for each in misplaced([reading("a", 0, 9, is_closed=True), reading("b", 3, 9), reading("c", 4, 1)])
        if each.run_id == "b"
    ]
    (error,) = worst(found)
    assert (error.level, error.place) == (ERROR, "file:b.html")
    assert "file:a.html read 2026-01-07 06:00:00 UTC, then file:b.html read 2026-01-07 09:00:00" in error.observed
