"""A load is one transaction, and loading the same page again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from tests.support.batches import DAY, batch, hours, run, sighting, without_list
from transforms.records import (
    Cause,
    Outcome,
    Reason,
    Rejection,
    RunOutcome,
    Status,
)
from warehouse import BatchRefusedError, Warehouse

Load = Callable[..., Sequence[RunOutcome]]
Ask = Callable[[str], list[tuple[object, ...]]]
CORE = """
select
    (select count(*) from core.sightings),
    (select count(*) from core.metrics),
    (select count(*) from core.papers)
"""


def test_a_listing_becomes_papers_sightings_and_metrics(load: Load, ask: Ask) -> None:
    (outcome,) = load(batch([sighting(1), sighting(2)]))
    assert (outcome.status, outcome.sightings_count, outcome.papers_added_count) == (Status.LOADED, 2, 2)
    assert ask(CORE) == [(2, 4, 2)]
    assert ask("select arxiv_id, authors from papers order by 1") == [
        ("2603.00001", ["Ada Example1", "Bo Sample"]),
        ("2603.00002", ["Ada Example2", "Bo Sample"]),
    ]


def test_the_same_page_again_changes_nothing_but_is_on_record(load: Load, ask: Ask, digest: Callable[[], str]) -> None:
    load(batch([sighting(1), sighting(2)]))
    before = digest()
    (again,) = load(batch([sighting(1), sighting(2)]))
    (later,) = load(batch([sighting(1), sighting(2)], at=hours(5)))
    assert [again.status, later.status] == [Status.UNCHANGED, Status.UNCHANGED]
    assert ask(CORE) == [(2, 4, 2)]
    assert ask("select count(*) from runs") == [(3,)]
    assert before != digest()  # the day was read later: its state says so
    assert ask("select last_read_at from partitions") == [(hours(5).replace(tzinfo=None),)]


def test_metrics_of_a_late_older_page_are_added_and_the_newer_text_stays(load: Load, ask: Ask) -> None:
    load(batch([sighting(1, upvotes=9, title="The newer title of the loom paper")], at=hours(10)))
    load(batch([sighting(1, upvotes=3, title="The older title of the loom paper")], at=hours(1)))
    assert ask("select title from papers") == [("The newer title of the loom paper",)]
    assert ask("select value from metrics where metric = 'upvotes' order by observed_at") == [(3,), (9,)]
    assert ask("select value from metric_asof('2026-03-02 14:00') where metric = 'upvotes'") == [(3,)]


def test_a_paper_that_vanishes_from_an_open_list_stays_but_is_not_listed(load: Load, ask: Ask) -> None:
    papers = [sighting(number) for number in range(1, 5)]
    load(batch(papers), batch(papers[:3], at=hours(3)))
    assert ask("select arxiv_id, is_listed from sightings order by 1")[-1] == ("2603.00004", False)


def test_a_read_that_lost_too_much_is_refused_and_changes_no_row(load: Load, ask: Ask) -> None:
    papers = [sighting(number) for number in range(1, 11)]
    load(batch(papers))
    before = ask(CORE), ask("select state, entries_count from partitions")
    (outcome,) = load(batch(papers[:4], at=hours(20), is_closed=True))
    assert outcome.status is Status.REFUSED
    assert "list_shrunk" in str(outcome.reason)
    assert (ask(CORE), ask("select state, entries_count from partitions")) == before
    assert ask("select check_name, level from findings") == [("list_shrunk", "error")]


def test_a_cut_list_that_came_first_yields_to_the_fuller_one_read_before_it(load: Load, ask: Ask) -> None:
    papers = [sighting(number) for number in range(1, 11)]
    load(batch(papers[:4], at=hours(20)))
    load(batch(papers))
    assert ask(CORE) == [(10, 20, 10)]
    assert ask("select distinct is_listed from sightings") == [(True,)]


def test_a_degraded_reading_never_overwrites_a_full_one(load: Load, ask: Ask) -> None:
    load(batch([sighting(1, title="A full title of the loom paper")]))
    load(batch([sighting(1, title="A card title of the loom paper", upvotes=7)], at=hours(2), is_degraded=True))
    assert ask("select title from papers") == [("A full title of the loom paper",)]
    assert ask("select max(value) from metrics where metric = 'upvotes'") == [(7,)]


def test_a_day_is_final_after_two_agreeing_reads_twelve_hours_apart_of_a_closed_list(load: Load, ask: Ask) -> None:
    state = "select state from partitions where state <> 'missing'"
    load(batch([sighting(1)]))
    assert ask(state) == [("open",)]
    load(batch([sighting(1, upvotes=6)], at=hours(1), is_closed=True, next_on=date(2026, 3, 3)))
    assert ask(state) == [("open",)]
    load(batch([sighting(1, upvotes=7)], at=hours(14), is_closed=True, next_on=date(2026, 3, 3)))
    assert ask(state) == [("final",)]
    assert ask("select partition_on from partitions where state = 'missing'") == [(date(2026, 3, 3),)]


@pytest.mark.parametrize(
    ("outcome", "at", "state"),
    [(Outcome.NO_LIST, 48, "no_list"), (Outcome.NO_LIST, 1, "open"), (Outcome.REFUSED, 48, "refused")],
)
def test_a_day_without_a_list_has_a_state_of_its_own(
    load: Load, ask: Ask, outcome: Outcome, at: int, state: str
) -> None:
    (ended,) = load(without_list(outcome, at=hours(at), reason="it says 2026-02-27"))
    assert ended.status.value == outcome.value
    assert ask("select state from partitions") == [(state,)]
    assert ask("select reason from runs") == [("it says 2026-02-27",)]
    assert ask(CORE) == [(0, 0, 0)]


def test_a_refused_page_never_changes_a_loaded_day(load: Load, ask: Ask) -> None:
    load(batch([sighting(1)]))
    load(without_list(Outcome.REFUSED, at=hours(30)), without_list(Outcome.NO_LIST, at=hours(31)))
    assert ask("select state, entries_count from partitions") == [("open", 1)]


def test_a_refused_page_of_an_unknown_day_is_a_run_and_nothing_else(load: Load, ask: Ask) -> None:
    (ended,) = load(without_list(Outcome.REFUSED, day=None))
    assert ended.status is Status.REFUSED
    assert ask("select count(*) from partitions") == [(0,)]
    assert ask("select status, partition_on from runs") == [("refused", None)]


def test_rejections_go_to_quarantine_once_and_are_resolved_by_a_better_reading(load: Load, ask: Ask) -> None:
    rejection = Rejection(
        position=2, section=None, reason=Reason.BAD_NUMBER, detail="entry 2: upvotes 'many'", entry_text="{}"
    )
    poor = batch([sighting(1)], rejections=(rejection,))
    load(poor)
    load(replace(poor, run=run("daily", DAY)))
    assert ask("select position, reason, resolved_at from quarantine") == [(2, "bad_number", None)]
    healed = replace(poor, run=run("daily", DAY), sightings=(sighting(1), sighting(2)), rejections=())
    (outcome,) = load(healed)
    assert outcome.status is Status.LOADED
    assert ask("select count(*) from quarantine where resolved_at is not null") == [(1,)]
    assert ask(CORE) == [(2, 4, 2)]


def test_a_batch_that_contradicts_itself_rolls_the_whole_load_back(warehouse: Warehouse, load: Load, ask: Ask) -> None:
    load(batch([sighting(1)]))
    with pytest.raises(BatchRefusedError, match="stands twice"), warehouse.writer("test") as writer:
        writer.load([batch([sighting(2)], at=hours(1)), batch([sighting(3), sighting(3)], day=date(2026, 3, 4))])
    load()
    assert ask(CORE) == [(1, 2, 1)]
    assert ask("select count(*) from runs") == [(1,)]


def test_a_failure_without_a_page_is_a_run_and_leaves_the_day_alone(warehouse: Warehouse, load: Load, ask: Ask) -> None:
    load(batch([sighting(1)]))
    with warehouse.writer("test") as writer:
        writer.record_failure(run("daily", date(2026, 3, 5)), "digest.example: timed out", Cause.HOST_DOWN)
        writer.publish()
    assert ask("select status, reason from runs order by load_order desc limit 1") == [
        ("failed", "digest.example: timed out")
    ]
    assert ask("select state, cause, reason from partitions where partition_on = date '2026-03-05'") == [
        ("missing", "host_down", "digest.example: timed out")
    ]
