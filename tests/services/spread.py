"""`python -m tests.services.spread [DAYS] [SECONDS]`: a backfill with one machine, with two, with one that is killed.

Each machine has a home and a worker of its own. They share PostgreSQL, with Prefect's database and the lake's catalog,
and an S3 server, with the lake's files and the pages. The site takes so many seconds for an answer, so that waiting is
what takes time, and writes down when it was asked for what.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock
from unittest import mock
from uuid import uuid4

from flows.scheduled.server import local_server, running
from tests.support.archive import Archive
from tests.support.commands import digest_of, paperlog_in, path_of, program
from tests.support.environment import environment_of
from tests.support.lakes import Lake
from tests.support.patience import patient, until
from tests.support.places import ROOT
from tests.support.servers import Handler, serving
from tests.support.services import PostgresServer, S3Server, postgres_server, s3_server

FIRST = date(2024, 1, 1)
REQUESTS_PER_SECOND = 4
SECONDS_MAX = 1800
# The one that dies does so once so many of the pages were asked for.
DIES_AT = 0.3
# So many requests one after the other show the rate.
IN_A_ROW = 13
DATABASE = "PREFECT_SERVER_DATABASE_CONNECTION_URL"


@dataclass(kw_only=True)
class Log:
    """Every request for a list, in the order in which they came: when, by the monotonic clock, and for which day."""

    archive: Archive
    seconds: float
    asked: list[tuple[float, str]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def note(self, path: str) -> None:
        """One came."""
        with self.lock:
            self.asked.append((time.monotonic(), path))

    def fastest(self, count: int) -> float:
        """The least seconds in which so many came one after the other: what two take says little on a busy machine."""
        times = [moment for moment, _ in self.asked]
        return min((last - first for first, last in zip(times, times[count - 1 :], strict=False)), default=0.0)

    @property
    def again(self) -> int:
        """How many were for a day that had been asked for before."""
        return len(self.asked) - len(Counter(path for _, path in self.asked))


class _Handler(Handler):
    log: Log

    def answer(self) -> None:
        """Answer slowly."""
        if not self.path.startswith("/papers/date/"):
            self.send(404)
            return
        self.log.note(self.path)
        time.sleep(self.log.seconds)
        self.send(200, self.log.archive.page(date.fromisoformat(self.path.rsplit("/", 1)[1])))


@dataclass(frozen=True, kw_only=True)
class Spread:
    """What came of one backfill: seconds from its start to its end, the requests, and what its end said.

    `digests` are those of the facts, and of a replay of the pages into a home of its own.
    """

    seconds: float
    log: Log
    digests: tuple[str, str]
    said: str


@dataclass(frozen=True, kw_only=True)
class House:
    """What all machines share."""

    postgres: PostgresServer
    s3: S3Server
    folder: Path

    def spread(self, name: str, archive: Archive, seconds: float, fetchers: int, *, is_killed: bool = False) -> Spread:
        """Backfill the archive into a new lake with so many machines that fetch, the first of which may be killed."""
        log, lake = Log(archive=archive, seconds=seconds), self._lake()
        folder = self.folder / name
        bucket = lake.data.replace("/lake", "/landing")
        with serving(_Handler, log=log) as base, self._prefect(folder) as prefect:

            def machine(number: int) -> dict[str, str]:
                own = folder / f"machine-{number}"
                shared = {**lake.variables(own / "home"), "PAPERLOG_LANDING": bucket, **prefect}
                own_rate = {"PAPERLOG_REQUESTS_PER_SECOND": str(REQUESTS_PER_SECOND), "PAPERLOG_PROJECT": str(ROOT)}
                return environment_of(own, base, **shared, **own_rate)

            loader = machine(0)
            _run(loader, "prefect", "--no-prompt", "work-pool", "create", "paperlog", "--type", "process")
            _run(loader, "prefect", "--no-prompt", "deploy", "--prefect-file", "deployments.yaml", "--all")
            with ExitStack() as stack:
                stack.enter_context(_worker(folder / "loader.log", loader, "default"))
                workers = [
                    stack.enter_context(_worker(folder / f"fetcher-{number}.log", machine(number), "fetch"))
                    for number in range(1, fetchers + 1)
                ]
                began = time.monotonic()
                days = ("-p", f"from={archive.first}", "-p", f"to={archive.last}", "-p", "spread=true")
                command = ("deployment", "run", "backfill/backfill", "-p", "source=hf_daily", *days, "--watch")
                watching = subprocess.Popen(
                    [path_of("prefect"), *command],
                    env=loader,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                )
                if is_killed:
                    until(lambda: len(log.asked) > DIES_AT * archive.days_count, SECONDS_MAX)
                    _kill_all(workers[0].pid)
                said, _ = watching.communicate(timeout=patient(SECONDS_MAX))
                taken = time.monotonic() - began
            alone = {name: text for name, text in loader.items() if not name.startswith("PREFECT_")}
            digests = _digest(alone, folder / "export"), _replayed(alone, folder)
        return Spread(seconds=taken, log=log, digests=digests, said=said)

    def _lake(self) -> Lake:
        name = f"spread_{uuid4().hex}"
        place = f"s3://{self.s3.bucket}/{name}/lake"
        return Lake(conninfo=self.postgres.database(name), data=place, s3=self.s3)

    @contextmanager
    def _prefect(self, folder: Path) -> Iterator[dict[str, str]]:
        """A server whose database is in PostgreSQL too."""
        name = f"prefect_{uuid4().hex}"
        words = dict(word.split("=", 1) for word in self.postgres.database(name).split())
        url = f"postgresql+asyncpg://{words['user']}@{words['host']}:{words['port']}/{name}"
        with (
            mock.patch.dict(os.environ, {DATABASE: url}),
            local_server(folder / "prefect", wait_seconds=patient(240)) as prefect,
        ):
            yield prefect


@contextmanager
def house(folder: Path) -> Iterator[House]:
    """The servers, started for as long as the block lasts."""
    with postgres_server() as postgres, s3_server() as s3:
        yield House(postgres=postgres, s3=s3, folder=folder)


class Whole(Archive):
    """Weekdays that all have a list which can be had."""

    @cached_property
    def holidays(self) -> set[date]:
        """None."""
        return set()


def archive_of(days_count: int) -> Archive:
    """So many days."""
    return Whole(first=FIRST, days_count=days_count)


@contextmanager
def _worker(log: Path, environment: dict[str, str], queue: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [path_of("prefect"), "worker", "start", "--pool", "paperlog", "--work-queue", queue, "--limit", "1"]
    with running(command, log, {**environment, "PREFECT_WORKER_QUERY_SECONDS": "1"}) as process:
        yield process


def _kill_all(process: int) -> None:
    """Kill a worker and all that it started, as a machine does that loses its power."""
    found = [process]
    for each in found:
        for path in Path(f"/proc/{each}/task").glob("*/children"):
            found += map(int, path.read_text(encoding="ascii").split())
    for each in found:
        os.kill(each, signal.SIGKILL)


def _digest(environment: dict[str, str], folder: Path) -> str:
    return digest_of(lambda *words: paperlog_in(environment, *words, seconds=SECONDS_MAX), folder)


def _replayed(environment: dict[str, str], folder: Path) -> str:
    """The digest of a home into which the pages in the bucket are replayed."""
    done = paperlog_in(environment, "replay", "--into", folder / "alone" / "home", seconds=SECONDS_MAX)
    if done.code:
        raise RuntimeError(f"replay ended with {done.code}: {done.err}")
    return _digest(environment_of(folder / "alone", "http://127.0.0.1:9"), folder / "replayed")


def _run(environment: dict[str, str], *command: str) -> None:
    done = program(environment, *command, seconds=SECONDS_MAX)
    if done.code:
        raise RuntimeError(f"{' '.join(command)} ended with {done.code}: {done.out}{done.err}")


def main(days_count: int, seconds: float) -> int:
    """Three backfills of the same days; 1 if what one loaded is not what its pages say."""
    archive = archive_of(days_count)
    with tempfile.TemporaryDirectory(prefix="paperlog-spread-") as name, house(Path(name)) as shared:
        runs: Sequence[tuple[str, Callable[[], Spread]]] = (
            ("one machine", lambda: shared.spread("one", archive, seconds, 1)),
            ("two machines", lambda: shared.spread("two", archive, seconds, 2)),
            ("two, of which one is killed", lambda: shared.spread("killed", archive, seconds, 2, is_killed=True)),
        )
        are_equal = True
        for title, run in runs:
            done = run()
            is_equal = done.digests[0] == done.digests[1]
            are_equal &= is_equal
            sys.stdout.write(
                f"{title}: {done.seconds:.0f} s, {len(done.log.asked)} requests, {done.log.again} of them again, "
                f"{IN_A_ROW} in {done.log.fastest(IN_A_ROW):.2f} s at the fastest; "
                f"{'the digest of' if is_equal else 'ANOTHER DIGEST THAN'} a replay\n"
            )
            sys.stdout.flush()
    return int(not are_equal)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, float(sys.argv[2]) if len(sys.argv) > 2 else 5.0))
