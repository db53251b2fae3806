"""Versions, withdrawals, and how far a harvest came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from transforms.facts import (
    AnswerOutcome,
    ArxivFacts,
    ArxivVersion,
    Harvest,
    LoadedAnswer,
    absent,
    first_version_on,
    harvest_of,
    has_all_versions,
    is_withdrawn,
    latest_version,
)

A, B, X, Y = "a", "b", "x", "y"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
V1, V3 = (
    ArxivVersion(number=1, created_at=datetime(2023, 12, 1, 23, 59, tzinfo=UTC), size_text="10kb"),
    ArxivVersion(number=3, created_at=datetime(2024, 5, 31, tzinfo=UTC), size_text="0kb"),
)


def page(hour: float, **values: object) -> LoadedAnswer:
    at = NOON + timedelta(hours=hour)
    empty = LoadedAnswer(
        page_sha256=f"{hour:08}",
        fetched_at=at,
        response_at=at,
        outcome=AnswerOutcome.FACTS,
        error_code=None,
        asked_set=None,
        asked_from=None,
        asked_token=None,
        next_token=None,
        token_expires_at=None,
    )
    return replace(empty, **values)  # type: ignore[arg-type]


def begin(hour: float, day: int, token: str | None = None, name: str = "cs") -> LoadedAnswer:
    return page(hour, asked_set=name, asked_from=date(2026, 11, day), next_token=token)


def test_the_first_version_is_version_1_and_no_other() -> None:
    facts = ArxivFacts(arxiv_id="2312.00752", versions=(V1, V3))
    assert (first_version_on(facts), latest_version(facts), has_all_versions(facts)) == (date(2023, 12, 1), 3, False)
    assert first_version_on(ArxivFacts(arxiv_id="2312.00752", versions=(V3,))) is None
    assert latest_version(ArxivFacts(arxiv_id="2312.00752")) is None


@pytest.mark.parametrize(
    ("comments", "expected"),
    [
        ("This paper has been withdrawn by the author due to an error in Lemma 2", True),
        ("Withdrawn: see arXiv:2401.00001", True),
        ("Paper withdrawn", True),
        ("Theorem 3 of v1 has been withdrawn", False),
        ("10 pages; a claim in Section 4 was withdrawn", False),
        ("On cash withdrawn from machines", False),
        (None, False),
    ],
)
def test_a_withdrawal_is_what_the_authors_say_of_the_paper(comments: str | None, expected: bool) -> None:
    assert is_withdrawn(ArxivFacts(arxiv_id="2312.00752", comments=comments, versions=(V1,))) is expected


def test_an_empty_last_version_is_a_withdrawal() -> None:
    assert is_withdrawn(ArxivFacts(arxiv_id="2312.00752", versions=(V1, V3)))


def test_a_harvest_goes_on_from_the_day_of_its_first_answer() -> None:
    whole = [begin(0, 18, A), page(1, asked_token=A, next_token=B), page(13, asked_token=B)]
    assert {harvest_of(each, "cs") for each in permutations(whole)} == {Harvest(from_on=date(2026, 11, 20))}
    assert harvest_of(whole, "stat") == Harvest()


def test_one_that_broke_off_goes_on_at_its_next_page() -> None:
    broken = [begin(0, 18, A), page(1, asked_token=A, next_token=B, token_expires_at=NOON)]
    assert harvest_of(broken, "cs") == Harvest(from_on=date(2026, 11, 18), token=B, expires_at=NOON)


def test_one_whose_token_is_not_known_any_more_begins_again() -> None:
    expired = [
        begin(0, 18, A),
        page(1, asked_token=A, error_code="badResumptionToken", outcome=AnswerOutcome.NOTHING),
    ]
    assert harvest_of(expired, "cs") == Harvest(from_on=date(2026, 11, 18))
    assert harvest_of([*expired, begin(2, 18)], "cs") == Harvest(from_on=date(2026, 11, 20))


def test_sets_are_harvested_apart() -> None:
    both = [
        begin(0, 18, A),
        begin(1, 18, X, "stat"),
        page(2, asked_token=A),
        page(3, asked_token=X, next_token=Y),
    ]
    assert harvest_of(both, "cs") == Harvest(from_on=date(2026, 11, 20))
    assert harvest_of(both, "stat").token == Y


def test_a_hole_is_not_passed_over() -> None:
    """Somebody asked for the last days only: what lies between is still to be harvested."""
    assert harvest_of([begin(-200, 1), begin(0, 19)], "cs") == Harvest(from_on=date(2026, 11, 12))
    assert harvest_of([begin(-200, 1), begin(0, 12)], "cs") == Harvest(from_on=date(2026, 11, 20))


def test_absent_ids_are_told_once_each_in_the_order_asked() -> None:
    assert absent(["b", "a", "b", "c"], ["a"]) == ("b", "c")
