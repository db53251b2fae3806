"""What happens under a worker: a run killed with -9 goes on with the next one, a schedule that overlaps is harmless."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from flows.demo.site import FRIDAY, MONDAY
from tests.flows.archive import Archive, serving
from tests.flows.conftest import Deployed

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.timeout(300)]


def processes_of(flow_run_id: str) -> list[int]:
    """Every process that the worker started for the run."""
    mark = f"PREFECT__FLOW_RUN_ID={flow_run_id}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_a_flow_run_killed_with_9_is_healed_by_the_next_one(deployed: Deployed, tmp_path: Path) -> None:
    archive = Archive(first=MONDAY, days_count=40, hole_every=1000)
    with serving(archive) as base:
        own = {
            "PAPERLOG_HF_DAILY_URL": base,
            "PAPERLOG_HOME": str(tmp_path / "home"),
            "PAPERLOG_PACE": str(tmp_path / "pace"),
            "PAPERLOG_REQUESTS_PER_SECOND": "5",
        }
        days = ("-p", "source=hf_daily", "-p", f"from={archive.first}", "-p", f"to={archive.last}")
        command = ("prefect", "deployment", "run", "backfill/backfill", *days)
        started = deployed.run(*command, "--job-variable", f"env={json.dumps(own)}")
        flow_run_id = next(word for word in started.out.split() if word.count("-") == 4 and len(word.strip(".'")) == 36)
        readings = tmp_path / "home" / "landing" / "readings" / "hf_daily"
        deadline = time.monotonic() + 90
        while len(list(readings.glob("*.json"))) < 5:
            assert time.monotonic() < deadline, started.out
            time.sleep(0.2)
        for process in processes_of(flow_run_id.strip(".'")):
            os.kill(process, signal.SIGKILL)
        kept = {path.name.split("__")[1] for path in readings.glob("*.json")}
        own["PAPERLOG_REQUESTS_PER_SECOND"] = "50"
        archive.asked.clear()
        deployed.run(*command, "--job-variable", f"env={json.dumps(own)}", "--watch", seconds=200)
        asked = {path[-10:] for path in archive.asked}
        assert not asked & kept
        here = deployed.run("paperlog", "status", "--json")
        assert here.code in {0, 1}
        assert len(list(readings.glob("*.json"))) == len(archive.weekdays) - 1  # one hole


def test_two_runs_of_one_day_through_the_worker_are_harmless(deployed: Deployed) -> None:
    command = ("prefect", "deployment", "run", "ingest/hf_daily", "-p", "days_back=[0]")
    at = ("--start-at", f"{FRIDAY} 22:00:00 UTC")
    deployed.run(*command, *at)
    done = deployed.run(*command, *at, "--watch", seconds=200)
    assert done.code == 0, done.out + done.err
    deployed.run("paperlog", "publish")
    rows = json.loads(
        deployed.run(
            "paperlog", "sql", "--json", "select count(*) - count(distinct sighting_key) as n from sightings"
        ).out
    )
    assert rows == [{"n": 0}]
