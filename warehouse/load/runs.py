"""How each run ended: its outcome, its findings, and its row in ops.runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from transforms.matching.model import Comparison
from transforms.records import (
    Batch,
    Cause,
    Finding,
    Level,
    Outcome,
    Run,
    RunOutcome,
    Status,
)
from warehouse.database.sql import Statements, append, row_of
from warehouse.load.raw import listing_of
from warehouse.papers.arrivals import Arrival, Changes

_SHRUNK = "list_shrunk: the page lacks more entries than lists are known to lose, so the fuller list stands"

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedRun:
    """A run that is over, with its batch if it had a page."""

    run: Run
    outcome: RunOutcome
    batch: Batch | None = None


def ended(batch: Batch, changes: Changes, added: Mapping[str, int]) -> EndedRun:
    """How the batch's run ended, given what the load changed and how many papers each run added."""
    status, reason, cause = _status(batch, changes)
    outcome = RunOutcome(
        run_id=batch.run.run_id,
        source=batch.source.name,
        partition_on=batch.partition_on,
        status=status,
        entries_count=batch.entries_count,
        sightings_count=len(batch.sightings),
        rejections_count=len(batch.rejections),
        papers_added_count=added.get(batch.run.run_id, 0),
        reason=reason,
        cause=cause,
    )
    return EndedRun(run=batch.run, outcome=outcome, batch=batch)


def ended_without_page(run: Run, status: Status, reason: str, cause: Cause | None = None) -> EndedRun:
    """How a run ended that read no page."""
    outcome = RunOutcome(
        run_id=run.run_id,
        source=run.source,
        partition_on=run.partition_on,
        status=status,
        reason=reason,
        cause=cause,
    )
    return EndedRun(run=run, outcome=outcome)


def _status(batch: Batch, changes: Changes) -> tuple[Status, str | None, Cause | None]:
    listing = listing_of(batch)
    if batch.outcome is not Outcome.LISTING or listing is None:
        return Status(batch.outcome), batch.reason, batch.cause
    if listing in changes.doubtful:
        return Status.REFUSED, _SHRUNK, Cause.LIST_SHRUNK
    return Status.LOADED if listing.partition in changes.partitions else Status.UNCHANGED, None, None


def write_findings(
    connection: duckdb.DuckDBPyConnection,
    batches: Iterable[Batch],
    changes: Changes,
    suspects: Iterable[Comparison],
    arrivals: Mapping[str, Arrival],
) -> None:
    """Write what the batches' checks found, lists that shrank too much, and identifiers on two different papers."""
    found = [
        *((batch.run.run_id, finding) for batch in batches for finding in batch.findings),
        *((batch.run.run_id, _shrunk(batch)) for batch in batches if listing_of(batch) in changes.doubtful),
        *((_run_of_pair(pair, arrivals), _suspect(pair)) for pair in suspects),
    ]
    append(
        connection,
        "ops.findings",
        [row_of(connection, "ops.findings", finding, run_id=run_id) for run_id, finding in found],
    )


def _shrunk(batch: Batch) -> Finding:
    return Finding(
        check_name="list_shrunk",
        level=Level.ERROR,
        observed=f"{batch.entries_count} entries, too many known ones missing",
        expected="at most two or a tenth of the known entries missing",
    )


def _suspect(pair: Comparison) -> Finding:
    return Finding(
        check_name="suspect_identifier",
        level=Level.WARNING,
        observed="; ".join(part.text for part in pair.evidence),
        expected="one identifier on one paper; they stay two papers",
        place=f"{pair.left} and {pair.right}",
    )


def _run_of_pair(pair: Comparison, arrivals: Mapping[str, Arrival]) -> str:
    """The latest run that brought a side of the pair."""
    return max(arrivals[key].run_id for key in (pair.left, pair.right) if key in arrivals)


def write_runs(connection: duckdb.DuckDBPyConnection, runs: Sequence[EndedRun]) -> None:
    """Write the runs in the order given, after all that are on record."""
    last, finished_at = _sql.value(connection, "read_load_order"), datetime.now(UTC)
    rows = [
        row_of(
            connection,
            "ops.runs",
            each.outcome,
            each.run,
            load_order=last + place,
            finished_at=finished_at,
            page_sha256=each.batch and each.batch.page.sha256,
            extractor_version=each.batch and each.batch.source.extractor_version,
            pages_count=1 if each.batch else 0,
        )
        for place, each in enumerate(runs, start=1)
    ]
    append(connection, "ops.runs", rows)
