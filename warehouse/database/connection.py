"""The writer's file and its lock: one writer at a time, waiting its turn, and never in a reader's way."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.database.migrations import migrate
from warehouse.database.sql import literal
from warehouse.errors import WarehouseBusyError, WarehouseError

STORAGE_VERSION = "v1.5.0"
ROW_GROUP_ROWS = 8192
KEYS_FILTERED_MAX = 5000
POLL_SECONDS = 0.05


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
                message = f"{holder} has been writing for more than {wait_seconds:.0f} s; try again later"
                raise WarehouseBusyError(message) from None
            time.sleep(POLL_SECONDS)
        else:
            return


@contextmanager
def opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the working file for writing, making or migrating it. Raises WarehouseError for a foreign or broken file."""
    connection = duckdb.connect()
    try:
        _attach(connection, path)
        connection.execute("set enable_external_access = false")
        connection.execute("set TimeZone = 'UTC'")
        migrate(connection)
        yield connection
    finally:
        connection.close()


def _attach(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Only an attached file can have row groups of its own size.

    Small ones, and a filter for each key that is looked up rather than for their range, let a load read few rows
    beside those that it needs.
    """
    try:
        connection.execute(
            f"attach {literal(path)} as warehouse "
            f"(type duckdb, row_group_size {ROW_GROUP_ROWS}, storage_version '{STORAGE_VERSION}')"
        )
    except duckdb.Error as error:
        message = f"{path.name} cannot be opened: {str(error).splitlines()[0]}; restore it, or rebuild it with replay"
        raise WarehouseError(message) from error
    connection.execute("use warehouse")
    connection.execute(f"set dynamic_or_filter_threshold = {KEYS_FILTERED_MAX}")
