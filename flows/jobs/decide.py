"""Manual decisions: kept beside the pages, so that a replay repeats them, and recorded in the warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from extractors.landing.decisions import Decided, reading_decisions
from flows.pipeline.outcome import JobResult, RunResult
from flows.pipeline.words import PAPERS, PARTITIONS, READINGS, Kind, id_of, keep_and_record
from flows.pipeline.work import writing
from flows.places.landing import landing_of, storage_of
from flows.settings import Settings
from transforms.errors import PaperlogError
from transforms.records import HumanDecision, PartitionDecision, ReadingDecision

if TYPE_CHECKING:
    from warehouse.writer import Writer


class NothingToForget(PaperlogError):
    """There is no reading of that partition, or none that was forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a person wants of a partition: that its readings do not count, or count again."""

    source: str
    partition_on: date
    is_forgotten: bool
    reason: str


def decide(settings: Settings, job: str, decisions: Sequence[HumanDecision]) -> JobResult:
    """Keep and record decisions about papers; one about a sighting that is not loaded waits for it."""
    return _decided(settings, job, PAPERS, decisions)


def give_up(settings: Settings, job: str, decisions: Sequence[PartitionDecision]) -> JobResult:
    """Keep and record decisions that partitions are lost, or are to be asked for again."""
    return _decided(settings, job, PARTITIONS, decisions)


def forget(settings: Settings, wish: Wish) -> JobResult:
    """Take back every reading of a partition, kept ones that were never loaded too, or let them count again.

    What is read later counts. Without any reading it takes back the attempts that brought none. The same wish again
    changes nothing: the result has no runs then. Raises NothingToForget for a partition of which nothing is known.
    """
    with writing(settings, "forget") as writer:
        decision = _decision_of(settings, writer, wish)
        if decision is None:
            return JobResult(job="forget")
        return settled(settings, writer, "forget", READINGS, [decision])


def _decided(settings: Settings, job: str, kind: Kind[Decided], decisions: Sequence[Decided]) -> JobResult:
    with writing(settings, job) as writer:
        return settled(settings, writer, job, kind, decisions)


def settled(
    settings: Settings, writer: Writer, job: str, kind: Kind[Decided], decisions: Sequence[Decided]
) -> JobResult:
    """Keep and record decisions, and publish what follows from them."""
    outcome = keep_and_record(settings, writer, job, kind, decisions)
    manifest = writer.publish(keep_days=settings.keep_snapshots)
    return JobResult(job=job, results=(RunResult(outcome=outcome),), manifest=manifest)


def _decision_of(settings: Settings, writer: Writer, wish: Wish) -> ReadingDecision | None:
    """The decision that the wish needs; None where it holds already."""
    source, day = wish.source, wish.partition_on
    forgotten = {reading for on, reading in writer.forgotten(source) if on == day}
    concerned = forgotten
    if wish.is_forgotten:
        kept = {id_of(each) for each in landing_of(settings).asked(source, [day])}
        concerned = {*writer.readings(source, day), *kept} - forgotten
    if not concerned and not (wish.is_forgotten and writer.was_tried(source, day)):
        if _holds(settings, wish):
            return None
        raise NothingToForget(_nothing_known(wish, is_linked=day in writer.partitions(source, day, day)))
    return ReadingDecision(
        source=source,
        partition_on=day,
        is_forgotten=wish.is_forgotten,
        readings=tuple(sorted(concerned)),
        reason=wish.reason,
        decided_at=datetime.now(UTC),
    )


def _holds(settings: Settings, wish: Wish) -> bool:
    """Whether the last decision about the partition is the one that is wished for."""
    about = [
        each.is_forgotten
        for each in reading_decisions(storage_of(settings)).all()
        if (each.source, each.partition_on) == (wish.source, wish.partition_on)
    ]
    return about[-1:] == [wish.is_forgotten]


def _nothing_known(wish: Wish, *, is_linked: bool) -> str:
    name = f"{wish.source} {wish.partition_on}"
    if not wish.is_forgotten:
        return f"{name}: nothing of it was taken back with forget"
    if is_linked:
        return f"{name} was never read: only other pages link to it, or a person gave it up; forget those pages' days"
    return f"{name}: nothing was ever read or asked for; `paperlog sql 'from partitions'` lists what is known"
