"""A lake on the servers of a test: its settings, its pages, and looks at its catalog from outside of the project."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from tests.support.batches import DAY, batch, hours, sighting
from tests.support.commands import Done, started
from tests.support.environment import scrubbed
from tests.support.patience import patient, until
from tests.support.services import S3Server
from transforms.records import Batch
from warehouse import ObjectStore, Warehouse, open_warehouse

if TYPE_CHECKING:
    import psycopg

EXTENSIONS = ("httpfs", "postgres_scanner", "ducklake")
REGION = "us-east-1"
PAPERS_A_DAY, NEW_A_DAY = 12, 6

# Whose connection holds the writer's lock; the lock is the only advisory one of the database's sessions.
HOLDERS = """
select a.pid, a.application_name
from pg_locks as l
join pg_stat_activity as a using (pid)
where l.locktype = 'advisory' and l.granted and a.datname = current_database() and a.application_name like '%process%'
"""
WAITED_FOR = "select pid from pg_locks where not granted and relation = %(table)s::regclass"


ORPHANS = "from ducklake_delete_orphaned_files('lake', cleanup_all => true, dry_run => true)"
COMMIT, INDEX = "ducklake_snapshot", "paperlog_index.state"
"""Tables for which a writer waits at its commit, after its look at the lock; and in the midst of a load."""
WAIT_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Lake:
    """One lake: `conninfo` of its database, `data` as a folder or `s3://` and a path, `s3` the server of the latter."""

    conninfo: str
    data: str
    s3: S3Server | None = None

    @property
    def url(self) -> str:
        """The address of the lake."""
        return f"ducklake:postgres:{self.conninfo}?data={self.data}"

    def opened(self, home: Path) -> Warehouse:
        """The lake in this process, with that home."""
        server, store = self.s3, None
        if server is not None:
            store = ObjectStore(
                host=server.address, is_encrypted=False, region=REGION, key=server.key, secret=server.secret
            )
        return open_warehouse(self.url, home, store)

    def variables(self, home: Path) -> dict[str, str]:
        """What tells a process that home and the lake."""
        server = self.s3
        store = server and {
            "PAPERLOG_S3_URL": server.endpoint,
            "PAPERLOG_S3_REGION": REGION,
            "PAPERLOG_S3_KEY": server.key,
            "PAPERLOG_S3_SECRET": server.secret,
        }
        return {"PAPERLOG_HOME": str(home), "PAPERLOG_WAREHOUSE": self.url, **(store or {})}

    def environment(self, home: Path, **changes: str) -> dict[str, str]:
        """The whole environment of a process that works in the lake with that home."""
        return scrubbed(**{**self.variables(home), **changes})

    @contextmanager
    def catalog(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """A connection to PostgreSQL that belongs to nobody else; each statement commits by itself."""
        import psycopg  # noqa: PLC0415 (needs the extra)

        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            yield connection

    def rows(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        """The rows of a statement in PostgreSQL."""
        with self.catalog() as connection:
            found: list[tuple[Any, ...]] = connection.execute(statement.encode(), values or None).fetchall()
        return found

    def holders(self) -> list[tuple[int, str]]:
        """Who holds the writer's lock: the server's process, and the name that others are told."""
        return self.rows(HOLDERS)

    def cut(self) -> str:
        """End the connection that holds the writer's lock; who that was."""
        ((process, name),) = self.holders()
        assert self._end(process)
        return str(name)

    def waiting(self, table: str) -> int:
        """How many wait for a lock on that table of the catalog."""
        return len(self.rows(WAITED_FOR, table=table))

    def end_waiting(self, table: str) -> int:
        """End the connections that wait for a lock on that table; how many."""
        return [self._end(process) for (process,) in self.rows(WAITED_FOR, table=table)].count(True)

    def _end(self, process: int) -> bool:
        """End a process of the server, and wait for its end; whether it ended."""
        return self.rows("select pg_terminate_backend(%(process)s, 10000)", process=process) == [(True,)]

    @contextmanager
    def held_up(self, table: str, process: subprocess.Popen[str]) -> Iterator[None]:
        """Hold a table of the catalog until the end of the block, which begins when the process waits for it."""
        import psycopg  # noqa: PLC0415 (needs the extra)

        holder = psycopg.connect(self.conninfo)
        try:
            holder.execute(f"lock table {table} in exclusive mode".encode())
            until(lambda: process.poll() is not None or self.waiting(table), WAIT_SECONDS)
            assert process.poll() is None, process.communicate()
            yield
        finally:
            holder.close()

    def writer(self, home: Path, *places: int, **changes: str) -> subprocess.Popen[str]:
        """A process that loads those days (see tests/services/loading.py)."""
        return started(self.environment(home, **changes), "tests.services.loading", *places)

    def load(self, home: Path, *places: int, **changes: str) -> Done:
        """Run such a process to its end."""
        return ended(self.writer(home, *places, **changes))

    def days_loaded(self) -> list[date]:
        """The days of which the current state has a run, ascending, as often as it has one."""
        with self.plain(read_only=True) as connection:
            found = connection.execute("select partition_on from lake.ops.runs order by all").fetchall()
        return [loaded for (loaded,) in found]

    def orphans(self) -> list[str]:
        """The files that no state of the lake knows."""
        with self.plain() as connection:
            return [path for (path,) in connection.execute(ORPHANS).fetchall()]

    @contextmanager
    def plain(self, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """The lake as DuckDB alone opens it, under the name `lake`."""
        with plain_duckdb(self.s3) as connection:
            how = "read_only" if read_only else f"data_path '{self.data}/'"
            connection.execute(f"attach 'ducklake:postgres:{self.conninfo}' as lake ({how})")
            yield connection


@contextmanager
def plain_duckdb(server: S3Server | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB with the extensions of the environment's packages, and an S3 server's secret; it may fetch nothing."""
    with duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    ) as connection:
        for name in EXTENSIONS:
            folder = files(f"duckdb_extension_{name}") / "extensions" / f"v{duckdb.__version__}"
            connection.load_extension(str(folder / f"{name}.duckdb_extension"))
        if server:
            connection.execute(
                "create secret (type s3, key_id $key, secret $secret, endpoint $address, url_style 'path', "
                "use_ssl false)",
                {"key": server.key, "secret": server.secret, "address": server.address},
            )
        yield connection


def ended(process: subprocess.Popen[str]) -> Done:
    """How a process ended, for which this waits."""
    out, err = process.communicate(timeout=patient(WAIT_SECONDS))
    return Done(process.returncode, out, err)


def day(place: int) -> date:
    """The day of that number, from 0."""
    return DAY + timedelta(days=place)


def pages_of(place: int) -> list[Batch]:
    """Two readings of one day, half of whose papers were listed the day before too; runs are named by the process."""
    start = place * NEW_A_DAY
    readings = [
        batch(
            [
                sighting(start + number, day=day(place), position=number, upvotes=number + again)
                for number in range(1, PAPERS_A_DAY + 1)
            ],
            day=day(place),
            at=hours(24 * place + 13 * again),
            is_closed=bool(again),
        )
        for again in (0, 1)
    ]
    return [
        replace(each, run=replace(each.run, run_id=f"day-{place:03}-{number}-of-{os.getpid()}"))
        for number, each in enumerate(readings)
    ]


def undisturbed(places: Sequence[int], home: Path) -> str:
    """The digest of a home with a file, in which one process loads those days."""
    with open_warehouse(str(home)).writer("undisturbed") as writer:
        for place in places:
            writer.load(pages_of(place))
        return writer.publish().digest


def digest_of(warehouse: Warehouse) -> str:
    """The digest of the published facts, made of what a reader reads."""
    with tempfile.TemporaryDirectory() as folder, warehouse.reader(may_write_files=True) as reader:
        return reader.export(Path(folder) / "facts")
