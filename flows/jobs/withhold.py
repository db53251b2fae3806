"""Takedown: texts and names that a person wants out of what is published, kept and recorded as a decision."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from unicodedata import category, normalize
from uuid import uuid4

from extractors.landing.decisions import withhold_decisions
from flows.jobs.decide import settled
from flows.pipeline.outcome import JobResult
from flows.pipeline.words import CONTENTS
from flows.pipeline.work import writing
from flows.places.landing import storage_of
from flows.settings import Settings
from transforms.errors import PaperlogError
from transforms.records import Content, WithholdDecision
from transforms.withholding import Target, in_effect


class NothingWithheld(PaperlogError):
    """Nothing of what is to be published again is withheld."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Takedown:
    """What a person wants: contents of the paper with these records, or an account, out of what is published, or back.

    `subject` names it in messages.
    """

    subject: str
    contents: tuple[Content, ...]
    sightings: tuple[str, ...] = ()
    source: str | None = None
    name: str | None = None
    is_withheld: bool = True
    reason: str

    def contents_in_effect(self, withheld: Collection[Target]) -> frozenset[Content]:
        """Those of the contents that are withheld: of any record of the paper."""
        return frozenset(each.content for each in self.targets_in_effect(withheld))

    def targets_in_effect(self, withheld: Collection[Target]) -> list[Target]:
        """What of it is withheld: of any record of the paper, an author's name in any spelling of it."""
        return [
            each
            for each in withheld
            if each.content in self.contents
            and each.source == self.source
            and (each.sighting_key is None or each.sighting_key in self.sightings)
            and self._is_named(each)
        ]

    def _is_named(self, target: Target) -> bool:
        if target.content is Content.AUTHOR and target.name and self.name:
            return _name_key(target.name) == _name_key(self.name)
        return target.name == self.name


def withhold(settings: Settings, takedown: Takedown) -> tuple[JobResult, tuple[Content, ...]]:
    """Withhold it, or publish it again, and replace the snapshot; returns also which of the contents changed by that.

    The same wish again changes nothing: the result has no runs then. Raises NothingWithheld where nothing comes back.
    """
    with writing(settings, "withhold") as writer:
        decisions = _decisions_of(settings, takedown)
        if not decisions:
            return JobResult(job="withhold"), ()
        return settled(settings, writer, "withhold", CONTENTS, decisions), decisions[0].contents


def withheld_now(settings: Settings) -> Mapping[Target, WithholdDecision]:
    """What is withheld by the decisions that the landing keeps. LandingError names a file that cannot be read."""
    return in_effect(withhold_decisions(storage_of(settings)).all())


def decisions_in_effect(settings: Settings) -> Iterator[tuple[WithholdDecision, Sequence[Content]]]:
    """Each decision that still withholds something, in their order, with what it withholds."""
    withheld = withheld_now(settings)
    for decision in withhold_decisions(storage_of(settings)).all():
        found = {target.content for target, said in withheld.items() if said == decision}
        if found:
            yield decision, [each for each in Content if each in found]


def _decisions_of(settings: Settings, takedown: Takedown) -> list[WithholdDecision]:
    """The decisions that are needed: none where it holds already, one for each spelling of a name that comes back."""
    before = takedown.targets_in_effect(withheld_now(settings))
    held = {each.content for each in before}
    concerned = tuple(each for each in takedown.contents if (each in held) != takedown.is_withheld)
    if not concerned and not takedown.is_withheld:
        raise NothingWithheld(f"{takedown.subject}: nothing of that is withheld; `paperlog withhold` lists what is")
    if not concerned:
        return []
    names = {takedown.name} if takedown.is_withheld else {each.name for each in before}
    now = datetime.now(UTC)
    return [
        WithholdDecision(
            decision_id=uuid4().hex,
            contents=concerned,
            sightings=tuple(sorted(takedown.sightings)),
            source=takedown.source,
            name=name,
            is_withheld=takedown.is_withheld,
            reason=takedown.reason,
            decided_at=now,
        )
        for name in sorted(names, key=str)
    ]


def _name_key(name: str) -> str:
    """One for all spellings that differ in case, accents, full stops and blanks alone, as `name_key` in SQL."""
    letters = "".join(sign for sign in normalize("NFD", name) if not category(sign).startswith("M")).lower()
    one_sigma = letters.replace("\N{GREEK SMALL LETTER FINAL SIGMA}", "\N{GREEK SMALL LETTER SIGMA}")
    return " ".join(one_sigma.replace(".", " ").split())
