"""One transaction for a whole load: rows, truth, papers and run records commit together or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime

import duckdb

from transforms.matching.model import Comparison
from transforms.records import (
    Batch,
    Cause,
    Finding,
    HumanDecision,
    Level,
    Outcome,
    PartitionDecision,
    Run,
    RunOutcome,
    Status,
)
from warehouse.database.sql import statement
from warehouse.database.staging import Row, append, stage
from warehouse.errors import BatchRefusedError
from warehouse.load.partitions import bring_up_to_date
from warehouse.load.rows import (
    decision_row,
    entry_rows,
    finding_rows,
    listing_row,
    lost_row,
    quarantine_rows,
    source_rows,
)
from warehouse.papers.arrivals import Arrival
from warehouse.papers.changes import Changes, Partition, Written
from warehouse.papers.resolve import (
    bring_in_line,
    decide,
    resolve,
    settle,
)
from warehouse.papers.sideindex import SideIndex

NOTHING_CHANGED = Changes(
    said={},
    new=frozenset(),
    unheard=frozenset(),
    moved=frozenset(),
    removed=frozenset(),
    partitions=frozenset(),
    doubtful=frozenset(),
)
Built = tuple[Batch, list[Row], list[Row]]
"""A batch with its rows for raw.entries and raw.contents."""


def load(connection: duckdb.DuckDBPyConnection, index: SideIndex, batches: Sequence[Batch]) -> tuple[RunOutcome, ...]:
    """Load batches in one transaction; returns how each run ended, in the order given.

    Raises:
        BatchRefusedError: a batch contradicts itself; nothing was written.
        duckdb.Error: the database refused; nothing was written.
    """
    with _transaction(connection), _indexed(connection, index):
        if batches:
            bring_in_line(connection, index, batches[0].run.run_id)
        outcomes = [outcome for wave in _waves(batches) for outcome in _load_wave(connection, index, wave)]
    by_run = {outcome.run_id: outcome for outcome in outcomes}
    return tuple(by_run[batch.run.run_id] for batch in batches)


def record_failure(
    connection: duckdb.DuckDBPyConnection, run: Run, reason: str, cause: Cause | None = None
) -> RunOutcome:
    """Record a run that had no page to load."""
    outcome = RunOutcome(
        run_id=run.run_id,
        source=run.source,
        partition_on=run.partition_on,
        status=Status.FAILED,
        reason=reason,
        cause=cause,
    )
    with _transaction(connection):
        _write_runs(connection, [(run, None, outcome)])
    return outcome


def record_decisions(
    connection: duckdb.DuckDBPyConnection, index: SideIndex, run: Run, decisions: Sequence[HumanDecision]
) -> RunOutcome:
    """Record people's decisions with a run of their own; a decision that stands already changes nothing."""
    outcome = RunOutcome(
        run_id=run.run_id,
        source=run.source,
        partition_on=None,
        status=Status.LOADED,
        reason="; ".join(decision.reason for decision in decisions),
    )
    with _transaction(connection), _indexed(connection, index):
        bring_in_line(connection, index, run.run_id)
        decide(connection, index, [decision_row(decision) for decision in decisions], run.run_id)
        _write_runs(connection, [(run, None, outcome)])
    return outcome


def record_lost(connection: duckdb.DuckDBPyConnection, run: Run, decisions: Sequence[PartitionDecision]) -> RunOutcome:
    """Record people's words about partitions with a run of their own; a word that stands already changes nothing."""
    outcome = RunOutcome(
        run_id=run.run_id,
        source=run.source,
        partition_on=None,
        status=Status.LOADED,
        reason="; ".join(decision.reason for decision in decisions),
    )
    with _transaction(connection):
        stage(connection, "stage_lost", [lost_row(decision, run.run_id) for decision in decisions])
        connection.execute(statement("insert_lost"))
        _write_runs(connection, [(run, None, outcome)])
    return outcome


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing, on one thread: to dozens of tiny statements a second thread costs a quarter more CPU."""
    connection.execute("set threads = 1")
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


@contextmanager
def _indexed(connection: duckdb.DuckDBPyConnection, index: SideIndex) -> Iterator[None]:
    """The side index changes with the warehouse; where the warehouse then does not commit, the next load mends it."""
    try:
        yield
        settle(connection, index)
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
    _write_sources(connection, source_rows(batches))
    placed = [batch for batch in batches if batch.partition_on]
    changes, added, suspects = _apply(connection, index, placed) if placed else (NOTHING_CHANGED, Counter(), [])
    outcomes = [_outcome(batch, changes, added) for batch in batches]
    if findings := [*(row for batch in batches for row in _findings(batch, changes)), *suspects]:
        append(connection, "ops.findings", findings)
    _write_runs(connection, [(batch.run, batch, outcome) for batch, outcome in zip(batches, outcomes, strict=True)])
    return outcomes


def _write_sources(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
    """Write what is declared about the sources, where it is not what stands already."""
    standing = set(connection.execute(statement("read_sources")).fetchall())
    if any(tuple(row.values()) not in standing for row in rows):
        stage(connection, "stage_sources", rows)
        connection.execute(statement("merge_sources"))


def _verify(batch: Batch) -> None:
    """A batch that is refused or without a list must bring no entries; a listing must have a partition."""
    brings = bool(batch.sightings or batch.rejections)
    if (batch.outcome is not Outcome.LISTING and brings) or (
        batch.outcome is Outcome.LISTING and not batch.partition_on
    ):
        message = f"{batch.source.name} {batch.partition_on}: outcome {batch.outcome} does not fit its entries"
        raise BatchRefusedError(message)


def _apply(
    connection: duckdb.DuckDBPyConnection, index: SideIndex, batches: Sequence[Batch]
) -> tuple[Changes, Counter[str], list[Row]]:
    """Write the raw rows, then all that follows from them; returns the changes, papers added per run, and findings."""
    built: list[Built] = [(batch, *entry_rows(batch)) for batch in batches]
    written = _write_raw(connection, built)
    changes = bring_up_to_date(connection, {_partition(batch) for batch in batches}, written)
    arrivals = {
        str(row["sighting_key"]): Arrival(
            rank=rank,
            run_id=batch.run.run_id,
            trust=batch.source.trust,
            sighting=sighting,
            content_key=str(row["content_key"]),
        )
        for rank, (batch, entries, _) in enumerate(built)
        for sighting, row in zip(batch.sightings, entries, strict=True)
        if row["sighting_key"] in changes.said
    }
    run_of = {_partition(batch): batch.run.run_id for batch in batches}
    resolved = resolve(connection, index, changes, arrivals, max(run_of.values()))
    added = Counter(arrivals[key].run_id for key in resolved.founded.values() if key in arrivals)
    suspects = [_suspect(item, arrivals) for item in resolved.suspects]
    return changes, added, suspects


def _suspect(item: Comparison, arrivals: Mapping[str, Arrival]) -> Row:
    """The finding that one identifier stands on two clearly different papers, under the run that showed it."""
    run_id = max(arrivals[key].run_id for key in (item.left, item.right) if key in arrivals)
    finding = Finding(
        check_name="suspect_identifier",
        level=Level.WARNING,
        observed="; ".join(part.text for part in item.evidence),
        expected="one identifier on one paper; they stay two papers",
        place=f"{item.left} and {item.right}",
    )
    return {"run_id": run_id, **_as_row(finding)}


def _partition(batch: Batch) -> Partition:
    if batch.partition_on is None:
        message = f"{batch.source.name}: a batch without a partition has no place in the warehouse"
        raise BatchRefusedError(message)
    return batch.source.name, batch.partition_on


def _write_raw(connection: duckdb.DuckDBPyConnection, built: Sequence[Built]) -> Written:
    """Write pages, listings, readings, entries, contents and quarantine; returns whose entries were written now."""
    stage(connection, "stage_listings", [listing_row(batch, entries) for batch, entries, _ in built])
    connection.execute(statement("insert_pages"))
    actions = connection.execute(statement("merge_listings")).fetchall()
    connection.execute(statement("insert_readings"))
    written = {((source, day), page): action for action, source, day, page in actions}
    fresh = [item for item in built if (_partition(item[0]), item[0].page.sha256) in written]
    if fresh:
        known = _content_keys(connection)
        if "UPDATE" in written.values():
            stage(connection, "stage_listings", [listing_row(batch, entries) for batch, entries, _ in fresh])
            connection.execute(statement("delete_entries"))
        _write_entries(connection, fresh, known)
        _write_quarantine(connection, fresh, may_resolve="UPDATE" in written.values())
        if gone := known - _content_keys(connection) if "UPDATE" in written.values() else set():
            stage(connection, "stage_contents", [{"content_key": key} for key in gone])
            connection.execute(statement("delete_contents"))
    return written


def _content_keys(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """What is on record as said in the staged listings' partitions."""
    return {key for (key,) in connection.execute(statement("read_content_keys")).fetchall()}


def _write_entries(connection: duckdb.DuckDBPyConnection, built: Sequence[Built], known: Collection[str]) -> None:
    contents = {row["content_key"]: row for _, _, rows in built for row in rows if row["content_key"] not in known}
    if contents:
        append(connection, "raw.contents", contents.values())
    if entries := [row for _, rows, _ in built for row in rows]:
        append(connection, "raw.entries", entries)


def _write_quarantine(connection: duckdb.DuckDBPyConnection, built: Sequence[Built], *, may_resolve: bool) -> None:
    """A page that was never read before has nothing in quarantine that could be resolved."""
    rejected = [row for batch, _, _ in built for row in quarantine_rows(batch)]
    if rejected or may_resolve:
        stage(connection, "stage_quarantine", rejected)
    if may_resolve:
        connection.execute(statement("resolve_quarantine"), {"finished_at": _now()})
    if rejected:
        connection.execute(statement("insert_quarantine"))


def _outcome(batch: Batch, changes: Changes, added: Counter[str]) -> RunOutcome:
    status, reason, cause = _status(batch, changes)
    return RunOutcome(
        run_id=batch.run.run_id,
        source=batch.source.name,
        partition_on=batch.partition_on,
        status=status,
        entries_count=batch.entries_count,
        sightings_count=len(batch.sightings),
        rejections_count=len(batch.rejections),
        papers_added_count=added[batch.run.run_id],
        reason=reason,
        cause=cause,
    )


def _status(batch: Batch, changes: Changes) -> tuple[Status, str | None, Cause | None]:
    if batch.outcome is Outcome.REFUSED:
        return Status.REFUSED, batch.reason, batch.cause
    if batch.outcome is Outcome.NO_LIST:
        return Status.NO_LIST, batch.reason, batch.cause
    if _is_doubtful(batch, changes):
        return Status.REFUSED, _SHRUNK, Cause.LIST_SHRUNK
    return (Status.LOADED if _partition(batch) in changes.partitions else Status.UNCHANGED), None, None


_SHRUNK = "list_shrunk: the page lacks more entries than lists are known to lose, so the fuller list stands"


def _is_doubtful(batch: Batch, changes: Changes) -> bool:
    return batch.partition_on is not None and (_partition(batch), batch.page.sha256) in changes.doubtful


def _findings(batch: Batch, changes: Changes) -> list[Row]:
    shrunk = Finding(
        check_name="list_shrunk",
        level=Level.ERROR,
        observed=f"{batch.entries_count} entries, too many known ones missing",
        expected="at most two or a tenth of the known entries missing",
    )
    extra = [{"run_id": batch.run.run_id, **_as_row(shrunk)}] if _is_doubtful(batch, changes) else []
    return [*finding_rows(batch), *extra]


def _as_row(finding: Finding) -> Row:
    return {
        "check_name": finding.check_name,
        "level": finding.level,
        "observed": finding.observed,
        "expected": finding.expected,
        "place": finding.place,
    }


def _write_runs(connection: duckdb.DuckDBPyConnection, runs: Sequence[tuple[Run, Batch | None, RunOutcome]]) -> None:
    ((last,),) = connection.execute(statement("read_load_order")).fetchall()
    finished_at = _now()
    rows = [
        {
            "load_order": last + place,
            "run_id": run.run_id,
            "flow": run.flow,
            "source": run.source,
            "partition_on": outcome.partition_on,
            "status": outcome.status,
            "started_at": run.started_at,
            "finished_at": finished_at,
            "page_sha256": batch.page.sha256 if batch else None,
            "extractor_version": batch.source.extractor_version if batch else None,
            "pages_count": 1 if batch else 0,
            "entries_count": outcome.entries_count,
            "sightings_count": outcome.sightings_count,
            "rejections_count": outcome.rejections_count,
            "papers_added_count": outcome.papers_added_count,
            "reason": outcome.reason,
            "cause": outcome.cause,
        }
        for place, (run, batch, outcome) in enumerate(runs, start=1)
    ]
    append(connection, "ops.runs", rows)


def _now() -> datetime:
    """The instant at which rows are written, UTC and naive as DuckDB stores it."""
    return datetime.now(UTC).replace(tzinfo=None)
