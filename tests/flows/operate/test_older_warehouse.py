"""An older warehouse.duckdb of the same home is refused before anything is loaded, named by `check`, and healed."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from flows.demo.site import FRIDAY, MONDAY
from tests.support.commands import Command, digest_of, paperlog_in, rows_of

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
READINGS = "select partition_on::varchar as day from raw.readings order by all"


@pytest.fixture
def older(monday: Command, home: Path, tmp_path: Path) -> Command:
    """A home in which Tuesday was published too, with the warehouse of Monday put back."""
    shutil.copy(home / "warehouse.duckdb", tmp_path / "older.duckdb")
    assert monday("ingest", "hf_daily", "--date", TUESDAY).code == 0
    assert monday("forget", "hf_daily", MONDAY, "--reason", "wrong list").code == 0
    shutil.copytree(home, tmp_path / "untouched")
    shutil.copy(tmp_path / "older.duckdb", home / "warehouse.duckdb")
    return monday


@pytest.mark.parametrize(
    "arguments",
    [
        ("ingest", "hf_daily", "--date", WEDNESDAY),
        ("backfill", "hf_daily", "--from", WEDNESDAY, "--to", FRIDAY),
        ("ingest", "hf_daily", "--date", WEDNESDAY, "--no-publish"),
        ("replay", "--from", MONDAY, "--to", MONDAY),
        ("replay", "--source", "hf_daily"),
        ("unrecoverable", "hf_daily", WEDNESDAY, "--reason", "gone"),
        ("forget", "hf_daily", TUESDAY, "--reason", "wrong"),
        ("publish",),
    ],
)
def test_nothing_is_written_into_it(older: Command, home: Path, tmp_path: Path, arguments: tuple[object, ...]) -> None:
    published = [(home / name).read_bytes() for name in ("paperlog.duckdb", "manifest.json")]
    words = sorted(path.name for path in (home / "landing").rglob("*.json") if "readings" not in path.parts)
    done = older(*arguments)
    assert done.code == 1
    said = " ".join(done.err.split())
    assert "warehouse.duckdb is not the file that paperlog.duckdb was published from" in said
    assert "Bring the right file back, or load every kept page with `paperlog replay`" in said
    assert [(home / name).read_bytes() for name in ("paperlog.duckdb", "manifest.json")] == published
    assert sorted(path.name for path in (home / "landing").rglob("*.json") if "readings" not in path.parts) == words
    shutil.copy(tmp_path / "untouched" / "warehouse.duckdb", home / "warehouse.duckdb")
    before = rows_of(older, READINGS)
    assert older("publish").code == 0
    assert rows_of(older, READINGS) == before


def test_check_audit_and_backup_name_it(older: Command, tmp_path: Path) -> None:
    (found,) = json.loads(older("check", "--json").out)["findings"]
    assert found["kind"] == "integrity"
    assert "warehouse.duckdb is not the file that" in found["detail"]
    assert "`paperlog replay`" in found["detail"]
    assert "warehouse.duckdb is not the file that" in " ".join(older("audit").out.split())
    done = older("backup", tmp_path / "kept")
    assert done.code == 1
    assert "warehouse.duckdb is not the file that" in " ".join(done.err.split())


def test_a_replay_of_everything_heals_it(older: Command, tmp_path: Path, environment: dict[str, str]) -> None:
    assert older("replay").code == 0
    untouched: Command = partial(paperlog_in, environment | {"PAPERLOG_HOME": str(tmp_path / "untouched")})
    assert digest_of(older, tmp_path / "a") == digest_of(untouched, tmp_path / "b")
    assert older("check").out == "ok\n"
    assert older("ingest", "hf_daily", "--date", WEDNESDAY).code == 0


def test_a_replay_that_did_not_publish_is_no_way_round(older: Command) -> None:
    assert older("replay", "--no-publish").code == 0
    assert older("ingest", "hf_daily", "--date", WEDNESDAY).code == 1
    assert older("replay").code == 0
    assert older("ingest", "hf_daily", "--date", WEDNESDAY).code == 0


def test_a_warehouse_that_was_moved_away_is_missed(monday: Command, home: Path, tmp_path: Path) -> None:
    (home / "warehouse.duckdb").rename(tmp_path / "away")
    assert "warehouse.duckdb is missing" in " ".join(monday("check").out.split())
    assert monday("ingest", "hf_daily", "--date", TUESDAY).code == 1
    assert monday("replay").code == 0
    assert monday("check").out == "ok\n"


def test_what_belongs_together_is_not_refused(
    monday: Command, home: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    assert monday("backup", tmp_path / "kept").code == 0
    assert monday("ingest", "hf_daily", "--date", TUESDAY, "--no-publish").code == 0
    assert monday("backup", tmp_path / "later").code == 0
    assert monday("replay", "--into", tmp_path / "new").code == 0
    assert monday("replay", "--from", TUESDAY, "--to", TUESDAY, "--into", tmp_path / "part").code == 0
    for name in ("kept", "later", "new", "part"):
        there = tmp_path / name
        at: Command = partial(paperlog_in, environment | {"PAPERLOG_HOME": str(there)})
        if name in {"kept", "later"}:
            there = tmp_path / f"{name}-restored"
            at = partial(paperlog_in, environment | {"PAPERLOG_HOME": str(there)})
            assert at("restore", tmp_path / name).code == 0
        assert at("check").out == "ok\n"
        done = at("ingest", "hf_daily", "--date", WEDNESDAY)
        assert done.code == 0, done.err
    # The older pair of snapshot and warehouse is a state of this home as well.
    for name in ("warehouse.duckdb", "paperlog.duckdb", "manifest.json"):
        (home / name).unlink()
        shutil.copy(next((tmp_path / "kept").glob(f"state-*/{name}")), home / name)
    done = monday("ingest", "hf_daily", "--date", WEDNESDAY)
    assert done.code == 0, done.err
