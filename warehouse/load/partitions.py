"""From the readings of the touched partitions to their current truth: sightings, metrics, states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from transforms.records import Closing, Outcome
from transforms.truth.partition import (
    Reading,
    Seen,
    Truth,
    judge,
)
from warehouse.database.sql import statement
from warehouse.database.staging import Row, stage
from warehouse.papers.changes import Changes, Partition, Written

_UNSEEN = ("", False)


@dataclass(frozen=True, slots=True)
class _Known:
    truth: Truth
    section_of: Mapping[str, str | None]
    first_run_of: Mapping[str, str]
    last_run: str


def bring_up_to_date(
    connection: duckdb.DuckDBPyConnection, partitions: Iterable[Partition], written: Written
) -> Changes:
    """Recompute the touched partitions from all their readings and write what differs.

    Args:
        connection: an open transaction.
        partitions: the partitions that got a reading.
        written: the listings whose entries were written now, so that their metrics must be too.
    """
    touched = sorted(partitions)
    stage(connection, "stage_touched", [{"source": source, "partition_on": day} for source, day in touched])
    known = _judged(connection, touched)
    changed, removed, before = _write_sightings(connection, known)
    current = {each.seen.sighting_key: each for item in known.values() for each in item.truth.current}
    measured = _write_metrics(connection, known, written)
    _write_partitions(connection, known)
    said = {key: each for key, each in current.items() if before.get(key, _UNSEEN)[0] != each.seen.content_key}
    new = said.keys() - before.keys()
    return Changes(
        said=said,
        new=frozenset(new),
        unheard=frozenset(key for key in new if _is_first_read(known[changed[key]], changed[key], written)),
        moved=frozenset(key for key in changed.keys() - said.keys() if before[key][1] != current[key].is_listed),
        removed=frozenset(removed),
        partitions=frozenset({*changed.values(), *removed.values(), *measured}),
        doubtful=frozenset(
            (partition, reading.page_sha256) for partition, item in known.items() for reading in item.truth.doubtful
        ),
    )


def _is_first_read(item: _Known, partition: Partition, written: Written) -> bool:
    return [written.get((partition, page)) for page in item.first_run_of] == ["INSERT"]


def _judged(connection: duckdb.DuckDBPyConnection, touched: list[Partition]) -> dict[Partition, _Known]:
    closings = dict(connection.execute(statement("read_closings")).fetchall())
    seen: dict[tuple[Partition, str], list[Seen]] = defaultdict(list)
    sections: dict[Partition, dict[str, str | None]] = defaultdict(dict)
    for source, day, page, key, content, section, position, line in connection.execute(
        statement("read_entries")
    ).fetchall():
        sections[source, day][key] = section
        seen[(source, day), page].append(
            Seen(sighting_key=key, content_key=content, position=position, first_line=line)
        )
    readings: dict[Partition, list[Reading]] = defaultdict(list)
    first_runs: dict[Partition, dict[str, str]] = defaultdict(dict)
    last_runs: dict[Partition, str] = {}
    for source, day, page, fetched_at, outcome, is_closed, is_degraded, first_run, run in connection.execute(
        statement("read_readings")
    ).fetchall():
        partition = (source, day)
        first_runs[partition][page] = first_run
        last_runs[partition] = run
        readings[partition].append(
            Reading(
                page_sha256=page,
                fetched_at=fetched_at.replace(tzinfo=UTC),
                outcome=Outcome(outcome),
                is_closed=is_closed,
                is_degraded=is_degraded,
                seen=tuple(seen[partition, page]),
            )
        )
    return {
        partition: _Known(
            truth=judge(readings[partition], partition_on=partition[1], closing=Closing(closings[partition[0]])),
            section_of=sections[partition],
            first_run_of=first_runs[partition],
            last_run=last_runs[partition],
        )
        for partition in touched
    }


def _write_sightings(
    connection: duckdb.DuckDBPyConnection, known: Mapping[Partition, _Known]
) -> tuple[dict[str, Partition], dict[str, Partition], dict[str, tuple[str, bool]]]:
    """Write what differs; returns changed and removed sightings with their partitions, and what stood before.

    Of what stood before: what each said, and whether it was listed.
    """
    cursor = connection.execute(statement("read_sightings"))
    columns = [column[0] for column in cursor.description or ()]
    before: dict[str, Row] = {row[0]: dict(zip(columns, row, strict=True)) for row in cursor.fetchall()}
    after = {
        str(row["sighting_key"]): row for partition, item in known.items() for row in _sighting_rows(partition, item)
    }
    changed = {key: row for key, row in after.items() if before.get(key) != row}
    removed = {key: row for key, row in before.items() if key not in after}
    if changed:
        stage(connection, "stage_sightings", changed.values())
        connection.execute(statement("merge_sightings"))
    if removed:
        stage(connection, "stage_keys", [{"sighting_key": key} for key in removed])
        connection.execute(statement("delete_sightings"))
    stood = {key: (str(row["content_key"]), bool(row["is_listed"])) for key, row in before.items()}
    return _partitions_of(changed), _partitions_of(removed), stood


def _partitions_of(rows: Mapping[str, Row]) -> dict[str, Partition]:
    return {key: (str(row["source"]), row["partition_on"]) for key, row in rows.items()}  # type: ignore[misc]


def _sighting_rows(partition: Partition, item: _Known) -> Iterable[Row]:
    source, day = partition
    for current in item.truth.current:
        yield {
            "sighting_key": current.seen.sighting_key,
            "source": source,
            "partition_on": day,
            "section": item.section_of[current.seen.sighting_key],
            "position": current.seen.position,
            "first_line": current.seen.first_line,
            "content_key": current.seen.content_key,
            "page_sha256": current.page_sha256,
            "run_id": item.first_run_of[current.page_sha256],
            "is_listed": current.is_listed,
        }


def _write_metrics(
    connection: duckdb.DuckDBPyConnection, known: Mapping[Partition, _Known], written: Written
) -> set[Partition]:
    before: set[tuple[Partition, str, datetime]] = {
        ((source, day), page, observed_at)
        for source, day, page, observed_at in connection.execute(statement("read_measured")).fetchall()
    }
    after: set[tuple[Partition, str, datetime]] = {
        (partition, reading.page_sha256, reading.fetched_at.replace(tzinfo=None))
        for partition, item in known.items()
        for reading in item.truth.measured
    }
    renewed = {key for key in before & after if (key[0], key[1]) in written}
    gone, new = (before - after) | renewed, (after - before) | renewed
    rows = [
        {
            "source": partition[0],
            "partition_on": partition[1],
            "page_sha256": page,
            "observed_at": observed_at,
            "run_id": known[partition].first_run_of[page],
            "is_measured": (partition, page, observed_at) in new,
        }
        for partition, page, observed_at in sorted(gone | new)
    ]
    if rows:
        stage(connection, "stage_measured", rows)
    if gone:
        connection.execute(statement("delete_metrics"))
    counted = connection.execute(statement("insert_metrics")).fetchone() if new else None
    return {partition for partition, _, _ in (gone | new)} if gone or (counted and counted[0]) else set()


def _write_partitions(connection: duckdb.DuckDBPyConnection, known: Mapping[Partition, _Known]) -> None:
    rows = [
        {
            "source": source,
            "partition_on": day,
            "state": item.truth.state,
            "entries_count": item.truth.entries_count,
            "last_run_id": item.last_run,
            "last_read_at": item.truth.last_read_at,
        }
        for (source, day), item in known.items()
    ]
    stage(connection, "stage_partitions", rows)
    connection.execute(statement("merge_partitions"))
