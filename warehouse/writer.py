"""What the one writer may do: load, record, decide, publish; each in one transaction, and each failure said clearly."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date
from pathlib import Path

import duckdb

from transforms.listing.drift import Shape
from transforms.records import (
    Batch,
    Cause,
    HumanDecision,
    PartitionDecision,
    PartitionRow,
    Run,
    RunOutcome,
)
from warehouse.database.sql import statement
from warehouse.errors import WarehouseError
from warehouse.load.load import (
    load,
    record_decisions,
    record_failure,
    record_lost,
)
from warehouse.papers.sideindex import SideIndex
from warehouse.publish.kept import keep
from warehouse.publish.publish import Manifest, publish


class Writer:
    """The one process that may write, for as long as it holds the lock."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, index: SideIndex, home: Path) -> None:
        self._connection = connection
        self._index = index
        self._home = home

    def load(self, batches: Sequence[Batch]) -> tuple[RunOutcome, ...]:
        """Load batches in one transaction, with their run records; returns how each ended, in the order given."""
        with self._said_clearly("nothing was loaded"):
            return load(self._connection, self._index, batches)

    def record_failure(self, run: Run, reason: str, cause: Cause | None = None) -> RunOutcome:
        """Record a run that had no page to load."""
        with self._said_clearly("the failure was not recorded"):
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
        with self._said_clearly("nothing was decided"):
            return record_decisions(self._connection, self._index, run, decisions)

    def give_up(self, run: Run, decisions: Sequence[PartitionDecision]) -> RunOutcome:
        """Record people's words that partitions are lost, or to be sought again, in one transaction."""
        with self._said_clearly("nothing was decided"):
            return record_lost(self._connection, run, decisions)

    def publish(self, *, full: bool | None = None, keep_days: int = 0) -> Manifest:
        """Replace the snapshot by the current state.

        Args:
            full: whether to make a full snapshot (see publish.py); None does so up to publish.FULL_UP_TO papers.
            keep_days: of how many days the last snapshot is kept; 0 keeps none and drops none.
        """
        with self._said_clearly("the previous snapshot stands"):
            self._connection.execute("reset threads")  # a load leaves one, and these statements are large
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

    @contextmanager
    def _said_clearly(self, consequence: str) -> Iterator[None]:
        try:
            yield
        except duckdb.Error as error:
            message = f"{str(error).splitlines()[0]}; {consequence}"
            raise WarehouseError(message) from error
        except sqlite3.OperationalError as error:  # a full disk, a missing right: the file is sound
            message = f"{self._index.name}: {error}; {consequence}"
            raise WarehouseError(message) from error
        except sqlite3.DatabaseError as error:
            self._index.drop()
            message = f"{self._index.name}: {error}; it was deleted and is made again by the next load; {consequence}"
            raise WarehouseError(message) from error
