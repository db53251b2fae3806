"""Who opens which file and how: one writer at a time, waiting its turn, and never in a reader's way."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import duckdb

from warehouse.database.migrate import migrate
from warehouse.database.sql import Connection
from warehouse.errors import WarehouseBusyError, WarehouseError

STORAGE_VERSION = "v1.5.0"
ROW_GROUP_ROWS = 8192
KEYS_FILTERED_MAX = 5000
POLL_SECONDS = 0.05
FTS_PACKAGE = "duckdb_extension_fts"
FTS_FILE = "fts.duckdb_extension"


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
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                holder = path.read_text(encoding="utf-8").strip() or "another process"
                raise WarehouseBusyError(
                    f"{holder} has been writing for more than {wait_seconds:.0f} s; try again later"
                ) from None
            time.sleep(POLL_SECONDS)
        else:
            return


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """Open the working file for writing, making or migrating it. Raises WarehouseError for a foreign or broken file."""
    with duckdb.connect() as connection:
        _attach_working(connection, path)
        connection.execute("set enable_external_access = false")
        connection.execute("set TimeZone = 'UTC'")
        migrate(connection)
        yield connection


def _attach_working(connection: Connection, path: Path) -> None:
    """Attach the file instead of connecting to it: only an attached file can have row groups of its own size.

    Small ones, and a filter for each key that is looked up rather than for their range, let a load read few rows
    beside those that it needs.
    """
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
    """Undo what `transaction` left: the statements of a publish are large."""
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
