"""People's decisions: kept beside the pages, recorded in the warehouse, and what is kept but not recorded.

A command that was killed between the two leaves a decision that is only kept. Every load and publish, under the
writer's lock, records what it finds so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic

from extractors.errors import LandingError
from extractors.landing.decisions import (
    Decided,
    DecisionStore,
    paper_decisions,
    partition_decisions,
    reading_decisions,
    withhold_decisions,
)
from extractors.landing.landing import Kept
from extractors.landing.storage import Storage
from flows.pipeline.read import new_run
from flows.places.landing import storage_of
from flows.settings import Settings
from transforms.records import (
    Decision,
    HumanDecision,
    PartitionDecision,
    ReadingDecision,
    ReadingId,
    Run,
    RunOutcome,
    WithholdDecision,
)

if TYPE_CHECKING:
    from warehouse.writer import Writer

MANUAL = "decisions"
"""Stands in the place of the source in a run of manual decisions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[Decided]):
    """One kind of decisions: where a landing keeps them, and how a writer records them."""

    store: Callable[[Storage], DecisionStore[Decided]]
    record: Callable[[Writer, Run, Sequence[Decided]], RunOutcome]


PAPERS: Kind[HumanDecision] = Kind(
    store=paper_decisions, record=lambda writer, run, decisions: writer.decide(run, decisions)
)
PARTITIONS: Kind[PartitionDecision] = Kind(
    store=partition_decisions, record=lambda writer, run, decisions: writer.give_up(run, decisions)
)
READINGS: Kind[ReadingDecision] = Kind(
    store=reading_decisions, record=lambda writer, run, decisions: writer.forget(run, decisions)
)
CONTENTS: Kind[WithholdDecision] = Kind(
    store=withhold_decisions, record=lambda writer, run, decisions: writer.withhold(run, decisions)
)

KINDS: tuple[Kind[Any], ...] = (PAPERS, PARTITIONS, READINGS, CONTENTS)


def keep_and_record(
    settings: Settings, writer: Writer, job: str, kind: Kind[Decided], decisions: Sequence[Decided]
) -> RunOutcome:
    """Keep decisions and record them, after those that an earlier command could only keep.

    If they cannot be recorded they are not kept either.
    """
    record_kept(settings, writer, job)
    store = kind.store(storage_of(settings))
    store.keep(decisions)
    try:
        return kind.record(writer, new_run(job, MANUAL, None), decisions)
    except BaseException:
        store.take_back(decisions)
        raise


def record_kept(settings: Settings, writer: Writer, job: str, *, before: datetime | None = None) -> list[RunOutcome]:
    """Record the decisions that the landing keeps and the warehouse does not know.

    With `before`, only those taken until then: pages that are read again come in the order in which they were kept, and
    people's words between them. Files that cannot be read hold up nothing here: the audit names them.
    """
    outcomes: list[RunOutcome] = []
    for kind in KINDS:
        with suppress(LandingError):
            outcomes += _record_kind(settings, writer, job, kind, before)
    return outcomes


def id_of(kept: Kept) -> ReadingId:
    """The reading as decisions name it."""
    return ReadingId(page_sha256=kept.sha256, fetched_at=kept.fetched_at)


def kept_decisions(settings: Settings) -> tuple[Decision, ...]:
    """Every decision that the landing keeps; LandingError names a file that cannot be read."""
    return tuple(decision for kind in KINDS for decision in kind.store(storage_of(settings)).all())


def copy_decisions(settings: Settings, target: Settings) -> None:
    """Keep every decision in the landing of `target` as well; nothing is recorded."""
    for kind in KINDS:
        _copy(kind, settings, target)


def _record_kind(
    settings: Settings, writer: Writer, job: str, kind: Kind[Decided], before: datetime | None
) -> list[RunOutcome]:
    unrecorded = writer.unrecorded(kind.store(storage_of(settings)).all())
    pending = [each for each in unrecorded if before is None or each.decided_at <= before]
    return [kind.record(writer, new_run(job, MANUAL, None), pending)] if pending else []


def _copy(kind: Kind[Decided], settings: Settings, target: Settings) -> None:
    kind.store(storage_of(target)).keep(kind.store(storage_of(settings)).all())
