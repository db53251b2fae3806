"""The deployments as they will run: a real server, a real worker, the real command line; one file, so one server."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
import requests

from flows.demo.site import FRIDAY, MONDAY, SATURDAY, Answer, site
from flows.home import INTERESTS
from tests.flows.conftest import Deployed, Site
from tests.support.archive import Archive
from tests.support.commands import program, rows_of, started
from tests.support.environment import environment_of
from tests.support.patience import patient, until

TUESDAY = MONDAY + timedelta(days=1)

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(420)]


def rows(deployed: Deployed, query: str) -> list[dict[str, object]]:
    return rows_of(partial(deployed.run, "paperlog"), query)


def api(deployed: Deployed, path: str, **body: object) -> list[dict[str, object]]:
    answer = requests.post(f"{deployed.environment['PREFECT_API_URL']}/{path}", json=body, timeout=patient(10))
    answer.raise_for_status()
    found: list[dict[str, object]] = answer.json()
    return found


def failed(deployed: Deployed) -> list[object]:
    states = {"state": {"type": {"any_": ["FAILED"]}}}
    return [run["state"] for run in api(deployed, "flow_runs/filter", flow_runs=states)]


def run_names(deployed: Deployed) -> set[str]:
    return {str(run["name"]) for run in api(deployed, "flow_runs/filter")}


def test_schedules_produce_runs(deployed: Deployed) -> None:
    def hours() -> set[str]:
        scheduled = {"state": {"type": {"any_": ["SCHEDULED"]}}}
        runs = api(deployed, "flow_runs/filter", flow_runs=scheduled)
        return {str(run["expected_start_time"])[11:16] for run in runs if run["auto_scheduled"]}

    wanted = {"22:00", "12:00", "12:30", "14:00", "16:00"}
    until(hours, 90, lambda seen: wanted <= seen)


def test_doctor_sees_the_server_the_pool_and_the_worker(deployed: Deployed) -> None:
    def levels() -> dict[str, object]:
        found = json.loads(deployed.run("paperlog", "doctor", "--json", "--only", "scheduling").out)
        return {each["name"]: each["level"] for each in found}

    # A worker that was just started polls after some seconds.
    found = until(levels, 60, lambda each: each["worker"] == "ok")
    assert found == {"server": "ok", "pool": "ok", "worker": "ok"}


def test_backfill_takes_days_called_from_and_to(deployed: Deployed) -> None:
    days = ("-p", f"from={MONDAY}", "-p", "to=2025-03-05")
    done = deployed.flow_run("backfill/backfill", "-p", "source=hf_daily", *days)
    assert done.code == 0, done.out + done.err
    found = rows(deployed, "select partition_on from partitions where state in ('open', 'final') order by 1")
    assert {row["partition_on"] for row in found} >= {"2025-03-03", "2025-03-04", "2025-03-05"}
    assert "backfill hf_daily 2025-03-03 2025-03-05" in run_names(deployed)


def test_a_backfill_on_schedule_counts_its_days_back_from_the_scheduled_time(deployed: Deployed) -> None:
    start = f"{SATURDAY} 13:00:00 UTC"
    done = deployed.flow_run("backfill/backfill", "-p", "days_back=2", "--start-at", start)
    assert done.code == 0, done.out + done.err
    assert f"backfill hf_daily {SATURDAY} D-2 to D-1" in run_names(deployed)
    found = rows(deployed, "select partition_on from partitions where state in ('open', 'final')")
    assert {row["partition_on"] for row in found} >= {"2025-03-06", str(FRIDAY)}


def test_a_source_that_is_none_is_refused_before_it_runs_with_the_names_that_there_are(deployed: Deployed) -> None:
    before = len(api(deployed, "flow_runs/filter"))
    done = deployed.flow_run("ingest/hf_daily", "-p", "source=nothing")
    assert done.code != 0
    said = " ".join((done.out + done.err).split())
    assert "'nothing' does not match" in said
    assert "|hf_daily|" in said
    assert len(api(deployed, "flow_runs/filter")) == before


def test_a_parameter_that_no_schema_checked_fails_the_run_with_its_reason(deployed: Deployed) -> None:
    command = ("python", "-c", "from flows.scheduled.deployments import ingest; ingest(source='nothing')")
    deployed.run(*command)
    assert "no source is named 'nothing'; there are: " in str(failed(deployed))


def test_days_that_the_command_line_refuses_fail_the_run_with_the_same_words(deployed: Deployed) -> None:
    done = deployed.flow_run("backfill/backfill", "-p", "from=2125-03-01", "-p", "to=2125-03-03")
    assert done.code != 0
    assert "Traceback" not in done.out + done.err
    # The last line of the log is the result; the very last line is Prefect's own.
    last = " ".join(done.out.split("Finished in state")[-1].split())
    reason = "2125-03-03 is in the future: today is "
    assert last.startswith((f"Failed('{reason}", f'Failed("{reason}'))
    assert reason in str(failed(deployed))
    assert any(each.startswith(f"backfill hf_daily 2125-03-01 2125-03-03: {reason}") for each in run_names(deployed))
    assert "Traceback" not in str(api(deployed, "logs/filter"))
    assert rows(deployed, "select count(*) as n from partitions where partition_on > '2100-01-01'") == [{"n": 0}]


def test_audit_runs_as_a_deployment_and_scheduled_runs_have_their_names_already(deployed: Deployed) -> None:
    deployed.run("paperlog", "publish")
    done = deployed.flow_run("audit/audit")
    assert done.code == 0, done.out + done.err
    assert "paperlog-audit" in {artifact["key"] for artifact in api(deployed, "artifacts/filter")}
    scheduled = {"state": {"type": {"any_": ["SCHEDULED"]}}}
    upcoming = [each for each in api(deployed, "flow_runs/filter", flow_runs=scheduled) if each["auto_scheduled"]]
    assert upcoming
    assert [each["name"] for each in upcoming if str(each["expected_start_time"])[:10] not in str(each["name"])] == []


def test_a_late_run_reads_the_day_that_it_was_scheduled_for(deployed: Deployed) -> None:
    done = deployed.flow_run("ingest/hf_daily", "-p", "days_back=[0]", "--start-at", f"{FRIDAY} 22:00:00 UTC")
    assert done.code == 0, done.out + done.err
    found = rows(deployed, "select partition_on from partitions where state in ('open', 'final')")
    assert str(FRIDAY) in {row["partition_on"] for row in found}


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
    done = deployed.flow_run("ingest/weekly_review", "--start-at", f"{monday_after} 14:00:00 UTC")
    assert done.code == 0, done.out + done.err
    assert rows(deployed, "select distinct partition_on from reviews") == [{"partition_on": str(MONDAY)}]


def test_a_source_without_an_address_adopts_what_is_in_its_inbox(deployed: Deployed, tmp_path: Path) -> None:
    environment = {name: value for name, value in deployed.environment.items() if name != "PAPERLOG_WEEKLY_REVIEW_URL"}
    here = replace(deployed, environment=environment | {"PAPERLOG_HOME": str(tmp_path)})
    command = ("python", "-c", "from flows.scheduled.deployments import ingest; ingest(source='weekly_review')")
    done = here.run(*command)
    assert done.code == 0, done.err
    assert "nothing new" in done.err
    (tmp_path / "inbox" / "weekly_review" / "review.txt").write_bytes(site()[f"/weekly/{MONDAY}.txt"].body)
    done = here.run(*command)
    assert done.code == 0, done.err
    assert rows(here, "select distinct partition_on from reviews") == [{"partition_on": str(MONDAY)}]


@pytest.mark.slow
def test_a_backfill_names_exactly_the_holes(deployed: Deployed, tmp_path: Path) -> None:
    archive = Archive(first=date(2024, 1, 1), days_count=40, hole_every=6)
    with archive.served() as base:
        own = own_of(tmp_path, base, PAPERLOG_REQUESTS_PER_SECOND="50")
        days = ("-p", "source=hf_daily", "-p", f"from={archive.first}", "-p", f"to={archive.last}")
        variables = ("--job-variable", f"env={json.dumps(own)}")
        done = deployed.flow_run("backfill/backfill", *days, *variables, seconds=240)
    assert done.code != 0  # the holes
    status = program({**deployed.environment, **own}, "paperlog", "status", "--gaps", "--json")
    days_found = {date.fromisoformat(each["partition"]) for each in json.loads(status.out)["gaps"]}
    # The first and the last list link to days that the archive does not hold.
    assert {day for day in days_found if archive.first <= day <= archive.last} == set(archive.holes)


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


def own_of(folder: Path, base: str, **changes: str) -> dict[str, str]:
    """The variables of a flow run that keeps and fetches elsewhere than the others."""
    own = environment_of(folder, base, **changes)
    return {name: value for name, value in own.items() if name.startswith("PAPERLOG_")}


@pytest.mark.slow
def test_a_flow_run_killed_with_9_is_healed_by_the_next_one(deployed: Deployed, tmp_path: Path) -> None:
    archive = Archive(first=MONDAY, days_count=40, hole_every=1000)
    with archive.served() as base:
        own = own_of(tmp_path, base, PAPERLOG_REQUESTS_PER_SECOND="5")
        days = ("-p", "source=hf_daily", "-p", f"from={archive.first}", "-p", f"to={archive.last}")
        variables = ("--job-variable", f"env={json.dumps(own)}")
        begun = deployed.run("prefect", "deployment", "run", "backfill/backfill", *days, *variables)
        flow_run_id = next(word for word in begun.out.split() if word.count("-") == 4 and len(word.strip(".'")) == 36)
        readings = tmp_path / "home" / "landing" / "readings" / "hf_daily"
        until(lambda: len(list(readings.glob("*.json"))) >= 5, seconds=90)
        for process in processes_of(flow_run_id.strip(".'")):
            os.kill(process, signal.SIGKILL)
        kept = {path.name.split("__")[1] for path in readings.glob("*.json")}
        own["PAPERLOG_REQUESTS_PER_SECOND"] = "50"
        variables = ("--job-variable", f"env={json.dumps(own)}")
        archive.asked.clear()
        deployed.flow_run("backfill/backfill", *days, *variables, seconds=200)
        assert not {path[-10:] for path in archive.asked} & kept
        assert len(list(readings.glob("*.json"))) == len(archive.weekdays) - 1  # one hole
        loaded = "select count(*) as n from partitions where state = 'final'"
        command = partial(program, {**deployed.environment, **own}, "paperlog")
        assert rows_of(command, loaded) == [{"n": len(archive.lists) - 1}]


@pytest.mark.slow
def test_two_runs_of_one_day_through_the_worker_are_harmless(deployed: Deployed) -> None:
    run = ("ingest/hf_daily", "-p", "days_back=[0]", "--start-at", f"{FRIDAY} 22:00:00 UTC")
    deployed.run("prefect", "deployment", "run", *run)
    done = deployed.flow_run(*run, seconds=200)
    assert done.code == 0, done.out + done.err
    deployed.run("paperlog", "publish")
    (counts,) = rows(deployed, "select count(*) as rows, count(distinct sighting_key) as sightings from sightings")
    assert counts["rows"] == counts["sightings"] != 0


def test_a_flow_asks_the_api_only_where_its_parameter_says_so(deployed: Deployed) -> None:
    done = deployed.flow_run("ingest/hf_daily", "-p", "from=2025-03-03", "-p", "answer=true")
    assert done.code != 0
    printed = "".join((done.out + done.err).split("\n"))
    assert "/api/daily_papers?date=2025-03-03&limit=100: answered 404" in printed
    assert "mend: paperlog backfill hf_daily --from 2025-03-03 --to 2025-03-03" in printed.replace("  ", " ")
    assert "ingest hf_daily 2025-03-03: 1 failed (not_found)" in run_names(deployed)
    command = (
        "from flows.scheduled.deployments import ingest; ingest('2025-03-03', source='weekly_review', answer=True)"
    )
    deployed.run("python", "-c", command)
    assert "weekly_review has no API that could answer" in str(failed(deployed))
    assert deployed.flow_run("ingest/hf_daily", "-p", "from=2025-03-03").code == 0


@pytest.mark.slow
def test_a_run_that_waits_for_a_site_tells_it_in_its_name_until_it_goes_on(
    deployed: Deployed, digest: Site, tmp_path: Path
) -> None:
    rules = digest.answers["/robots.txt"]
    digest.answers["/robots.txt"] = Answer(status=500)
    own = {**deployed.environment, **own_of(tmp_path, digest.base)}
    name = f"ingest hf_daily {TUESDAY}"
    process = started(own, "flows", "ingest", "hf_daily", "--date", TUESDAY)

    def named() -> list[str]:
        return [each for each in run_names(deployed) if each.startswith(name)]

    waiting = until(named, 60, lambda found: any(": waits until " in each for each in found))
    assert waiting[0].endswith(" UTC (host_down)")
    digest.answers["/robots.txt"] = rules
    _, said = process.communicate(timeout=patient(120))
    assert process.returncode == 0, said
    assert "1 of 1 pages missing: " in said
    assert ": waiting to try again, until " in said
    assert "Traceback" not in said
    assert named() == [name]


def test_a_step_that_fails_for_a_reason_leaves_no_traceback_in_the_log_of_its_run(deployed: Deployed) -> None:
    code = """
from prefect import flow, task
from flows.scheduled.logs import heard
from transforms.errors import PaperlogError
@task
def step(reason):
    raise PaperlogError(reason)
@flow
def steps():
    with heard():
        step("a reason")
steps()
"""
    assert "a reason" in deployed.run("python", "-c", code).err
    (run,) = [each for each in api(deployed, "flow_runs/filter") if "a reason" in str(each["state"])]
    logged = api(deployed, "logs/filter", logs={"flow_run_id": {"any_": [run["id"]]}})
    assert any("Finished in state Failed" in str(each["message"]) for each in logged)
    assert "Traceback" not in str(logged)


def test_readers_are_told_after_every_run_that_may_have_published(deployed: Deployed) -> None:
    home = Path(deployed.environment["PAPERLOG_HOME"])
    channel = '[[readers.everyone.channels]]\nkind = "feed"\n'
    home.mkdir(exist_ok=True)
    (home / INTERESTS).write_text(f"[readers.everyone]\nsince = {MONDAY}\n\n{channel}", "utf-8")

    deployed.set_triggers(is_enabled=True)
    try:
        done = deployed.flow_run("ingest/hf_daily", "-p", f"from={TUESDAY}")
        assert done.code == 0, done.out + done.err
        until(lambda: [each for each in run_names(deployed) if each.startswith("digest ")], 120)
        # The two files are written one after the other, by a process of its own.
        found = until(lambda: sorted(home.glob("feeds/everyone/feed.*")), 180, lambda it: len(it) > 1)
    finally:
        deployed.set_triggers(is_enabled=False)
        (home / INTERESTS).unlink()

    assert [each.name for each in found] == ["feed.json", "feed.xml"]
    assert json.loads(found[0].read_text("utf-8"))["items"]
