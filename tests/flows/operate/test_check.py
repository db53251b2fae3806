"""`paperlog check` is quiet about a home that is well, and names what is not, with exit code 1."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import duckdb
import pytest

from flows.operate.check import check
from flows.settings import from_environment
from tests.flows.conftest import MONDAYS_LIST
from tests.support.commands import Command, Done, paperlog_in
from tests.support.environment import environment_of
from tests.support.manifests import rewrite

NOBODY = 65_534


@pytest.fixture
def loaded(home_after: Callable[..., Path], tmp_path: Path) -> Path:
    """A home with Monday's list, just published."""
    home = Path(shutil.copytree(home_after(MONDAYS_LIST), tmp_path / "home"))
    assert commands_of(home)("publish").code == 0
    return home


def commands_of(home: Path) -> Command:
    return partial(paperlog_in, environment_of(home.parent, "http://127.0.0.1:9"))


def findings(home: Path, *arguments: str) -> dict[str, str]:
    """What is found by kind; the exit code says whether there is anything."""
    done: Done = commands_of(home)("check", "--json", *arguments)
    assert "Traceback" not in done.err
    answer = json.loads(done.out)
    assert done.code == (0 if answer["ok"] else 1)
    assert answer["ok"] == (not answer["findings"])
    details: dict[str, str] = {}
    for each in answer["findings"]:
        details[each["kind"]] = "\n".join(filter(None, (details.get(each["kind"]), each["detail"])))
    return details


def test_a_home_that_is_well_is_one_word(loaded: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in loaded.rglob("*.duckdb")}
    done = commands_of(loaded)("check")
    assert (done.code, done.out, done.err) == (0, "ok\n", "")
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_nothing_published_yet(tmp_path: Path) -> None:
    assert "nothing was published" in findings(tmp_path / "home")["age"]


@pytest.mark.parametrize(
    ("moment", "hint"), [("2025-01-01", "hours ago, more than 26"), ("2096-01-01", "later than now")]
)
def test_a_snapshot_that_is_old_or_of_tomorrow(loaded: Path, moment: str, hint: str) -> None:
    rewrite(loaded / "manifest.json", published_at=f"{moment}T00:00:00Z")
    assert hint in findings(loaded)["age"]


def test_an_age_that_is_allowed(loaded: Path) -> None:
    rewrite(loaded / "manifest.json", published_at="2025-01-01T00:00:00Z")
    assert "age" not in findings(loaded, "--max-age", "99999d")
    assert commands_of(loaded)("check", "--max-age", "soon").code == 2


def test_a_snapshot_that_somebody_changed(loaded: Path) -> None:
    (loaded / "paperlog.duckdb").chmod(0o644)
    with duckdb.connect(str(loaded / "paperlog.duckdb")) as connection:
        connection.execute("delete from core.papers")
    assert "paperlog.duckdb: it does not hold what its manifest says" in findings(loaded)["integrity"]


def test_a_manifest_of_which_a_digit_is_another_one(loaded: Path) -> None:
    path = loaded / "manifest.json"
    path.write_text(path.read_text("utf-8").replace('"published_at": "2', '"published_at": "3', 1), "utf-8")
    assert "is not the manifest that was written" in findings(loaded)["integrity"]
    assert commands_of(loaded)("publish").code == 0
    assert findings(loaded) == {}


def test_a_reading_that_is_loaded_and_no_longer_kept(loaded: Path) -> None:
    next((loaded / "landing" / "readings" / "hf_daily").iterdir()).unlink()
    assert "1 readings are loaded and not in the landing" in findings(loaded)["integrity"]


def test_a_decision_that_is_on_record_and_no_longer_kept(loaded: Path) -> None:
    assert commands_of(loaded)("forget", "hf_daily", "2025-03-03", "--reason", "wrong").code == 0
    assert "integrity" not in findings(loaded)
    next((loaded / "landing" / "forgotten_partitions").iterdir()).unlink()
    assert "1 decisions on record are not in it" in findings(loaded)["integrity"]


def test_rows_that_another_program_deleted_from_the_writers_file(loaded: Path) -> None:
    with duckdb.connect(str(loaded / "warehouse.duckdb")) as connection:
        connection.execute("delete from core.metrics where rowid = (select min(rowid) from core.metrics)")
    assert "it holds other facts than were published from it" in findings(loaded)["integrity"]


@pytest.mark.parametrize("name", ["paperlog.duckdb", "manifest.json"])
def test_a_file_that_is_gone_or_is_garbage(loaded: Path, name: str) -> None:
    (loaded / name).chmod(0o644)
    (loaded / name).write_bytes(b"garbage" * 100)
    assert name.split(".", maxsplit=1)[0] in findings(loaded)["integrity"]
    (loaded / name).unlink()
    assert findings(loaded)["integrity"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can take a right away from another user")
@pytest.mark.parametrize("name", ["paperlog.duckdb", "manifest.json", "resolver.sqlite.seal"])
def test_a_missing_right_is_no_damage_and_is_told_once(loaded: Path, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to other users
        Path(folder).chmod(0o755)
        home = Path(shutil.copytree(loaded, Path(folder) / "home"))
        for path in (home, *home.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        os.chown(home / name, 0, 0)
        (home / name).chmod(0o600)
        os.seteuid(NOBODY)
        try:
            found = check(from_environment({"PAPERLOG_HOME": str(home)}), now=datetime.now(UTC))
        finally:
            os.seteuid(0)
    assert [each.kind for each in found] == ["surroundings"]
    assert ("seal" if name.endswith("seal") else name) in found[0].detail
    assert "Permission denied" in found[0].detail


def test_a_side_index_that_lacks_rows(loaded: Path) -> None:
    with sqlite3.connect(loaded / "resolver.sqlite") as index:
        index.execute("delete from records")
    assert "resolver.sqlite" in findings(loaded)["integrity"]


def test_a_disk_without_room_and_a_file_that_its_rows_do_not_explain(loaded: Path) -> None:
    os.truncate(loaded / "warehouse.duckdb", 10**13)
    found = findings(loaded)
    assert "GB free, a publish may need" in found["disk"]
    assert "rows explain at most 32 MB" in found["growth"]


def test_a_run_that_failed_and_was_not_healed(loaded: Path) -> None:
    failing = environment_of(loaded.parent, "http://127.0.0.1:9")
    assert paperlog_in(failing, "ingest", "weekly_review", "--date", "2025-03-03").code == 1
    assert "no answer" in findings(loaded)["failed"]


def test_the_audit_finds_by_the_same_code(loaded: Path) -> None:
    with sqlite3.connect(loaded / "resolver.sqlite") as index:
        index.execute("delete from records")
    audited = commands_of(loaded)("audit").out
    assert findings(loaded)["integrity"] in " ".join(audited.split())
