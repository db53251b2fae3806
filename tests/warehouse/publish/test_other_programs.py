"""A published snapshot holds what its manifest says, whatever another program does to the file or leaves beside it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from tests.support.batches import batch, hours, sighting
from tests.support.small import first_batches, later_batches, warehouse_in
from transforms.records import Batch
from warehouse import Warehouse, WarehouseError, proof, search

DELETE = "delete from core.papers where paper_key = (select min(paper_key) from core.papers)"
PROGRAM = """
import os, sys, duckdb
connection = duckdb.connect(sys.argv[1])
for line in sys.stdin:
    if line.strip() == "die":
        os._exit(0)
    connection.execute(line)
    print("done", flush=True)
"""
Ask = Callable[[str], None]


@contextmanager
def analyst(snapshot: Path) -> Iterator[Ask]:
    """Another program that has the file open for writing, as DuckDB opens it by default; at the end it is killed."""
    command = [sys.executable, "-c", PROGRAM, str(snapshot)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        stdin, stdout = program.stdin, program.stdout

        def ask(sql: str) -> None:
            stdin.write(f"{sql}\n")
            stdin.flush()
            assert stdout.readline() == "done\n"

        ask("select 1")
        yield ask
        program.kill()


def published(warehouse: Warehouse, batches: Sequence[Batch], *, full: bool) -> None:
    with warehouse.writer("test") as writer:
        writer.load(batches)
        writer.publish(full=full, keep_days=5)


def papers_in(snapshot: Path) -> int:
    """As an analyst counts them, in a process of its own."""
    query = "import sys, duckdb; print(duckdb.connect(sys.argv[1], read_only=True).sql('from marts.papers').shape[0])"
    command = [sys.executable, "-c", query, str(snapshot)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def aside(home: Path) -> list[Path]:
    return sorted(home.rglob("*.aside"))


@pytest.mark.parametrize("full", [True, False])
def test_what_a_killed_program_left_beside_the_snapshot_never_gets_into_the_next_ones(
    tmp_path: Path, full: bool
) -> None:
    warehouse = warehouse_in(tmp_path)
    published(warehouse, first_batches(), full=full)
    with analyst(tmp_path / "paperlog.duckdb") as ask:
        ask(DELETE)
        ask("drop view marts.reviews")
    left = (tmp_path / "paperlog.duckdb.wal").read_bytes()
    for _ in range(2):
        published(warehouse, later_batches(), full=full)
        assert papers_in(tmp_path / "paperlog.duckdb") == 6
        assert proof(tmp_path) == ()
    assert [path.read_bytes() for path in aside(tmp_path)] == [left]
    with warehouse.reader() as reader:
        assert len(reader.query("from reviews").rows) == 3


@pytest.mark.parametrize("full", [True, False])
def test_a_program_that_goes_on_writing_through_two_publishes_changes_neither(tmp_path: Path, full: bool) -> None:
    warehouse = warehouse_in(tmp_path)
    published(warehouse, first_batches(), full=full)
    with analyst(tmp_path / "paperlog.duckdb") as ask:
        ask(DELETE)
        published(warehouse, [], full=full)
        assert papers_in(tmp_path / "paperlog.duckdb") == 4
        ask(DELETE)
        published(warehouse, later_batches(), full=full)
        assert papers_in(tmp_path / "paperlog.duckdb") == 6
        ask(DELETE)
        ask("checkpoint")
        assert papers_in(tmp_path / "paperlog.duckdb") == 6
    published(warehouse, [], full=full)
    assert papers_in(tmp_path / "paperlog.duckdb") == 6
    assert [found for found in proof(tmp_path) if found.detail.startswith("paperlog.duckdb")] == []


def test_a_program_that_begins_to_write_after_the_publish_is_found_and_healed_by_the_next(tmp_path: Path) -> None:
    """Its log lies beside a file that it does not belong to."""
    warehouse = warehouse_in(tmp_path)
    published(warehouse, first_batches(), full=True)
    with analyst(tmp_path / "paperlog.duckdb") as ask:
        published(warehouse, later_batches(), full=True)
        ask(DELETE)
        (found,) = proof(tmp_path)
        assert "paperlog.duckdb.wal lies beside it" in found.detail
        published(warehouse, [], full=True)
        assert papers_in(tmp_path / "paperlog.duckdb") == 6
        assert proof(tmp_path) == ()
    assert len(aside(tmp_path)) == 1


def test_a_log_beside_a_kept_snapshot_is_set_aside_by_the_next_publish(tmp_path: Path) -> None:
    warehouse = warehouse_in(tmp_path)
    published(warehouse, first_batches(), full=True)
    (kept,) = (tmp_path / "snapshots").glob("*.duckdb")
    kept.with_name(f"{kept.name}.copy").write_bytes(kept.read_bytes())
    kept.with_name(f"{kept.name}.copy").replace(kept)
    with analyst(kept) as ask:
        ask(DELETE)
    assert len(proof(tmp_path)) == 1
    with warehouse.writer("test") as writer:
        writer.publish()
    assert proof(tmp_path) == ()
    assert papers_in(kept) == 4
    assert len(aside(tmp_path)) == 1


@pytest.mark.parametrize("state", ["held", "edited", "flipped", "cut", "foreign"])
def test_a_previous_snapshot_in_any_state_does_not_stand_in_the_way_of_the_next(tmp_path: Path, state: str) -> None:
    warehouse = warehouse_in(tmp_path)
    snapshot = tmp_path / "paperlog.duckdb"
    with warehouse.writer("test") as writer:
        writer.load(first_batches())
        writer.publish(full=True)
    whole = snapshot.read_bytes()
    if state == "held":
        with analyst(snapshot):
            published(warehouse, [], full=True)
    elif state == "edited":
        with duckdb.connect(str(snapshot)) as connection:
            connection.execute("delete from core.papers")
    else:
        middle = bytes(byte ^ 0xFF for byte in whole[20_000:-20_000])
        content = {"flipped": whole[:20_000] + middle + whole[-20_000:], "cut": whole[:9000], "foreign": b"notes"}
        snapshot.unlink()
        snapshot.write_bytes(content[state])
    published(warehouse, [], full=True)
    assert proof(tmp_path) == ()
    with warehouse.reader() as reader:
        assert search(reader, "looms").total == 1


def test_the_snapshot_and_the_kept_ones_may_be_read_by_whom_the_umask_lets_and_written_by_nobody(
    tmp_path: Path,
) -> None:
    for umask, mode in ((0o022, 0o444), (0o027, 0o440), (0o077, 0o400)):
        before = os.umask(umask)
        try:
            for full in (True, False):
                published(warehouse_in(tmp_path), [], full=full)
                files = [tmp_path / "paperlog.duckdb", max((tmp_path / "snapshots").glob("*.duckdb"))]
                assert [stat.S_IMODE(path.stat().st_mode) for path in files] == [mode, mode]
        finally:
            os.umask(before)


def test_a_manifest_that_cannot_be_placed_is_told_and_the_next_publish_places_it(tmp_path: Path) -> None:
    warehouse = warehouse_in(tmp_path)
    published(warehouse, first_batches(), full=True)
    manifest = tmp_path / "manifest.json"
    manifest.unlink()
    manifest.mkdir()
    with pytest.raises(WarehouseError, match=r"published, but manifest.json .*; publish again"):
        published(warehouse, later_batches(), full=True)
    assert papers_in(tmp_path / "paperlog.duckdb") == 6
    manifest.rmdir()
    published(warehouse, [], full=True)
    assert proof(tmp_path) == ()


@pytest.mark.parametrize("kind", ["file", "link", "link to nothing"])
def test_what_stands_in_the_place_of_the_folder_in_which_snapshots_are_made_is_named(tmp_path: Path, kind: str) -> None:
    home, theirs = tmp_path / "home", tmp_path / "theirs"
    home.mkdir()
    place = home / ".publishing"
    if kind == "file":
        place.write_text("notes", encoding="utf-8")
    else:
        theirs.mkdir()
        (theirs / "notes").write_text("notes", encoding="utf-8")
        place.symlink_to(theirs if kind == "link" else tmp_path / "nowhere")
    with (
        pytest.raises(WarehouseError, match=r"\.publishing is no folder"),
        warehouse_in(home).writer("test") as writer,
    ):
        writer.publish()
    assert place.is_symlink() or place.read_text(encoding="utf-8") == "notes"
    assert not theirs.exists() or (theirs / "notes").read_text(encoding="utf-8") == "notes"


def test_a_damaged_manifest_of_a_kept_snapshot_is_named_and_the_new_one_stands(tmp_path: Path) -> None:
    warehouse = warehouse_in(tmp_path)
    published(warehouse, first_batches(), full=True)
    (described,) = (tmp_path / "snapshots").glob("*.json")
    described.unlink()
    described.write_text("{", encoding="utf-8")
    with pytest.raises(WarehouseError, match=f"published, but the snapshot could not be kept: .*{described.name}"):
        published(warehouse, later_batches(), full=True)
    assert papers_in(tmp_path / "paperlog.duckdb") == 6
    for path in (described, described.with_suffix(".duckdb")):
        path.rename(tmp_path / path.name)
    published(warehouse, [], full=True)
    assert proof(tmp_path) == ()


def test_a_reader_is_not_given_what_another_programs_log_would_add(tmp_path: Path) -> None:
    warehouse = warehouse_in(tmp_path)
    published(warehouse, first_batches(), full=True)
    with analyst(tmp_path / "paperlog.duckdb") as ask:
        ask(DELETE)
    with pytest.raises(WarehouseError, match=r"paperlog\.duckdb\.wal lies beside"), warehouse.reader():
        pass
    published(warehouse, [], full=True)
    with warehouse.reader() as reader:
        assert reader.query("select count(*) from papers").rows == ((4,),)


def test_a_program_that_shuts_out_readers_is_named(tmp_path: Path) -> None:
    warehouse = warehouse_in(tmp_path)
    published(warehouse, first_batches(), full=True)
    with analyst(tmp_path / "paperlog.duckdb"):
        with (
            pytest.raises(WarehouseError, match=r"paperlog\.duckdb is open for writing in .*\(PID"),
            warehouse.reader(),
        ):
            pass
        published(warehouse, [], full=True)
        with warehouse.reader() as reader:
            assert reader.query("select count(*) from papers").rows == ((4,),)


def test_a_file_that_the_same_program_has_open_otherwise_is_named(tmp_path: Path) -> None:
    warehouse = warehouse_in(tmp_path)
    published(warehouse, first_batches(), full=True)
    with (
        duckdb.connect(str(tmp_path / "paperlog.duckdb"), read_only=True),
        pytest.raises(WarehouseError, match="open in this same program, by a connection with other settings: close"),
        warehouse.reader(),
    ):
        pass


@pytest.mark.parametrize("folder", ["snapshots", "manifest.json"])
def test_what_stands_in_the_place_of_another_file_or_folder_is_named(tmp_path: Path, folder: str) -> None:
    warehouse = warehouse_in(tmp_path)
    place = tmp_path / folder
    if folder == "snapshots":
        place.write_text("notes", encoding="utf-8")
    else:
        place.mkdir()
    with pytest.raises(WarehouseError, match=folder):
        published(warehouse, first_batches(), full=True)
    assert place.exists()


def test_a_reader_in_this_process_does_not_hide_what_was_published(tmp_path: Path) -> None:
    warehouse = warehouse_in(tmp_path)
    published(warehouse, [batch([sighting(1)])], full=True)
    with warehouse.reader() as reader:
        published(warehouse, [batch([sighting(1), sighting(2)], at=hours(1))], full=True)
        assert proof(tmp_path) == ()
        assert reader.query("select count(*) from papers").rows == ((1,),)
