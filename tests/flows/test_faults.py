"""Each fault of a machine, provoked for real: a reason in one line, nothing half loaded, and the next run heals."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import zstandard

from extractors.http.moments import InFiles
from extractors.http.pace import Pace
from flows.demo.site import FRIDAY, MONDAY
from flows.jobs.ingest import days_before
from tests.support.commands import Command, Done, digest_of, paperlog_in, rows_of, started
from tests.support.mounts import mounted, read_only
from tests.support.patience import until
from warehouse import open_warehouse

WEEK = ("--from", MONDAY, "--to", FRIDAY)


@pytest.fixture
def run(environment: dict[str, str]) -> Command:
    """The command line in processes of their own."""
    return partial(paperlog_in, environment)


def reason_of(done: Done) -> str:
    """The first line of what went wrong, which is no traceback."""
    assert "Traceback" not in done.err, done.err
    assert done.code == 1
    return done.err.splitlines()[0]


def sightings(home: Path) -> list[str]:
    """The published sightings' keys."""
    with open_warehouse(str(home)).reader() as reader:
        return [str(key) for (key,) in reader.query("select sighting_key from core.sightings order by 1").rows]


def bodies(home: Path) -> list[Path]:
    return sorted((home / "landing" / "pages").rglob("*.zst"))


@pytest.mark.parametrize("damage", ["flipped", "cut", "emptied", "foreign"])
def test_a_damaged_kept_page_is_named_never_read_and_healed_by_the_next_run(
    monday: Command, home: Path, damage: str
) -> None:
    (page,) = bodies(home)
    whole = page.read_bytes()
    middle = len(whole) // 2
    page.write_bytes(
        {
            "flipped": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
            "cut": whole[:middle],
            "emptied": b"",
            "foreign": b"not what was kept",
        }[damage]
    )
    before = rows_of(monday, "select * from sightings order by all")
    done = monday("replay")
    assert done.code == 1
    assert page.name in done.err.splitlines()[0]
    assert rows_of(monday, "select cause from runs order by load_order desc limit 1") == [{"cause": "page_damaged"}]
    assert rows_of(monday, "select * from sightings order by all") == before
    assert monday("ingest", "hf_daily", "--date", MONDAY).code == 0
    assert page.read_bytes() == whole
    assert monday("replay").code == 0


def test_a_damaged_reading_is_named_and_the_day_is_fetched_anew(monday: Command, home: Path) -> None:
    (reading,) = (home / "landing" / "readings" / "hf_daily").glob("*.json")
    reading.write_text("{", encoding="utf-8")
    done = monday("replay")
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    assert reading.name in done.err
    assert monday("ingest", "hf_daily", "--date", MONDAY).code == 0


def test_a_page_that_was_swapped_for_another_is_never_read(paperlog: Command, home: Path) -> None:
    paperlog("ingest", "hf_daily", *WEEK)
    first, second = bodies(home)[:2]
    first.write_bytes(second.read_bytes())
    done = paperlog("replay")
    assert done.code == 1
    assert "is damaged, its sha256 is" in done.err


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0 and so on", b"\0" * 20_000, b"some notes"])
def test_a_foreign_or_broken_warehouse_file_is_left_alone_and_rebuilt_from_the_pages(
    run: Command, tmp_path: Path, content: bytes
) -> None:
    assert run("ingest", "hf_daily", *WEEK).code == 0
    digest = digest_of(run, tmp_path / "a")
    warehouse = tmp_path / "home" / "warehouse.duckdb"
    warehouse.write_bytes(content)
    assert "warehouse.duckdb is damaged" in reason_of(run("ingest", "hf_daily", "--date", MONDAY))
    assert warehouse.read_bytes() == content
    assert digest_of(run, tmp_path / "b") == digest  # readers have their own file
    warehouse.unlink()
    assert run("replay").code == 0
    assert len(set(sightings(tmp_path / "home"))) == len(sightings(tmp_path / "home")) == 55


@pytest.mark.slow
def test_a_home_that_may_not_be_written_is_named(run: Command, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with read_only(home):
        reason = reason_of(run("ingest", "hf_daily", "--date", MONDAY))
        assert "ermission denied" in reason or "Read-only file system" in reason
        assert list(home.iterdir()) == []
    assert run("ingest", "hf_daily", "--date", MONDAY).code == 0


@pytest.mark.slow
@pytest.mark.parametrize("kilobytes", [1, 40, 600, 1500])
def test_a_full_disk_loads_nothing_by_halves_and_the_next_run_heals(
    run: Command, tmp_path: Path, kilobytes: int
) -> None:
    """A limit on the size of files stands for a full disk: the same call fails at the same place."""
    assert run("ingest", "hf_daily", "--date", MONDAY).code == 0
    before = sightings(tmp_path / "home")

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))

    done = run("ingest", "hf_daily", *WEEK, before=limited)
    assert "Traceback" not in done.err, done.err
    assert done.code == 1
    assert sightings(tmp_path / "home") == before
    assert run("ingest", "hf_daily", *WEEK).code == 0
    assert len(set(sightings(tmp_path / "home"))) == len(sightings(tmp_path / "home")) == 55
    assert not list((tmp_path / "home").rglob("*.tmp"))


@pytest.mark.slow
def test_a_full_filesystem_is_told_and_healed(run: Command, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with mounted(home, "size=3m"):
        done = run("ingest", "hf_daily", *WEEK)
        assert "Traceback" not in done.err, done.err
        assert done.code == 1
        subprocess.run([str(shutil.which("mount")), "-o", "remount,size=200m", str(home)], check=True)
        assert run("ingest", "hf_daily", *WEEK).code == 0
        assert len(sightings(home)) == 55


@pytest.mark.slow
def test_a_server_that_is_not_there_is_said_in_one_line(environment: dict[str, str]) -> None:
    elsewhere = {**environment, "PREFECT_API_URL": "http://127.0.0.1:9/api", "PREFECT_CLIENT_MAX_RETRIES": "0"}
    ingest = ("ingest", "hf_daily", "--date", MONDAY)
    assert "--no-prefect runs without an API" in reason_of(paperlog_in(elsewhere, *ingest))
    assert paperlog_in(elsewhere, *ingest, "--no-prefect").code == 0


def test_the_pace_of_a_machine_is_shared_and_no_clock_can_stop_it(tmp_path: Path) -> None:
    now, slept = [1000.0], list[float]()

    def pace() -> Pace:
        return Pace(2.0, InFiles(tmp_path, clock=lambda: now[0]), sleep=slept.append)

    one, other = pace(), pace()
    one.wait("host", "http://host/")
    other.wait("host", "http://host/")
    one.wait("elsewhere", "http://elsewhere/")
    assert slept == [2.0]
    (file, _) = sorted(tmp_path.iterdir(), key=lambda each: "elsewhere" in each.read_text(encoding="ascii"))
    boot = file.read_text(encoding="ascii").split()[0]
    for content in ("", "nonsense", f"{boot} nan host", "another-boot 99999999 host", f"{boot} x host"):
        file.write_text(content, encoding="ascii")
        slept.clear()
        pace().wait("host", "http://host/")
        assert slept == [], content
    for content, most in ((f"{boot} 99999999999 host", []), (f"{boot} 99999999999 99999999999 host", [900.0])):
        file.write_text(content, encoding="ascii")
        slept.clear()
        pace().wait("host", "http://host/")
        assert slept == most, content


def test_a_clock_that_jumps_back_loses_nothing(monday: Command, tmp_path: Path) -> None:
    """A page with a time at which it cannot have been read is refused; its day stays as it was."""
    (page,) = bodies(tmp_path / "home")
    text = zstandard.ZstdDecompressor().stream_reader(page.read_bytes()).read()
    for year in (2001, 2150):
        stamp = datetime(year, 1, 1, tzinfo=UTC)
        file = tmp_path / f"{MONDAY}__fetched_{stamp:%Y%m%dT%H%M%SZ}.html"
        file.write_bytes(text)
        assert monday("adopt", "hf_daily", file).code == 1
    assert rows_of(monday, "select count(*) as n from sightings") == [{"n": 9}]
    assert monday("ingest", "hf_daily", "--date", MONDAY).code == 0
    assert monday("audit").code == 0


@pytest.mark.slow
def test_a_writer_that_was_killed_leaves_no_lock(run: Command, environment: dict[str, str], tmp_path: Path) -> None:
    lock = tmp_path / "home" / "writer.lock"
    with started(environment, "flows", "ingest", "hf_daily", *WEEK) as process:
        until(lambda: lock.exists() or process.poll() is not None, seconds=60)
        process.kill()
    assert run("ingest", "hf_daily", *WEEK).code == 0


def test_days_back_are_counted_from_the_scheduled_time() -> None:
    asleep = [datetime(2025, 3, 3, 22, tzinfo=UTC) + timedelta(days=back) for back in range(7)]
    read = [day for moment in asleep for day in days_before("hf_daily", moment, [0])]
    assert read == [MONDAY + timedelta(days=offset) for offset in range(5)]
    assert days_before("hf_daily", asleep[0], [0, 0]) == (MONDAY,)


@pytest.mark.slow
def test_a_damaged_snapshot_is_named_and_published_anew(run: Command, tmp_path: Path) -> None:
    assert run("ingest", "hf_daily", *WEEK).code == 0
    snapshot = tmp_path / "home" / "paperlog.duckdb"
    snapshot.unlink()  # nobody has the right to write it
    snapshot.write_bytes(b"damaged")
    assert "paperlog.duckdb is damaged" in reason_of(run("status"))
    assert run("publish").code == 0
    assert run("status").code == 0
