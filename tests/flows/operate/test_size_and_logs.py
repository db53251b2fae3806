"""What takes room is told by kind and source, and log lines have time and level, also as JSON."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
import pytest

from flows.__main__ import LOGGING, cli
from flows.demo.site import FRIDAY, MONDAY, serving, site
from tests.flows.conftest import WEEK_AND_REVIEW
from tests.support.commands import Command, paperlog_in
from tests.support.environment import environment_of

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (INFO|WARNING|ERROR) \S")


@pytest.fixture
def week(home_after: Callable[..., Path], tmp_path: Path) -> Path:
    """A home with the demo's days and its review."""
    return Path(shutil.copytree(home_after(*WEEK_AND_REVIEW), tmp_path / "home"))


def in_folder(folder: Path, **changes: str) -> Command:
    return partial(paperlog_in, environment_of(folder, "http://127.0.0.1:9", **changes))


def test_every_file_of_the_home_is_counted_once(week: Path, tmp_path: Path) -> None:
    assert in_folder(tmp_path, PAPERLOG_KEEP_SNAPSHOTS="2")("publish").code == 0
    (week / "inbox" / "weekly_review").mkdir(parents=True)
    (week / "inbox" / "weekly_review" / "x.txt").write_text("x", encoding="utf-8")
    found = json.loads(in_folder(tmp_path)("size", "--json").out)
    files = {(status.st_ino): status for path in week.rglob("*") if path.is_file() for status in [path.stat()]}
    assert sum(each["files_count"] for each in found) == len(files)
    assert sum(each["bytes"] for each in found) == sum(status.st_blocks * 512 for status in files.values())
    kinds = {(each["kind"], each["source"]): each for each in found}
    assert kinds["pages", "hf_daily"]["files_count"] == 5
    assert kinds["pages", "weekly_review"]["files_count"] == kinds["inbox", None]["files_count"] == 1
    assert {"warehouse", "published snapshot", "side index"} <= {kind for kind, _ in kinds}
    assert "together" in in_folder(tmp_path)("size").out


def test_a_year_is_told_once_a_week_of_readings_is_there(week: Path, tmp_path: Path) -> None:
    def yearly() -> dict[str, object]:
        found = json.loads(in_folder(tmp_path)("size", "--json").out)
        return {each["source"]: each["bytes_a_year"] for each in found if each["kind"] == "pages"}

    assert yearly() == {"hf_daily": None, "weekly_review": None}
    reading = next((week / "landing" / "readings" / "hf_daily").iterdir())
    shutil.copy(reading, reading.with_name(f"20250101T000000{reading.name[15:]}"))
    assert isinstance(yearly()["hf_daily"], int)


def test_without_a_home_there_is_nothing(tmp_path: Path) -> None:
    done = in_folder(tmp_path)("size", "--json")
    assert (done.code, json.loads(done.out)) == (0, [])


def test_what_a_writing_command_logs_is_json_line_by_line(tmp_path: Path) -> None:
    with serving(site()) as base:
        run = partial(paperlog_in, environment_of(tmp_path, base))
        done = run("ingest", "hf_daily", "--from", MONDAY, "--to", FRIDAY, "--log-json")
    assert done.code == 0, done.err
    lines = [json.loads(line) for line in done.err.splitlines()]
    assert len(lines) >= 5
    assert all(set(each) == {"time", "level", "name", "message"} for each in lines)
    assert any(f"hf_daily {MONDAY}: loaded" in each["message"] for each in lines)
    assert done.out.splitlines()[0] == "ingest: 5 loaded"


def test_the_reason_of_a_failure_is_an_error_line_of_json(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("no \x1b[31m review \u202e\n", encoding="utf-8")
    done = in_folder(tmp_path)("adopt", "weekly_review", tmp_path / "page.txt", "--log-json")
    assert done.code == 1
    lines = [json.loads(line) for line in done.err.splitlines()]
    assert any(each["level"] == "error" and "refused" in each["message"] for each in lines)
    assert done.err.isascii()
    assert "\x1b" not in done.err


def test_a_wait_is_a_line_with_time_and_level(week: Path, tmp_path: Path) -> None:
    (week / "resolver.sqlite").write_bytes(b"damaged" * 100)
    (tmp_path / "page.txt").write_text("no review", encoding="utf-8")
    done = in_folder(tmp_path)("adopt", "weekly_review", tmp_path / "page.txt")
    told = [line for line in done.err.splitlines() if "resolver.sqlite" in line]
    assert told
    assert all(LINE.match(line) for line in told)


def test_a_command_that_reads_has_no_such_option(tmp_path: Path) -> None:
    done = in_folder(tmp_path)("status", "--log-json")
    assert done.code == 2


def test_every_command_that_works_long_takes_the_option_and_no_other_does() -> None:
    context = click.Context(cli)
    found = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    with_option = {name for name, each in found.items() if each and any("--log-json" in of.opts for of in each.params)}
    assert with_option == LOGGING
    takes_a_lock = {
        "adopt",
        "backfill",
        "backup",
        "ingest",
        "merge",
        "publish",
        "replay",
        "requeue",
        "restore",
        "split",
    }
    assert takes_a_lock <= with_option
