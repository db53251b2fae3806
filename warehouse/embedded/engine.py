"""The working file and what belongs to it, for the one writer of a home."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import duckdb

from warehouse.database.connection import REBUILD, opened, transaction
from warehouse.database.lock import locked
from warehouse.database.sql import Connection
from warehouse.database.trouble import meant
from warehouse.engine import Choice
from warehouse.errors import WarehouseError
from warehouse.home import INDEX, LOCK, WORKING
from warehouse.papers.indexfile import IndexFile
from warehouse.papers.sideindex import SideIndex
from warehouse.publish.descent import require_descent
from warehouse.publish.kept import keep
from warehouse.publish.manifest import Manifest
from warehouse.publish.proof import strayed
from warehouse.publish.publish import publish


class EmbeddedEngine:
    """One file of DuckDB's in a home, locked by a file beside it, published as a copy."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def locked(self, label: str, wait_seconds: float) -> AbstractContextManager[None]:
        """Hold the lock of the home."""
        return locked(self._home / LOCK, label, wait_seconds)

    def opened(self, wait_seconds: float) -> AbstractContextManager[Connection]:
        """Open the working file."""
        return opened(self._home / WORKING, wait_seconds)

    def side_index(self) -> SideIndex:
        """The index in the file beside it."""
        return SideIndex(IndexFile(self._home / INDEX))

    def transaction(self, connection: Connection) -> AbstractContextManager[None]:
        """DuckDB keeps the file from every other process: nothing is to be asked of the lock."""
        return transaction(connection)

    def require_descent(self, connection: Connection) -> None:
        """Raise WarehouseError if the working file does not know the last run of the published snapshot."""
        require_descent(connection, self._home)

    def strayed(self, connection: Connection) -> tuple[str, ...]:
        """A sentence where another program changed the working file."""
        return strayed(connection, self._home)

    def publish(self, connection: Connection, choice: Choice) -> Manifest:
        """Replace the snapshot in the home, and keep it."""
        manifest = publish(connection, self._home, is_full=choice.is_full, full_up_to=choice.full_up_to)
        if choice.keep_days:
            keep(self._home, manifest, choice.keep_days)
        return manifest

    def meant(self, error: duckdb.Error) -> WarehouseError:
        """The error, and what to do about a damaged working file."""
        return meant(error, self._home / WORKING, REBUILD)
