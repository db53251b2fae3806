"""Opening files for the one writer and for readers; migrations; transactions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import duckdb

from warehouse.database.files import flush, logs_beside, remove_spills, set_logs_aside, spill_of
from warehouse.database.sql import Connection, Statements, append, row_of
from warehouse.database.trouble import clearly, holder_of
from warehouse.errors import WarehouseBusyError, WarehouseError
from warehouse.home import WORKING

# DuckDB 1.5 and 2.x read and write it; the format that 2.0 uses by default cannot be read by 1.x.
STORAGE_VERSION = "v1.5.0"
# DuckDB reads whole row groups, by default of 122,880 rows: too many for a load that needs a few rows.
ROW_GROUP_ROWS = 8192
# Up to so many keys a join filters row groups by each key; beyond, only by the range from the least to the greatest.
KEYS_FILTERED_MAX = 5000
POLL_SECONDS = 0.05

# What to do about a damaged file; nothing is ever deleted.
REBUILD = f"move {WORKING} away, and rebuild it with replay"
REPUBLISH = "`paperlog publish` makes the published one anew (of a lake: `publish --file`)"

_sql = Statements(__package__)
_migrations = Statements(__package__, "migrations")


@contextmanager
def opened(path: Path, wait_seconds: float = 0) -> Iterator[Connection]:
    """Open the working file for writing, making or migrating it; only the lock's holder comes here.

    Raises WarehouseBusyError naming the program that has it open after `wait_seconds`, and WarehouseError for a foreign
    or broken file, or whatever else stands in the way, also where what is read of it later is broken.
    """
    remove_spills(path.parent)
    if not path.exists():
        _make(path)
    with clearly(path, REBUILD), connected(path.parent) as connection:
        _attach_waiting(connection, path, wait_seconds)
        _prepare(connection)
        yield connection


def _make(path: Path) -> None:
    """Make the file beside its place and put it there whole: half of one could never be opened again."""
    new = path.with_name(f".{path.name}.new")
    for left in (new, *logs_beside(new)):
        left.unlink(missing_ok=True)
    with clearly(new, REBUILD), connected(path.parent) as connection:
        _attach_working(connection, new)
        _prepare(connection)
        connection.execute("checkpoint")
        connection.execute("use memory")
        connection.execute("detach warehouse")
    flush(new)
    set_logs_aside(path)
    new.replace(path)
    flush(path.parent)


def _prepare(connection: Connection) -> None:
    connection.execute("set enable_external_access = false")
    # Without it an instant that has a zone would be stored in the zone of the machine.
    connection.execute("set TimeZone = 'UTC'")
    migrate(connection)


def _attach_waiting(connection: Connection, path: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            return _attach_working(connection, path)
        except duckdb.IOException as error:
            holder = holder_of(error)
            if holder is None:
                raise
            if time.monotonic() > deadline:
                raise WarehouseBusyError(
                    f"{path.name} has been open for more than {wait_seconds:.0f} s in {holder}: close it there"
                ) from None
            time.sleep(POLL_SECONDS)


def _attach_working(connection: Connection, path: Path) -> None:
    """Attach the file instead of connecting to it: only an attached file can have row groups of its own size."""
    connection.execute(
        f"attach {literal(path)} as warehouse "
        f"(type duckdb, row_group_size {ROW_GROUP_ROWS}, storage_version '{STORAGE_VERSION}')"
    )
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


def run_text(connection: Connection, text: str) -> None:
    """Run a migration as it stands in its file."""
    connection.execute(text)


def migrate(connection: Connection, run: Callable[[Connection, str], None] = run_text) -> None:
    """Apply the migrations that were not applied yet, in one transaction; `run` runs the text of each.

    Raises WarehouseError if another release or program made the database: a file must not change once it was applied.
    """
    tables = _sql.column(connection, "read_tables")
    if tables and "ops.migrations" not in tables:
        raise WarehouseError(f"{WORKING} holds tables, but not those of Paperlog: another program's database")
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
        run(connection, _migrations.text(migration.name))
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
    with whole(connection):
        yield


@contextmanager
def whole(connection: Connection) -> Iterator[None]:
    """All or nothing."""
    connection.begin()
    try:
        yield
    except BaseException:
        # A rollback that fails would hide what was in the way; where nothing of it is reached, nothing is committed.
        with suppress(duckdb.Error):
            connection.rollback()
        raise
    connection.commit()


def use_all_threads(connection: Connection) -> None:
    """Undo the single thread of `transaction`: the statements of a publish are large."""
    connection.execute("reset threads")


@contextmanager
def reading(path: Path) -> Iterator[Connection]:
    """A snapshot, read-only, as it lies at its path now. Raises WarehouseError if it, or what is read of it, is broken.

    Attached, because `duckdb.connect` gives the file that this process already has open under that path.
    """
    with clearly(path, REPUBLISH), connected(path.parent) as connection:
        attach(connection, path, "snapshot")
        connection.execute("use snapshot")
        connection.execute("set TimeZone = 'UTC'")
        yield connection


def connect(database: Path | str = ":memory:", *, read_only: bool = False, **config: str) -> Connection:
    """DuckDB with a file, or without; `config` are its settings."""
    connection = duckdb.connect(str(database), read_only=read_only, config=dict(config))
    # A slow statement would draw a bar on standard output, among answers, in processes that Python started without a
    # file: workers of a pool, and `python -c` (1.5.5).
    connection.execute("set enable_progress_bar = false")
    return connection


@contextmanager
def connected(folder: Path, snapshot: Path | None = None) -> Iterator[Connection]:
    """DuckDB with a snapshot read-only, or with no file. What does not fit into memory goes to `folder`."""
    with connect(snapshot or ":memory:", read_only=snapshot is not None, temp_directory=spill_of(folder)) as connection:
        try:
            yield connection
        except BaseException:
            connection.interrupt()  # a statement that Ctrl-C left goes on in other threads, and closing waits for them
            raise


def attach(connection: Connection, path: Path, name: str) -> None:
    """Attach a file read-only under a name."""
    connection.execute(f"attach {literal(path)} as {name} (read_only)")


def literal(text: Path | str) -> str:
    """A path or another text as SQL text: `attach` takes no parameters."""
    return "'" + str(text).replace("'", "''") + "'"
