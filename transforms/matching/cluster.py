"""Records joined into papers: best score first, vetoes win, ties stay apart.

The result is a function of the set of records, comparisons and decisions: their order does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from transforms.fields.words import Title
from transforms.matching.authors import are_other_people
from transforms.matching.model import (
    Comparison,
    PairDecision,
    Record,
    Verdict,
)
from transforms.matching.prepare import Prepared, prepare
from transforms.matching.titles import title_conflict

# Two candidates that exclude each other and score within one bit are a tie: 0.02 of abstract containment.
# Otherwise the order of keys would decide between nearly equal texts, such as those of 2512.10739 and 2512.10756.
CONTEST_BITS: Final = 1.0


class Refusal(StrEnum):
    """Why a pair with verdict `same` was not joined."""

    CONFLICT = "conflict"
    CONTESTED = "contested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A comparison with verdict `same` whose two records ended in different clusters."""

    comparison: Comparison
    refusal: Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustering:
    """Clusters as sorted tuples of record keys, themselves sorted; `refused` pairs are for review."""

    clusters: tuple[tuple[str, ...], ...]
    refused: tuple[Refused, ...]


def cluster(
    records: Sequence[Record | Prepared], comparisons: Iterable[Comparison], decisions: Iterable[PairDecision] = ()
) -> tuple[tuple[str, ...], ...]:
    """Join records that are the same; the clusters of `clustering`."""
    return clustering(records, comparisons, decisions).clusters


def clustering(
    records: Sequence[Record | Prepared], comparisons: Iterable[Comparison], decisions: Iterable[PairDecision] = ()
) -> Clustering:
    """Join records that are the same.

    People's decisions come first and override the rules about identifiers. Then follow the comparisons with verdict
    `same`, best score first. Those with verdict `suspect_identifier` are needed too: they keep their two sides apart,
    whatever links them. With them, a pair with verdict `other_identifier` is as good as `same` if the identifier of one
    side alone is suspect: that identifier then does not count.

    A pair is not joined if its clusters' identifiers or titles exclude each other, nor if a rival, which one side
    excludes, has an equally good claim to the other (`CONTEST_BITS`): then neither gets it.

    Identifiers and titles are compared by cluster and not by pair: chains of weak links would join different papers.
    """
    keys = {record.key for record in records}
    compared, decided = list(comparisons), list(decisions)
    inside = [item for item in compared if item.left in keys and item.right in keys]
    doubtful = doubtful_identifiers(compared)
    misnamed = [(item, key) for item in inside if (key := _wrongly_named(item, doubtful))]
    disowned = {key for _, key in misnamed}
    same = sorted(
        [*(item for item in inside if item.verdict is Verdict.SAME), *(item for item, _ in misnamed)], key=_strength
    )
    clusters = _Clusters([prepare(record) for record in records], same, disowned)
    clusters.keep_apart((item.left, item.right) for item in decided if not item.is_same)
    for left, right in sorted((item.left, item.right) for item in decided if item.is_same):
        clusters.join_decided(left, right)
    # After the decided joins, which a doubtful identifier must not undo.
    clusters.doubt((item.left, item.right) for item in compared if item.verdict is Verdict.SUSPECT)
    refused = {place: refusal for place, item in enumerate(same) if (refusal := clusters.join(item))}
    return Clustering(
        clusters=clusters.sorted(),
        refused=tuple(
            Refused(comparison=same[place], refusal=refusal)
            for place, refusal in refused.items()
            if not clusters.are_joined(same[place])
        ),
    )


def doubtful_identifiers(comparisons: Iterable[Comparison]) -> frozenset[str]:
    """The records whose identifier a clearly different paper has too."""
    return frozenset(key for item in comparisons if item.verdict is Verdict.SUSPECT for key in (item.left, item.right))


def _wrongly_named(item: Comparison, doubtful: frozenset[str]) -> str | None:
    """The side that has another paper's identifier, where all else says that the pair is one paper."""
    if item.verdict is not Verdict.OTHER_IDENTIFIER:
        return None
    sides = {item.left, item.right} & doubtful
    return sides.pop() if len(sides) == 1 else None


def _strength(item: Comparison) -> tuple[float, str, str]:
    return (-item.score, item.left, item.right)


class _Clusters:
    """Union-find over record keys, with each cluster's members, identifiers and titles."""

    def __init__(self, records: Sequence[Prepared], same: Iterable[Comparison], disowned: Collection[str]) -> None:
        self._root = {record.key: record.key for record in records}
        self._members = {record.key: [record.key] for record in records}
        named = {record.key: record for record in records if record.key not in disowned}
        self._arxiv = {key: {named[key].arxiv_id} - {None} if key in named else set() for key in self._root}
        self._doi = {key: {named[key].doi} - {None} if key in named else set() for key in self._root}
        self._titles = {record.key: {record.whole_title} - {Title(())} for record in records}
        self._people = {record.key: {record.authors} - {()} for record in records}
        self._apart: dict[str, set[str]] = defaultdict(set)
        self._doubted: set[str] = set()
        # The best claim of each cluster to each other one: a claim between members is one between their clusters.
        self._claims: dict[str, dict[str, float]] = {record.key: {} for record in records}
        for item in same:
            self._claims[item.left].setdefault(item.right, item.score)
            self._claims[item.right].setdefault(item.left, item.score)

    def keep_apart(self, pairs: Iterable[tuple[str, str]]) -> None:
        for left, right in pairs:
            self._apart[left].add(right)
            self._apart[right].add(left)

    def doubt(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Keep the sides of each pair apart; one of them has the other's identifier, and nobody knows which."""
        for pair in pairs:
            self.keep_apart([pair])
            self._doubted.update(pair)

    def join_decided(self, left: str, right: str) -> None:
        if left in self._root and right in self._root:
            first, second = self._roots(left, right)
            if first != second and not self._kept_apart(first, second):
                self._unite(first, second)

    def join(self, item: Comparison) -> Refusal | None:
        first, second = self._roots(item.left, item.right)
        if first == second:
            return None
        if self._exclude(first, second):
            return Refusal.CONFLICT
        if self._is_contested(first, second, item.score) or self._is_contested(second, first, item.score):
            return Refusal.CONTESTED
        self._unite(first, second)
        return None

    def are_joined(self, item: Comparison) -> bool:
        return self._find(item.left) == self._find(item.right)

    def sorted(self) -> tuple[tuple[str, ...], ...]:
        return tuple(sorted(tuple(sorted(members)) for members in self._members.values()))

    def _is_contested(self, wanted: str, suitor: str, score: float) -> bool:
        """Whether a third cluster has as good a claim to the wanted one, and all three cannot be one paper.

        A single record with a doubtful identifier has none: its identifier would tear others from their paper.
        """
        return any(
            claim >= score - CONTEST_BITS
            and rival != suitor
            and (not self._is_doubted(rival) or self._kept_apart(rival, suitor))
            and not self._exclude(rival, wanted)
            and self._exclude(rival, wanted, suitor)
            for rival, claim in self._claims[wanted].items()
        )

    def _is_doubted(self, cluster: str) -> bool:
        return cluster in self._doubted and len(self._members[cluster]) == 1

    def _exclude(self, first: str, *others: str) -> bool:
        """Whether the first cannot be one paper with the others, taken together.

        Identifiers exclude each other unless one is shared: after a person's decision a cluster may have two.
        """
        if any(self._kept_apart(first, other) for other in others):
            return True
        is_named = False
        for names in (self._arxiv, self._doi):
            theirs = set().union(*(names[other] for other in others))
            if names[first] and theirs and not names[first] & theirs:
                return True
            is_named = is_named or bool(names[first] & theirs)
        if is_named:
            return False
        titles = [title for other in others for title in self._titles[other]]
        people = [names for other in others for names in self._people[other]]
        return any(title_conflict(mine, yours) for mine in self._titles[first] for yours in titles) or any(
            are_other_people(mine, yours) for mine in self._people[first] for yours in people
        )

    def _kept_apart(self, first: str, second: str) -> bool:
        if not self._apart:
            return False
        others = self._members[second]
        return any(
            not self._apart[member].isdisjoint(others) for member in self._members[first] if member in self._apart
        )

    def _unite(self, first: str, second: str) -> None:
        self._root[second] = first
        self._inherit_claims(first, second)
        self._members[first] += self._members.pop(second)
        self._arxiv[first] |= self._arxiv.pop(second)
        self._doi[first] |= self._doi.pop(second)
        self._titles[first] |= self._titles.pop(second)
        self._people[first] |= self._people.pop(second)

    def _inherit_claims(self, first: str, second: str) -> None:
        mine, theirs = self._claims[first], self._claims.pop(second)
        mine.pop(second, None)
        theirs.pop(first, None)
        for rival, claim in theirs.items():
            best = max(claim, mine.get(rival, claim))
            mine[rival] = best
            del self._claims[rival][second]
            self._claims[rival][first] = best

    def _roots(self, left: str, right: str) -> tuple[str, str]:
        first, second = sorted((self._find(left), self._find(right)))
        return first, second

    def _find(self, key: str) -> str:
        while (above := self._root[key]) != key:
            self._root[key] = self._root[above]
            key = above
        return key
