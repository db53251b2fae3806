"""Pages read by the workers of a real Dask cluster: the same warehouse, whatever becomes of the workers."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pytest

from flows.parallel.processes import WorkerEnded
from flows.pipeline.ahead import PORTION_PAGES
from flows.places.landing import landing_of
from flows.settings import from_environment
from tests.flows.parallel.test_processes import END_OR_ECHO, SLEEP, UPPER
from tests.support.commands import Done, digest_of, paperlog_in
from tests.support.environment import environment_of, scrubbed
from tests.support.lakes import Lake
from tests.support.pages import day_page, page_of
from tests.support.patience import patient, until
from tests.support.services import S3Server
from transforms.errors import PaperlogError

if TYPE_CHECKING:
    from flows.parallel.cluster import Cluster

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]

FIRST, PAGES = date(2025, 1, 6), 100


class Dask:
    """A scheduler and workers, each a process; a context manager that ends all."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._stack = folder, ExitStack()
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        with ExitStack() as begun:
            begun.push(self._stack)
            self.scheduler = self._started("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
            (self.address,) = until(lambda: re.findall(r"Scheduler at:\s+(tcp://\S+)", self._log("scheduler")), 60)
            begun.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def work(self, name: str, **variables: str) -> subprocess.Popen[bytes]:
        """Start a worker, and wait until the scheduler knows it."""
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        worker = self._started("worker", self.address, *options, name=name, **variables)
        until(lambda: "Registered to:" in self._log(name), 60)
        self.workers.append(worker)
        return worker

    def tasks(self) -> int:
        """How many of our tasks its workers finished."""
        from distributed import Client  # noqa: PLC0415 - an extra

        with Client(self.address, set_as_default=False) as client:
            done: int = client.run_on_scheduler(_finished)
        return done

    def _started(self, kind: str, *options: str, name: str = "", **variables: str) -> subprocess.Popen[bytes]:
        folder = self._folder / (name or kind)
        folder.mkdir()
        log = self._stack.enter_context((folder / "log").open("wb"))
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{kind}", *options],
            cwd=folder,
            env=scrubbed(**variables),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process

    def _log(self, name: str) -> str:
        return (self._folder / name / "log").read_text(encoding="utf-8")


def _finished(dask_scheduler: Any) -> int:
    """On the scheduler."""
    log = dask_scheduler.transition_log
    return len({key for key, _, end, *_ in log if end == "memory" and str(key).startswith("answered")})


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Dask]:
    with Dask(tmp_path) as cluster:
        yield cluster


def cluster_of(dask: Dask, work: str, patience_seconds: float = 60.0) -> Cluster:
    from flows.parallel.cluster import Cluster  # noqa: PLC0415 - an extra

    return Cluster(dask.address, work, patience_seconds)


def result(future: Future[bytes]) -> bytes:
    return future.result(patient(120))


def test_each_request_has_its_answer_and_what_cannot_be_done_is_told(dask: Dask) -> None:
    dask.work("one")
    dask.work("two")
    with cluster_of(dask, UPPER) as cluster:
        futures = [cluster.submit(b"request %d" % number) for number in range(50)]
        assert [result(each) for each in futures] == [b"REQUEST %d" % number for number in range(50)]
        with pytest.raises(WorkerEnded, match="could not do it"):
            result(cluster.submit(b""))
        assert result(cluster.submit(b"a" * 5_000_000)) == b"A" * 5_000_000


def test_work_that_ends_every_worker_is_told_and_a_new_one_goes_on(
    dask: Dask, caplog: pytest.LogCaptureFixture
) -> None:
    dask.work("one")
    with cluster_of(dask, END_OR_ECHO, 1.0) as cluster:
        with pytest.raises(WorkerEnded, match="no worker any more"):
            result(cluster.submit(b"end"))
        assert "this process does its work" in caplog.text
        dask.work("two")
        assert result(cluster.submit(b"three")) == b"three"


def test_a_scheduler_that_stands_still_is_told_and_holds_nobody_up(dask: Dask) -> None:
    dask.work("one")
    try:
        with cluster_of(dask, SLEEP, 1.0) as cluster:
            asked = cluster.submit(b"3600")
            dask.scheduler.send_signal(signal.SIGSTOP)
            with pytest.raises(WorkerEnded, match="no worker any more"):
                result(asked)
    finally:
        dask.scheduler.send_signal(signal.SIGCONT)


def test_a_scheduler_that_wants_tls_without_settings_of_dask_is_told() -> None:
    from flows.parallel.cluster import Cluster  # noqa: PLC0415 - an extra

    with pytest.raises(PaperlogError, match=r"wants TLS.*distributed\.comm\.tls"):
        Cluster("tls://127.0.0.1:1", UPPER)


def test_a_scheduler_that_ends_is_told(dask: Dask) -> None:
    dask.work("one")
    with cluster_of(dask, SLEEP, 1.0) as cluster:
        asked = cluster.submit(b"3600")
        dask.scheduler.send_signal(signal.SIGKILL)
        with pytest.raises(WorkerEnded):
            result(asked)
        with pytest.raises(WorkerEnded):
            result(cluster.submit(b"1"))


def test_without_a_scheduler_or_a_worker_there_is_no_cluster(dask: Dask) -> None:
    with pytest.raises(PaperlogError, match="has no worker"):
        cluster_of(dask, UPPER)
    dask.scheduler.kill()
    dask.scheduler.wait()
    with pytest.raises(PaperlogError, match=r"no scheduler of Dask answers at tcp://127\.0\.0\.1"):
        cluster_of(dask, UPPER)


def test_at_the_end_what_waits_is_taken_back(dask: Dask) -> None:
    dask.work("one")
    with cluster_of(dask, SLEEP) as cluster:
        waiting = [cluster.submit(b"3600") for _ in range(3)]
    for each in waiting:
        with pytest.raises(WorkerEnded):
            result(each)


def test_a_worker_of_another_release_does_nothing() -> None:
    from flows.parallel.cluster import answered  # noqa: PLC0415 - an extra

    assert answered("0.0.0", UPPER, b"one") is None


@pytest.fixture
def environment(tmp_path: Path, postgres: str, bucket_prefix: str, s3_server: S3Server) -> dict[str, str]:
    """A machine with a hundred pages in a bucket, and a lake in which none of them is loaded."""
    lake = Lake(conninfo=postgres, data=f"{bucket_prefix}/lake", s3=s3_server)
    shared = {**lake.variables(Path("unused")), "PAPERLOG_LANDING": f"{bucket_prefix}/landing"}
    home = str(tmp_path / "machine" / "home")
    found = environment_of(
        tmp_path / "machine", "http://127.0.0.1:1", **{**shared, "PAPERLOG_HOME": home, "PAPERLOG_PROCESSES": "1"}
    )
    landing = landing_of(from_environment(found))
    for number in range(PAGES):
        day = FIRST + timedelta(days=number)
        landing.keep(page_of("hf_daily", day_page(day, range(number * 2, number * 2 + 4)), asked_on=day))
    return found


def replay(environment: dict[str, str], **changes: str) -> Done:
    """Replay all that is kept."""
    done = paperlog_in(environment | changes, "replay", "--no-prefect", seconds=240)
    assert done.code == 0, done.err
    return done


def test_pages_that_a_cluster_reads_make_the_same_warehouse(
    dask: Dask, environment: dict[str, str], tmp_path: Path
) -> None:
    machine = partial(paperlog_in, environment)
    replay(environment)
    expected = digest_of(machine, tmp_path / "expected")
    dask.work("one")
    other = dask.work("two")
    replay(environment, PAPERLOG_DASK=dask.address)
    assert dask.tasks() == PAGES // PORTION_PAGES
    assert digest_of(machine, tmp_path / "export") == expected
    other.kill()
    replay(environment, PAPERLOG_DASK=dask.address)
    assert dask.tasks() == 2 * PAGES // PORTION_PAGES
    assert digest_of(machine, tmp_path / "after") == expected


def test_a_cluster_that_is_not_there_keeps_nobody_from_reading(environment: dict[str, str]) -> None:
    done = replay(environment, PAPERLOG_DASK="tcp://127.0.0.1:9")
    assert "no scheduler of Dask answers at tcp://127.0.0.1:9: pages are read on this machine" in done.err
    assert f"{PAGES} loaded" in done.out
