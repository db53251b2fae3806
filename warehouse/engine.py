"""What the one writer needs of the place where the facts are: a lock, a connection, a side index, a publish."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import duckdb

from warehouse.database.sql import Connection
from warehouse.errors import WarehouseError
from warehouse.papers.sideindex import SideIndex
from warehouse.publish.manifest import Manifest

# In papers: a CPU-second (2026-11).
FULL_UP_TO = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How to publish.

    `is_full` makes a full snapshot (see publish/publish.py), and all that is derived from nothing; None does so up to
    `full_up_to` papers. `keep_days` says of how many days the last snapshot is kept; 0 keeps none and deletes none.
    `is_file` asks for a file also where readers need none.
    """

    is_full: bool | None = None
    full_up_to: int = FULL_UP_TO
    keep_days: int = 0
    is_file: bool = False


class Engine(Protocol):
    """Where the facts are, for the one writer."""

    def locked(self, label: str, wait_seconds: float) -> AbstractContextManager[None]:
        """Hold the writer's lock, waiting for it. Raises WarehouseBusyError naming the holder after `wait_seconds`."""

    def opened(self, wait_seconds: float) -> AbstractContextManager[Connection]:
        """Open the facts for writing, made or migrated if need be; only the lock's holder comes here."""

    def side_index(self) -> SideIndex:
        """The resolver's side index, which is opened at its first use."""

    def transaction(self, connection: Connection) -> AbstractContextManager[None]:
        """All or nothing, and only while the lock is held."""

    def require_descent(self, connection: Connection) -> None:
        """Raise WarehouseError if the published snapshot was made from other facts than these."""

    def strayed(self, connection: Connection) -> tuple[str, ...]:
        """A sentence where the facts are others than were published from them, though no run came since."""

    def publish(self, connection: Connection, choice: Choice) -> Manifest:
        """Publish the current state; the previous one stands where it cannot."""

    def meant(self, error: duckdb.Error) -> WarehouseError:
        """What an error of DuckDB means, in one line that names what it is about."""
