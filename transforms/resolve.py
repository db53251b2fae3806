"""Which paper is this? Evidence between two records, a decision, and clusters that no order of loading changes.

`block_keys` says which records are worth comparing, `compare` weighs the evidence of one pair, `cluster` joins what is
the same. All three are pure: the same set of records gives the same clusters, whoever came first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import blake2b

from transforms.text import letters_digits, match_tokens

KEY_MIN_LENGTH = 20
ABSTRACT_MIN_LENGTH = 200


class Verdict(StrEnum):
    """What the evidence says of a pair. Undecided pairs stay apart and are listed for review."""

    SAME = "same"
    UNDECIDED = "undecided"


class Rule(StrEnum):
    """The strongest kind of evidence behind a decision."""

    FOUNDED = "founded"
    ARXIV_ID = "arxiv_id"
    DOI = "doi"
    ABSTRACT = "abstract"
    TITLE_AUTHORS = "title_authors"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the resolver may know of one sighting. `key` is its sighting_key."""

    key: str
    source: str
    partition_on: date
    arxiv_id: str | None
    doi: str | None
    title: str | None
    abstract: str | None
    authors: tuple[str, ...]
    published_on: date | None
    institutions: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One reason for or against: `bits` is a log2 likelihood ratio, positive for the same paper."""

    field: str
    bits: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the evidence says about one pair of records; `left` sorts before `right`."""

    left: str
    right: str
    verdict: Verdict
    rule: Rule
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person's word about two records: `is_same` True joins them, False keeps them apart."""

    left: str
    right: str
    is_same: bool


def block_keys(record: Record) -> tuple[int, ...]:
    """Signed 64-bit keys; two records are compared if and only if they share one."""
    names = [
        *([f"arxiv:{record.arxiv_id}"] if record.arxiv_id else []),
        *([f"doi:{record.doi}"] if record.doi else []),
        *(f"{kind}:{key}" for kind, key in (("title", _title_key(record)), ("abstract", _abstract_key(record))) if key),
    ]
    return tuple(sorted(_hashed(name) for name in names))


def compare(left: Record, right: Record) -> Comparison | None:
    """Weigh a pair; None where nothing speaks for the same paper or a hard rule forbids it."""
    if right.key < left.key:
        left, right = right, left
    if conflict(left, right):
        return None
    found = _evidence(left, right)
    if found is None:
        return None
    rule, evidence = found
    return Comparison(
        left=left.key,
        right=right.key,
        verdict=Verdict.SAME,
        rule=rule,
        score=sum(item.bits for item in evidence),
        evidence=evidence,
    )


def conflict(left: Record, right: Record) -> bool:
    """Two different arXiv ids, or two different DOIs, are two papers whatever else agrees."""
    return _differ(left.arxiv_id, right.arxiv_id) or _differ(left.doi, right.doi)


def cluster(
    records: Sequence[Record], comparisons: Iterable[Comparison], decisions: Iterable[Decision] = ()
) -> tuple[tuple[str, ...], ...]:
    """Join records that are the same, strongest evidence first, never two whose identifiers conflict in one cluster.

    Returns the clusters as sorted tuples of record keys, themselves sorted.
    """
    clusters = _Clusters(records, [item for item in decisions if not item.is_same])
    for left, right in sorted((item.left, item.right) for item in decisions if item.is_same):
        clusters.join(left, right, forced=True)
    same = (item for item in comparisons if item.verdict is Verdict.SAME)
    for item in sorted(same, key=lambda item: (-item.score, item.left, item.right)):
        clusters.join(item.left, item.right)
    return clusters.sorted()


class _Clusters:
    """Union-find over record keys, with each cluster's identifiers beside it."""

    def __init__(self, records: Sequence[Record], apart: Sequence[Decision]) -> None:
        self._root = {record.key: record.key for record in records}
        self._members = {record.key: [record.key] for record in records}
        self._arxiv = {record.key: {record.arxiv_id} - {None} for record in records}
        self._doi = {record.key: {record.doi} - {None} for record in records}
        self._apart: Mapping[str, set[str]] = defaultdict(set)
        for item in apart:
            self._apart[item.left].add(item.right)
            self._apart[item.right].add(item.left)

    def join(self, left: str, right: str, *, forced: bool = False) -> None:
        if left not in self._root or right not in self._root:
            return
        first, second = sorted((self._find(left), self._find(right)))
        if first == second or self._kept_apart(first, second) or (not forced and self._conflict(first, second)):
            return
        self._root[second] = first
        self._members[first] += self._members.pop(second)
        self._arxiv[first] |= self._arxiv.pop(second)
        self._doi[first] |= self._doi.pop(second)

    def sorted(self) -> tuple[tuple[str, ...], ...]:
        return tuple(sorted(tuple(sorted(members)) for members in self._members.values()))

    def _find(self, key: str) -> str:
        while self._root[key] != key:
            key = self._root[key]
        return key

    def _conflict(self, first: str, second: str) -> bool:
        return len(self._arxiv[first] | self._arxiv[second]) > 1 or len(self._doi[first] | self._doi[second]) > 1

    def _kept_apart(self, first: str, second: str) -> bool:
        others = set(self._members[second])
        return any(self._apart.get(member, set()) & others for member in self._members[first])


def _evidence(left: Record, right: Record) -> tuple[Rule, tuple[Evidence, ...]] | None:
    if left.arxiv_id and left.arxiv_id == right.arxiv_id:
        return Rule.ARXIV_ID, (Evidence(field="arxiv_id", bits=30.0, text=f"same arXiv id {left.arxiv_id}"),)
    if left.doi and left.doi == right.doi:
        return Rule.DOI, (Evidence(field="doi", bits=30.0, text=f"same DOI {left.doi}"),)
    if (key := _abstract_key(left)) and key == _abstract_key(right):
        text = f"same abstract, letter by letter ({len(key)} letters and digits)"
        return Rule.ABSTRACT, (Evidence(field="abstract", bits=24.0, text=text),)
    if (key := _title_key(left)) and key == _title_key(right) and _same_people(left, right):
        text = f"same title and authors: {left.title!r}, {', '.join(left.authors[:3])}"
        return Rule.TITLE_AUTHORS, (Evidence(field="title", bits=20.0, text=text),)
    return None


def _same_people(left: Record, right: Record) -> bool:
    surnames = [{match_tokens(name)[-1] for name in side.authors if match_tokens(name)} for side in (left, right)]
    return bool(surnames[0]) and surnames[0] == surnames[1]


def _title_key(record: Record) -> str | None:
    return _long_enough(record.title, KEY_MIN_LENGTH)


def _abstract_key(record: Record) -> str | None:
    return _long_enough(record.abstract, ABSTRACT_MIN_LENGTH)


def _long_enough(text: str | None, least: int) -> str | None:
    key = letters_digits(text) if text else ""
    return key if len(key) >= least else None


def _differ(left: str | None, right: str | None) -> bool:
    return left is not None and right is not None and left != right


def _hashed(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
