"""How each run ended: its outcome, its findings, and its row in ops.runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from transforms.facts import AnswerBatch
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
from warehouse.database.sql import Connection, Row, Statements, append, row_of
from warehouse.load.raw import listing_of
from warehouse.papers.changes import Arrival, Changes

_SHRUNK = "list_shrunk: the page lacks more entries than lists are known to lose, so the fuller list stands"

_sql = Statements(__package__)


def outcome_of(batch: Batch, changes: Changes, added: Mapping[str, int]) -> RunOutcome:
    """How the batch's run ended, given what the load changed and how many papers each run added."""
    status, reason, cause = _status(batch, changes)
    return RunOutcome(
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


def forgotten_outcome(batch: Batch, reason: str) -> RunOutcome:
    """How the run of a reading ended that does not count, because a person took it back."""
    return RunOutcome(
        run_id=batch.run.run_id,
        source=batch.source.name,
        partition_on=batch.partition_on,
        status=Status.UNCHANGED,
        entries_count=batch.entries_count,
        sightings_count=len(batch.sightings),
        rejections_count=len(batch.rejections),
        reason=f"this reading was taken back with forget: {reason}",
    )


def _status(batch: Batch, changes: Changes) -> tuple[Status, str | None, Cause | None]:
    listing = listing_of(batch)
    if batch.outcome is Outcome.OUT_OF_REACH:
        return Status.NO_LIST, batch.reason, batch.cause
    if batch.outcome is not Outcome.LISTING or listing is None:
        return Status(batch.outcome), batch.reason, batch.cause
    if listing in changes.doubtful:
        return Status.REFUSED, _SHRUNK, Cause.LIST_SHRUNK
    return Status.LOADED if listing.partition in changes.partitions else Status.UNCHANGED, batch.reason, batch.cause


def write_findings(
    connection: Connection,
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
        expected="at most two or a tenth of the known entries missing, of fewer than ten one",
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


def record_run(connection: Connection, run: Run, status: Status, reason: str, cause: Cause | None = None) -> RunOutcome:
    """Record a run that read no page."""
    outcome = RunOutcome(
        run_id=run.run_id,
        source=run.source,
        partition_on=run.partition_on,
        status=status,
        reason=reason,
        cause=cause,
    )
    _write(connection, [row_of(connection, "ops.runs", outcome, run, pages_count=0)])
    return outcome


def record_loads(connection: Connection, batches: Sequence[Batch], outcomes: Sequence[RunOutcome]) -> None:
    """Record the batches' runs."""
    rows = [
        row_of(
            connection,
            "ops.runs",
            outcome,
            batch.run,
            page_sha256=batch.page.sha256,
            extractor_version=batch.source.extractor_version,
            pages_count=1,
        )
        for batch, outcome in zip(batches, outcomes, strict=True)
    ]
    _write(connection, rows)


def record_answer(connection: Connection, batch: AnswerBatch, outcome: RunOutcome) -> None:
    """Record the run that read an answer of a service, with what was found in it."""
    found = [row_of(connection, "ops.findings", each, run_id=batch.run.run_id) for each in batch.findings]
    append(connection, "ops.findings", found)
    page = {"page_sha256": batch.page.sha256, "extractor_version": batch.version, "pages_count": 1}
    _write(connection, [row_of(connection, "ops.runs", outcome, batch.run, **page)])


def _write(connection: Connection, rows: Sequence[Row]) -> None:
    """Write runs in the order given, after all that are on record."""
    (last,), finished_at = _sql.column(connection, "read_load_order"), datetime.now(UTC)
    append(
        connection,
        "ops.runs",
        [{**row, "load_order": last + place, "finished_at": finished_at} for place, row in enumerate(rows, start=1)],
    )
