"""Readings that were kept and never loaded, because their command was stopped, and those that were taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from extractors.landing.landing import Kept, Landing
from flows.pipeline.outcome import FetchedPartition
from flows.pipeline.read import new_run, read_one
from flows.pipeline.words import id_of
from transforms.records import Batch

if TYPE_CHECKING:
    from warehouse.writer import Writer


def left_over(writer: Writer, landing: Landing, pages: Sequence[FetchedPartition]) -> tuple[FetchedPartition, ...]:
    """The readings that were kept before these pages for the same partitions, and neither loaded nor taken back."""
    return tuple(
        FetchedPartition(source=source, asked_on=kept.asked_on, kept=kept)
        for source in sorted({each.source for each in pages})
        for kept in _never_loaded(writer, landing, source, pages)
    )


def read_left(landing: Landing, job: str, left: Sequence[FetchedPartition]) -> list[Batch]:
    """Their batches. Nobody asked for them now, so one that cannot be read or filed is no failure of this job."""
    read = (read_one(landing, each, new_run(job, each.source, each.asked_on)) for each in left)
    return [batch for each in read for batch in each.batches if batch.partition_on is not None]


def still_wanted(writer: Writer, failed: Sequence[FetchedPartition]) -> Iterator[FetchedPartition]:
    """Those of the failed that count: a reading that a person took back may be as broken as it likes."""
    forgotten = {source: writer.forgotten(source) for source in {each.source for each in failed}}
    for each in failed:
        if each.kept is None or (each.kept.asked_on, id_of(each.kept)) not in forgotten[each.source]:
            yield each


def _never_loaded(writer: Writer, landing: Landing, source: str, pages: Sequence[FetchedPartition]) -> Iterator[Kept]:
    beside = {each.asked_on: each.kept for each in pages if each.source == source}
    asked = landing.asked(source, [day for day in beside if day])
    own = {each.kept.name for each in pages if each.kept}
    before = [kept for kept in asked if kept.name not in own and _is_before(kept, beside[kept.asked_on])]
    forgotten = writer.forgotten(source) if before else frozenset()
    loaded = {day: set(writer.readings(source, day)) for day in {kept.asked_on for kept in before} if day}
    for kept in before:
        reading = id_of(kept)
        if kept.asked_on and reading not in loaded[kept.asked_on] and (kept.asked_on, reading) not in forgotten:
            yield kept


def _is_before(kept: Kept, beside: Kept | None) -> bool:
    return beside is None or kept.order < beside.order
