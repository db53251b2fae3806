"""A paper's facts: when lists had it, and when it was reviewed, are two things."""

from __future__ import annotations

from datetime import date

import pytest

from transforms.truth.paper import Member, facts

MONDAY, THURSDAY, NEXT = date(2026, 5, 25), date(2026, 5, 28), date(2026, 6, 1)


def listed(day: date, *, is_listed: bool = True) -> Member:
    return Member(sighting_key=f"daily/{day}", source="daily", trust=1, partition_on=day, is_listed=is_listed)


def reviewed(day: date, *, is_listed: bool = True) -> Member:
    key = f"weekly/{day}"
    return Member(sighting_key=key, source="weekly", trust=4, partition_on=day, is_listed=is_listed, is_review=True)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([reviewed(MONDAY), listed(THURSDAY)], (THURSDAY, THURSDAY, MONDAY)),
        ([listed(MONDAY), reviewed(THURSDAY), listed(NEXT)], (MONDAY, NEXT, THURSDAY)),
        ([reviewed(NEXT), reviewed(MONDAY)], (None, None, MONDAY)),
        ([listed(MONDAY)], (MONDAY, MONDAY, None)),
        ([listed(MONDAY, is_listed=False), listed(THURSDAY)], (THURSDAY, THURSDAY, None)),
        ([listed(MONDAY, is_listed=False), reviewed(NEXT)], (MONDAY, MONDAY, NEXT)),
        ([reviewed(MONDAY, is_listed=False), reviewed(NEXT)], (None, None, NEXT)),
    ],
)
def test_a_review_is_no_listing(members: list[Member], expected: tuple[date | None, ...]) -> None:
    for ordered in (members, members[::-1]):
        paper = facts(ordered)
        assert (paper.first_listed_on, paper.last_listed_on, paper.first_reviewed_on) == expected
