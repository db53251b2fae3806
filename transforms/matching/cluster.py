"""Records joined into papers: strongest evidence first, never across a hard rule, never by a coin's toss.

Everything here is a function of the set of records, comparisons and decisions given; no order of them shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from transforms.matching.model import (
    Comparison,
    Decision,
    Record,
    Verdict,
)
from transforms.matching.prepare import Prepared, prepare
from transforms.matching.titles import title_conflict

CONTEST_BITS: Final = 1.0
"""Two candidates that exclude each other and score within one bit (0.02 of abstract containment) are a tie."""


class Refusal(StrEnum):
    """Why a pair that looked the same was not joined."""

    CONFLICT = "conflict"
    CONTESTED = "contested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A comparison with verdict `same` whose two records ended in different clusters."""

    comparison: Comparison
    refusal: Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustering:
    """Clusters as sorted tuples of record keys, themselves sorted; `refused` belongs on the list for review."""

    clusters: tuple[tuple[str, ...], ...]
    refused: tuple[Refused, ...]


def cluster(
    records: Sequence[Record | Prepared], comparisons: Iterable[Comparison], decisions: Iterable[Decision] = ()
) -> tuple[tuple[str, ...], ...]:
    """Join records that are the same; the clusters of `clustering`."""
    return clustering(records, comparisons, decisions).clusters


def clustering(
    records: Sequence[Record | Prepared], comparisons: Iterable[Comparison], decisions: Iterable[Decision] = ()
) -> Clustering:
    """Join records that are the same.

    People's decisions come first and override the rules about identifiers. Then follow the comparisons with verdict
    `same`, best score first; those with verdict `suspect_identifier` keep their two sides apart through all closure
    and must be handed over too. A pair is not joined if its clusters' identifiers or titles exclude each other, nor if
    a rival, which the one side excludes, has an equally good claim to the other (`CONTEST_BITS`): then neither gets it.
    """
    known = list(comparisons)
    words = list(decisions)
    same = sorted((item for item in known if item.verdict is Verdict.SAME), key=_strength)
    apart = [(item.left, item.right) for item in words if not item.is_same]
    apart += [(item.left, item.right) for item in known if item.verdict is Verdict.SUSPECT]
    clusters = _Clusters([prepare(record) for record in records], apart, same)
    for item in sorted((item for item in words if item.is_same), key=lambda item: (item.left, item.right)):
        clusters.join_decided(item.left, item.right)
    refused = {place: refusal for place, item in enumerate(same) if (refusal := clusters.join(item))}
    return Clustering(
        clusters=clusters.sorted(),
        refused=tuple(
            Refused(comparison=same[place], refusal=refusal)
            for place, refusal in refused.items()
            if not clusters.are_joined(same[place])
        ),
    )


def _strength(item: Comparison) -> tuple[float, str, str]:
    return (-item.score, item.left, item.right)


class _Clusters:
    """Union-find over record keys, with each cluster's members, identifiers and titles beside it."""

    def __init__(
        self, records: Sequence[Prepared], apart: Iterable[tuple[str, str]], same: Iterable[Comparison]
    ) -> None:
        self._root = {record.key: record.key for record in records}
        self._members = {record.key: [record.key] for record in records}
        self._arxiv = {record.key: {record.arxiv_id} - {None} for record in records}
        self._doi = {record.key: {record.doi} - {None} for record in records}
        self._titles = {record.key: {record.title} - {()} for record in records}
        self._apart: dict[str, set[str]] = defaultdict(set)
        self._claims: dict[str, list[Comparison]] = defaultdict(list)
        for left, right in apart:
            self._apart[left].add(right)
            self._apart[right].add(left)
        for item in same:
            if item.left in self._root and item.right in self._root:
                self._claims[item.left].append(item)
                self._claims[item.right].append(item)

    def join_decided(self, left: str, right: str) -> None:
        if left in self._root and right in self._root:
            first, second = self._roots(left, right)
            if first != second and not self._kept_apart(first, second):
                self._unite(first, second)

    def join(self, item: Comparison) -> Refusal | None:
        if item.left not in self._root or item.right not in self._root:
            return None
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
        """Whether a third cluster that the suitor excludes has as good a claim to the wanted one."""
        for member in self._members[wanted]:
            for claim in self._claims[member]:
                if claim.score < score - CONTEST_BITS:
                    break  # best claims come first
                rival = self._find(claim.right if claim.left == member else claim.left)
                if rival in (wanted, suitor) or self._exclude(rival, wanted):
                    continue
                if self._exclude(rival, wanted, suitor):
                    return True
        return False

    def _exclude(self, first: str, *others: str) -> bool:
        """Whether the first cannot be one paper with the others, taken together.

        Identifiers exclude each other unless one is shared, which a person's decision may have brought about.
        """
        if any(self._kept_apart(first, other) for other in others):
            return True
        is_named = False
        for names in (self._arxiv, self._doi):
            theirs = set().union(*(names[other] for other in others))
            if names[first] and theirs and not names[first] & theirs:
                return True
            is_named = is_named or bool(names[first] & theirs)
        titles = [title for other in others for title in self._titles[other]]
        return not is_named and any(title_conflict(mine, yours) for mine in self._titles[first] for yours in titles)

    def _kept_apart(self, first: str, second: str) -> bool:
        others = set(self._members[second])
        return any(self._apart.get(member, set()) & others for member in self._members[first])

    def _unite(self, first: str, second: str) -> None:
        self._root[second] = first
        self._members[first] += self._members.pop(second)
        self._arxiv[first] |= self._arxiv.pop(second)
        self._doi[first] |= self._doi.pop(second)
        self._titles[first] |= self._titles.pop(second)

    def _roots(self, left: str, right: str) -> tuple[str, str]:
        first, second = sorted((self._find(left), self._find(right)))
        return first, second

    def _find(self, key: str) -> str:
        while self._root[key] != key:
            key = self._root[key]
        return key
