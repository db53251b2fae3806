"""One transaction for a whole load: rows, truth, papers and run records commit together or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime

import duckdb

from transforms.records import Batch, Finding, HumanDecision, Level, Outcome, Run, RunOutcome, Status
from warehouse.errors import BatchRefusedError
from warehouse.readings import Changes, Partition, bring_up_to_date
from warehouse.resolution import Arrival, decide, resolve
from warehouse.rows import Row, decision_row, entry_rows, finding_rows, listing_row, quarantine_rows, source_rows
from warehouse.sqlfiles import statement
from warehouse.staging import stage

NOTHING_CHANGED = Changes(
    said=frozenset(), moved=frozenset(), removed=frozenset(), partitions=frozenset(), doubtful=frozenset()
)


def load(connection: duckdb.DuckDBPyConnection, batches: Sequence[Batch]) -> tuple[RunOutcome, ...]:
    """Load batches in one transaction; returns how each run ended, in the order given.

    Raises:
        BatchRefusedError: a batch contradicts itself; nothing was written.
        duckdb.Error: the database refused; nothing was written.
    """
    with _transaction(connection):
        outcomes = [outcome for wave in _waves(batches) for outcome in _load_wave(connection, wave)]
    by_run = {outcome.run_id: outcome for outcome in outcomes}
    return tuple(by_run[batch.run.run_id] for batch in batches)


def record_failure(connection: duckdb.DuckDBPyConnection, run: Run, reason: str) -> RunOutcome:
    """Record a run that had no page to load."""
    outcome = RunOutcome(
        run_id=run.run_id, source=run.source, partition_on=run.partition_on, status=Status.FAILED, reason=reason
    )
    with _transaction(connection):
        _write_runs(connection, [(run, None, outcome)])
    return outcome


def record_decisions(connection: duckdb.DuckDBPyConnection, run: Run, decisions: Sequence[HumanDecision]) -> RunOutcome:
    """Record people's decisions with a run of their own; a decision that stands already changes nothing."""
    outcome = RunOutcome(
        run_id=run.run_id,
        source=run.source,
        partition_on=None,
        status=Status.LOADED,
        reason="; ".join(decision.reason for decision in decisions),
    )
    with _transaction(connection):
        decide(connection, [decision_row(decision) for decision in decisions], run.run_id)
        _write_runs(connection, [(run, None, outcome)])
    return outcome


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


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


def _load_wave(connection: duckdb.DuckDBPyConnection, batches: Sequence[Batch]) -> list[RunOutcome]:
    for batch in batches:
        _verify(batch)
    stage(connection, "stage_sources", source_rows(batches))
    connection.execute(statement("merge_sources"))
    placed = [batch for batch in batches if batch.partition_on]
    changes, added = _apply(connection, placed) if placed else (NOTHING_CHANGED, Counter())
    outcomes = [_outcome(batch, changes, added) for batch in batches]
    stage(connection, "stage_findings", [row for batch in batches for row in _findings(batch, changes)])
    connection.execute(statement("insert_findings"))
    _write_runs(connection, [(batch.run, batch, outcome) for batch, outcome in zip(batches, outcomes, strict=True)])
    return outcomes


def _verify(batch: Batch) -> None:
    """A batch that is refused or without a list must bring no entries; a listing must have a partition."""
    brings = bool(batch.sightings or batch.rejections)
    if (batch.outcome is not Outcome.LISTING and brings) or (
        batch.outcome is Outcome.LISTING and not batch.partition_on
    ):
        message = f"{batch.source.name} {batch.partition_on}: outcome {batch.outcome} does not fit its entries"
        raise BatchRefusedError(message)


def _apply(connection: duckdb.DuckDBPyConnection, batches: Sequence[Batch]) -> tuple[Changes, Counter[str]]:
    """Write the raw rows, then everything that follows from them; returns the changes and papers added per run."""
    rewritten = _write_raw(connection, batches)
    partitions = {_partition(batch) for batch in batches}
    changes = bring_up_to_date(connection, partitions, rewritten)
    arrivals = {
        sighting.sighting_key: Arrival(rank=rank, run_id=batch.run.run_id)
        for rank, batch in enumerate(batches)
        for sighting in batch.sightings
        if sighting.sighting_key in changes.said
    }
    run_of = {_partition(batch): batch.run.run_id for batch in batches}
    founded = resolve(connection, changes, arrivals, max(run_of.values()))
    added = Counter(arrivals[key].run_id for key in founded.values() if key in arrivals)
    return changes, added


def _partition(batch: Batch) -> Partition:
    if batch.partition_on is None:
        message = f"{batch.source.name}: a batch without a partition has no place in the warehouse"
        raise BatchRefusedError(message)
    return batch.source.name, batch.partition_on


def _write_raw(connection: duckdb.DuckDBPyConnection, batches: Sequence[Batch]) -> set[tuple[Partition, str]]:
    """Write pages, listings, readings, entries, contents and quarantine; returns whose entries were written anew."""
    built = [(batch, *entry_rows(batch)) for batch in batches]
    stage(connection, "stage_listings", [listing_row(batch, entries) for batch, entries, _ in built])
    connection.execute(statement("insert_pages"))
    actions = connection.execute(statement("merge_listings")).fetchall()
    connection.execute(statement("insert_readings"))
    written = {((source, day), page) for _, source, day, page in actions}
    fresh = [item for item in built if (_partition(item[0]), item[0].page.sha256) in written]
    if any(action == "UPDATE" for action, *_ in actions):
        stage(connection, "stage_listings", [listing_row(batch, entries) for batch, entries, _ in fresh])
        connection.execute(statement("delete_entries"))
    if fresh:
        _write_entries(connection, fresh)
    return written


def _write_entries(connection: duckdb.DuckDBPyConnection, built: Sequence[tuple[Batch, list[Row], list[Row]]]) -> None:
    contents = {row["content_key"]: row for _, _, rows in built for row in rows}
    stage(connection, "stage_contents", contents.values())
    connection.execute(statement("insert_contents"))
    stage(connection, "stage_entries", [row for _, rows, _ in built for row in rows])
    connection.execute(statement("insert_entries"))
    stage(connection, "stage_quarantine", [row for batch, _, _ in built for row in quarantine_rows(batch)])
    connection.execute(statement("resolve_quarantine"), {"finished_at": _now()})
    connection.execute(statement("insert_quarantine"))


def _outcome(batch: Batch, changes: Changes, added: Counter[str]) -> RunOutcome:
    status, reason = _status(batch, changes)
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
    )


def _status(batch: Batch, changes: Changes) -> tuple[Status, str | None]:
    if batch.outcome is Outcome.REFUSED:
        return Status.REFUSED, batch.reason
    if batch.outcome is Outcome.NO_LIST:
        return Status.NO_LIST, batch.reason
    if _is_doubtful(batch, changes):
        return Status.REFUSED, _SHRUNK
    return (Status.LOADED if _partition(batch) in changes.partitions else Status.UNCHANGED), None


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
        }
        for place, (run, batch, outcome) in enumerate(runs, start=1)
    ]
    stage(connection, "stage_runs", rows)
    connection.execute(statement("insert_runs"))


def _now() -> datetime:
    """The instant at which rows are written, UTC and naive as DuckDB stores it."""
    return datetime.now(UTC).replace(tzinfo=None)
