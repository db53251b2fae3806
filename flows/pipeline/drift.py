"""Batches with a warning for everything in which their pages differ from how their source's pages usually look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from transforms.listing.drift import Shape, drift
from transforms.records import Batch, Outcome
from warehouse.writer import Writer

# How far away a partition may lie to say how pages usually look.
BESIDE = timedelta(days=120)


def with_drift(writer: Writer, batches: Sequence[Batch]) -> list[Batch]:
    """The same batches, in the same order: each is compared with what is loaded and with those before it."""
    history = {source: _history(writer, source, batches) for source in {batch.source.name for batch in batches}}
    return [_compared(batch, history[batch.source.name]) for batch in batches]


def _history(writer: Writer, source: str, batches: Sequence[Batch]) -> dict[date, Shape]:
    days = [batch.partition_on for batch in batches if batch.source.name == source and batch.partition_on]
    if not days:
        return {}
    first, last = _away(min(days), -BESIDE), _away(max(days), BESIDE)
    return {shape.partition_on: shape for shape in writer.history(source, first, last)}


def _compared(batch: Batch, history: dict[date, Shape]) -> Batch:
    if batch.outcome is not Outcome.LISTING or batch.is_degraded or batch.partition_on is None:
        return batch
    now = Shape(partition_on=batch.partition_on, entries_count=batch.entries_count, numbers=dict(batch.shape))
    found = drift(now, history.values(), batch.sightings)
    history[batch.partition_on] = now
    return replace(batch, findings=(*batch.findings, *found))


def _away(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return day
