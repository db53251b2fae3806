"""One source, one or many partitions, from the network: fetched, kept, read, loaded chunk by chunk, and published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from extractors.sources import source_named
from flows.pipeline.chunks import in_chunks
from flows.pipeline.outcome import Report, Result
from flows.pipeline.steps import (
    FetchIncomplete,
    Had,
    Progress,
    Span,
    Steps,
)
from flows.settings import Settings

EVERYTHING = Span()


def ingest(
    settings: Settings,
    source: str,
    partitions: Sequence[date],
    steps: Steps,
    progress: Progress,
    *,
    flow: str = "ingest",
    publish: bool = True,
    kept: Sequence[Had] = (),
) -> Report:
    """Fetch and load the partitions. One that cannot be fetched or read is recorded, and the others still load.

    Pages that were `kept` before are loaded first. Where a host fails again and again, what is left is not asked for.
    """
    since = datetime.now(UTC)
    progress.expect(len(kept) + len(partitions))
    results: list[Result] = []
    for pages in in_chunks(kept):
        results += steps.load(settings, flow, pages, EVERYTHING, progress)
    asked_count = unasked_count = 0
    for chunk in in_chunks(partitions):
        had = fetched(settings, source, chunk, since, steps, progress)
        results += steps.load(settings, flow, had, EVERYTHING, progress)
        asked_count += len(chunk)
        unasked_count = sum(each.is_unasked for each in had)
        if unasked_count:
            unasked_count += len(partitions) - asked_count
            break
    manifest = steps.publish(settings) if publish and results else None
    return Report(flow=flow, results=tuple(results), manifest=manifest, unasked_count=unasked_count)


def wanted(source: str, first: date, last: date) -> tuple[date, ...]:
    """The partitions of the source's calendar in the range, both ends included, ascending.

    For one single day it is the partition that the day belongs to: its week for a weekly source, else the day itself,
    whatever the calendar says, so that asking for a Saturday asks the site.
    """
    digest = source_named(source)
    if first < last:
        return tuple(digest.partitions(first, last))
    if digest.partition_days == 1:
        return (first,)
    return tuple(digest.partitions(first - timedelta(days=digest.partition_days - 1), first))[-1:]


def fetched(
    settings: Settings, source: str, chunk: tuple[date, ...], since: datetime, steps: Steps, progress: Progress
) -> tuple[Had, ...]:
    """The outcome of every partition of the chunk, whatever became of it once the retries are used up."""
    try:
        return steps.fetch(settings, source, chunk, since, progress)
    except FetchIncomplete as error:
        return error.had


def days_before(source: str, scheduled_at: datetime, days_back: Sequence[int]) -> tuple[date, ...]:
    """The partitions that lie so many days before a schedule's own time, in the source's calendar, ascending."""
    days = {scheduled_at.astimezone(UTC).date() - timedelta(days=back) for back in days_back}
    return tuple(day for day in sorted(days) if source_named(source).partitions(day, day))
