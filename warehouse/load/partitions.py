"""From the readings of the touched partitions to their current truth: sightings, metrics, states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import duckdb

from transforms.listing.drift import Shape
from transforms.records import PartitionRow, SourceFacts
from transforms.truth.partition import Current, Reading, Seen, Truth, judge
from warehouse.database.sql import Statements, row_of, stage
from warehouse.load.raw import Written
from warehouse.papers.arrivals import Changes, ListingKey, Partition

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """An entry of a page, as it stands in raw.entries."""

    source: str
    partition_on: date
    page_sha256: str
    section: str | None
    seen: Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReading(Reading):
    """A reading with its partition, its run, and the run that read its page first."""

    source: str
    partition_on: date
    first_run_id: str
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSighting:
    """A row of core.sightings."""

    sighting_key: str
    source: str
    partition_on: date
    section: str | None
    position: int
    first_line: int | None
    content_key: str
    page_sha256: str
    run_id: str
    is_listed: bool

    @property
    def partition(self) -> Partition:
        """Its partition."""
        return Partition(self.source, self.partition_on)


@dataclass(frozen=True, slots=True, order=True)
class Measurement:
    """One reading whose numbers are in core.metrics."""

    source: str
    partition_on: date
    page_sha256: str
    observed_at: datetime

    @property
    def listing(self) -> ListingKey:
        """The listing that was read."""
        return ListingKey(self.source, self.partition_on, self.page_sha256)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is true of a partition, with where it was read: sections by sighting, first runs by page."""

    truth: Truth
    section_of: Mapping[str, str | None]
    first_run_of: Mapping[str, str]
    last_run_id: str


@dataclass(frozen=True, slots=True)
class _Sightings:
    """The touched partitions' sightings before, and those of them that were written or removed."""

    before: Mapping[str, StoredSighting]
    written: Mapping[str, StoredSighting]
    removed: Mapping[str, StoredSighting]


@dataclass(frozen=True, slots=True, kw_only=True)
class _StoredPartition(PartitionRow):
    partition_on: date


def recompute_partitions(
    connection: duckdb.DuckDBPyConnection, partitions: Iterable[Partition], written: Written
) -> Changes:
    """Recompute the touched partitions from all their readings and write what differs.

    Args:
        connection: an open transaction.
        partitions: the partitions that got a reading.
        written: the listings whose entries were written now, so that their metrics must be too.
    """
    touched = sorted(partitions)
    stage(connection, "stage_touched", touched, like="ops.partitions")
    judged = _judge(connection, touched)
    sightings = _write_sightings(connection, judged)
    measured = _write_metrics(connection, judged, written)
    rows = [_partition_row(connection, partition, item) for partition, item in judged.items()]
    stage(connection, "stage_partitions", rows, like="ops.partitions")
    _sql.run(connection, "merge_partitions")
    return _changes(judged, sightings, measured, written)


def read_history(connection: duckdb.DuckDBPyConnection, source: str, first: date, last: date) -> tuple[Shape, ...]:
    """The shapes of a source's loaded pages, one per partition, both ends included, ascending."""
    parameters = {"source": source, "first": first, "last": last}
    return tuple(_sql.records(connection, "read_history", Shape, parameters))


def read_partitions(
    connection: duckdb.DuckDBPyConnection, source: str, first: date, last: date
) -> Mapping[date, PartitionRow]:
    """The partitions of a source that were read, asked for, given up or linked, both ends included."""
    parameters = {"source": source, "first": first, "last": last}
    return {row.partition_on: row for row in _sql.records(connection, "read_partitions", _StoredPartition, parameters)}


def _judge(connection: duckdb.DuckDBPyConnection, touched: Iterable[Partition]) -> dict[Partition, _Judged]:
    closings = {facts.name: facts.closing for facts in _sql.records(connection, "read_sources", SourceFacts)}
    seen: dict[ListingKey, list[Seen]] = defaultdict(list)
    sections: dict[Partition, dict[str, str | None]] = defaultdict(dict)
    for entry in _sql.records(connection, "read_entries", StoredEntry):
        seen[ListingKey(entry.source, entry.partition_on, entry.page_sha256)].append(entry.seen)
        sections[Partition(entry.source, entry.partition_on)][entry.seen.sighting_key] = entry.section
    readings: dict[Partition, list[StoredReading]] = defaultdict(list)
    for reading in _sql.records(connection, "read_readings", StoredReading):
        entries = seen[ListingKey(reading.source, reading.partition_on, reading.page_sha256)]
        readings[Partition(reading.source, reading.partition_on)].append(replace(reading, seen=tuple(entries)))
    return {
        partition: _Judged(
            truth=judge(readings[partition], partition_on=partition.partition_on, closing=closings[partition.source]),
            section_of=sections[partition],
            first_run_of={reading.page_sha256: reading.first_run_id for reading in readings[partition]},
            last_run_id=readings[partition][-1].run_id,
        )
        for partition in touched
    }


def _write_sightings(connection: duckdb.DuckDBPyConnection, judged: Mapping[Partition, _Judged]) -> _Sightings:
    before = {row.sighting_key: row for row in _sql.records(connection, "read_sightings", StoredSighting)}
    after = {row.sighting_key: row for partition, item in judged.items() for row in _current(partition, item)}
    written = {key: row for key, row in after.items() if before.get(key) != row}
    removed = {key: row for key, row in before.items() if key not in after}
    if written:
        stage(connection, "stage_sightings", written.values(), like="core.sightings")
        _sql.run(connection, "merge_sightings")
    if removed:
        stage(connection, "stage_keys", removed.values(), like="core.sightings")
        _sql.run(connection, "delete_sightings")
    return _Sightings(before, written, removed)


def _current(partition: Partition, item: _Judged) -> Iterator[StoredSighting]:
    for current in item.truth.current:
        yield StoredSighting(
            sighting_key=current.seen.sighting_key,
            source=partition.source,
            partition_on=partition.partition_on,
            section=item.section_of[current.seen.sighting_key],
            position=current.seen.position,
            first_line=current.seen.first_line,
            content_key=current.seen.content_key,
            page_sha256=current.page_sha256,
            run_id=item.first_run_of[current.page_sha256],
            is_listed=current.is_listed,
        )


def _write_metrics(
    connection: duckdb.DuckDBPyConnection, judged: Mapping[Partition, _Judged], written: Written
) -> set[Partition]:
    """Write the numbers of the readings that count now; returns the partitions in which any number changed."""
    before = set(_sql.records(connection, "read_measured", Measurement))
    run_of = {
        Measurement(partition.source, partition.partition_on, reading.page_sha256, reading.fetched_at): (
            item.first_run_of[reading.page_sha256]
        )
        for partition, item in judged.items()
        for reading in item.truth.measured
    }
    renewed = {each for each in before & run_of.keys() if each.listing in written}
    gone, new = (before - run_of.keys()) | renewed, (run_of.keys() - before) | renewed
    if gone:
        stage(connection, "stage_measured", sorted(gone), like="core.metrics")
        _sql.run(connection, "delete_metrics")
    inserted = 0
    if new:
        rows = [row_of(connection, "core.metrics", each, run_id=run_of[each]) for each in sorted(new)]
        stage(connection, "stage_measured", rows, like="core.metrics")
        inserted = _sql.value(connection, "insert_metrics")
    return {Partition(each.source, each.partition_on) for each in gone | new} if gone or inserted else set()


def _partition_row(connection: duckdb.DuckDBPyConnection, partition: Partition, item: _Judged) -> dict[str, object]:
    return row_of(connection, "ops.partitions", partition, item.truth, last_run_id=item.last_run_id)


def _changes(
    judged: Mapping[Partition, _Judged], sightings: _Sightings, measured: set[Partition], written: Written
) -> Changes:
    before = sightings.before
    current = {each.seen.sighting_key: each for item in judged.values() for each in item.truth.current}
    changed = {
        key: each
        for key, each in current.items()
        if key not in before or before[key].content_key != each.seen.content_key
    }
    added = frozenset(changed.keys() - before.keys())
    first_read = {partition for partition, item in judged.items() if _is_first_read(partition, item, written)}
    touched = [*sightings.written.values(), *sightings.removed.values()]
    return Changes(
        changed=changed,
        added=added,
        first_read=frozenset(key for key in added if sightings.written[key].partition in first_read),
        relisted=_relisted(sightings, changed),
        removed=frozenset(sightings.removed),
        partitions=frozenset({row.partition for row in touched} | measured),
        doubtful=frozenset(
            ListingKey(partition.source, partition.partition_on, reading.page_sha256)
            for partition, item in judged.items()
            for reading in item.truth.doubtful
        ),
    )


def _is_first_read(partition: Partition, item: _Judged, written: Written) -> bool:
    """Whether the partition has one page only, which was loaded now for the first time."""
    listings = [ListingKey(partition.source, partition.partition_on, page) for page in item.first_run_of]
    return [written.get(listing) for listing in listings] == ["INSERT"]


def _relisted(sightings: _Sightings, changed: Mapping[str, Current]) -> frozenset[str]:
    return frozenset(
        key
        for key, row in sightings.written.items()
        if key not in changed and sightings.before[key].is_listed != row.is_listed
    )
