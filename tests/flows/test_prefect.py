"""The deployments as they will run: a real server, a real worker, the real command line."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest
import requests

from flows.demo.site import FRIDAY, MONDAY, SATURDAY
from tests.flows.conftest import Deployed

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(420)]

PATIENCE_SECONDS = 90

Seen = TypeVar("Seen")


def asked(deployed: Deployed, query: str) -> list[dict[str, object]]:
    done = deployed.run("paperlog", "sql", "--json", query)
    assert done.code == 0, done.err
    rows: list[dict[str, object]] = json.loads(done.out)
    return rows


def api(deployed: Deployed, path: str, **body: object) -> list[dict[str, object]]:
    answer = requests.post(f"{deployed.environment['PREFECT_API_URL']}/{path}", json=body, timeout=10)
    answer.raise_for_status()
    rows: list[dict[str, object]] = answer.json()
    return rows


def eventually(look: Callable[[], Seen], is_enough: Callable[[Seen], bool]) -> Seen:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_enough(seen := look()):
        assert time.monotonic() < deadline, f"still {seen!r} after {PATIENCE_SECONDS} s"
        time.sleep(1)
    return seen


def run_names(deployed: Deployed) -> set[str]:
    return {str(run["name"]) for run in api(deployed, "flow_runs/filter")}


def test_schedules_produce_runs(deployed: Deployed) -> None:
    def hours() -> set[str]:
        scheduled = {"state": {"type": {"any_": ["SCHEDULED"]}}}
        runs = api(deployed, "flow_runs/filter", flow_runs=scheduled)
        return {str(run["expected_start_time"])[11:16] for run in runs if run["auto_scheduled"]}

    wanted = {"22:00", "12:00", "12:30", "14:00", "16:00"}
    assert wanted <= eventually(hours, lambda seen: wanted <= seen)


def test_backfill_takes_days_called_from_and_to(deployed: Deployed) -> None:
    days = ("-p", f"from={MONDAY}", "-p", "to=2025-03-05")
    done = deployed.run(
        "prefect", "deployment", "run", "backfill/backfill", "-p", "source=hf_daily", *days, "--watch", seconds=180
    )
    assert done.code == 0, done.out + done.err
    rows = asked(deployed, "select partition_on from partitions where state in ('open', 'final') order by 1")
    assert {row["partition_on"] for row in rows} >= {"2025-03-03", "2025-03-04", "2025-03-05"}
    assert "backfill hf_daily 2025-03-03 2025-03-05" in run_names(deployed)


def test_a_day_that_is_no_day_fails_the_run(deployed: Deployed) -> None:
    done = deployed.run(
        "prefect", "deployment", "run", "backfill/backfill", "-p", "from=2025-02-30", "--watch", seconds=120
    )
    assert done.code != 0


def test_a_late_run_reads_the_day_that_it_was_scheduled_for(deployed: Deployed) -> None:
    done = deployed.run(
        *("prefect", "deployment", "run", "ingest/hf_daily", "-p", "days_back=[0]"),
        *("--start-at", f"{FRIDAY} 22:00:00 UTC", "--watch"),
        seconds=180,
    )
    assert done.code == 0, done.out + done.err
    rows = asked(deployed, "select partition_on from partitions where state in ('open', 'final')")
    assert str(FRIDAY) in {row["partition_on"] for row in rows}


def test_a_command_reports_to_the_server_with_an_artifact(deployed: Deployed) -> None:
    done = deployed.run("paperlog", "ingest", "hf_daily", "--date", str(SATURDAY))
    assert done.code == 0, done.err
    assert "ingest: 1 no_list" in done.out
    assert f"ingest hf_daily {SATURDAY}" in " ".join(run_names(deployed))
    assert "paperlog-ingest" in {artifact["key"] for artifact in api(deployed, "artifacts/filter")}


def test_a_refused_page_fails_the_run_without_a_traceback(deployed: Deployed) -> None:
    done = deployed.run("paperlog", "adopt", "weekly_review", "README.md")
    assert done.code == 1
    assert "refused" in done.err
    assert "Traceback" not in done.err
    failed = {"state": {"type": {"any_": ["FAILED"]}}}
    assert any(str(run["name"]).startswith("adopt") for run in api(deployed, "flow_runs/filter", flow_runs=failed))


def test_the_weekly_job_reads_the_week_before(deployed: Deployed) -> None:
    monday_after = MONDAY + timedelta(days=7)
    done = deployed.run(
        *("prefect", "deployment", "run", "ingest/weekly_review"),
        *("--start-at", f"{monday_after} 14:00:00 UTC", "--watch"),
        seconds=180,
    )
    assert done.code == 0, done.out + done.err
    assert asked(deployed, "select distinct partition_on from reviews") == [{"partition_on": str(MONDAY)}]


def test_the_weekly_job_ends_well_when_its_inbox_is_empty(deployed: Deployed) -> None:
    environment = {name: value for name, value in deployed.environment.items() if name != "PAPERLOG_WEEKLY_REVIEW_URL"}
    here = replace(deployed, environment=environment)
    done = here.run("python", "-c", "from flows.scheduled.deployments import ingest; ingest(source='weekly_review')")
    assert done.code == 0, done.err
    assert "nothing new" in done.err


def test_audit_runs_as_a_deployment(deployed: Deployed) -> None:
    deployed.run("paperlog", "publish")
    done = deployed.run("prefect", "deployment", "run", "audit/audit", "--watch", seconds=120)
    assert done.code == 0, done.out + done.err
    assert "paperlog-audit" in {artifact["key"] for artifact in api(deployed, "artifacts/filter")}
