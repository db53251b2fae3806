"""Kept snapshots: any day's state again, and what changed since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tests.support.batches import abstract_of, batch, hours, sighting
from tests.support.engines import Engine, on_the_file, on_the_lake
from tests.support.small import first_batches, later_batches
from transforms.records import Batch, HumanDecision, Run
from warehouse import (
    Manifest,
    Warehouse,
    WarehouseError,
)
from warehouse.lake.address import lake_address
from warehouse.lake.attached import writable
from warehouse.publish.kept import keep, kept

OnAnotherDay = Callable[[int], None]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def load(warehouse: Warehouse, *batches: Batch) -> Manifest:
    with warehouse.writer("test") as writer:
        writer.load(batches)
        return writer.publish(full=False, keep_days=5)


@pytest.fixture
def on_another_day(engine: Engine, warehouse: Warehouse) -> OnAnotherDay:
    """Moves the day of the latest kept snapshot back by so many."""

    def moved_file(days: int) -> None:
        snapshot = kept(warehouse.home)[-1]
        moved = replace(snapshot.manifest, published_at=snapshot.manifest.published_at - timedelta(days=days))
        snapshot.path.with_suffix(".json").write_bytes(msgspec.json.encode(moved))
        for suffix in (".json", ".duckdb", ".sqlite"):
            snapshot.path.with_suffix(suffix).rename(snapshot.path.with_name(f"back-{days}{suffix}"))

    def moved_row(days: int) -> None:
        lake = lake_address(engine.variables(warehouse.home)["PAPERLOG_WAREHOUSE"])
        with writable(lake, warehouse.home) as connection:
            connection.execute(
                "update lake.published set published_at = published_at - to_days($days) "
                "where snapshot_id = (select max(snapshot_id) from lake.published where is_kept)",
                {"days": days},
            )

    return moved_row if engine.is_lake else moved_file


def test_what_changed_between_two_publishes_is_told_paper_by_paper(
    warehouse: Warehouse, on_another_day: OnAnotherDay
) -> None:
    load(warehouse, *first_batches())
    on_another_day(1)
    load(warehouse, *later_batches())
    told = warehouse.changes(datetime.now(UTC) - timedelta(hours=12))
    assert told.columns == ("change", "paper_key", "title", "what", "before", "after")
    assert Counter(row[0] for row in told.rows) == {
        "paper_added": 2,
        "listing_added": 8,
        "review_added": 3,
        "metric_changed": 5,
        "fact_changed": 7,
    }
    assert [row[3:] for row in told.rows if row[3] == "first_reviewed_on"] == [
        ("first_reviewed_on", None, "2026-03-02")
    ]
    looms = [row[3:] for row in told.rows if row[2] == "Looms That Learn" and row[0] == "fact_changed"]
    assert looms == [("sources", '["hf_daily"]', '["hf_daily","hf_listing_text"]')]
    tides = [row[3:] for row in told.rows if str(row[2]).startswith("Tide") and row[0] == "metric_changed"]
    assert tides == [("hf_daily/comments", "5", "6"), ("hf_daily/upvotes", "55", "60")]


def test_an_entry_that_left_its_list_is_told(warehouse: Warehouse, on_another_day: OnAnotherDay) -> None:
    monday = first_batches()
    load(warehouse, monday[0])
    on_another_day(1)
    load(warehouse, monday[1])
    told = warehouse.changes("run-001").rows
    assert [row[2] for row in told if row[0] == "listing_lost"] == ["Kites | a <b>Survey</b>"]


def test_nothing_changed_is_an_empty_answer(warehouse: Warehouse) -> None:
    manifest = load(warehouse, *first_batches())
    assert warehouse.changes(manifest.published_at).rows == ()


def test_a_merge_and_a_split_are_told_with_both_keys(warehouse: Warehouse, on_another_day: OnAnotherDay) -> None:
    one, two = sighting(1), replace(sighting(2), arxiv_id=None, entry_key="t-two", abstract_text=abstract_of("2"))
    apart = load(warehouse, batch([one, two]))
    on_another_day(2)
    _say(warehouse, one.sighting_key, two.sighting_key, is_same=True, at=1)
    with warehouse.reader() as reader:
        ((key, previous),) = reader.query("select paper_key, previous_keys[1] from papers").rows
    merged = [row for row in warehouse.changes(apart.published_at).rows if str(row[0]).startswith("paper_")]
    assert [(row[0], row[1], row[4], row[5]) for row in merged] == [("paper_merged", key, previous, key)]
    on_another_day(1)
    _say(warehouse, one.sighting_key, two.sighting_key, is_same=False, at=2)
    split = [row[:2] for row in warehouse.changes("decision-1").rows if str(row[0]).startswith("paper_")]
    assert split == [("paper_split", previous)]


def test_the_state_as_of_an_instant_or_a_run_opens_like_the_current_one(
    warehouse: Warehouse, on_another_day: OnAnotherDay
) -> None:
    load(warehouse, *first_batches())
    on_another_day(1)
    load(warehouse, *later_batches())
    for moment in (datetime.now(UTC) - timedelta(hours=12), "run-002", "run-103"):
        with warehouse.reader(moment=moment) as reader:
            assert reader.query("select count(*) from papers").rows == ((4,),)
    with warehouse.reader(moment="run-104") as reader:
        assert reader.query("select count(*) from papers").rows == ((6,),)


@on_the_file
def test_what_is_too_old_or_unknown_is_said(warehouse: Warehouse) -> None:
    with warehouse.writer("test") as writer:
        writer.publish()
    with pytest.raises(WarehouseError, match="there is none"):
        warehouse.changes(datetime.now(UTC))
    load(warehouse, *first_batches())
    with pytest.raises(WarehouseError, match="the oldest is of 20"):
        warehouse.changes(LONG_AGO)
    with pytest.raises(WarehouseError, match="no-such-run is no run"):
        warehouse.changes("no-such-run")


@on_the_file
def test_the_last_snapshot_of_each_of_the_latest_days_is_kept(
    warehouse: Warehouse, on_another_day: OnAnotherDay
) -> None:
    for days in (4, 3, 2, 1):
        load(warehouse)
        on_another_day(days)
    load(warehouse, batch([sighting(1)]))
    load(warehouse, batch([sighting(1), sighting(2)], at=hours(1)))
    ages = [(datetime.now(UTC) - each.published_at).days for each in warehouse.snapshots()]
    assert ages == [4, 3, 2, 1, 0]
    assert warehouse.snapshots()[-1].row_counts["papers"] == 2
    keep(warehouse.home, load(warehouse), days=2)
    assert [each.row_counts["papers"] for each in warehouse.snapshots()] == [0, 2]
    assert len(list((warehouse.home / "snapshots").iterdir())) == 6


@on_the_file
def test_a_kept_snapshot_takes_no_room_of_its_own_while_it_is_the_current_one(warehouse: Warehouse) -> None:
    load(warehouse, *first_batches())
    (snapshot,) = kept(warehouse.home)
    assert snapshot.path.samefile(warehouse.home / "paperlog.duckdb")


def test_nothing_is_kept_unless_asked(warehouse: Warehouse) -> None:
    with warehouse.writer("test") as writer:
        writer.publish()
    assert warehouse.snapshots() == ()


def _say(warehouse: Warehouse, left: str, right: str, *, is_same: bool, at: int) -> None:
    run = Run(run_id=f"decision-{at}", flow="decide", source="person", partition_on=None, started_at=hours(at))
    decision = HumanDecision(left=left, right=right, is_same=is_same, reason="read both", decided_at=hours(at))
    with warehouse.writer("test") as writer:
        writer.decide(run, [decision])
        writer.publish(full=False, keep_days=5)


@on_the_lake
def test_of_a_lake_the_last_state_of_each_of_the_latest_days_is_kept(
    warehouse: Warehouse, on_another_day: OnAnotherDay
) -> None:
    runs = [load(warehouse, batch([sighting(1)], at=hours(number))).run_id for number in range(2)]
    on_another_day(1)
    runs += [load(warehouse, batch([sighting(1)], at=hours(number))).run_id for number in range(2, 4)]
    assert [each.run_id for each in warehouse.snapshots()] == [runs[1], runs[3]]
    with pytest.raises(WarehouseError, match="the oldest is of 20"):
        warehouse.changes(LONG_AGO)
    with pytest.raises(WarehouseError, match="no-such-run is no run"):
        warehouse.changes("no-such-run")
