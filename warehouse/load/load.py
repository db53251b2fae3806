"""What a load writes in its transaction, up to the record of its run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from transforms.records import (
    Batch,
    Outcome,
    Packed,
    RunOutcome,
    SourceFacts,
)
from warehouse.database.sql import Connection, Statements, row_of, stage
from warehouse.errors import BatchRefusedError
from warehouse.load.decisions import forgotten_readings, reading_of
from warehouse.load.partitions import recompute_partitions
from warehouse.load.raw import RawBatch, raw_batch, write_raw
from warehouse.load.runs import forgotten_outcome, outcome_of, record_loads, write_findings
from warehouse.papers.changes import Arrival, Changes
from warehouse.papers.resolve import NOTHING_RESOLVED, resolve
from warehouse.papers.sideindex import SideIndex

_sql = Statements(__package__)


def load(connection: Connection, index: SideIndex, batches: Sequence[Batch]) -> tuple[RunOutcome, ...]:
    """Load batches in an open transaction; returns how each run ended, in the order given.

    Raises BatchRefusedError if a batch contradicts itself.
    """
    outcomes = [outcome for wave in _waves(batches) for outcome in _load_wave(connection, index, wave)]
    by_run = {outcome.run_id: outcome for outcome in outcomes}
    return tuple(by_run[batch.run.run_id] for batch in batches)


def _waves(batches: Sequence[Batch]) -> list[list[Batch]]:
    """Batches in order, no partition twice in a wave: each run of a partition must see the result of the one before."""
    waves: list[list[Batch]] = []
    depth: Counter[tuple[str, date | None]] = Counter()
    for batch in batches:
        place = depth[batch.source.name, batch.partition_on]
        depth[batch.source.name, batch.partition_on] += 1
        if place == len(waves):
            waves.append([])
        waves[place].append(batch)
    return waves


def _load_wave(connection: Connection, index: SideIndex, batches: Sequence[Batch]) -> list[RunOutcome]:
    for batch in batches:
        _verify(batch)
    _write_sources(connection, batches)
    placed = [raw_batch(connection, batch) for batch in batches if batch.partition_on]
    changes, arrivals, resolved = Changes(), dict[str, Arrival](), NOTHING_RESOLVED
    if placed:
        written = write_raw(connection, placed)
        partitions = {each.listing.partition for each in placed}
        closings = {batch.source.name: batch.source.closing for batch in batches}
        changes = recompute_partitions(connection, partitions, closings, written)
        arrivals = _arrivals(placed, changes)
        resolved = resolve(connection, index, changes, arrivals, max(each.batch.run.run_id for each in placed))
    added = Counter(arrivals[key].run_id for key in resolved.founded.values() if key in arrivals)
    forgotten = forgotten_readings(connection)
    reasons = [forgotten.get(reading) if reading else None for reading in map(reading_of, batches)]
    outcomes = [
        outcome_of(batch, changes, added) if reason is None else forgotten_outcome(batch, reason)
        for batch, reason in zip(batches, reasons, strict=True)
    ]
    counted = [batch for batch, reason in zip(batches, reasons, strict=True) if reason is None]
    write_findings(connection, counted, changes, resolved.suspects, arrivals)
    record_loads(connection, batches, outcomes)
    return outcomes


def _verify(batch: Batch) -> None:
    """Refuse a batch that has entries but no list, or a list but no partition."""
    has_entries = bool(batch.sightings or batch.rejections)
    is_listing = batch.outcome is Outcome.LISTING
    if (not is_listing and has_entries) or (is_listing and not batch.partition_on):
        raise BatchRefusedError(
            f"{batch.source.name} {batch.partition_on}: outcome {batch.outcome} does not fit its entries"
        )


def _write_sources(connection: Connection, batches: Sequence[Batch]) -> None:
    """Write what the sources declare, if anything of it is new."""
    declared = {batch.source.name: batch.source for batch in batches}
    if set(declared.values()) - set(_sql.records(connection, "read_sources", SourceFacts)):
        rows = [row_of(connection, "ops.sources", facts, source=name) for name, facts in sorted(declared.items())]
        stage(connection, "stage_sources", rows, like="ops.sources")
        _sql.run(connection, "merge_sources")


def _arrivals(batches: Sequence[RawBatch], changes: Changes) -> dict[str, Arrival]:
    """The sightings of the batches that are new or changed, by key."""
    return {
        sighting.sighting_key: Arrival(
            rank=rank,
            run_id=item.batch.run.run_id,
            trust=item.batch.source.trust,
            is_archive=item.batch.source.is_archive,
            sighting=sighting,
            content_key=str(content["content_key"]),
            packed=packed,
        )
        for rank, item in enumerate(batches)
        for sighting, content, packed in zip(item.batch.sightings, item.contents, _packed(item.batch), strict=True)
        if sighting.sighting_key in changes.changed
    }


def _packed(batch: Batch) -> Sequence[Packed | None]:
    return batch.packed or (None,) * len(batch.sightings)
