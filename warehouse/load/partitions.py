"""From the readings of the touched partitions to their current truth: sightings, metrics, states."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from transforms.listing.drift import Shape
from transforms.listing.reading_order import TimedReading
from transforms.records import Closing, PartitionRow
from transforms.truth.partition import Reading, Seen, Truth, judge
from warehouse.database.sql import Connection, Statements, row_of, stage
from warehouse.load.raw import Written
from warehouse.papers.changes import Changes, ListingKey, Partition

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """A row of raw.entries, without its numbers."""

    listing: ListingKey
    section: str | None
    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReading:
    """A row of raw.readings, with the run that read its page first."""

    listing: ListingKey
    reading: Reading
    first_run_id: str
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSighting:
    """A row of core.sightings."""

    listing: ListingKey
    section: str | None
    seen: Seen
    run_id: str
    is_listed: bool


@dataclass(frozen=True, slots=True, order=True)
class Measurement:
    """One reading whose numbers are in core.metrics."""

    listing: ListingKey
    observed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTimed:
    """A reading of a partition with its upvotes."""

    partition_on: date
    reading: TimedReading


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPartition:
    """A row of ops.partition_states."""

    partition_on: date
    row: PartitionRow


def recompute_partitions(
    connection: Connection, partitions: Collection[Partition], closings: Mapping[str, Closing], written: Written
) -> Changes:
    """Recompute the touched partitions from all their readings and write what differs.

    Args:
        connection: an open transaction.
        partitions: the partitions that got or lost a reading, each once.
        closings: when the partitions of each source are final.
        written: the listings whose entries were written now, so that their metrics must be too.
    """
    stage(connection, "stage_touched", partitions, like="ops.partitions")
    entries = _sql.records(connection, "read_entries", StoredEntry)
    readings = _sql.records(connection, "read_readings", StoredReading)
    first_runs = {each.listing: each.first_run_id for each in readings}
    truths = _judge(entries, readings, closings)
    before = {row.seen.sighting_key: row for row in _sql.records(connection, "read_sightings", StoredSighting)}
    after = _current(truths, entries, first_runs)
    touched = _write_sightings(connection, before, after)
    touched |= _write_metrics(connection, truths, first_runs, written)
    _write_partitions(connection, truths, readings, has_all=len(truths) == len(partitions))
    added = frozenset(after.keys() - before.keys())
    kept = after.keys() & before.keys()
    changed = added | {key for key in kept if before[key].seen.content_key != after[key].seen.content_key}
    first_read = _first_read(first_runs, written)
    current = {each.seen.sighting_key: each for truth in truths.values() for each in truth.current}
    return Changes(
        changed={key: current[key] for key in changed},
        added=added,
        first_read=frozenset(key for key in added if after[key].listing.partition in first_read),
        relisted=frozenset(key for key in kept - changed if before[key].is_listed != after[key].is_listed),
        removed=frozenset(before.keys() - after.keys()),
        partitions=frozenset(touched),
        doubtful=frozenset(
            ListingKey(partition, reading.page_sha256)
            for partition, truth in truths.items()
            for reading in truth.doubtful
        ),
    )


def _first_read(listings: Iterable[ListingKey], written: Written) -> set[Partition]:
    """The partitions that have one page only, which was loaded now for the first time."""
    pages = Counter(listing.partition for listing in listings)
    return {each.partition for each, is_new in written.items() if is_new and pages[each.partition] == 1}


def read_history(connection: Connection, source: str, first: date, last: date) -> tuple[Shape, ...]:
    """The shapes of a source's loaded pages, one per partition, both ends included, ascending."""
    parameters = {"source": source, "first": first, "last": last}
    return tuple(_sql.records(connection, "read_history", Shape, parameters))


def read_timed(connection: Connection, source: str, days: Iterable[date]) -> Mapping[date, Sequence[TimedReading]]:
    """The readings of partitions that gave a whole list or a part of one, in the order of their times."""
    found: defaultdict[date, list[TimedReading]] = defaultdict(list)
    for each in _sql.records(connection, "read_timed", StoredTimed, {"source": source, "days": sorted(days)}):
        found[each.partition_on].append(each.reading)
    return found


def read_partitions(connection: Connection, source: str, first: date, last: date) -> Mapping[date, PartitionRow]:
    """The partitions of a source that were read, asked for, given up or linked, both ends included."""
    parameters = {"source": source, "first": first, "last": last}
    stored = _sql.records(connection, "read_partitions", StoredPartition, parameters)
    return {each.partition_on: each.row for each in stored}


def _judge(
    entries: Iterable[StoredEntry], readings: Iterable[StoredReading], closings: Mapping[str, Closing]
) -> dict[Partition, Truth]:
    seen: dict[ListingKey, list[Seen]] = defaultdict(list)
    for entry in entries:
        seen[entry.listing].append(entry.seen)
    whole: dict[Partition, list[Reading]] = defaultdict(list)
    for each in readings:
        whole[each.listing.partition].append(replace(each.reading, seen=tuple(seen[each.listing])))
    return {
        partition: judge(whole[partition], partition_on=partition.partition_on, closing=closings[partition.source])
        for partition in sorted(whole)
    }


def _current(
    truths: Mapping[Partition, Truth], entries: Iterable[StoredEntry], first_runs: Mapping[ListingKey, str]
) -> dict[str, StoredSighting]:
    """The rows that core.sightings should have for the partitions."""
    sections = {entry.seen.sighting_key: entry.section for entry in entries}
    return {
        current.seen.sighting_key: StoredSighting(
            listing=(listing := ListingKey(partition, current.page_sha256)),
            section=sections[current.seen.sighting_key],
            seen=current.seen,
            run_id=first_runs[listing],
            is_listed=current.is_listed,
        )
        for partition, truth in truths.items()
        for current in truth.current
    }


def _write_sightings(
    connection: Connection, before: Mapping[str, StoredSighting], after: Mapping[str, StoredSighting]
) -> set[Partition]:
    """Write what differs; returns the partitions in which anything does."""
    differing = [row for key, row in after.items() if before.get(key) != row]
    removed = [row for key, row in before.items() if key not in after]
    if differing:
        rows = [
            row_of(connection, "core.sightings", row, row.listing, row.listing.partition, row.seen) for row in differing
        ]
        stage(connection, "stage_sightings", rows, like="core.sightings")
        _sql.run(connection, "merge_sightings")
    if removed:
        keys = [{"sighting_key": row.seen.sighting_key} for row in removed]
        stage(connection, "stage_keys", keys, like="core.sightings")
        _sql.run(connection, "delete_sightings")
    return {row.listing.partition for row in (*differing, *removed)}


def _write_metrics(
    connection: Connection,
    truths: Mapping[Partition, Truth],
    first_runs: Mapping[ListingKey, str],
    written: Written,
) -> set[Partition]:
    """Write the numbers of the readings that count now; returns the partitions in which any number changed."""
    before = set(_sql.records(connection, "read_measured", Measurement))
    after = {
        Measurement(ListingKey(partition, reading.page_sha256), reading.fetched_at)
        for partition, truth in truths.items()
        for reading in truth.measured
    }
    # Entries that were written now may have other numbers than those that stand.
    renewed = {each for each in before & after if each.listing in written}
    gone, new = (before - after) | renewed, (after - before) | renewed
    if gone:
        _stage_measured(connection, gone, first_runs)
        _sql.run(connection, "delete_metrics")
    inserted = False
    if new:
        _stage_measured(connection, new, first_runs)
        inserted = any(_sql.column(connection, "insert_metrics"))
    return {each.listing.partition for each in gone | new} if gone or inserted else set()


def _stage_measured(
    connection: Connection, measured: Iterable[Measurement], first_runs: Mapping[ListingKey, str]
) -> None:
    rows = [
        row_of(
            connection, "core.metrics", each, each.listing, each.listing.partition, run_id=first_runs.get(each.listing)
        )
        for each in sorted(measured)
    ]
    stage(connection, "stage_measured", rows, like="core.metrics")


def _write_partitions(
    connection: Connection, truths: Mapping[Partition, Truth], readings: Iterable[StoredReading], *, has_all: bool
) -> None:
    """Write what is true of each partition; without `has_all` there are some of which no reading counts any more."""
    last_runs = {each.listing.partition: each.run_id for each in readings}
    rows = [
        row_of(connection, "ops.partitions", partition, truth, last_run_id=last_runs[partition])
        for partition, truth in truths.items()
    ]
    stage(connection, "stage_partitions", rows, like="ops.partitions")
    _sql.run(connection, "merge_partitions")
    if not has_all:
        _sql.run(connection, "delete_partitions")
