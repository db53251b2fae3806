"""A snapshot that does not hold what its manifest says is found, whoever changed it and however whole it looks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.support.manifests import rewrite
from tests.support.small import built, first_batches
from warehouse import open_warehouse, proof

WRITE_AND_DIE = """
import os, sys, duckdb
connection = duckdb.connect(sys.argv[1])
connection.execute("delete from core.papers where paper_key = (select min(paper_key) from core.papers)")
os._exit(0)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one published snapshot, which is kept too."""
    warehouse = open_warehouse(str(tmp_path))
    with warehouse.writer("test") as writer:
        writer.load(first_batches())
        writer.publish(full=False, keep_days=5)
    return tmp_path


def change(snapshot: Path, sql: str) -> None:
    """A copy of the file in its place, changed by another program that closed it properly."""
    copy = snapshot.with_name("changed")
    copy.write_bytes(snapshot.read_bytes())
    with duckdb.connect(str(copy)) as connection:
        connection.execute(sql)
    copy.replace(snapshot)


def test_a_home_without_a_snapshot_is_well(tmp_path: Path) -> None:
    assert proof(tmp_path) == ()
    assert proof(tmp_path / "nowhere") == ()


@pytest.mark.parametrize("full", [True, False])
def test_what_was_just_published_and_kept_is_well(tmp_path: Path, full: bool) -> None:
    warehouse, _ = built(tmp_path)
    with warehouse.writer("test") as writer:
        writer.publish(full=full, keep_days=5)
    assert len(warehouse.snapshots()) == 1
    assert proof(tmp_path) == ()


def test_a_log_beside_a_snapshot_is_found(home: Path) -> None:
    subprocess.run([sys.executable, "-c", WRITE_AND_DIE, str(home / "paperlog.duckdb")], check=True)
    (found,) = proof(home)
    assert "paperlog.duckdb.wal lies beside it" in found.detail
    (kept,) = (home / "snapshots").glob("*.duckdb")
    (home / "paperlog.duckdb.wal").rename(kept.with_name(f"{kept.name}.wal"))
    (found,) = proof(home)
    assert f"{kept.name}.wal lies beside it" in found.detail


def test_rows_that_another_program_took_out_are_counted(home: Path) -> None:
    change(
        home / "paperlog.duckdb", "delete from core.papers where paper_key = (select min(paper_key) from core.papers)"
    )
    (found,) = proof(home)
    assert "3 papers instead of 4" in found.detail
    assert "paperlog publish" in found.detail


def test_a_value_that_another_program_changed_is_found(home: Path) -> None:
    change(home / "paperlog.duckdb", "update core.metrics set value = value + 1")
    (found,) = proof(home)
    assert "the digest of its facts is another one" in found.detail


def test_a_dropped_view_is_found(home: Path) -> None:
    change(home / "paperlog.duckdb", "drop view marts.coverage")
    (found,) = proof(home)
    assert "another program changed it, though none of its facts" in found.detail


def test_a_changed_kept_snapshot_is_found_by_its_name(home: Path) -> None:
    (kept,) = (home / "snapshots").glob("*.duckdb")
    change(kept, "update core.metrics set value = value + 1")
    assert [found.detail.split(":")[0] for found in proof(home)] == [kept.name]


@pytest.mark.parametrize("name", ["paperlog.duckdb", "manifest.json"])
@pytest.mark.parametrize("damage", ["missing", "cut", "foreign", "folder"])
def test_a_missing_or_damaged_file_is_a_finding_and_healed_by_a_publish(home: Path, name: str, damage: str) -> None:
    path = home / name
    whole = path.read_bytes()
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage != "missing":
        path.write_bytes(whole[: len(whole) // 2] if damage == "cut" else b"some notes")
    (found,) = proof(home)
    assert name in found.detail
    if damage == "folder":
        path.rmdir()
    with open_warehouse(str(home)).writer("test") as writer:
        writer.publish()
    assert proof(home) == ()


def test_the_manifest_of_another_snapshot_is_found(home: Path) -> None:
    rewrite(home / "manifest.json", run_id="another")
    (found,) = proof(home)
    assert "the manifest in it is not the one beside it" in found.detail


def test_a_snapshot_that_is_open_for_writing_elsewhere_is_a_finding_and_its_holder_named(home: Path) -> None:
    hold = "import sys, duckdb\nheld = duckdb.connect(sys.argv[1])\nprint(flush=True)\nsys.stdin.read()"
    command = [sys.executable, "-c", hold, str(home / "paperlog.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        found = proof(home)
        holder.communicate()
    assert len(found) == 2  # the kept one is the same file
    assert all(f"PID {holder.pid}" in each.detail and not each.is_damage for each in found)
    assert proof(home) == ()
