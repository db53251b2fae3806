"""Opening files: one writer at a time, which waits for its turn and never blocks readers; migrations; transactions."""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import duckdb

from warehouse.database.sql import Connection, Statements, append, row_of
from warehouse.errors import WarehouseBusyError, WarehouseError

# DuckDB 1.5 and 2.x read and write it; the format that 2.0 uses by default cannot be read by 1.x.
STORAGE_VERSION = "v1.5.0"
# DuckDB reads whole row groups, by default of 122,880 rows: too many for a load that needs a few rows.
ROW_GROUP_ROWS = 8192
# Up to so many keys a join filters row groups by each key; beyond, only by the range from the least to the greatest.
KEYS_FILTERED_MAX = 5000
POLL_SECONDS = 0.05
FTS_PACKAGE = "duckdb_extension_fts"
FTS_FILE = "fts.duckdb_extension"

_log = logging.getLogger(__name__)
_sql = Statements(__package__)
_migrations = Statements(__package__, "migrations")


@contextmanager
def locked(path: Path, label: str, wait_seconds: float) -> Iterator[None]:
    """Hold the writer's lock on `path`, waiting for it: DuckDB's own lock fails at once, and loaders would starve."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        _acquire(file.fileno(), path, wait_seconds)
        file.truncate(0)
        file.write(f"{label}, process {os.getpid()}\n")
        file.flush()
        yield


def _acquire(descriptor: int, path: Path, wait_seconds: float) -> None:
    deadline, is_told = time.monotonic() + wait_seconds, False
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = path.read_text(encoding="utf-8").strip() or "another process"
            if time.monotonic() > deadline:
                raise WarehouseBusyError(
                    f"{holder} has been writing for more than {wait_seconds:.0f} s; try again later"
                ) from None
            if not is_told:
                until = f"{datetime.now(UTC) + timedelta(seconds=wait_seconds):%H:%M:%S}"
                _log.info("waiting for the writer's lock, until %s UTC at most; it is held by: %s", until, holder)
                is_told = True
            time.sleep(POLL_SECONDS)


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """Open the working file for writing, making or migrating it. Raises WarehouseError for a foreign or broken file."""
    with duckdb.connect() as connection:
        _attach_working(connection, path)
        connection.execute("set enable_external_access = false")
        # Without it an instant that has a zone would be stored in the zone of the machine.
        connection.execute("set TimeZone = 'UTC'")
        migrate(connection)
        yield connection


def _attach_working(connection: Connection, path: Path) -> None:
    """Attach the file instead of connecting to it: only an attached file can have row groups of its own size."""
    try:
        connection.execute(
            f"attach {_literal(path)} as warehouse "
            f"(type duckdb, row_group_size {ROW_GROUP_ROWS}, storage_version '{STORAGE_VERSION}')"
        )
    except duckdb.Error as error:
        raise WarehouseError(
            f"{path.name} cannot be opened: {str(error).splitlines()[0]}; restore it, or rebuild it with replay"
        ) from error
    connection.execute("use warehouse")
    connection.execute(f"set dynamic_or_filter_threshold = {KEYS_FILTERED_MAX}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One numbered SQL file; the number stands at the front of its name and orders it."""

    number: int
    name: str
    sha256: str


def known_migrations() -> list[Migration]:
    """The migrations of this release, in order."""
    return [
        Migration(
            number=int(name.split("_", 1)[0]), name=name, sha256=sha256(_migrations.text(name).encode()).hexdigest()
        )
        for name in _migrations.names()
    ]


def migrate(connection: Connection) -> None:
    """Apply the migrations that were not applied yet, in one transaction.

    Raises WarehouseError if another release or program made the database: a file must not change once it was applied.
    """
    tables = _sql.column(connection, "read_tables")
    if tables and "ops.migrations" not in tables:
        raise WarehouseError("the file holds tables, but not those of Paperlog: another program's database")
    applied = _sql.records(connection, "read_migrations", Migration) if tables else []
    known = known_migrations()
    for migration in applied:
        if migration not in known:
            raise WarehouseError(
                f"migration {migration.number:04} ({migration.name}) was applied from another file: this warehouse "
                "belongs to another release of Paperlog; use that release, or rebuild the warehouse from its kept "
                "pages with `paperlog replay --into NEW`, where NEW is an empty directory"
            )
    pending = known[len(applied) :]
    connection.begin()
    for migration in pending:
        connection.execute(_migrations.text(migration.name))
    now = datetime.now(UTC)
    append(
        connection,
        "ops.migrations",
        [row_of(connection, "ops.migrations", migration, applied_at=now) for migration in pending],
    )
    connection.commit()


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All or nothing, on one thread: to dozens of tiny statements a second thread costs a quarter more CPU."""
    connection.execute("set threads = 1")
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def use_all_threads(connection: Connection) -> None:
    """Undo the single thread of `transaction`: the statements of a publish are large."""
    connection.execute("reset threads")


def attach(connection: Connection, path: Path, name: str) -> None:
    """Attach a file read-only under a name."""
    connection.execute(f"attach {_literal(path)} as {name} (read_only)")


def fts_file() -> Path | None:
    """DuckDB's full-text extension for the running release; None where its package is missing or for another one.

    It comes as a Python package and is loaded from there, so that nothing is ever downloaded.
    """
    spec = find_spec(FTS_PACKAGE)
    for folder in (spec and spec.submodule_search_locations) or ():
        file = Path(folder, "extensions", f"v{duckdb.__version__}", FTS_FILE)
        if file.is_file():
            return file
    return None


def load_fts(connection: Connection) -> bool:
    """Load the extension if there is one; must come before external access is closed."""
    file = fts_file()
    if file is not None:
        connection.execute(f"load {_literal(file)}")
    return file is not None


def _literal(path: Path) -> str:
    """A path as SQL text: `attach` and `load` take no parameters."""
    return "'" + str(path).replace("'", "''") + "'"
