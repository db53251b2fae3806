"""What the one writer may do: load, record, decide, publish; each in one transaction, each failure a clear error."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

import duckdb

from transforms.listing.drift import Shape
from transforms.matching.blocking import BlockTooLargeError
from transforms.records import (
    Batch,
    Cause,
    HumanDecision,
    PartitionDecision,
    PartitionRow,
    Run,
    RunOutcome,
)
from warehouse.database.connection import use_all_threads
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.load.load import (
    load,
    record_decisions,
    record_failure,
    record_lost,
)
from warehouse.load.partitions import read_history, read_partitions
from warehouse.papers.sideindex import SideIndex
from warehouse.publish.kept import keep
from warehouse.publish.publish import Manifest, publish


class Writer:
    """The one process that may write, for as long as it holds the lock."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, index: SideIndex, home: Home) -> None:
        self._connection = connection
        self._index = index
        self._home = home

    def load(self, batches: Sequence[Batch]) -> tuple[RunOutcome, ...]:
        """Load batches in one transaction, with their run records; returns how each ended, in the order given."""
        with self._clear_errors("nothing was loaded"):
            return load(self._connection, self._index, batches)

    def record_failure(self, run: Run, reason: str, cause: Cause | None = None) -> RunOutcome:
        """Record a run that had no page to load."""
        with self._clear_errors("the failure was not recorded"):
            return record_failure(self._connection, run, reason, cause)

    def history(self, source: str, first: date, last: date) -> tuple[Shape, ...]:
        """The loaded pages of a source in numbers, one per partition, both ends included, ascending."""
        return read_history(self._connection, source, first, last)

    def partitions(self, source: str, first: date, last: date) -> Mapping[date, PartitionRow]:
        """The partitions of a source that were read, asked for, given up or linked, both ends included."""
        return read_partitions(self._connection, source, first, last)

    def decide(self, run: Run, decisions: Sequence[HumanDecision]) -> RunOutcome:
        """Record people's decisions and bring the papers concerned up to date, in one transaction."""
        with self._clear_errors("nothing was decided"):
            return record_decisions(self._connection, self._index, run, decisions)

    def give_up(self, run: Run, decisions: Sequence[PartitionDecision]) -> RunOutcome:
        """Record people's decisions that partitions are lost, or wanted again, in one transaction."""
        with self._clear_errors("nothing was decided"):
            return record_lost(self._connection, run, decisions)

    def publish(self, *, full: bool | None = None, keep_days: int = 0) -> Manifest:
        """Replace the snapshot by the current state.

        Args:
            full: whether to make a full snapshot (see full.py); None does so up to publish.FULL_UP_TO papers.
            keep_days: of how many days the last snapshot is kept; 0 keeps none and deletes none.
        """
        with self._clear_errors("the previous snapshot stands"):
            use_all_threads(self._connection)
            manifest = publish(self._connection, self._home, is_full=full)
        if keep_days:
            keep(self._home, manifest, keep_days)
        return manifest

    @contextmanager
    def _clear_errors(self, consequence: str) -> Iterator[None]:
        """Turn each engine's errors into one that says what became of the data."""
        try:
            yield
        except duckdb.Error as error:
            message = f"{str(error).splitlines()[0]}; {consequence}"
            raise WarehouseError(message) from error
        except BlockTooLargeError as error:
            message = f"{error}: too many sightings look alike to be compared; {consequence}"
            raise WarehouseError(message) from error
        except sqlite3.OperationalError as error:  # a full disk, a missing right: the file is sound
            message = f"{self._index.name}: {error}; {consequence}"
            raise WarehouseError(message) from error
        except sqlite3.DatabaseError as error:
            self._index.delete_file()
            message = f"{self._index.name}: {error}; it was deleted and is made again by the next load; {consequence}"
            raise WarehouseError(message) from error
