"""A back-up taken while others write is restored to the same facts; a half-made or damaged one never is."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from flows.demo.site import FRIDAY, MONDAY
from tests.flows.conftest import MONDAYS_LIST, WEEK_AND_REVIEW
from tests.support.commands import Command, Done, digest_of, paperlog_in, rows_of, started
from tests.support.environment import scrubbed
from tests.support.patience import patient
from tests.support.places import ROOT
from warehouse import proof

RELEASES = ROOT / "tests" / "warehouse" / "releases"
LOADED_AND_ENDED = """
import os, sys
from pathlib import Path
from tests.support.batches import batch, sighting
from warehouse import open_warehouse
with open_warehouse(sys.argv[1]).writer("test") as writer:
    writer.load([batch([sighting(1), sighting(2)])])
    os._exit(9)
"""


def in_home(home: Path) -> Command:
    return partial(paperlog_in, scrubbed(PAPERLOG_HOME=str(home)))


def restored(backup: Path, home: Path) -> Command:
    done = in_home(home)("restore", backup)
    assert done.code == 0, done.err
    return in_home(home)


@pytest.fixture
def week(home_after: Callable[..., Path], tmp_path: Path) -> Path:
    """A home with the demo's days and its review."""
    return Path(shutil.copytree(home_after(*WEEK_AND_REVIEW), tmp_path / "week"))


@pytest.fixture
def small(home_after: Callable[..., Path], tmp_path: Path) -> Path:
    """A home with Monday's list, in a back-up `kept` already."""
    home = Path(shutil.copytree(home_after(MONDAYS_LIST), tmp_path / "small"))
    done = in_home(home)("backup", tmp_path / "kept")
    assert done.code == 0, done.err
    return home


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_back_up_taken_while_others_write_is_restored_to_the_same_digest(week: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    done = in_home(week)("sql", "select 1")
    loop = f"while :; do {sys.executable} -m flows replay; {sys.executable} -m flows publish; done"
    writing = subprocess.Popen(
        ["sh", "-c", loop],  # noqa: S607 - the shell of this machine
        cwd=ROOT,
        env=scrubbed(PAPERLOG_HOME=str(week)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for number in range(2):
            done = in_home(week)("backup", saved, "--json")
            assert done.code == 0, done.err
            there = restored(saved, tmp_path / f"there{number}")
            assert digest_of(there, tmp_path / "export") == json.loads(done.out)["digest"]
            assert proof(tmp_path / f"there{number}") == ()
    finally:
        os.killpg(writing.pid, signal.SIGKILL)
        writing.wait()
    done = there("replay")
    assert done.code == 0, done.err
    assert digest_of(there, tmp_path / "again") == digest_of(in_home(week), tmp_path / "there")


def test_the_history_of_runs_the_kept_snapshots_and_decisions_come_back(week: Path, tmp_path: Path) -> None:
    here = in_home(week)
    assert here("unrecoverable", "hf_daily", "2025-03-12", "--reason", "invented").code == 0
    keeping = partial(paperlog_in, scrubbed(PAPERLOG_HOME=str(week), PAPERLOG_KEEP_SNAPSHOTS="3"))
    assert keeping("publish").code == 0
    assert here("backup", tmp_path / "saved").code == 0
    there = restored(tmp_path / "saved", tmp_path / "there")
    runs = "select run_id, status, started_at from runs order by run_id"
    assert rows_of(there, runs) == rows_of(here, runs)
    names = [sorted(path.name for path in (home / "snapshots").iterdir()) for home in (week, tmp_path / "there")]
    assert [Path(name).suffix for name in names[0]] == [".duckdb", ".json", ".sqlite"]
    assert names[0] == names[1]
    assert list((tmp_path / "there/landing/lost_partitions").iterdir())


def test_what_was_committed_and_never_checkpointed_is_in_the_back_up(small: Path, tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", LOADED_AND_ENDED, str(small)], cwd=ROOT, env=scrubbed(), check=False)
    assert ended.returncode == 9
    assert (small / "warehouse.duckdb.wal").stat().st_size
    assert in_home(small)("backup", tmp_path / "kept").code == 0
    there = restored(tmp_path / "kept", tmp_path / "there")
    assert [home("publish").code for home in (there, in_home(small))] == [0, 0]
    assert digest_of(there, tmp_path / "a") == digest_of(in_home(small), tmp_path / "b")


def test_a_second_time_only_new_pages_are_copied(week: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert in_home(week)("backup", kept).code == 0
    before = {path: path.stat().st_ino for path in (kept / "landing").rglob("*") if path.is_file()}
    (tmp_path / "README.txt").write_text("no review", encoding="utf-8")
    in_home(week)("adopt", "weekly_review", tmp_path / "README.txt")
    assert in_home(week)("backup", kept).code == 0
    after = {path: path.stat().st_ino for path in (kept / "landing").rglob("*") if path.is_file()}
    assert len(after) == len(before) + 2
    assert {path: inode for path, inode in after.items() if path in before} == before
    assert len(list(kept.glob("state-*"))) == 1


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_killed_anywhere_the_earlier_back_up_stands_and_the_next_one_is_whole(small: Path, tmp_path: Path) -> None:
    kept, dice = tmp_path / "kept", random.Random(7)
    for number in range(4):
        running = started(scrubbed(PAPERLOG_HOME=str(small)), "flows", "backup", kept)
        time.sleep(dice.uniform(0.1, 1.0) * patient(0.5))
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        there = restored(kept, tmp_path / f"there{number}")
        assert digest_of(there, tmp_path / "a") == digest_of(in_home(small), tmp_path / "b")
    assert in_home(small)("backup", kept).code == 0
    assert len(list(kept.glob("state-*"))) == 1


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_restore_that_was_killed_is_ended_by_the_next_one(small: Path, tmp_path: Path) -> None:
    dice = random.Random(11)
    for number in range(4):
        home = tmp_path / f"there{number}"
        running = started(scrubbed(PAPERLOG_HOME=str(home)), "flows", "restore", tmp_path / "kept")
        time.sleep(dice.uniform(0.1, 1.0) * patient(0.5))
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        done = in_home(home)("restore", tmp_path / "kept")
        assert done.code == 0 or "nothing is overwritten" in done.err  # the killed one had ended
        assert proof(home) == ()
        assert {"landing", "manifest.json", "paperlog.duckdb", "warehouse.duckdb"} <= {
            each.name for each in home.iterdir()
        }
        assert not {".restoring", ".restored"} & {each.name for each in home.iterdir()}


def test_a_restore_that_was_killed_while_it_moved_files_is_ended(small: Path, tmp_path: Path) -> None:
    restored(tmp_path / "kept", tmp_path / "there")
    halfway = tmp_path / "there" / ".restored"
    halfway.mkdir()
    for name in ("manifest.json", "paperlog.duckdb"):
        (tmp_path / "there" / name).rename(halfway / name)
    there = restored(tmp_path / "kept", tmp_path / "there")
    assert digest_of(there, tmp_path / "a") == digest_of(in_home(small), tmp_path / "b")


def refused(home: Path, backup: Path, *hints: str) -> Done:
    done = in_home(home)("restore", backup)
    assert done.code == 1
    assert "Traceback" not in done.err
    assert [hint for hint in hints if hint not in done.err] == []
    return done


def test_a_half_made_back_up_is_refused(small: Path, tmp_path: Path) -> None:
    (tmp_path / "kept" / "backup.json").unlink()
    refused(tmp_path / "there", tmp_path / "kept", "half-made")
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "there", tmp_path / "empty", "holds no back-up")
    assert in_home(small)("backup", tmp_path / "kept").code == 0
    restored(tmp_path / "kept", tmp_path / "there")


@pytest.mark.parametrize("pattern", ["landing/pages/**/*.zst", "state-*/warehouse.duckdb", "state-*/paperlog.duckdb"])
def test_a_damaged_back_up_restores_nothing_and_the_next_one_heals_it(
    small: Path, tmp_path: Path, pattern: str
) -> None:
    file = next((tmp_path / "kept").glob(pattern))
    body = bytearray(file.read_bytes())
    body[len(body) // 2] ^= 4
    file.chmod(0o644)
    file.write_bytes(body)
    refused(tmp_path / "there", tmp_path / "kept", file.name, "nothing was restored")
    assert {path.name for path in (tmp_path / "there").iterdir()} <= {"writer.lock"}
    assert in_home(small)("backup", tmp_path / "kept").code == 0
    restored(tmp_path / "kept", tmp_path / "there")


def test_a_list_that_leads_out_of_the_home_is_refused(small: Path, tmp_path: Path) -> None:
    path = tmp_path / "kept" / "backup.json"
    path.write_text(path.read_text("utf-8").replace('"path": "manifest.json"', '"path": "../elsewhere"'), "utf-8")
    refused(tmp_path / "there", tmp_path / "kept", "outside the home")
    assert not (tmp_path / "elsewhere").exists()


def test_a_home_that_holds_something_is_never_overwritten(small: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in small.rglob("*") if path.is_file() and path.name != "writer.lock"}
    refused(small, tmp_path / "kept", "holds landing, manifest.json", "nothing is overwritten")
    assert {path: path.read_bytes() for path in before} == before


def test_a_home_that_lost_pages_or_another_home_is_not_backed_up_over_it(
    small: Path, week: Path, tmp_path: Path
) -> None:
    done = in_home(week)("backup", tmp_path / "kept")
    assert done.code == 1
    assert "the back-up of another home, or they were lost" in done.err
    next((small / "landing").rglob("*.zst")).unlink()
    assert in_home(small)("backup", tmp_path / "kept").code == 1
    restored(tmp_path / "kept", tmp_path / "there")


@pytest.mark.parametrize("where", ["small", "small/inside", "."])
def test_a_folder_in_the_home_or_around_it_is_refused(small: Path, tmp_path: Path, where: str) -> None:
    done = in_home(small)("backup", tmp_path / where)
    assert done.code == 1
    assert "lie in each other" in done.err


def test_a_folder_with_something_else_is_left_alone(small: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").touch()
    done = in_home(small)("backup", tmp_path / "mine")
    assert done.code == 1
    assert "holds something that is no back-up" in done.err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_a_snapshot_that_is_not_what_its_manifest_says_is_not_backed_up(small: Path, tmp_path: Path) -> None:
    manifest = small / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"papers": 9', '"papers": 8'), "utf-8")
    done = in_home(small)("backup", tmp_path / "kept")
    assert done.code == 1
    assert "`paperlog publish`" in done.err
    restored(tmp_path / "kept", tmp_path / "there")
    assert in_home(small)("publish").code == 0
    assert in_home(small)("backup", tmp_path / "kept").code == 0


def test_a_disk_that_takes_no_more_leaves_the_earlier_back_up(small: Path, tmp_path: Path) -> None:
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
    done = paperlog_in(scrubbed(PAPERLOG_HOME=str(small)), "backup", tmp_path / "kept", before=limit)
    assert done.code == 1
    assert "File too large" in done.err
    assert "warehouse.duckdb" in done.err
    restored(tmp_path / "kept", tmp_path / "there")


def test_a_writer_that_does_not_end_is_named(small: Path, tmp_path: Path) -> None:
    holding = "import sys, time; from warehouse import open_warehouse as o\n"
    holding += (
        "with o(sys.argv[1]).standing_still('somebody', lock_seconds=9): print('held', flush=True); time.sleep(900)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", holding, str(small)], cwd=ROOT, env=scrubbed(), stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout
        holder.stdout.readline()
        hasty = scrubbed(PAPERLOG_HOME=str(small), PAPERLOG_LOCK_SECONDS="1")
        done = paperlog_in(hasty, "backup", tmp_path / "kept")
    finally:
        holder.kill()
        holder.wait()
    assert done.code == 1
    assert "somebody" in done.err
    restored(tmp_path / "kept", tmp_path / "there")


def test_a_home_with_pages_only_is_backed_up_and_an_empty_one_is_not(
    paperlog: Command, home: Path, tmp_path: Path
) -> None:
    assert "does not exist" in paperlog("backup", tmp_path / "kept").err
    home.mkdir()
    assert "nothing to back up" in paperlog("backup", tmp_path / "kept").err
    assert paperlog("capture", "hf_daily", "--from", MONDAY, "--to", FRIDAY).code == 0
    assert "nothing was published" in paperlog("backup", tmp_path / "kept").out
    there = restored(tmp_path / "kept", tmp_path / "there")
    assert there("replay").code == 0


@pytest.mark.parametrize("commit", ["ce33a14", "ffe489f", "2978de3"])
def test_the_home_of_an_older_release_comes_back_and_goes_on(commit: str, tmp_path: Path) -> None:
    home, there = tmp_path / "old", tmp_path / "there"
    with tarfile.open(RELEASES / f"{commit}.tar.xz") as packed:
        packed.extractall(home, filter="data")
    (home / "manifest.json").unlink()  # its snapshot is not among what the older commit left
    assert in_home(home)("backup", tmp_path / "kept").code == 0
    done = restored(tmp_path / "kept", there)("publish")
    if done.code:
        assert "`paperlog replay --into NEW`" in done.err
        assert (
            in_home(there)("replay", "--into", tmp_path / "new").code == 1
        )  # one of its pages is refused, as at first
        there = tmp_path / "new"
    assert proof(there) == ()
    assert int(str(rows_of(in_home(there), "select count(*) as n from papers")[0]["n"])) > 20


def test_pages_that_lie_on_another_disk_are_backed_up(small: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "disk"
    shutil.move(small / "landing" / "pages", elsewhere)
    (small / "landing" / "pages").symlink_to(elsewhere)
    assert in_home(small)("backup", tmp_path / "other").code == 0
    there = restored(tmp_path / "other", tmp_path / "there")
    assert there("replay").code == 0
    shutil.move(elsewhere, tmp_path / "unmounted")
    done = in_home(small)("backup", tmp_path / "other")
    assert done.code == 1
    assert "pages is a link that leads nowhere: mount what it leads to" in done.err


def test_a_pipe_in_the_landing_does_no_harm_and_a_link_to_nowhere_is_told(small: Path, tmp_path: Path) -> None:
    os.mkfifo(small / "landing" / "pipe")
    assert in_home(small)("backup", tmp_path / "kept").code == 0
    (small / "landing" / "link").symlink_to(tmp_path / "nowhere")
    done = in_home(small)("backup", tmp_path / "kept")
    assert done.code == 1
    assert "leads nowhere" in done.err


def test_a_disk_that_takes_no_more_restores_nothing(small: Path, tmp_path: Path) -> None:
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
    done = paperlog_in(scrubbed(PAPERLOG_HOME=str(tmp_path / "there")), "restore", tmp_path / "kept", before=limit)
    assert done.code == 1
    assert "File too large" in done.err
    assert {path.name for path in (tmp_path / "there").iterdir()} == {"writer.lock"}
    restored(tmp_path / "kept", tmp_path / "there")


def test_a_place_that_cannot_be_written_is_named(small: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for command, home in (("backup", small), ("restore", tmp_path / "file" / "there")):
        target = tmp_path / "file" / "kept" if command == "backup" else tmp_path / "kept"
        done = in_home(home)(command, target)
        assert done.code == 1
        assert "Not a directory" in done.err
        assert "Traceback" not in done.err
