"""What the one writer may do: load, record, decide, publish; each in one transaction, each failure a clear error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime

import duckdb

from transforms.errors import remedy_of
from transforms.facts import AnswerBatch, LoadedAnswer
from transforms.listing.drift import Shape
from transforms.listing.reading_order import TimedReading
from transforms.matching.blocking import BlockTooLargeError
from transforms.records import (
    Batch,
    Cause,
    HumanDecision,
    PartitionDecision,
    PartitionRow,
    ReadingDecision,
    ReadingId,
    Run,
    RunOutcome,
    Status,
    WithholdDecision,
)
from warehouse.database.connection import use_all_threads
from warehouse.database.sql import Connection
from warehouse.engine import FULL_UP_TO, Choice, Engine
from warehouse.errors import SurroundingsError, WarehouseError
from warehouse.load.decisions import (
    forgotten_readings,
    loaded_readings,
    record_decisions,
    record_forgotten,
    record_lost,
    record_withheld,
    was_tried,
)
from warehouse.load.facts import ids_without_facts, load_facts, read_answers
from warehouse.load.load import load
from warehouse.load.partitions import read_history, read_partitions, read_timed
from warehouse.load.runs import record_run
from warehouse.papers.indexcheck import check_index
from warehouse.papers.indexrows import IndexDamagedError, Packer, pack_here
from warehouse.papers.indexstore import IndexUnusableError
from warehouse.papers.resolve import commit_index, sync_index
from warehouse.papers.sideindex import SideIndex
from warehouse.publish.manifest import Manifest
from warehouse.read.words import Decided, unrecorded


@contextmanager
def writing(
    engine: Engine, label: str, lock_seconds: float, *, is_any_file: bool = False, packer: Packer | None = None
) -> Iterator[Writer]:
    """Hold the writer's lock, waiting for it, and open the facts for writing (see `Warehouse.writer`)."""
    with (
        engine.locked(label, lock_seconds),
        engine.opened(lock_seconds) as connection,
        closing(engine.side_index()) as index,
    ):
        if not is_any_file:
            engine.require_descent(connection)
        yield Writer(engine, connection, index, packer or pack_here)


class Writer:
    """The one process that may write, for as long as it holds the lock."""

    def __init__(self, engine: Engine, connection: Connection, index: SideIndex, packer: Packer = pack_here) -> None:
        self._engine = engine
        self._connection = connection
        self._index = index
        self._packer = packer

    def load(self, batches: Sequence[Batch]) -> tuple[RunOutcome, ...]:
        """Load batches in one transaction, with their run records; returns how each ended, in the order given.

        Raises BatchRefusedError if a batch contradicts itself; nothing is loaded then.
        """
        if not batches:
            return ()
        with self._resolving("nothing was loaded", batches[0].run):
            return load(self._connection, self._index, batches)

    def record_failure(self, run: Run, reason: str, cause: Cause | None = None) -> RunOutcome:
        """Record a run that had no page to load."""
        with self._clear_errors("the failure was not recorded"), self._engine.transaction(self._connection):
            return record_run(self._connection, run, Status.FAILED, reason, cause)

    def load_facts(self, batch: AnswerBatch) -> RunOutcome:
        """Load one answer of a service in one transaction, with its run record; returns how it ended."""
        with self._resolving("nothing was loaded", batch.run):
            return load_facts(self._connection, self._index, batch)

    def answers(self, service: str) -> Sequence[LoadedAnswer]:
        """The answers of a service that are loaded."""
        return read_answers(self._connection, service)

    def ids_without_facts(self, asked_since: datetime) -> Sequence[str]:
        """The arXiv ids of papers of which nothing is known, and that were not asked for in vain since then."""
        return ids_without_facts(self._connection, asked_since)

    def history(self, source: str, first: date, last: date) -> tuple[Shape, ...]:
        """The loaded pages of a source in numbers, one per partition, both ends included, ascending."""
        return read_history(self._connection, source, first, last)

    def timed_readings(self, source: str, days: Iterable[date]) -> Mapping[date, Sequence[TimedReading]]:
        """What is loaded of partitions, reading by reading, in their order; degraded ones are left out."""
        return read_timed(self._connection, source, days)

    def partitions(self, source: str, first: date, last: date) -> Mapping[date, PartitionRow]:
        """The partitions of a source that were read, asked for, given up or linked, both ends included."""
        return read_partitions(self._connection, source, first, last)

    def decide(self, run: Run, decisions: Sequence[HumanDecision]) -> RunOutcome:
        """Record people's decisions and bring the papers concerned up to date, in one transaction."""
        with self._resolving("nothing was decided", run):
            return record_decisions(self._connection, self._index, run, decisions)

    def give_up(self, run: Run, decisions: Sequence[PartitionDecision]) -> RunOutcome:
        """Record people's decisions that partitions are lost, or wanted again, in one transaction."""
        with self._clear_errors("nothing was decided"), self._engine.transaction(self._connection):
            return record_lost(self._connection, run, decisions)

    def forget(self, run: Run, decisions: Sequence[ReadingDecision]) -> RunOutcome:
        """Record people's decisions that readings do not count, or count again, and what follows from them."""
        with self._resolving("nothing was decided", run):
            return record_forgotten(self._connection, self._index, run, decisions)

    def withhold(self, run: Run, decisions: Sequence[WithholdDecision]) -> RunOutcome:
        """Record people's decisions that texts and names are not published, or are again; the next publish obeys."""
        with self._clear_errors("nothing was decided"), self._engine.transaction(self._connection):
            return record_withheld(self._connection, run, decisions)

    def unrecorded(self, decisions: Sequence[Decided]) -> tuple[Decided, ...]:
        """Those of the decisions that are not on record."""
        return unrecorded(self._connection, decisions)

    def forgotten(self, source: str) -> frozenset[tuple[date, ReadingId]]:
        """The readings of a source that do not count, each with its partition."""
        stored = forgotten_readings(self._connection)
        return frozenset((key.partition.partition_on, key.reading) for key in stored if key.partition.source == source)

    def readings(self, source: str, day: date) -> Sequence[ReadingId]:
        """The readings of a partition that are loaded and count."""
        return loaded_readings(self._connection, source, day)

    def was_tried(self, source: str, day: date) -> bool:
        """Whether a partition was read or asked for since a person took it back last."""
        return was_tried(self._connection, source, day)

    def publish(
        self,
        *,
        full: bool | None = None,
        full_up_to: int = FULL_UP_TO,
        keep_days: int = 0,
        is_file: bool = False,
    ) -> Manifest:
        """Publish the current state, in the way that `Choice` describes."""
        choice = Choice(is_full=full, full_up_to=full_up_to, keep_days=keep_days, is_file=is_file)
        with self._clear_errors("the previous snapshot stands"):
            use_all_threads(self._connection)
            return self._engine.publish(self._connection, choice)

    def check(self, sample_count: int) -> tuple[str, ...]:
        """What is wrong with the writer's files, one sentence each (see `Engine.strayed` and `indexcheck`)."""
        with self._clear_errors("the side index was not checked"):
            return (
                *self._engine.strayed(self._connection),
                *check_index(self._connection, self._index, sample_count),
            )

    @contextmanager
    def _resolving(self, consequence: str, run: Run) -> Iterator[None]:
        """A transaction with a side index in sync, which is committed just before."""
        with self._clear_errors(consequence), self._engine.transaction(self._connection):
            try:
                sync_index(self._connection, self._index, run.run_id, self._packer)
                yield
                commit_index(self._connection, self._index)
            except BaseException:
                self._index.rollback()
                raise

    @contextmanager
    def _clear_errors(self, consequence: str) -> Iterator[None]:
        """Turn each engine's errors into one that says what became of the data."""
        try:
            with self._damage_discarded(consequence):
                yield
        except duckdb.Error as error:
            meant = self._engine.meant(error)
            raise type(meant)(f"{meant}; {consequence}") from error
        except OSError as error:
            raise SurroundingsError(f"{error.filename}: {error.strerror}; {remedy_of(error)}; {consequence}") from error
        except BlockTooLargeError as error:
            raise WarehouseError(f"{error}: too many sightings look alike to be compared; {consequence}") from error
        except IndexUnusableError as error:
            raise SurroundingsError(f"{self._index.name}: {error}; {consequence}") from error

    @contextmanager
    def _damage_discarded(self, consequence: str) -> Iterator[None]:
        """Delete a side index that is damaged, and say so."""
        try:
            yield
        except IndexDamagedError as error:
            self._index.discard()
            raise WarehouseError(
                f"{self._index.name}: {error}; it was deleted and is made again by the next load; {consequence}"
            ) from error
