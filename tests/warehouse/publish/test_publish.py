"""Readers are never blocked: they open a snapshot that is replaced as a whole, with its manifest."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import pytest

from tests.support.batches import batch, hours, sighting
from tests.support.engines import on_the_file
from tests.support.patience import patient
from transforms.records import RunOutcome
from warehouse import (
    Warehouse,
    WarehouseBusyError,
    WarehouseError,
    open_warehouse,
)

Load = Callable[..., Sequence[RunOutcome]]
READER = """
import os, sys, time, duckdb
path, stop, seconds = sys.argv[1:]
reads = last = 0
end = time.monotonic() + float(seconds)
while not os.path.exists(stop) and time.monotonic() < end:
    with duckdb.connect(path, read_only=True) as connection:
        papers, counted, runs = connection.execute(
            "select (select count(*) from marts.papers), (select row_counts['papers'] from ops.manifest), "
            "(select count(*) from marts.runs)").fetchone()
    assert papers == counted, (papers, counted)
    assert runs >= last, (runs, last)
    last = runs
    reads += 1
print(reads, last)
"""


@on_the_file
@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_reader_looping_through_twenty_loads_and_publishes_sees_no_error(load: Load, tmp_path: Path) -> None:
    load(batch([sighting(1)]))
    stop = tmp_path / "stop"
    command = [sys.executable, "-c", READER, str(tmp_path / "home" / "paperlog.duckdb"), str(stop), str(patient(100))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reader:
        try:
            for number in range(2, 22):
                load(batch([sighting(one) for one in range(1, number + 1)], at=hours(number)))
        finally:
            stop.touch()
        out, err = reader.communicate(timeout=patient(30))
    assert err == ""
    reads, runs = map(int, out.split())
    assert reads > 10
    assert runs >= 16


@on_the_file
def test_the_manifest_says_the_same_inside_and_beside_the_snapshot(load: Load, tmp_path: Path) -> None:
    (outcome,) = load(batch([sighting(1), sighting(2)]))
    beside = json.loads((tmp_path / "home" / "manifest.json").read_text())
    with duckdb.connect(str(tmp_path / "home" / "paperlog.duckdb"), read_only=True) as connection:
        inside = connection.execute("select run_id, schema_version, digest, row_counts from ops.manifest").fetchone()
    assert inside == (outcome.run_id, beside["schema_version"], beside["digest"], beside["row_counts"])
    assert beside["row_counts"]["papers"] == 2


def test_an_open_reader_keeps_its_snapshot(warehouse: Warehouse, load: Load) -> None:
    load(batch([sighting(1)]))
    with warehouse.reader() as reader:
        load(batch([sighting(1), sighting(2)], at=hours(1)))
        assert reader.query("select count(*) from papers").rows == ((1,),)
    with warehouse.reader() as reader:
        assert reader.query("select count(*) from papers").rows == ((2,),)


@pytest.mark.parametrize(
    "sql",
    [
        "delete from core.papers",
        "create table t (a int)",
        "copy (select 1) to 'stolen.csv'",
        "select * from read_csv('/etc/passwd')",
        "set enable_external_access = true",
        "attach 'other.duckdb'",
    ],
)
def test_a_reader_can_change_nothing_and_reach_nothing(warehouse: Warehouse, load: Load, sql: str) -> None:
    load(batch([sighting(1)]))
    with warehouse.reader() as reader, pytest.raises(WarehouseError):
        reader.query(sql)


def test_reading_before_anything_was_published_says_what_to_do(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match="ingest or adopt something, or run publish"), warehouse.reader():
        pass


def test_a_second_writer_waits_and_then_names_who_holds_the_lock(warehouse: Warehouse) -> None:
    with (
        warehouse.writer("the first load"),
        pytest.raises(WarehouseBusyError, match="the first load, process"),
        warehouse.writer("another", lock_seconds=0.2),
    ):
        pass


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("create table theirs (a int)")
    with pytest.raises(WarehouseError, match="another program"), open_warehouse(str(tmp_path)).writer("test"):
        pass


def test_a_file_that_is_no_database_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "warehouse.duckdb").write_bytes(b"not a database " * 1000)
    with pytest.raises(WarehouseError, match="rebuild it with replay"), open_warehouse(str(tmp_path)).writer("test"):
        pass


@on_the_file
def test_a_snapshot_that_cannot_be_written_leaves_the_old_one(warehouse: Warehouse, load: Load, tmp_path: Path) -> None:
    load(batch([sighting(1)]))
    home = tmp_path / "home"
    before = (home / "paperlog.duckdb").read_bytes()
    (home / "manifest.json").unlink()
    blocked = home / "paperlog.duckdb"
    blocked.rename(home / "aside")
    blocked.mkdir()
    with pytest.raises((WarehouseError, OSError)), warehouse.writer("test") as writer:
        writer.publish()
    blocked.rmdir()
    (home / "aside").rename(blocked)
    assert blocked.read_bytes() == before
    with warehouse.reader() as reader:
        assert reader.query("select count(*) from papers").rows == ((1,),)
