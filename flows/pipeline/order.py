"""The readings of a partition beside each other: one whose time cannot be right is refused, or warned of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from flows.pipeline.read import refused_reading
from transforms.listing.reading_order import TimedReading, misplaced, worst
from transforms.records import Batch, Closing, Finding, Level, Metric, Outcome, TimeFrom
from warehouse.writer import Writer


def with_order(writer: Writer, batches: Sequence[Batch]) -> list[Batch]:
    """The same batches in the same order, each compared with what is loaded of its partition and with one another."""
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    groups = _by_partition(batches)
    days = {source: [day for name, day in groups if name == source] for source, _ in groups}
    before = {source: writer.timed_readings(source, days[source]) for source in days}
    for (source, day), group in groups.items():
        loaded = before[source].get(day, ())
        known = {(each.page_sha256, each.fetched_at) for each in loaded}
        new = [_timed(batch) for batch in group if (batch.page.sha256, batch.page.fetched_at) not in known]
        for run_id, finding in misplaced((*loaded, *new)):
            found[run_id].append(finding)
    return [_with(batch, worst(found[batch.run.run_id])) for batch in batches]


def _by_partition(batches: Iterable[Batch]) -> dict[tuple[str, date], list[Batch]]:
    """The lists that may grow: only they have an order."""
    groups: defaultdict[tuple[str, date], list[Batch]] = defaultdict(list)
    for batch in batches:
        is_whole = batch.outcome is Outcome.LISTING and not batch.is_degraded
        if is_whole and batch.partition_on and batch.source.closing is Closing.TWO_READS:
            groups[batch.source.name, batch.partition_on].append(batch)
    return groups


def _timed(batch: Batch) -> TimedReading:
    numbers = ((each.sighting_key, dict(each.metrics).get(Metric.UPVOTES)) for each in batch.sightings)
    return TimedReading(
        page_sha256=batch.page.sha256,
        url=batch.page.final_url,
        fetched_at=batch.page.fetched_at,
        is_closed=batch.is_closed,
        is_partial=batch.is_partial,
        upvotes={key: number for key, number in numbers if number is not None},
        run_id=batch.run.run_id,
        is_guess=batch.page.time_from in {TimeFrom.NAME, TimeFrom.FILE},
    )


def _with(batch: Batch, findings: tuple[Finding, ...]) -> Batch:
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    batch = replace(batch, findings=(*batch.findings, *findings))
    return refused_reading(batch, errors) if errors else batch
