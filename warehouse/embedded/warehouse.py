"""The embedded warehouse: everything in one home directory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from warehouse.database.connection import reading
from warehouse.database.lock import locked
from warehouse.home import LOCK, MANIFEST, SNAPSHOT, WORKING
from warehouse.publish.descent import descent
from warehouse.publish.kept import as_of, kept
from warehouse.publish.manifest import Manifest, manifest_of
from warehouse.publish.proof import Fault, proof
from warehouse.read.differences import compare_snapshots
from warehouse.read.reader import Reader, Table, opened, opened_index, require_readable
from warehouse.warehouse import LOCK_SECONDS, Warehouse

if TYPE_CHECKING:
    from warehouse.engine import Engine


class EmbeddedWarehouse(Warehouse):
    """A private working file for the one writer, a published snapshot and kept ones for everybody else."""

    @contextmanager
    def reader(
        self, *, may_write_files: bool = False, moment: datetime | str | None = None, threads: int | None = None
    ) -> Iterator[Reader]:
        """Open the published file, or a kept one."""
        path = self.home / SNAPSHOT if moment is None else as_of(self.home, moment).path
        with (
            opened(path, may_write_files=may_write_files, threads=threads) as connection,
            opened_index(connection, path) as index,
        ):
            yield Reader(connection, index, str(path))

    @contextmanager
    def standing_still(self, label: str, *, lock_seconds: float = LOCK_SECONDS) -> Iterator[None]:
        """Hold the lock of the home: no file of the warehouse changes meanwhile."""
        with locked(self.home / LOCK, label, lock_seconds):
            yield

    def has_facts(self) -> bool:
        """Whether there is a working file."""
        return (self.home / WORKING).exists()

    def is_published(self) -> bool:
        """Whether there is a published file, or its manifest."""
        return (self.home / SNAPSHOT).exists() or (self.home / MANIFEST).exists()

    def manifest(self) -> Manifest:
        """The manifest beside the published file."""
        return manifest_of(self.home / MANIFEST)

    def proof(self) -> tuple[Fault, ...]:
        """Every byte of the published file and of the kept ones is read."""
        return proof(self.home)

    def require_published(self) -> None:
        """Raise WarehouseError if there is no published file, or a log would change what is read of it."""
        require_readable(self.home / SNAPSHOT)

    def require_sound_working_file(self) -> None:
        """Raise WarehouseError if the working file cannot be opened as one."""
        if self.has_facts():
            with reading(self.home / WORKING) as connection:
                connection.execute("from ops.migrations")

    def check_descent(self) -> tuple[str, ...]:
        """What is wrong with the working file as the origin of the published one."""
        return descent(self.home)

    def snapshots(self) -> tuple[Manifest, ...]:
        """The manifests of the kept files."""
        return tuple(each.manifest for each in kept(self.home))

    def changes(self, since: datetime | str) -> Table:
        """Compare a kept file with the published one."""
        return compare_snapshots(as_of(self.home, since).path, self.home / SNAPSHOT)

    def engine(self) -> Engine:
        """The working file and what belongs to it."""
        # Imported here for the same reason as the writer itself.
        from warehouse.embedded.engine import EmbeddedEngine  # noqa: PLC0415

        return EmbeddedEngine(self.home)
