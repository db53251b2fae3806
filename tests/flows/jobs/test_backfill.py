"""A backfill over everything that a site can do: it ends, names exactly the holes, and goes on where it was stopped."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from tests.support.archive import Archive
from tests.support.commands import Command, paperlog_in, rows_of, started
from tests.support.environment import environment_of
from tests.support.patience import patient, until

FIRST = date(2024, 1, 1)


@pytest.fixture
def archive() -> Archive:
    return Archive(first=FIRST, days_count=40, hole_every=6)


@pytest.fixture
def environment(archive: Archive, tmp_path: Path) -> Iterator[dict[str, str]]:
    with archive.served() as base:
        yield environment_of(tmp_path, base, PAPERLOG_REQUESTS_PER_SECOND="50")


@pytest.fixture
def command(environment: dict[str, str]) -> Command:
    """The command line in processes of their own."""
    return partial(paperlog_in, environment, seconds=100)


def gaps(command: Command) -> dict[date, str]:
    done = command("status", "--gaps", "--json")
    assert done.code == 0, done.err
    return {date.fromisoformat(each["partition"]): each["detail"] for each in json.loads(done.out)["gaps"]}


def within(archive: Archive, days: Iterable[date]) -> set[date]:
    """Those inside the archive: its first and last list link to days that it does not hold."""
    return {day for day in days if archive.first <= day <= archive.last}


def wait_for_pages(folder: Path, enough: int, process: subprocess.Popen[str]) -> None:
    """Until so many are kept, or the process has ended."""
    until(lambda: process.poll() is not None or len(list(folder.glob("*.json"))) >= enough, seconds=60)


CAUSES = {
    "404": "not_found",
    "500": "host_down",
    "cut": "cut_off",
    "challenge": "blocked",
    "layout": "layout_changed",
    "empty": "empty_list",
}


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_backfill_loads_what_can_be_had_and_names_exactly_the_holes(archive: Archive, command: Command) -> None:
    span = ("--from", archive.first, "--to", archive.last)
    done = command("backfill", "hf_daily", *span)
    assert done.code == 1, done.out + done.err  # the holes
    found = gaps(command)
    assert within(archive, found) == set(archive.holes)
    for day, kind in archive.holes.items():
        assert CAUSES[kind] in found[day]
    loaded = [day for day in archive.lists if day not in archive.holes]
    rows = rows_of(command, "select count(*) as n from partitions where state = 'final'")
    assert rows == [{"n": len(loaded)}]
    no_list = rows_of(command, "select partition_on from partitions where state = 'no_list' order by 1")
    assert {date.fromisoformat(str(row["partition_on"])) for row in no_list} == archive.holidays
    archive.asked.clear()
    done = command("backfill", "hf_daily", *span)
    assert {date.fromisoformat(path[-10:]) for path in archive.asked} <= set(archive.holes)
    assert "loaded" not in done.out.splitlines()[-2].replace("loaded at", "")


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_backfill_killed_again_and_again_goes_on_and_asks_for_no_loaded_day_twice(
    archive: Archive, environment: dict[str, str], command: Command, tmp_path: Path
) -> None:
    span = ("--from", archive.first, "--to", archive.last, "--no-publish")
    landing = tmp_path / "home" / "landing" / "readings" / "hf_daily"
    for enough in (6, 14, 22):
        with started(environment, "flows", "backfill", "hf_daily", *span) as process:
            wait_for_pages(landing, enough, process)
            process.send_signal(signal.SIGKILL)
    command("backfill", "hf_daily", *span)
    command("publish")
    kept_twice = [day for day in archive.lists if len(list(landing.glob(f"*__{day}__*"))) > 1]
    assert set(kept_twice) <= set(archive.holes)
    assert len([1 for path in archive.asked if date.fromisoformat(path[-10:]) in archive.lists]) == len(archive.lists)
    assert within(archive, gaps(command)) == set(archive.holes)


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_two_runs_of_the_same_days_at_once_give_what_one_gives(
    archive: Archive, environment: dict[str, str], command: Command
) -> None:
    days = ("--from", archive.lists[0], "--to", archive.lists[3])
    both = [started(environment, "flows", "ingest", "hf_daily", *days) for _ in range(2)]
    for process in both:
        _, err = process.communicate(timeout=patient(100))
        assert process.returncode == 0, err
    counts = "select count(*) as n from"
    assert rows_of(command, f"{counts} sightings") == [{"n": 20}]
    assert rows_of(command, f"{counts} papers") == [{"n": 20}]
    whole = "select count(distinct partition_on) as n from partitions where entries_count = 5"
    assert rows_of(command, whole) == [{"n": 4}]
    done = command("audit", "--json")
    assert done.code == 0
    assert "integrity" not in {each["kind"] for each in json.loads(done.out)}
