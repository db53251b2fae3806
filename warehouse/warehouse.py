"""The embedded warehouse: a private working file for the one writer, a published snapshot for everybody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.database.connection import reading
from warehouse.database.lock import locked
from warehouse.errors import SurroundingsError, WarehouseBusyError, WarehouseError
from warehouse.home import LOCK, SNAPSHOT, WORKING
from warehouse.publish.descent import descent
from warehouse.publish.kept import Snapshot, as_of, kept
from warehouse.read.differences import compare_snapshots
from warehouse.read.reader import Reader, Table, opened, opened_index

if TYPE_CHECKING:
    from warehouse.writer import Writer

SCHEME = "duckdb://"
LOCK_SECONDS = 600.0
INDEX_SAMPLE = 200
"""Sightings whose records in the side index are made again by a check: a tenth of a second."""


def open_warehouse(url: str) -> Warehouse:
    """Open the warehouse that `url` names: `duckdb://` and a home directory, or the directory alone.

    Nothing is touched before a writer or reader is asked for. Raises WarehouseError for another engine's URL.
    """
    if "://" in url and not url.startswith(SCHEME):
        raise WarehouseError(f"{url}: only {SCHEME}<home directory> is supported")
    return Warehouse(Path(url.removeprefix(SCHEME)))


class Warehouse:
    """A warehouse in one home directory."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def writer(
        self, label: str, *, lock_seconds: float = LOCK_SECONDS, is_any_file: bool = False
    ) -> AbstractContextManager[Writer]:
        """Hold the writer's lock, waiting for it, and open the working file.

        Args:
            label: who is writing, for those who wait.
            lock_seconds: how long to wait before WarehouseBusyError.
            is_any_file: also open one that the published snapshot was not made from, for whoever loads every kept page
                again or only looks; else WarehouseError.
        """
        # Imported here, because it takes as long as all else together, and readers need none of it (2026-11).
        from warehouse.writer import writing  # noqa: PLC0415

        return writing(self.home, label, lock_seconds, is_any_file=is_any_file)

    @contextmanager
    def standing_still(self, label: str, *, lock_seconds: float = LOCK_SECONDS) -> Iterator[None]:
        """Hold the writer's lock and open nothing: no file of the warehouse changes meanwhile, so all can be copied."""
        with locked(self.home / LOCK, label, lock_seconds):
            yield

    def require_sound_working_file(self) -> None:
        """Raise WarehouseError if the writer's file cannot be opened as one; no file is no fault."""
        if (self.home / WORKING).exists():
            with reading(self.home / WORKING) as connection:
                connection.execute("from ops.migrations")

    @contextmanager
    def reader(
        self, *, may_write_files: bool = False, moment: datetime | str | None = None, threads: int | None = None
    ) -> Iterator[Reader]:
        """Open the published snapshot read-only; `may_write_files` lets it export, `threads` limits them.

        With `moment`, an aware instant or a run's id, open the newest kept snapshot that holds nothing later. Raises
        WarehouseError if nothing was published yet, or no kept snapshot is that old.
        """
        path = self.home / SNAPSHOT if moment is None else as_of(self.home, moment).path
        with (
            opened(path, may_write_files=may_write_files, threads=threads) as connection,
            opened_index(connection, path) as index,
        ):
            yield Reader(connection, index)

    def check_working(self, sample_count: int = INDEX_SAMPLE) -> tuple[str, ...]:
        """What is wrong with the writer's file and its side index, one sentence each, for monitors; nothing is changed.

        Facts that were published already are digested again and compared, which takes as long as an export's digest.
        The index is proven whole, and a sample of its records is made again and compared. While another process writes
        nothing is checked, because a writer proves the file when it opens it; nor where this user may not write. Raises
        SurroundingsError if the index or its seal cannot be read now.
        """
        if not (self.home / WORKING).exists():
            return ()
        try:
            with self.writer("check", lock_seconds=0, is_any_file=True) as writer:
                return writer.check(sample_count)
        except (WarehouseBusyError, OSError):
            return ()
        except SurroundingsError:
            raise
        except WarehouseError as error:
            return (str(error),)

    def check_descent(self) -> tuple[str, ...]:
        """What is wrong with the writer's file as the origin of the published snapshot; nothing is changed."""
        return descent(self.home)

    def snapshots(self) -> tuple[Snapshot, ...]:
        """The kept snapshots, oldest first."""
        return kept(self.home)

    def changes(self, since: datetime | str) -> Table:
        """What changed in the published snapshot since the newest kept one that holds nothing later than `since`.

        `since` is an aware instant or a run's id; `compare_snapshots` describes the columns. Raises WarehouseError if
        no kept snapshot is that old.
        """
        return compare_snapshots(as_of(self.home, since).path, self.home / SNAPSHOT)
