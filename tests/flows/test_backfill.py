"""A backfill over everything that a site can do: it ends, names exactly the holes, and goes on where it was stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.flows.archive import Archive, serving
from tests.flows.conftest import Deployed

ROOT = Path(__file__).parents[2]
FIRST = date(2024, 1, 1)


@pytest.fixture
def archive() -> Archive:
    return Archive(first=FIRST, days_count=40, hole_every=6)


@pytest.fixture
def environment(archive: Archive, tmp_path: Path) -> Iterator[dict[str, str]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PAPERLOG_", "PREFECT_"))}
    with serving(archive) as base:
        yield {
            **kept,
            "PAPERLOG_HOME": str(tmp_path / "home"),
            "PAPERLOG_PACE": str(tmp_path / "pace"),
            "PAPERLOG_HF_DAILY_URL": base,
            "PAPERLOG_REQUESTS_PER_SECOND": "50",
        }


def command(environment: dict[str, str], *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "flows", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(environment: dict[str, str], *arguments: object) -> tuple[int, str, str]:
    with command(environment, *arguments) as process:
        out, err = process.communicate(timeout=100)
    return process.returncode, out, err


def asked(environment: dict[str, str], query: str) -> list[dict[str, object]]:
    code, out, err = run(environment, "sql", "--json", query)
    assert code == 0, err
    rows: list[dict[str, object]] = json.loads(out)
    return rows


def gaps(environment: dict[str, str]) -> dict[date, str]:
    code, out, err = run(environment, "status", "--gaps", "--json")
    assert code == 0, err
    return {date.fromisoformat(each["partition"]): each["detail"] for each in json.loads(out)["gaps"]}


def within(archive: Archive, days: Iterable[date]) -> set[date]:
    """Those inside the archive: its first and last list link to days that it does not hold."""
    return {day for day in days if archive.first <= day <= archive.last}


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
def test_a_backfill_loads_what_can_be_had_and_names_exactly_the_holes(
    archive: Archive, environment: dict[str, str]
) -> None:
    span = ("--from", archive.first, "--to", archive.last)
    code, out, err = run(environment, "backfill", "hf_daily", *span)
    assert code == 1, out + err  # the holes
    found = gaps(environment)
    assert within(archive, found) == set(archive.holes)
    for day, kind in archive.holes.items():
        assert CAUSES[kind] in found[day]
    loaded = [day for day in archive.lists if day not in archive.holes]
    rows = asked(environment, "select count(*) as n from partitions where state = 'final'")
    assert rows == [{"n": len(loaded)}]
    no_list = asked(environment, "select partition_on from partitions where state = 'no_list' order by 1")
    assert {date.fromisoformat(str(row["partition_on"])) for row in no_list} == archive.holidays
    archive.asked.clear()
    code, out, _ = run(environment, "backfill", "hf_daily", *span)
    assert {date.fromisoformat(path[-10:]) for path in archive.asked} <= set(archive.holes)
    assert "loaded" not in out.splitlines()[-2].replace("loaded at", "")


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_backfill_killed_again_and_again_goes_on_and_asks_for_no_loaded_day_twice(
    archive: Archive, environment: dict[str, str], tmp_path: Path
) -> None:
    span = ("--from", archive.first, "--to", archive.last, "--no-publish")
    landing = tmp_path / "home" / "landing" / "readings" / "hf_daily"
    for enough in (6, 14, 22):
        with command(environment, "backfill", "hf_daily", *span) as process:
            deadline = time.monotonic() + 60
            while len(list(landing.glob("*.json"))) < enough and process.poll() is None:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            process.send_signal(signal.SIGKILL)
    run(environment, "backfill", "hf_daily", *span)
    run(environment, "publish")
    kept_twice = [day for day in archive.lists if len(list(landing.glob(f"*__{day}__*"))) > 1]
    assert set(kept_twice) <= set(archive.holes)
    assert len([1 for path in archive.asked if date.fromisoformat(path[-10:]) in archive.lists]) == len(archive.lists)
    assert within(archive, gaps(environment)) == set(archive.holes)


@pytest.mark.timeout(120)
def test_two_runs_of_the_same_days_at_once_give_what_one_gives(
    archive: Archive, environment: dict[str, str], tmp_path: Path
) -> None:
    days = ("--from", archive.lists[0], "--to", archive.lists[3])
    both = [command(environment, "ingest", "hf_daily", *days) for _ in range(2)]
    for process in both:
        _, err = process.communicate(timeout=100)
        assert process.returncode == 0, err
    assert asked(environment, "select count(*) as n from sightings") == [{"n": 20}]
    assert asked(environment, "select count(*) as n from papers") == [{"n": 20}]
    assert asked(environment, "select count(distinct partition_on) as n from partitions where entries_count = 5") == [
        {"n": 4}
    ]
    code, out, _ = run(environment, "audit", "--json")
    assert code == 0
    assert "integrity" not in {each["kind"] for each in json.loads(out)}


@pytest.mark.prefect
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_backfill_through_server_and_worker_names_exactly_the_holes(
    archive: Archive, deployed: Deployed, tmp_path: Path
) -> None:
    with serving(archive) as base:
        own = {
            "PAPERLOG_HF_DAILY_URL": base,
            "PAPERLOG_HOME": str(tmp_path / "home"),
            "PAPERLOG_PACE": str(tmp_path / "pace"),
            "PAPERLOG_REQUESTS_PER_SECOND": "50",
        }
        environment = {**deployed.environment, **own}
        days = ("-p", "source=hf_daily", "-p", f"from={archive.first}", "-p", f"to={archive.last}")
        done = deployed.run(
            *("prefect", "deployment", "run", "backfill/backfill", *days),
            *("--job-variable", f"env={json.dumps(own)}", "--watch"),
            seconds=240,
        )
        assert done.code != 0  # the holes
        found = gaps(environment)
        assert within(archive, found) == set(archive.holes)
