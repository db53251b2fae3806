"""One transaction for a whole load: rows, truth, papers and run records commit together or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

import duckdb

from transforms.records import (
    Batch,
    Cause,
    HumanDecision,
    Outcome,
    PartitionDecision,
    Run,
    RunOutcome,
    SourceFacts,
    Status,
)
from warehouse.database.connection import transaction
from warehouse.database.sql import Row, Statements, row_of, stage
from warehouse.errors import BatchRefusedError
from warehouse.load.partitions import recompute_partitions
from warehouse.load.raw import RawBatch, digest_of, raw_batch, write_raw
from warehouse.load.runs import EndedRun, ended, ended_without_page, write_findings, write_runs
from warehouse.papers.arrivals import Arrival, Changes
from warehouse.papers.resolve import NOTHING_RESOLVED, commit_index, resolve, resolve_again, sync_index
from warehouse.papers.sideindex import SideIndex

_NO_ARRIVALS: Mapping[str, Arrival] = {}
_NOTHING_CHANGED = Changes(
    changed={},
    added=frozenset(),
    first_read=frozenset(),
    relisted=frozenset(),
    removed=frozenset(),
    partitions=frozenset(),
    doubtful=frozenset(),
)

_sql = Statements(__package__)


def load(connection: duckdb.DuckDBPyConnection, index: SideIndex, batches: Sequence[Batch]) -> tuple[RunOutcome, ...]:
    """Load batches in one transaction; returns how each run ended, in the order given.

    Raises:
        BatchRefusedError: a batch contradicts itself; nothing was written.
        duckdb.Error: the database refused; nothing was written.
    """
    with transaction(connection), _indexed(connection, index):
        if batches:
            sync_index(connection, index, batches[0].run.run_id)
        outcomes = [outcome for wave in _waves(batches) for outcome in _load_wave(connection, index, wave)]
    by_run = {outcome.run_id: outcome for outcome in outcomes}
    return tuple(by_run[batch.run.run_id] for batch in batches)


def record_failure(
    connection: duckdb.DuckDBPyConnection, run: Run, reason: str, cause: Cause | None = None
) -> RunOutcome:
    """Record a run that had no page to load."""
    with transaction(connection):
        return _record(connection, ended_without_page(run, Status.FAILED, reason, cause))


def record_decisions(
    connection: duckdb.DuckDBPyConnection, index: SideIndex, run: Run, decisions: Sequence[HumanDecision]
) -> RunOutcome:
    """Record people's decisions with a run of their own; a decision that stands already changes nothing."""
    with transaction(connection), _indexed(connection, index):
        sync_index(connection, index, run.run_id)
        rows = [_decision_row(connection, decision) for decision in decisions]
        stage(connection, "stage_decisions", rows, like="ops.decisions")
        _sql.run(connection, "insert_decisions")
        resolve_again(connection, index, {end for each in decisions for end in (each.left, each.right)}, run.run_id)
        return _record(connection, ended_without_page(run, Status.LOADED, _reasons(decisions)))


def record_lost(connection: duckdb.DuckDBPyConnection, run: Run, decisions: Sequence[PartitionDecision]) -> RunOutcome:
    """Record people's decisions about partitions with a run of their own; one that stands already changes nothing."""
    with transaction(connection):
        rows = [row_of(connection, "ops.lost_partitions", each, run_id=run.run_id) for each in decisions]
        stage(connection, "stage_lost", rows, like="ops.lost_partitions")
        _sql.run(connection, "insert_lost")
        return _record(connection, ended_without_page(run, Status.LOADED, _reasons(decisions)))


def _decision_row(connection: duckdb.DuckDBPyConnection, decision: HumanDecision) -> Row:
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


def _reasons(decisions: Sequence[HumanDecision | PartitionDecision]) -> str:
    return "; ".join(decision.reason for decision in decisions)


def _record(connection: duckdb.DuckDBPyConnection, run: EndedRun) -> RunOutcome:
    write_runs(connection, [run])
    return run.outcome


@contextmanager
def _indexed(connection: duckdb.DuckDBPyConnection, index: SideIndex) -> Iterator[None]:
    """The side index changes with the warehouse; where the warehouse then does not commit, the next load mends it."""
    try:
        yield
        commit_index(connection, index)
    except BaseException:
        index.rollback()
        raise


def _waves(batches: Sequence[Batch]) -> list[list[Batch]]:
    """Split so that a partition stands once in a wave, in the order given: each run sees what came before it."""
    waves: list[list[Batch]] = []
    depth: Counter[tuple[str, date | None]] = Counter()
    for batch in batches:
        place = depth[batch.source.name, batch.partition_on]
        depth[batch.source.name, batch.partition_on] += 1
        if place == len(waves):
            waves.append([])
        waves[place].append(batch)
    return waves


def _load_wave(connection: duckdb.DuckDBPyConnection, index: SideIndex, batches: Sequence[Batch]) -> list[RunOutcome]:
    for batch in batches:
        _verify(batch)
    _write_sources(connection, batches)
    placed = [raw_batch(connection, batch) for batch in batches if batch.partition_on]
    changes, arrivals, resolved = _NOTHING_CHANGED, _NO_ARRIVALS, NOTHING_RESOLVED
    if placed:
        written = write_raw(connection, placed)
        changes = recompute_partitions(connection, {each.listing.partition for each in placed}, written)
        arrivals = _arrivals(placed, changes)
        resolved = resolve(connection, index, changes, arrivals, max(each.batch.run.run_id for each in placed))
    added = Counter(arrivals[key].run_id for key in resolved.founded.values() if key in arrivals)
    runs = [ended(batch, changes, added) for batch in batches]
    write_findings(connection, batches, changes, resolved.suspects, arrivals)
    write_runs(connection, runs)
    return [run.outcome for run in runs]


def _verify(batch: Batch) -> None:
    """A batch that is refused or without a list must bring no entries; a listing must have a partition."""
    has_entries = bool(batch.sightings or batch.rejections)
    is_listing = batch.outcome is Outcome.LISTING
    if (not is_listing and has_entries) or (is_listing and not batch.partition_on):
        message = f"{batch.source.name} {batch.partition_on}: outcome {batch.outcome} does not fit its entries"
        raise BatchRefusedError(message)


def _write_sources(connection: duckdb.DuckDBPyConnection, batches: Sequence[Batch]) -> None:
    """Write what is declared about the sources, where that is not what stands already."""
    declared = {batch.source.name: batch.source for batch in batches}
    if set(declared.values()) - set(_sql.records(connection, "read_sources", SourceFacts)):
        rows = [row_of(connection, "ops.sources", facts, source=name) for name, facts in sorted(declared.items())]
        stage(connection, "stage_sources", rows, like="ops.sources")
        _sql.run(connection, "merge_sources")


def _arrivals(batches: Sequence[RawBatch], changes: Changes) -> Mapping[str, Arrival]:
    """The sightings of the batches that are new or changed, by key."""
    return {
        sighting.sighting_key: Arrival(
            rank=rank,
            run_id=item.batch.run.run_id,
            trust=item.batch.source.trust,
            sighting=sighting,
            content_key=str(content["content_key"]),
        )
        for rank, item in enumerate(batches)
        for sighting, content in zip(item.batch.sightings, item.contents, strict=True)
        if sighting.sighting_key in changes.changed
    }
