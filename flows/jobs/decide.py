"""Manual decisions: kept beside the pages, so that a replay repeats them, and recorded in the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from extractors.landing.decisions import paper_decisions, partition_decisions
from flows.pipeline.outcome import JobResult, RunResult
from flows.pipeline.read import new_run
from flows.pipeline.work import writing
from flows.settings import Settings
from transforms.records import HumanDecision, PartitionDecision, Run, RunOutcome

if TYPE_CHECKING:
    from warehouse.writer import Writer

MANUAL = "decisions"
"""Stands in the place of the source in a run of manual decisions."""


def decide(settings: Settings, job: str, decisions: Sequence[HumanDecision], *, publish: bool = True) -> JobResult:
    """Keep and record decisions about papers; one about a sighting that is not loaded waits for it."""
    paper_decisions(settings.landing).keep(decisions)
    return _record(settings, job, lambda writer, run: writer.decide(run, decisions), publish=publish)


def give_up(settings: Settings, job: str, decisions: Sequence[PartitionDecision], *, publish: bool = True) -> JobResult:
    """Keep and record decisions that partitions are lost, or are to be asked for again."""
    partition_decisions(settings.landing).keep(decisions)
    return _record(settings, job, lambda writer, run: writer.give_up(run, decisions), publish=publish)


def repeat_decisions(settings: Settings, target: Settings) -> None:
    """Repeat every kept decision in the home of `target`, which may be the same."""
    if decisions := paper_decisions(settings.landing).all():
        decide(target, "replay", decisions, publish=False)
    if lost := partition_decisions(settings.landing).all():
        give_up(target, "replay", lost, publish=False)


def _record(settings: Settings, job: str, record: Callable[[Writer, Run], RunOutcome], *, publish: bool) -> JobResult:
    with writing(settings, job) as writer:
        outcome = record(writer, new_run(job, MANUAL, None))
        manifest = writer.publish(keep_days=settings.keep_snapshots) if publish else None
    return JobResult(job=job, results=(RunResult(outcome=outcome),), manifest=manifest)
