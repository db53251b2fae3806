"""Readers of the published snapshot for a program that stays: several at once, and a new snapshot once there is one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, LifoQueue
from threading import Lock

from warehouse.database.connection import REPUBLISH, attach, connect
from warehouse.database.files import spill_of
from warehouse.database.sql import Connection
from warehouse.database.trouble import clearly
from warehouse.errors import WarehouseBusyError, unreadable
from warehouse.home import SNAPSHOT
from warehouse.publish.manifest import Manifest
from warehouse.read.reader import Reader, close_off, opened_index, require_readable

# A reader waits for another one only where more ask at once.
READERS = 4
MEMORY = "1GB"
"""What all readers of a snapshot may take together; beyond it DuckDB writes to the home, or refuses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a reader may be waited for, and how long its queries may take together, in seconds."""

    wait_seconds: float = 30.0
    query_seconds: float = 10.0


class ReaderPool:
    """Readers of the snapshot of one home, opened when the first one is asked for.

    A snapshot that was replaced is noticed at the next request; those that read the old one finish there. `close` ends
    it. Several threads may use it.
    """

    def __init__(self, home: Path, *, limits: Limits, count: int = READERS) -> None:
        self._path, self._limits, self._count = home / SNAPSHOT, limits, count
        self._lock = Lock()
        self._current: _Opened | None = None

    @property
    def manifest(self) -> Manifest:
        """What the snapshot holds. Raises WarehouseError if there is none, or it is broken."""
        with self._using() as opened:
            return opened.manifest

    @contextmanager
    def reader(self) -> Iterator[tuple[Reader, Manifest]]:
        """A reader of the snapshot that is published now, for this thread alone, and what that snapshot holds.

        Raises WarehouseError if there is none or it is broken, WarehouseBusyError if no reader becomes free in time,
        and QueryTooSlowError if the queries take too long.
        """
        with self._using() as opened:
            try:
                reader = opened.idle.get(timeout=self._limits.wait_seconds)
            except Empty:
                said = f"more is asked than {self._count} readers answer within {self._limits.wait_seconds:g} s"
                raise WarehouseBusyError(f"{said}: try again") from None
            try:
                with clearly(self._path, REPUBLISH), reader.within(self._limits.query_seconds):
                    yield reader, opened.manifest
            finally:
                opened.idle.put(reader)

    def close(self) -> None:
        """Close the snapshot once nobody reads it."""
        with self._lock:
            self._replace(None)

    @contextmanager
    def _using(self) -> Iterator[_Opened]:
        with self._lock:
            opened = self._opened_now()
            opened.users += 1
        try:
            yield opened
        finally:
            with self._lock:
                opened.users -= 1
                self._close_unused(opened)

    def _opened_now(self) -> _Opened:
        require_readable(self._path)
        # Looked at before it is opened: a file that replaces it meanwhile is noticed the next time.
        stamp = _stamp_of(self._path)
        if self._current is None or self._current.stamp != stamp:
            self._replace(None)
            self._current = _opened(self._path, stamp, self._count)
        return self._current

    def _replace(self, new: _Opened | None) -> None:
        old, self._current = self._current, new
        if old is not None:
            self._close_unused(old)

    def _close_unused(self, opened: _Opened) -> None:
        if opened is not self._current and opened.users == 0:
            opened.close()


class _Opened:
    """One snapshot with its readers."""

    def __init__(self, connection: Connection, stamp: tuple[int, ...], path: Path, cursors: list[Connection]) -> None:
        self.connection, self.stamp, self.users = connection, stamp, 0
        self.idle: LifoQueue[Reader] = LifoQueue()
        self._files = ExitStack()
        readers = [Reader(each, self._files.enter_context(opened_index(each, path)), str(path)) for each in cursors]
        for reader in readers:
            self.idle.put(reader)
        self.manifest = readers[0].only("read_manifest", Manifest)

    def close(self) -> None:
        """Close the file and its search index."""
        self._files.close()
        self.connection.close()


def _opened(path: Path, stamp: tuple[int, ...], count: int) -> _Opened:
    """Attached, because `duckdb.connect` gives the file that this process already has open under that path."""
    with clearly(path, REPUBLISH):
        connection = connect(temp_directory=spill_of(path.parent), memory_limit=MEMORY)
        try:
            attach(connection, path, "snapshot")
            cursors = [connection.cursor() for _ in range(count)]
            for each in cursors:
                each.execute("use snapshot.marts")
                each.execute("set TimeZone = 'UTC'")
            close_off(connection)
            return _Opened(connection, stamp, path, cursors)
        except BaseException:
            connection.close()
            raise


def _stamp_of(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError as error:
        raise unreadable(path, error) from error
    return (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)
