"""Days that are named are the days that are meant: when lists had a paper, and which page a warning is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from tests.support.batches import DAY, WEEKLY, batch, hours, review, sighting
from transforms.records import Batch, Finding, RunOutcome
from warehouse import Warehouse

Load = Callable[..., Sequence[RunOutcome]]
Ask = Callable[[str], list[tuple[object, ...]]]
THURSDAY = DAY + timedelta(days=3)
DAYS = "select arxiv_id, first_listed_on, last_listed_on, first_reviewed_on from papers order by all nulls last"


def test_a_paper_that_was_reviewed_before_it_was_listed_has_both_days(load: Load, ask: Ask) -> None:
    load(batch([review(1), review(2)], facts=WEEKLY))
    assert ask(DAYS) == [(None, None, None, DAY), (None, None, None, DAY)]
    load(batch([sighting(1, day=THURSDAY)], day=THURSDAY, at=hours(80)))
    assert ask(DAYS) == [("2603.00001", THURSDAY, THURSDAY, DAY), (None, None, None, DAY)]


def warned(day: date, count: int, at: float) -> Batch:
    finding = Finding.warning("degraded_cards_only", f"{count} cards", "a list with all fields")
    return replace(batch([sighting(count, day=day)], day=day, at=hours(at)), findings=(finding,))


def test_a_warning_has_the_numbers_of_the_day_that_it_names(warehouse: Warehouse, load: Load) -> None:
    load(warned(THURSDAY, 12, 90))
    load(warned(DAY, 40, 91))  # a backfill reads the earlier day later
    with warehouse.reader() as reader:
        ((_, name, count, last_on, observed),) = reader.named("read_warnings").rows
        assert (name, count, last_on, observed) == ("degraded_cards_only", 2, THURSDAY, "12 cards")
        (row,) = reader.named("report_findings", {"week_on": DAY}).dicts
        assert (row["last_on"], row["observed"]) == (THURSDAY, "12 cards")
        assert not reader.named("report_findings", {"week_on": DAY + timedelta(days=7)}).rows


def test_a_warning_has_the_numbers_of_the_last_run_of_its_day(warehouse: Warehouse, load: Load) -> None:
    load(warned(THURSDAY, 12, 90))
    load(warned(THURSDAY, 13, 91))
    with warehouse.reader() as reader:
        assert reader.named("read_warnings").rows[0][-1] == "13 cards"
