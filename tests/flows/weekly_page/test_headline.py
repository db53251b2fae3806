"""The headline says what the snapshot says, in words, and nothing where the snapshot does not carry it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.settings import from_environment
from flows.weekly_page.facts import WeeklyPage, known_of, page_of
from flows.weekly_page.headline import headline_of
from flows.weekly_page.history import NamedCount, trends_of
from flows.weekly_page.words import days_of, listed, rounded
from tests.support.batches import batch
from tests.support.small import DAILY, KITES, MONDAY, REJECTION, at, daily
from tests.support.weeks import EVENING, Entry, home_of, readings, review_of
from transforms.records import Batch
from warehouse import open_warehouse

WEEK = timedelta(days=7)
WEDNESDAY = MONDAY + timedelta(days=2)


def page(home: Path, week: date | None = None) -> WeeklyPage:
    settings = from_environment({"PAPERLOG_HOME": str(home)})
    with open_warehouse(str(home)).reader() as reader:
        known = known_of(reader, settings)
        return page_of(reader, settings, known, known.week_on(week))


def told(home: Path, batches: Iterable[Batch], week: date | None = None) -> dict[str, str]:
    """The headline by labels; its first sentences are `lede`."""
    headline = headline_of(page(home_of(home, batches), week))
    return {"lede": headline.lede, **{each.label: each.text for each in headline.lines}}


def papers(first: int, count: int, *upvotes: int) -> list[Entry]:
    return [Entry(number=first + place, upvotes=upvotes) for place in range(count)]


def test_a_first_week_is_compared_with_nothing(tmp_path: Path) -> None:
    one = [Entry(number=1, upvotes=(1,), title="A Lone Kite")]
    assert told(tmp_path, readings(MONDAY, one, [EVENING])) == {
        "lede": "One paper on 1 list, listed for the first time. It is the first week with a list.",
        "Most upvoted": "A Lone Kite: 1 upvote",
        "Missing": "Tuesday 3 to Friday 6 March were not read",
        "Not closed": "the list of Monday 2 March may still grow",
    }


def test_a_week_without_upvotes_reviews_and_holes_says_only_what_was_listed(tmp_path: Path) -> None:
    days = [MONDAY + timedelta(days=each) for each in range(5)]
    batches = (each for place, day in enumerate(days) for each in readings(day, papers(10 * place + 1, 2)))
    assert told(tmp_path, batches) == {
        "lede": "10 papers on 5 lists, all listed for the first time. It is the first week with a list."
    }


def test_weeks_are_compared_by_the_list_with_the_last_that_has_one(tmp_path: Path) -> None:
    lists = ((0, 4, 1), (1, 2, 11), (3, 6, 21), (4, 9, 31))  # week, papers, first number
    batches = [each for week, count, first in lists for each in readings(MONDAY + week * WEEK, papers(first, count))]
    again = [*papers(41, 2), Entry(number=31)]
    batches += readings(MONDAY + 6 * WEEK, again)
    batches += readings(MONDAY + 6 * WEEK + timedelta(days=1), papers(51, 4))
    assert told(tmp_path, batches)["lede"] == (
        "7 papers on 2 lists, 6 of them listed for the first time. That is 3.5 a list; the week of 30 March had 9. "
        "Of the eight weeks before, the 4 with a list had 2 to 9 papers a list."
    )
    assert headline_of(page(tmp_path, MONDAY + WEEK)).lede.endswith("That is 2 a list; the week before had 4.")
    far = MONDAY + 16 * WEEK
    assert told(tmp_path, readings(far, papers(61, 1)))["lede"].endswith("No list of the eight weeks before is loaded.")


def test_papers_with_as_many_upvotes_are_named_together(tmp_path: Path) -> None:
    entries = [Entry(number=each, upvotes=(7,), title=f"Kite number {each}") for each in range(1, 6)]
    first = told(tmp_path, readings(MONDAY, [*entries, Entry(number=9, upvotes=(3,), title="A Moth")]))["Most upvoted"]
    assert first.startswith("Kite number ")
    assert first.endswith(" and 2 more: 7 upvotes each")
    assert "Moth" not in first


def test_a_rise_is_told_against_what_is_usual_once_enough_is_known(tmp_path: Path) -> None:
    before = [each for place in range(3) for each in _rising_list(MONDAY + place * WEEK, 1 + 10 * place)]
    this = MONDAY + 3 * WEEK
    star = [Entry(number=99, upvotes=(10, 42), title="A Rocket"), *papers(101, 2, 3, 3)]
    few = told(tmp_path / "few", [*before, *readings(this, star)])
    assert few["Rose fastest"] == "A Rocket: +32 upvotes within 14 hours"
    tuesdays = [MONDAY + timedelta(days=1) + place * WEEK for place in range(3)]
    more = [each for place, day in enumerate(tuesdays) for each in _rising_list(day, 201 + 10 * place)]
    enough = told(tmp_path / "enough", [*before, *more, *readings(this, star)])
    assert enough["Rose fastest"] == (
        "A Rocket: +32 upvotes within 14 hours; nine in ten papers of hf_daily gain at most 4"
    )


def _rising_list(day: date, first: int) -> Iterable[Batch]:
    """Five papers that gain 0, 1, 2, 3 and 4 upvotes."""
    return readings(day, [Entry(number=first + gain, upvotes=(5, 5 + gain)) for gain in range(5)])


def test_without_a_second_reading_in_time_nothing_rises(tmp_path: Path) -> None:
    late = [EVENING, EVENING + timedelta(days=3)]
    assert "Rose fastest" not in told(tmp_path, readings(MONDAY, papers(1, 3, 5, 50), late))


def test_a_week_with_reviews_only_is_no_default_and_says_that_no_list_is_loaded(tmp_path: Path) -> None:
    batches = [*readings(MONDAY, papers(1, 2, 5)), review_of(MONDAY + WEEK, "Salt", "Moths")]
    assert page(home_of(tmp_path, batches)).week_on == MONDAY
    found = headline_of(page(tmp_path, MONDAY + WEEK))
    assert found.lede == "No list of this week is loaded."
    assert {each.label: each.text for each in found.lines} == {
        "Reviewed": "2 papers by weekly_review",
        "Missing": "Monday 9 to Friday 13 March were not read",
    }


def test_reviews_alone_have_a_page(tmp_path: Path) -> None:
    shown = page(home_of(tmp_path, [review_of(MONDAY, "Salt")]))
    assert (shown.week_on, shown.papers, len(shown.reviewed)) == (MONDAY, (), 1)


def test_keywords_that_vanish_and_entries_that_could_not_be_read_are_unusual(tmp_path: Path) -> None:
    with_words = [Entry(number=each, keywords=("kites",)) for each in range(1, 9)]
    lost = batch([], at=at(8), day=MONDAY + WEEK + timedelta(days=1), facts=DAILY, rejections=(REJECTION,))
    found = told(tmp_path, [*readings(MONDAY, with_words), *readings(MONDAY + WEEK, papers(11, 3)), lost])
    assert found["Unusual"] == (
        "the site printed keywords with 0 of 3 papers, and with 8 of 8 in the weeks before; 1 entry could not be read"
    )


def test_a_topic_is_told_only_where_chance_does_not_explain_it(tmp_path: Path) -> None:
    batches: list[Batch] = []
    for week in range(3):
        entries = [Entry(number=week * 100 + each, keywords=("kites", "salt")) for each in range(20)]
        batches += readings(MONDAY + week * WEEK, entries)
    words = [("kites", "moths") if each < 12 else ("kites", "salt") for each in range(20)]
    batches += readings(MONDAY + 3 * WEEK, [Entry(number=500 + each, keywords=word) for each, word in enumerate(words)])
    assert told(tmp_path, batches)["Topics"] == (
        "moths in 12 of 20 papers, in none of the weeks before; "
        "salt in 8 of 20 papers, fewer than the 20 to be expected"
    )
    assert "Topics" not in {each.label for each in headline_of(page(tmp_path, MONDAY + 2 * WEEK)).lines}


def test_too_few_papers_before_make_nothing_unusual() -> None:
    def counted(week: date, papers_count: int, of_count: int) -> NamedCount:
        return NamedCount(key="kites", name="kites", week_on=week, papers_count=papers_count, of_count=of_count)

    few = trends_of([counted(MONDAY - WEEK, 1, 29), counted(MONDAY, 20, 20)], MONDAY)
    enough = trends_of([counted(MONDAY - WEEK, 1, 30), counted(MONDAY, 20, 20)], MONDAY)
    assert (few.rising, [each.name for each in enough.rising]) == ((), ["kites"])
    assert few.all[0].counts == (*[None] * 7, 1, 20)


def test_what_is_missing_is_told_with_its_reason_and_the_command_that_mends_it(tmp_path: Path) -> None:
    batches = [*readings(MONDAY, papers(1, 2)), daily(1, at(1), (KITES, 3), next_on=WEDNESDAY)]
    batches += readings(MONDAY + timedelta(days=4), papers(11, 2))
    missing = page(home_of(tmp_path, batches)).missing
    assert missing.days == (WEDNESDAY, WEDNESDAY + timedelta(days=1))
    assert [(each.head, each.text, each.command) for each in missing.advice] == [
        (
            "gap: hf_daily 2026-03-04",
            "never read; another page links to it",
            "paperlog backfill hf_daily --from 2026-03-04 --to 2026-03-04",
        ),
        (
            "gap: hf_daily 2026-03-05",
            "never read; it is between loaded partitions",
            "paperlog backfill hf_daily --from 2026-03-05 --to 2026-03-05",
        ),
        (
            "open: hf_daily 2026-03-03",
            "its list may still grow: the site had not closed it when it was read last, 3 March 2026 at 22:00 UTC",
            "paperlog backfill hf_daily --from 2026-03-03 --to 2026-03-03",
        ),
    ]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((2,), "Monday 2 March"),
        ((2, 3), "Monday 2 and Tuesday 3 March"),
        ((2, 4, 5), "Monday 2, Wednesday 4 and Thursday 5 March"),
        ((2, 4, 5, 6), "Monday 2 and Wednesday 4 to Friday 6 March"),
        ((30, 31, 32), "Monday 30 March to Wednesday 1 April"),
    ],
)
def test_days_are_named_as_a_person_would(days: tuple[int, ...], said: str) -> None:
    assert days_of([date(2026, 3, 1) + timedelta(days=each - 1) for each in days]) == said


def test_numbers_have_two_digits_that_matter() -> None:
    assert [rounded(each) for each in (None, 0, 0.04, 3.25, 9.96, 24.5, 1234.4)] == [
        "0", "0", "0", "3.2", "10", "24", "1,234",
    ]  # fmt: skip
    assert [listed(each) for each in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
