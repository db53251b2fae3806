"""The warehouse again from the kept pages, in the order in which they were kept, without network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from extractors.errors import LandingError
from extractors.landing.decisions import paper_decisions, partition_decisions
from extractors.landing.landing import Kept, Landing
from flows.pipeline.chunks import in_chunks, writing
from flows.pipeline.outcome import Report, Result
from flows.pipeline.read import PEOPLE, new_run
from flows.pipeline.steps import Had, Progress, Span, Steps
from flows.settings import Settings
from transforms.records import Cause

CHUNK_KEPT = 60
"""Nothing waits for a network here, and each chunk opens and closes the warehouse, which costs .15 s."""


class NothingKept(Exception):
    """There is no kept page to replay."""


def replay(
    settings: Settings,
    steps: Steps,
    progress: Progress,
    *,
    source: str | None = None,
    span: Span,
    into: Path | None = None,
    publish: bool = True,
) -> Report:
    """Read kept pages again: into the same home, where it heals and changes nothing else, or into another home.

    Another home gets copies of the pages, in the same order, and then stands on its own.
    """
    landing = Landing(settings.landing)
    kept = landing.readings(source, span.first, span.last)
    if not kept:
        raise NothingKept(f"{settings.landing}: no page kept{f' of {source}' if source else ''} in that range")
    target = settings if into is None else replace(settings, home=into)
    progress.expect(len(kept))
    results: list[Result] = []
    for chunk in in_chunks(kept, CHUNK_KEPT):
        had = tuple(_had(landing, each, None if into is None else Landing(target.landing)) for each in chunk)
        results += steps.load(target, "replay", had, span, progress)
    _decide_again(settings, target)
    manifest = steps.publish(target) if publish and results else None
    return Report(flow="replay", results=tuple(results), manifest=manifest)


def _decide_again(settings: Settings, target: Settings) -> None:
    """Honour people's decisions; one about a sighting that was not replayed waits until that comes."""
    decisions = paper_decisions(settings.landing).all()
    if decisions:
        paper_decisions(target.landing).keep(decisions)
        with writing(target, "replay decisions") as writer:
            writer.decide(new_run("replay", PEOPLE, None), decisions)
    if lost := partition_decisions(settings.landing).all():
        partition_decisions(target.landing).keep(lost)
        with writing(target, "replay decisions") as writer:
            writer.give_up(new_run("replay", PEOPLE, None), lost)


def _had(landing: Landing, kept: Kept, other: Landing | None) -> Had:
    try:
        copy = landing.copy_to(other, kept) if other else kept
    except LandingError as error:
        return Had(source=kept.source, asked_on=kept.asked_on, reason=str(error), cause=Cause.PAGE_DAMAGED)
    return Had(source=kept.source, asked_on=kept.asked_on, kept=copy)
