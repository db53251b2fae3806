"""`python -m tests.flows.drill DAYS`: years of days through a real Prefect server and worker, measured and checked."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from flows.scheduled.server import local_server, running
from tests.support.archive import Archive
from tests.support.commands import path_of, program
from tests.support.environment import environment_of
from tests.support.places import ROOT

FIRST = date(2022, 1, 3)
# Of each run; 800 days take about four minutes here.
SECONDS_MAX = 3600


def main(days_count: int) -> None:
    """Backfill, look for holes, backfill again, give the holes up, backfill once more."""
    archive = Archive(first=FIRST, days_count=days_count)
    with tempfile.TemporaryDirectory(prefix="paperlog-drill-") as name, archive.served() as base:
        folder = Path(name)
        with deployed(folder, base) as environment:
            for title in ("first run", "second run"):
                _backfill(environment, archive, title)
            _check_holes(environment, archive)
            for day in archive.holes:
                _run(environment, "paperlog", "unrecoverable", "hf_daily", str(day), "--reason", "drill")
            requests = _backfill(environment, archive, "third run, holes given up")
            if requests:
                raise RuntimeError(f"{requests} requests, though nothing is missing")
            if "--wait" in sys.argv:
                input(f"the Prefect UI is at {environment['PREFECT_API_URL'].removesuffix('/api')}; Enter ends it")


@contextmanager
def deployed(folder: Path, base: str, **changes: str) -> Iterator[dict[str, str]]:
    """A Prefect server with the deployments and a worker, which keeps everything in the folder; the environment."""
    with local_server(folder / "prefect") as prefect:
        own = {"PAPERLOG_REQUESTS_PER_SECOND": "50", "PAPERLOG_PROJECT": str(ROOT)}
        environment = environment_of(folder, base, **prefect, **own, **changes)
        _run(environment, "prefect", "--no-prompt", "work-pool", "create", "paperlog", "--type", "process")
        _run(environment, "prefect", "--no-prompt", "deploy", "--prefect-file", "deployments.yaml", "--all")
        worker = [path_of("prefect"), "worker", "start", "--pool", "paperlog"]
        with running(worker, folder / "worker.log", {**environment, "PREFECT_WORKER_QUERY_SECONDS": "1"}):
            yield environment


def _backfill(environment: dict[str, str], archive: Archive, title: str) -> int:
    archive.asked.clear()
    started = time.monotonic()
    days = ("-p", f"from={archive.first}", "-p", f"to={archive.last}")
    command = ("prefect", "deployment", "run", "backfill/backfill", "-p", "source=hf_daily", *days, "--watch")
    program(environment, *command, seconds=SECONDS_MAX)  # it fails where it met a hole
    seconds, requests = time.monotonic() - started, sum(archive.asked.values())
    again = sum(count for path, count in archive.asked.items() if date.fromisoformat(path[-10:]) not in archive.holes)
    (row,) = _sql(
        environment,
        "select (select count(*) from sightings) as sightings, (select count(*) from papers) as papers, "
        "(select count(*) from runs) as runs, (select count(*) from partitions where state = 'final') as final",
    )
    _say(f"{title}: {seconds:.0f} s, {requests} requests, {again} of them for days that can be had; {row}")
    return requests


def _check_holes(environment: dict[str, str], archive: Archive) -> None:
    status = json.loads(_run(environment, "paperlog", "status", "--gaps", "--json"))
    found = {date.fromisoformat(each["partition"]) for each in status["gaps"]}
    # The first and the last list link to days that the archive does not hold.
    found = {day for day in found if archive.first <= day <= archive.last}
    if found != set(archive.holes):
        raise RuntimeError(f"gaps and holes differ: {sorted(found ^ set(archive.holes))}")
    _say(f"gaps: exactly the {len(archive.holes)} holes of {len(archive.weekdays)} weekdays")


def _sql(environment: dict[str, str], query: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(_run(environment, "paperlog", "sql", "--json", query))
    return rows


def _run(environment: dict[str, str], *command: str) -> str:
    done = program(environment, *command, seconds=SECONDS_MAX)
    if done.code:
        raise RuntimeError(f"{' '.join(command)} ended with {done.code}: {done.err}")
    return done.out


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 800)
