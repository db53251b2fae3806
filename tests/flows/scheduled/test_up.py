"""`paperlog up` as it runs: a real server and worker, real flow runs, killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from flows.demo.site import FRIDAY, MONDAY, serving, site
from flows.scheduled.leftovers import processes_of
from flows.scheduled.server import Server, ServerError
from tests.support.archive import Archive
from tests.support.commands import Done, paperlog_in, program, rows_of
from tests.support.environment import environment_of
from tests.support.patience import patient, until
from tests.support.places import ROOT

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.timeout(600)]


@dataclass(frozen=True, slots=True)
class Up:
    """A running `paperlog up`: its process, its log so far, and the variables of a command that uses its server."""

    process: subprocess.Popen[bytes]
    log_file: Path
    environment: dict[str, str]

    @property
    def log(self) -> str:
        """What it logged so far."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def waits_for(self, text: str, count: int = 1) -> None:
        """Wait until its log has that text so many times."""

        def seen() -> str:
            assert self.process.poll() is None, self.log
            return self.log

        until(seen, 180, lambda log: log.count(text) >= count)

    def run(self, *arguments: object, seconds: float = 180) -> Done:
        """Run a command of Prefect against its server."""
        return program(self.environment, "prefect", *arguments, seconds=seconds)

    def ends_with(self, sign: signal.Signals) -> int:
        """Send it a signal; its exit code."""
        self.process.send_signal(sign)
        return self.process.wait(patient(120))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_up(environment: dict[str, str], log_file: Path, port: int, *options: str) -> Iterator[Up]:
    """Start it, wait until everything runs, and leave nothing behind."""
    own = {**environment, "PREFECT_WORKER_QUERY_SECONDS": "1"}
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows", "up", "--port", str(port), *options],
            cwd=ROOT,
            env=own,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    api = environment.get("PREFECT_API_URL", f"http://127.0.0.1:{port}/api")
    up = Up(process, log_file, {**environment, "PREFECT_API_URL": api})
    try:
        up.waits_for("everything runs")
        yield up
    finally:
        if process.poll() is None:
            up.ends_with(signal.SIGTERM)


def children_of(home: Path) -> list[str]:
    """The command lines of everything that runs with that home, but for this test."""
    mark = f"PAPERLOG_HOME={home}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found


def id_in(text: str) -> str:
    """The id of the flow run that `prefect deployment run` made."""
    return next(word for word in text.replace("'", " ").replace(".", " ").split() if len(word) == 36)


def test_one_command_loads_a_day_restarts_what_ends_serves_another_and_stops_everything(tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    with serving(site()) as base:
        environment = environment_of(tmp_path, base)
        with running_up(environment, tmp_path / "up.log", port) as up:
            second = paperlog_in(environment, "up", "--port", free_port())
            assert second.code == 1
            assert f"already runs for {home}: process {up.process.pid}" in second.err

            days = ("-p", "source=hf_daily", "-p", f"from={MONDAY}", "-p", f"to={FRIDAY}")
            done = up.run("deployment", "run", "backfill/backfill", *days, "--watch")
            assert done.code == 0, done.out + done.err + up.log
            (worker,) = [line for line in up.log.splitlines() if "worker | started, process" in line]
            os.killpg(int(worker.split()[-1]), signal.SIGKILL)
            up.waits_for("worker | ended with exit code -9; it is started again in 1 s")
            up.waits_for("worker | started, process", 2)
            done = up.run("deployment", "run", "audit/audit", "--watch")
            assert done.code == 0, done.out + done.err + up.log

            api = {
                "PREFECT_API_URL": up.environment["PREFECT_API_URL"],
                "PREFECT_HOME": str(tmp_path / "other" / "prefect"),
            }
            other = environment_of(tmp_path / "other", base, **api)
            with running_up(other, tmp_path / "other.log", free_port(), "--log-json") as one_more:
                assert '"name": "paperlog.worker"' in one_more.log
                assert "paperlog.server" not in one_more.log  # the one that runs already is used
                assert one_more.ends_with(signal.SIGTERM) == 0
            assert up.ends_with(signal.SIGTERM) == 0
        assert "server | stopped" in up.log
        assert "worker | stopped" in up.log
        # Prefect's server prints one where its own SQLite file is busy.
        assert [line for line in up.log.splitlines() if "Traceback" in line and not line.startswith("server |")] == []
    assert children_of(home) == []
    command = partial(paperlog_in, environment)
    found = rows_of(command, "select count(*) as n from partitions where state in ('open', 'final')")
    assert found == [{"n": 5}]


def test_stopped_and_killed_in_the_middle_of_a_run_the_next_one_goes_on_and_asks_for_nothing_twice(
    tmp_path: Path,
) -> None:
    home, port = tmp_path / "home", free_port()
    archive = Archive(first=MONDAY, days_count=40, hole_every=1000)
    readings = home / "landing" / "readings" / "hf_daily"

    def kept() -> set[str]:
        return {path.name.split("__")[1] for path in readings.glob("*.json")}

    with archive.served() as base:
        slow = environment_of(tmp_path, base, PAPERLOG_REQUESTS_PER_SECOND="2")
        with running_up(slow, tmp_path / "stopped.log", port) as up:
            days = ("-p", "source=hf_daily", "-p", f"from={archive.first}", "-p", f"to={archive.last}")
            flow_run_id = id_in(up.run("deployment", "run", "backfill/backfill", *days).out)
            until(kept, 120, lambda found: len(found) >= 3)
            assert up.ends_with(signal.SIGINT) == 0
            assert "stopped with `paperlog up`: it is scheduled again" in up.log
        assert children_of(home) == []
        before = len(kept())
        with running_up(slow, tmp_path / "killed.log", port) as up:
            assert "deployed the schedules" not in up.log
            until(kept, 120, lambda found: len(found) >= before + 3)
            up.process.kill()
            up.process.wait()
            for process in processes_of(flow_run_id):
                os.kill(process, signal.SIGKILL)
            until(lambda: children_of(home), 60, lambda left: left == [])
        already = kept()
        archive.asked.clear()
        quick = environment_of(tmp_path, base, PAPERLOG_REQUESTS_PER_SECOND="50")
        with running_up(quick, tmp_path / "last.log", port) as up:
            assert "left behind by an earlier `paperlog up`: it is scheduled again" in up.log

            def state() -> str:
                return up.run("flow-run", "inspect", flow_run_id).out

            until(state, 180, lambda text: "COMPLETED" in text.upper() or "FAILED" in text.upper())
        assert not {path[-10:] for path in archive.asked} & already
        loaded = "select count(*) as n from partitions where state = 'final'"
        assert rows_of(partial(paperlog_in, quick), loaded) == [{"n": len(archive.lists) - 1}]


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = paperlog_in(environment_of(tmp_path, "http://127.0.0.1:9"), "up", "--port", port)
    assert done.code == 1
    assert f"127.0.0.1:{port} cannot be used" in done.err
    assert "Traceback" not in done.err


def test_a_server_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    own = environment_of(tmp_path, "http://127.0.0.1:9", PREFECT_API_URL="http://user:pa55@127.0.0.1:9/api")
    done = paperlog_in(own, "up")
    assert done.code == 1
    assert "the server of PREFECT_API_URL does not answer" in done.err
    assert "pa55" not in done.err
    assert "Traceback" not in done.err


def test_stopped_while_it_starts_nothing_is_left(tmp_path: Path) -> None:
    own = environment_of(tmp_path, "http://127.0.0.1:9")
    log_file = tmp_path / "up.log"
    with log_file.open("wb") as log:
        command = [sys.executable, "-m", "flows", "up", "--port", str(free_port())]
        process = subprocess.Popen(command, cwd=ROOT, env=own, stdout=log, stderr=subprocess.STDOUT)
    until(lambda: "server | started" in log_file.read_text(encoding="utf-8"), 60)
    process.send_signal(signal.SIGTERM)
    assert process.wait(patient(60)) == 0
    assert children_of(tmp_path / "home") == []


def test_an_address_of_another_machine_is_told_as_a_matter_of_the_host(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match=r"name one of its own with --host$"):
        Server(folder=tmp_path, host="203.0.113.7", port=4200).require_free_port()
