"""Opening the working file: made whole, waited for while it is held, and every trouble told as what it is."""

from __future__ import annotations

import fcntl
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.support.mounts import read_only
from tests.support.patience import patient
from tests.support.small import built, first_batches, later_batches
from warehouse import WarehouseBusyError, WarehouseError, open_warehouse
from warehouse.database.connection import opened

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
HOLD = "import sys, duckdb\nheld = duckdb.connect(sys.argv[1], read_only=True)\nprint(flush=True)\nsys.stdin.read()"
SORT = "select max(text) from (select md5(i::varchar) as text from range(1_500_000) as t(i) order by text)"
SPILLED = """
import os, sys
from pathlib import Path
from warehouse.database.connection import connected
home, gone = Path(sys.argv[1]), sys.argv[2]
os.mkdir(gone)
os.chdir(gone)
os.rmdir(gone)
with connected(home, home / "paperlog.duckdb" if len(sys.argv) > 3 else None) as connection:
    connection.execute("set memory_limit = '60MB'")
    connection.execute("set threads = 1")
    print(connection.execute(sys.stdin.read()).fetchall())
"""


@contextmanager
def held(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another program that has the file open for reading; it lets go when its input is closed."""
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        program.stdout.readline()
        yield program


def flipped(whole: bytes, seed: int) -> bytes:
    """The file with seven bits changed."""
    chance, content = random.Random(seed), bytearray(whole)
    for place in chance.sample(range(len(whole)), 7):
        content[place] ^= 1 << chance.randrange(8)
    return bytes(content)


@pytest.mark.parametrize("seed", range(12))
def test_flipped_bits_are_told_wherever_they_are_met_with_the_way_out(tmp_path: Path, seed: int) -> None:
    built(tmp_path)
    working = tmp_path / "warehouse.duckdb"
    working.write_bytes(flipped(working.read_bytes(), seed))
    with pytest.raises(WarehouseError, match=r"warehouse.duckdb is damaged: .*move warehouse.duckdb away.*replay"):
        read_and_write(tmp_path)


def read_and_write(home: Path) -> None:
    with open_warehouse(str(home)).writer("test") as writer:
        writer.history("hf_daily", FIRST, LAST)
        writer.partitions("hf_daily", FIRST, LAST)
        writer.load(later_batches())
        writer.publish()


def test_a_file_that_another_program_reads_is_waited_for(tmp_path: Path) -> None:
    built(tmp_path)
    with held(tmp_path / "warehouse.duckdb") as program:
        assert program.stdin is not None
        threading.Timer(0.3, program.stdin.close).start()
        with open_warehouse(str(tmp_path)).writer("test", lock_seconds=patient(30)) as writer:
            assert writer.partitions("hf_daily", FIRST, LAST)


def test_a_file_that_another_program_goes_on_reading_is_busy_and_the_program_named(tmp_path: Path) -> None:
    built(tmp_path)
    with held(tmp_path / "warehouse.duckdb") as program:
        with (
            pytest.raises(WarehouseBusyError, match=rf"\(PID {program.pid}\)") as caught,
            open_warehouse(str(tmp_path)).writer("test", lock_seconds=0.2),
        ):
            pass
        assert "replay" not in str(caught.value)


@pytest.mark.parametrize("content", [b"half of a file", b"x" * 9000])
def test_what_a_killed_making_left_is_no_obstacle(tmp_path: Path, content: bytes) -> None:
    for name in (".warehouse.duckdb.new", ".warehouse.duckdb.new.wal"):
        (tmp_path / name).write_bytes(content)
    with open_warehouse(str(tmp_path)).writer("test") as writer:
        writer.load(first_batches())
        assert writer.publish().row_counts["papers"] == 4
    assert not list(tmp_path.glob(".warehouse*"))


def test_the_log_of_a_file_that_was_moved_away_is_never_read_into_the_next(tmp_path: Path) -> None:
    with opened(tmp_path / "warehouse.duckdb"):
        pass
    program = (
        "import sys, os, duckdb\nconnection = duckdb.connect(sys.argv[1])\n"
        "connection.execute('create table core.theirs as select 1 as a')\nos._exit(0)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "warehouse.duckdb")], check=True)
    left = (tmp_path / "warehouse.duckdb.wal").read_bytes()
    (tmp_path / "warehouse.duckdb").rename(tmp_path / "moved")
    with opened(tmp_path / "warehouse.duckdb") as connection:
        assert not connection.execute("from duckdb_tables() where table_name = 'theirs'").fetchall()
    assert [path.read_bytes() for path in tmp_path.glob("*.aside")] == [left]


def test_a_folder_in_the_files_place_is_no_damage(tmp_path: Path) -> None:
    (tmp_path / "warehouse.duckdb").mkdir()
    with pytest.raises(WarehouseError) as caught, open_warehouse(str(tmp_path)).writer("test"):
        pass
    assert "warehouse.duckdb" in str(caught.value)
    assert "damaged" not in str(caught.value)


@pytest.mark.parametrize("name", ["resolver.sqlite", "writer.lock"])
def test_a_folder_in_the_place_of_another_file_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with (
        pytest.raises((WarehouseError, OSError), match=name.replace(".", r"\.")),
        open_warehouse(str(tmp_path)).writer("test") as writer,
    ):
        writer.load(first_batches())
    assert (tmp_path / name).is_dir()


@pytest.mark.parametrize("target", ["notes", "nowhere"])
def test_what_a_link_in_the_locks_place_leads_to_is_not_overwritten(tmp_path: Path, target: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "notes").write_text("mine", encoding="utf-8")
    (home / "writer.lock").symlink_to(tmp_path / target)
    with pytest.raises(WarehouseError, match=r"writer\.lock is a link"), open_warehouse(str(home)).writer("test"):
        pass
    assert (tmp_path / "notes").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "nowhere").exists()


def test_a_pipe_in_the_locks_place_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "writer.lock")
    with pytest.raises(WarehouseError, match=r"writer\.lock is no file"), open_warehouse(str(tmp_path)).writer("test"):
        pass


def test_another_homes_file_does_not_replace_a_snapshot_with_more_papers(tmp_path: Path) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    with open_warehouse(str(home)).writer("test") as writer:
        writer.load([*first_batches(), *later_batches()])
        papers = writer.publish().row_counts["papers"]
    with open_warehouse(str(other)).writer("test"):
        pass
    (other / "warehouse.duckdb").replace(home / "warehouse.duckdb")
    with (
        pytest.raises(WarehouseError, match=r"not the file that paperlog\.duckdb was published from"),
        open_warehouse(str(home)).writer("test") as writer,
    ):
        writer.publish()
    with open_warehouse(str(home)).reader() as reader:
        assert reader.query("select count(*) from papers").rows == ((papers,),)
    for name in ("paperlog.duckdb", "manifest.json"):
        (home / name).rename(tmp_path / name)
    with open_warehouse(str(home)).writer("test") as writer:
        assert writer.publish().row_counts["papers"] == 0


@pytest.mark.parametrize("snapshot", [(), ("snapshot",)])
def test_what_does_not_fit_into_memory_goes_to_the_home_and_nowhere_else(
    tmp_path: Path, snapshot: tuple[str, ...]
) -> None:
    """In a working folder that is no more, so that nothing can be written there."""
    home = tmp_path / "home"
    built(home)
    before = sorted(home.iterdir())
    command = [sys.executable, "-c", SPILLED, str(home), str(tmp_path / "gone"), *snapshot]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(
        command, input=SORT, capture_output=True, text=True, check=False, timeout=patient(50), env=environment
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(home.iterdir()) == before


def test_a_home_that_may_not_be_written_is_read_and_what_needs_more_memory_is_told(tmp_path: Path) -> None:
    built(tmp_path)
    with read_only(tmp_path), open_warehouse(str(tmp_path)).reader(may_write_files=True) as reader:
        assert reader.query("select count(*) from papers").rows == ((6,),)
        reader.query("set memory_limit = '60MB'")
        reader.query("set threads = 1")
        with pytest.raises(WarehouseError, match="goes to the home, if it may be written"):
            reader.query(SORT)


def test_the_file_is_opened_by_one_connection_at_a_time_and_let_go(tmp_path: Path) -> None:
    with opened(tmp_path / "warehouse.duckdb"):
        pass
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) > 0 from ops.migrations").fetchall() == [(True,)]


def waited_behind(home: Path) -> str:
    """What a writer is told that does not get the lock."""
    with pytest.raises(WarehouseBusyError) as caught, open_warehouse(str(home)).writer("test", lock_seconds=0):
        pass
    return str(caught.value)


def test_the_lock_names_its_holder_and_nobody_once_it_is_given_back(tmp_path: Path) -> None:
    lock = tmp_path / "writer.lock"
    with open_warehouse(str(tmp_path)).writer("first of all"):
        assert f"first of all, process {os.getpid()} has been writing" in waited_behind(tmp_path)
    assert lock.read_bytes() == b""
    with pytest.raises(WarehouseError), open_warehouse(str(tmp_path)).writer("failing"):
        raise WarehouseError("something")
    assert lock.read_bytes() == b""
    with lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert waited_behind(tmp_path).startswith("another process has been writing")


def test_a_killed_writer_is_not_named_as_the_locks_holder(tmp_path: Path) -> None:
    program = (
        "import os, sys\nfrom warehouse import open_warehouse\n"
        "with open_warehouse(sys.argv[1]).writer('killed'):\n    os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False).returncode == -9
    lock = tmp_path / "writer.lock"
    assert lock.read_text(encoding="utf-8").startswith("killed, process ")
    for text in (lock.read_bytes(), b"no name", b"\xff\xfe, process 1e9", b"x, process 0", b"x, process " + b"9" * 30):
        lock.write_bytes(text)
        with lock.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            assert waited_behind(tmp_path).startswith("another process has been writing")
    with open_warehouse(str(tmp_path)).writer("next") as writer:
        writer.load(first_batches())
