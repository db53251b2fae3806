"""What is withheld from readers, by all that people decided: on each text and name the latest word counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from transforms.records import Content, WithholdDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One text or name that a decision is about: of a record (`sighting_key`), or an account of a source."""

    content: Content
    sighting_key: str | None
    source: str | None
    name: str | None


def targets(decision: WithholdDecision) -> Iterator[Target]:
    """Everything that a decision is about."""
    for content in decision.contents:
        for sighting_key in decision.sightings or (None,):
            yield Target(content=content, sighting_key=sighting_key, source=decision.source, name=decision.name)


def in_effect(decisions: Iterable[WithholdDecision]) -> Mapping[Target, WithholdDecision]:
    """What is withheld now, each with the decision that says so; the order of the decisions does not matter."""
    latest = {
        target: decision
        for decision in sorted(decisions, key=lambda each: (each.decided_at, each.decision_id))
        for target in targets(decision)
    }
    return {target: decision for target, decision in latest.items() if decision.is_withheld}
