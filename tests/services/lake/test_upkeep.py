"""The upkeep of a lake: fewer files and states, the same facts, and nobody who reads is disturbed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.batches import DAY, batch, hours, sighting
from tests.support.lakes import Lake
from warehouse import Warehouse, WarehouseError, open_warehouse

AT_ONCE = timedelta(0)
LOADS, PAPERS = 4, 12


@pytest.fixture
def lake(postgres: str, tmp_path: Path) -> Warehouse:
    """Four loads, each published and kept: of fewer rows a lake would make no file."""
    made = Lake(conninfo=postgres, data=str(tmp_path / "lake")).opened(tmp_path / "home")
    for number in range(LOADS):
        with made.writer("test") as writer:
            day, first = DAY + timedelta(days=number), number * PAPERS + 1
            listed = [sighting(each, day=day) for each in range(first, first + PAPERS)]
            writer.load([batch(listed, day=day, at=hours(24 * number))])
            writer.publish(keep_days=5)
    return made


@pytest.mark.services
@pytest.mark.timeout(180)
def test_files_and_states_become_fewer_the_facts_stay_and_readers_go_on(lake: Warehouse, tmp_path: Path) -> None:
    with lake.reader(may_write_files=True) as reader:
        before = reader.export(tmp_path / "before")
        runs = [row[0] for row in reader.query("select run_id from runs order by started_at").rows]
        done = lake.maintain(grace=AT_ONCE)
        assert reader.query("select count(*) from sightings where is_listed").rows == ((LOADS * PAPERS,),)
    assert done is not None
    assert done.after.files_count < done.before.files_count
    assert done.before.states_count > 2 * LOADS > done.after.states_count
    assert done.states_expired >= 2 * LOADS
    with lake.reader(may_write_files=True) as reader:
        assert reader.export(tmp_path / "after") == before
    (kept,) = lake.snapshots()
    assert kept.row_counts["papers"] == LOADS * PAPERS
    with pytest.raises(WarehouseError, match="no kept state is as old as"), lake.reader(moment=str(runs[0])):
        pass
    with lake.writer("test") as writer:
        writer.load([batch([sighting(1)], at=hours(24 * LOADS))])
        writer.publish()
    assert lake.check_working() == ()
    assert lake.proof() == ()


@pytest.mark.services
@pytest.mark.timeout(180)
def test_files_are_deleted_only_after_the_time_of_grace(lake: Warehouse, tmp_path: Path) -> None:
    stray = tmp_path / "lake" / "core" / "papers" / "ducklake-stray.parquet"
    stray.write_bytes(next(stray.parent.glob("*.parquet")).read_bytes())  # as a killed writer leaves one
    early = lake.maintain()
    assert early is not None
    assert (early.states_expired, early.files_deleted) == (0, 0)
    files = set((tmp_path / "lake").rglob("*.parquet"))
    lake.maintain(grace=AT_ONCE)
    late = lake.maintain(grace=AT_ONCE)
    assert late is not None
    assert late.files_deleted > 0
    assert files - set((tmp_path / "lake").rglob("*.parquet"))
    assert not stray.exists()


@pytest.mark.services
@pytest.mark.timeout(180)
def test_files_that_are_not_the_lakes_stay(lake: Warehouse, tmp_path: Path) -> None:
    folder = tmp_path / "lake"
    strangers = [
        folder / place
        for place in (
            "mine.parquet",
            "sub/papers.parquet",
            "core/papers/copy.parquet",
            "ducklake-1.parquet",
            "nested/core/papers/ducklake-1.parquet",  # of a lake whose folder is in this one's
        )
    ]
    for path in strangers:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"not the lake's")
    lake.maintain(grace=AT_ONCE)
    lake.maintain(grace=AT_ONCE)
    assert [path for path in strangers if not path.exists()] == []


def test_a_file_needs_no_upkeep(tmp_path: Path) -> None:
    assert open_warehouse(str(tmp_path)).maintain() is None
    assert open_warehouse(str(tmp_path)).size() is None
