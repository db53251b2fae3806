"""The embedded warehouse: a private working file for the one writer, a published snapshot for everybody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from transforms.history import Shape
from transforms.records import Batch, Cause, HumanDecision, PartitionDecision, Run, RunOutcome
from warehouse import connection as working
from warehouse import reader as published
from warehouse.changes import changes
from warehouse.errors import WarehouseError
from warehouse.load import load, record_decisions, record_failure, record_lost
from warehouse.publish import Manifest, publish
from warehouse.reader import Reader, Table
from warehouse.snapshots import Snapshot, as_of, keep, kept
from warehouse.sqlfiles import statement

LOCK_SECONDS = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionRow:
    """What the writer knows of a partition."""

    state: str
    entries_count: int | None
    last_read_at: datetime | None


class Writer:
    """The one process that may write, for as long as it holds the lock."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, home: Path) -> None:
        self._connection = connection
        self._home = home

    def load(self, batches: Sequence[Batch]) -> tuple[RunOutcome, ...]:
        """Load batches in one transaction, with their run records; returns how each ended, in the order given."""
        with _said_clearly("nothing was loaded"):
            return load(self._connection, batches)

    def record_failure(self, run: Run, reason: str, cause: Cause | None = None) -> RunOutcome:
        """Record a run that had no page to load."""
        with _said_clearly("the failure was not recorded"):
            return record_failure(self._connection, run, reason, cause)

    def history(self, source: str, first: date, last: date) -> tuple[Shape, ...]:
        """How the loaded pages of a source look in numbers, one per partition, both ends included, ascending."""
        rows = self._connection.execute(
            statement("read_history"), {"source": source, "first": first, "last": last}
        ).fetchall()
        return tuple(Shape(partition_on=day, entries_count=count, numbers=shape) for day, count, shape in rows)

    def partitions(self, source: str, first: date, last: date) -> Mapping[date, PartitionRow]:
        """The partitions of a source that were read, asked for, given up or linked, both ends included."""
        rows = self._connection.execute(
            statement("read_partitions"), {"source": source, "first": first, "last": last}
        ).fetchall()
        return {
            day: PartitionRow(
                state=state, entries_count=count, last_read_at=read_at.replace(tzinfo=UTC) if read_at else None
            )
            for day, state, count, read_at in rows
        }

    def decide(self, run: Run, decisions: Sequence[HumanDecision]) -> RunOutcome:
        """Record people's decisions and bring the papers concerned up to date, in one transaction."""
        with _said_clearly("nothing was decided"):
            return record_decisions(self._connection, run, decisions)

    def give_up(self, run: Run, decisions: Sequence[PartitionDecision]) -> RunOutcome:
        """Record people's words that partitions are lost, or to be sought again, in one transaction."""
        with _said_clearly("nothing was decided"):
            return record_lost(self._connection, run, decisions)

    def publish(self, *, full: bool | None = None, keep_days: int = 0) -> Manifest:
        """Replace the snapshot by the current state.

        Args:
            full: whether to make a full snapshot (see publish.py); None does so up to publish.FULL_UP_TO papers.
            keep_days: of how many days the last snapshot is kept; 0 keeps none and drops none.
        """
        with _said_clearly("the previous snapshot stands"):
            manifest = publish(
                self._connection,
                self._home / "warehouse.duckdb",
                self._home / "paperlog.duckdb",
                self._home / "manifest.json",
                full=full,
            )
        if keep_days:
            keep(self._home, manifest, keep_days)
        return manifest


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
        with (
            working.locked(self._home / "writer.lock", label, lock_seconds),
            working.opened(self._home / "warehouse.duckdb") as connection,
        ):
            yield Writer(connection, self._home)

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


@contextmanager
def _said_clearly(consequence: str) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        message = f"{str(error).splitlines()[0]}; {consequence}"
        raise WarehouseError(message) from error
