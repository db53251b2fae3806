"""People's decisions, as they are recorded: about papers, lost partitions, readings that do not count, takedowns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from transforms.records import (
    Batch,
    Closing,
    HumanDecision,
    PartitionDecision,
    ReadingDecision,
    ReadingId,
    Run,
    RunOutcome,
    SourceFacts,
    Status,
    WithholdDecision,
)
from warehouse.database.sql import Connection, Row, Statements, row_of, stage
from warehouse.load.partitions import recompute_partitions
from warehouse.load.raw import digest_of
from warehouse.load.runs import record_run
from warehouse.papers.changes import Partition
from warehouse.papers.resolve import resolve, resolve_again
from warehouse.papers.sideindex import SideIndex

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True)
class ReadingKey:
    """One reading of one partition."""

    partition: Partition
    reading: ReadingId


@dataclass(frozen=True, slots=True, kw_only=True)
class _Forgotten:
    """A reading that does not count, and why."""

    partition: Partition
    reading: ReadingId
    reason: str


def record_decisions(
    connection: Connection, index: SideIndex, run: Run, decisions: Sequence[HumanDecision]
) -> RunOutcome:
    """Write decisions about papers, and resolve the sightings concerned again."""
    stage(connection, "stage_decisions", [_decision_row(connection, each) for each in decisions], like="ops.decisions")
    _sql.run(connection, "insert_decisions")
    resolve_again(connection, index, {end for each in decisions for end in (each.left, each.right)}, run.run_id)
    return record_run(connection, run, Status.LOADED, _reasons(decisions))


def record_lost(connection: Connection, run: Run, decisions: Sequence[PartitionDecision]) -> RunOutcome:
    """Write decisions that partitions are lost, or wanted again."""
    rows = [row_of(connection, "ops.lost_partitions", each, run_id=run.run_id) for each in decisions]
    stage(connection, "stage_lost", rows, like="ops.lost_partitions")
    _sql.run(connection, "insert_lost")
    return record_run(connection, run, Status.LOADED, _reasons(decisions))


def record_forgotten(
    connection: Connection, index: SideIndex, run: Run, decisions: Sequence[ReadingDecision]
) -> RunOutcome:
    """Write decisions that readings do not count, or count again, and recompute their partitions and papers."""
    rows = [row_of(connection, "ops.forgotten_partitions", each, run_id=run.run_id) for each in decisions]
    stage(connection, "stage_forgotten", rows, like="ops.forgotten_partitions")
    _sql.run(connection, "insert_forgotten")
    closings = {facts.name: facts.closing for facts in _sql.records(connection, "read_sources", SourceFacts)}
    # A source of which nothing was loaded yet has nothing to recompute.
    touched = {Partition(each.source, each.partition_on) for each in decisions if each.source in closings}
    if touched:
        _recompute(connection, index, run, touched, closings)
    return record_run(connection, run, Status.LOADED, _reasons(decisions))


def record_withheld(connection: Connection, run: Run, decisions: Sequence[WithholdDecision]) -> RunOutcome:
    """Write decisions about what is published. Their reasons stay out of the run's record, which is published."""
    rows = [row_of(connection, "ops.withholdings", each, run_id=run.run_id) for each in decisions]
    stage(connection, "stage_withholdings", rows, like="ops.withholdings")
    _sql.run(connection, "insert_withholdings")
    return record_run(connection, run, Status.LOADED, "what is withheld was decided; the writer's file has the reason")


def forgotten_readings(connection: Connection) -> Mapping[ReadingKey, str]:
    """The readings that do not count, each with the reason."""
    stored = _sql.records(connection, "read_forgotten", _Forgotten)
    return {ReadingKey(each.partition, each.reading): each.reason for each in stored}


def loaded_readings(connection: Connection, source: str, day: date) -> list[ReadingId]:
    """The readings of a partition that are loaded and count."""
    parameters = {"source": source, "partition_on": day}
    return _sql.records(connection, "read_loaded_readings", ReadingId, parameters)


def was_tried(connection: Connection, source: str, day: date) -> bool:
    """Whether a partition was read or asked for since a person took it back last."""
    (found,) = _sql.column(connection, "read_was_tried", {"source": source, "partition_on": day})
    return bool(found)


def reading_of(batch: Batch) -> ReadingKey | None:
    """The batch's page as a reading of its partition; None where nobody knows the partition."""
    if batch.partition_on is None:
        return None
    reading = ReadingId(page_sha256=batch.page.sha256, fetched_at=batch.page.fetched_at)
    return ReadingKey(Partition(batch.source.name, batch.partition_on), reading)


def _recompute(
    connection: Connection, index: SideIndex, run: Run, touched: set[Partition], closings: Mapping[str, Closing]
) -> None:
    changes = recompute_partitions(connection, touched, closings, {})
    resolve(connection, index, changes, {}, run.run_id)


def _reasons(decisions: Sequence[HumanDecision | PartitionDecision | ReadingDecision]) -> str:
    return "; ".join(each.reason for each in decisions)


def _decision_row(connection: Connection, decision: HumanDecision) -> Row:
    """The same decision about the same pair at the same time is one decision, whoever is named first."""
    left, right = sorted((decision.left, decision.right))
    return row_of(
        connection,
        "ops.decisions",
        decision,
        decision_id=digest_of([left, right, decision.is_same, decision.decided_at]),
        kind="same" if decision.is_same else "different",
        left_key=left,
        right_key=right,
    )
