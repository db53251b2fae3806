"""What writes to a lake: one process of all machines at a time.

Two things keep a second one out. An advisory lock in PostgreSQL makes it wait. And each transaction replaces the stamp
that its writer read when it opened the lake: if a connection was lost and with it the lock, the second to commit finds
another stamp, or a conflict, and nothing of it is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import duckdb

from transforms.withholding import in_effect
from warehouse.database.connection import migrate, whole
from warehouse.database.sql import Connection, Statements
from warehouse.engine import Choice
from warehouse.errors import SurroundingsError, WarehouseBusyError, WarehouseError
from warehouse.lake.address import LakeAddress
from warehouse.lake.attached import meant, readable, require_files, writable
from warehouse.lake.lock import WriterLock, held
from warehouse.lake.moving import copy_to_file
from warehouse.lake.place.database import Database
from warehouse.lake.place.marker import claim, require_own, require_same_place
from warehouse.lake.published import pin, unpin
from warehouse.lake.statements import run_on_lake
from warehouse.papers.indexserver import IndexServer
from warehouse.papers.sideindex import SideIndex
from warehouse.publish.manifest import Manifest
from warehouse.publish.proof import holds_as_published
from warehouse.publish.publish import publish_from, write_manifest
from warehouse.publish.withhold import read_withholdings

INDEX_SCHEMA = "paperlog_index"
_TABLES = ("create_schema", "create_comments", "create_writer", "create_published")

_sql = Statements(__package__)


class LakeEngine:
    """A lake, for the one writer."""

    def __init__(self, address: LakeAddress, home: Path) -> None:
        self._address = address
        self._home = home
        self._lock: WriterLock | None = None
        self._database: Database | None = None
        self._stamp = ""
        self._is_committing = False

    @contextmanager
    def locked(self, label: str, wait_seconds: float) -> Iterator[None]:
        """Hold the lock in the catalog's database."""
        with held(self._address, label, wait_seconds) as lock:
            self._lock = lock
            try:
                yield
            finally:
                self._lock = None

    @contextmanager
    def opened(self, wait_seconds: float) -> Iterator[Connection]:
        """Open the current state; DuckDB needs no lock of its own here, so nothing is waited for."""
        del wait_seconds
        self._home.mkdir(parents=True, exist_ok=True)
        self._own_place()
        with writable(self._address, self._home) as connection:
            if "published" not in _sql.column(connection, "read_lake_tables"):
                with whole(connection):
                    for name in _TABLES:
                        _sql.run(connection, name)
                    _sql.run(connection, "insert_first_stamp", {"stamp": token_hex(8)})
            migrate(connection, run_on_lake)
            (self._stamp,) = _sql.column(connection, "read_stamp")
            yield connection

    def side_index(self) -> SideIndex:
        """The index in tables of the catalog's database."""
        return SideIndex(IndexServer(self._address.conninfo, INDEX_SCHEMA))

    @contextmanager
    def transaction(self, connection: Connection) -> Iterator[None]:
        """All or nothing, on one thread like the embedded one's, and only while no other process wrote."""
        connection.execute("set threads = 1")
        with self._claimed(connection):
            yield

    def require_descent(self, connection: Connection) -> None:
        """What is published is a state of the lake itself."""

    def strayed(self, connection: Connection) -> tuple[str, ...]:
        """A sentence where the facts are not those that were digested when they were published."""
        if holds_as_published(connection):
            return ()
        return ("the lake: another program changed it: it holds other facts than were published, and no run since",)

    def publish(self, connection: Connection, choice: Choice) -> Manifest:
        """Pin the current state for readers, and put a copy of it into the home where a file is asked for.

        A state cannot leave out what people withhold. While anything is, the file is published instead.
        """
        is_withheld = bool(in_effect(read_withholdings(connection)))
        with self._claimed(connection):
            manifest = write_manifest(connection, datetime.now(UTC), is_anew=bool(choice.is_full))
        with self._claimed(connection):
            if is_withheld:  # earlier states hold the texts too
                unpin(connection)
            else:
                pin(connection, manifest.published_at, choice.keep_days)
        if choice.is_file or is_withheld:
            return publish_from(lambda made: copy_to_file(connection, made), self._home, manifest.published_at)
        return manifest

    def meant(self, error: duckdb.Error) -> WarehouseError:
        """The error, said of the lake."""
        return meant(error)

    @property
    def _held(self) -> WriterLock:
        if self._lock is None:
            raise WarehouseError("the lake: it may be written only while its lock is held")
        return self._lock

    def _own_place(self) -> None:
        """Make sure that the files are this catalog's, and nobody else's; a place without a marker gets one."""
        self._database = database = self._held.database()
        if database.is_made:
            if data_path := self._held.data_path():
                require_same_place(self._address, data_path)
        else:
            database.require_rights()
        if not require_own(self._address, database) and database.may_write:
            if database.is_made:  # before there were markers, or the place is not the one it was
                with readable(self._address, self._home) as connection:
                    require_files(connection)
            claim(self._address, database)

    @contextmanager
    def _claimed(self, connection: Connection) -> Iterator[None]:
        """A transaction that no other writer's can commit beside."""
        stamp = token_hex(8)
        if self._database is not None:
            self._database.require_rights()
        with self._honestly(), whole(connection):
            changed = _sql.run(connection, "update_stamp", {"stamp": stamp, "before": self._stamp}).fetchone()
            if changed != (1,):
                raise WarehouseBusyError("the lake: another process wrote to it since this one opened it")
            yield
            self._held.require()
            self._is_committing = True
        self._stamp = stamp

    @contextmanager
    def _honestly(self) -> Iterator[None]:
        """A catalog that went away during the commit may have made it: then nobody says that nothing was done."""
        self._is_committing = False
        try:
            yield
        except duckdb.Error as error:
            what = meant(error)
            if self._is_committing and isinstance(what, SurroundingsError):
                raise SurroundingsError(f"{what}; it may be committed: the same command again completes it") from error
            raise
