"""The embedded warehouse: a private working file for the one writer, a published snapshot for everybody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.database import connection as working
from warehouse.publish.kept import Snapshot, as_of, kept
from warehouse.read import reader as published
from warehouse.read.reader import Reader, Table
from warehouse.read.snapshot_diff import changes

if TYPE_CHECKING:
    from warehouse.writer import Writer

LOCK_SECONDS = 600.0


class Warehouse:
    """A warehouse in one home directory."""

    def __init__(self, home: Path) -> None:
        self._home = home

    @contextmanager
    def writer(self, label: str, *, lock_seconds: float = LOCK_SECONDS) -> Iterator[Writer]:
        """Hold the writer's lock, waiting for it, and open the working file.

        Args:
            label: who is writing, for those who wait.
            lock_seconds: how long to wait before WarehouseBusyError.
        """
        # Readers do not wait for what only writing needs.
        from warehouse.papers.sideindex import SideIndex  # noqa: PLC0415
        from warehouse.writer import Writer  # noqa: PLC0415

        with (
            working.locked(self._home / "writer.lock", label, lock_seconds),
            working.opened(self._home / "warehouse.duckdb") as connection,
            closing(SideIndex(self._home / "resolver.sqlite")) as index,
        ):
            yield Writer(connection, index, self._home)

    @contextmanager
    def reader(self, *, may_write_files: bool = False, moment: datetime | str | None = None) -> Iterator[Reader]:
        """Open the published snapshot read-only; `may_write_files` lets it export.

        With `moment`, an aware instant or a run's id, open the newest kept snapshot that holds nothing later.
        Raises WarehouseError if nothing was published yet, or kept that is as old.
        """
        path = self._home / "paperlog.duckdb" if moment is None else as_of(self._home, moment).path
        connection = published.opened(path, may_write_files=may_write_files)
        try:
            yield Reader(connection)
        finally:
            connection.close()

    def snapshots(self) -> tuple[Snapshot, ...]:
        """The kept snapshots, oldest first."""
        return kept(self._home)

    def changes(self, since: datetime | str) -> Table:
        """What the published snapshot says otherwise than the newest kept one that holds nothing later than `since`.

        `since` is an aware instant or a run's id; the columns are described in changes.py. Raises WarehouseError if no
        kept snapshot is that old.
        """
        return changes(as_of(self._home, since).path, self._home / "paperlog.duckdb")
