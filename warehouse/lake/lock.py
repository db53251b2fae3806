"""The writer's lock of a lake, across machines: an advisory lock of PostgreSQL, held by a connection of its own.

It ends with the connection, so a killed writer leaves none. A lost connection may end it without the writer knowing:
what is committed after that is kept out by the stamp (see engine.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Final

from warehouse.database.lock import wait_for
from warehouse.database.sql import Statements
from warehouse.errors import SurroundingsError, WarehouseError
from warehouse.lake.address import LakeAddress
from warehouse.lake.extensions import HOW
from warehouse.lake.place.database import Database

try:
    import psycopg
    from psycopg.rows import class_row
except ImportError as error:
    raise WarehouseError(f"a lake needs the package psycopg: {HOW}") from error

POLL_SECONDS: Final = 0.2
# PostgreSQL cuts a longer name.
_NAME_BYTES: Final = 63

_sql = Statements(__package__, "sql/postgres")


class WriterLock:
    """The lock, for as long as its connection lives."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def require(self) -> None:
        """Raise SurroundingsError unless it is still held: a look at the server over the connection that holds it."""
        with as_catalog_error("the writer's lock was lost with its connection, and what was not committed with it"):
            row = self._connection.execute(_sql.text("read_own_lock")).fetchone()
        if row is None:
            raise SurroundingsError("the lake: the writer's lock was taken away")

    def database(self) -> Database:
        """What it is the lock of."""
        with (
            as_catalog_error("its catalog cannot be read"),
            self._connection.cursor(row_factory=class_row(Database)) as cursor,
        ):
            found: Database | None = cursor.execute(_sql.text("read_database")).fetchone()
        if found is None:
            raise SurroundingsError("the lake: its database was dropped")
        return found

    def data_path(self) -> str | None:
        """Where the files of the lake are; None if there is no lake yet."""
        with as_catalog_error("its catalog cannot be read"):
            row = self._connection.execute(_sql.text("read_data_path")).fetchone()
        return str(row[0]) if row else None


@contextmanager
def held(address: LakeAddress, label: str, wait_seconds: float) -> Iterator[WriterLock]:
    """Hold the lock, waiting for it.

    Raises WarehouseBusyError naming the holder and since when after `wait_seconds`, SurroundingsError if the server
    cannot be reached.
    """
    with as_catalog_error("its catalog cannot be reached"):
        connection = psycopg.connect(address.conninfo, autocommit=True)
    try:
        with as_catalog_error("its lock cannot be had"):
            wait_for(
                lambda: connection.execute(_sql.text("try_lock")).fetchone() == (True,),
                lambda: _holder(connection),
                wait_seconds,
                lock="the lake's lock",
                does="writing to the lake",
                poll_seconds=POLL_SECONDS,
            )
            connection.execute(_sql.text("set_name"), {"name": _name_of(label)})
        yield WriterLock(connection)
    finally:
        with suppress(psycopg.Error):
            connection.close()


def _name_of(label: str) -> str:
    """Who writes and since when, as PostgreSQL shows it to those who wait; of a longer label only the first words."""
    end = f", process {os.getpid()} on {os.uname().nodename[:8]}, since {datetime.now(UTC):%m-%d %H:%M} UTC"
    words = label.split()
    names = (label, *(" ".join(words[:count]) for count in (2, 1)), "a writer")
    return next(name for name in names if len((name + end).encode()) <= _NAME_BYTES) + end


def _holder(connection: psycopg.Connection) -> str:
    row = connection.execute(_sql.text("read_holder")).fetchone()
    return str(row[0]) if row and row[0] else "another process"


@contextmanager
def as_catalog_error(what: str) -> Iterator[None]:
    """Turn the server's errors into ours, which say what they mean for the lake."""
    try:
        yield
    except psycopg.Error as error:
        raise SurroundingsError(f"the lake: {what}: {' '.join(str(error).split())}") from error
