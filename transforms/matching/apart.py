"""Why two records are not one paper: for the person who asks, also where the resolver never compared them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from transforms.matching.blocking import are_candidates, block_keys
from transforms.matching.compare import CONTENT_BITS, SAME_BITS, compare, different_identifiers
from transforms.matching.evidence import abstract_evidence, weigh
from transforms.matching.model import Comparison, Evidence, Record, Verdict
from transforms.matching.prepare import Prepared, prepare
from transforms.matching.titles import title_evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """The pair of two papers' records that comes nearest to one paper, with its evidence and what is in the way."""

    left: str
    right: str
    score: float
    evidence: tuple[Evidence, ...]
    reason: str


def why_apart(left: Iterable[Record], right: Iterable[Record]) -> Apart:
    """The best pair between two papers, each of which has at least one record; of those with different ids, if any."""
    pairs = list(product(map(prepare, left), [prepare(record) for record in right]))
    excluded = [pair for pair in pairs if different_identifiers(*pair)]
    found = (_apart(one, other) for one, other in excluded or pairs)
    return max(found, key=lambda each: (each.score, each.left, each.right))


def _apart(left: Prepared, right: Prepared) -> Apart:
    content = title_evidence(left.whole_title, right.whole_title), abstract_evidence(left, right)
    evidence = weigh(left, right, *content)
    return Apart(
        left=left.key,
        right=right.key,
        score=round(sum(item.bits for item in evidence), 2),
        evidence=evidence,
        reason=_reason(left, right, compare(left, right), max((item.bits for item in content if item), default=0.0)),
    )


def _reason(left: Prepared, right: Prepared, comparison: Comparison | None, content_bits: float) -> str:
    if comparison is not None:
        return _reason_against(left, right, comparison)
    if different := different_identifiers(left, right):
        return f"they have different identifiers: {different[1]} and {different[2]}"
    if content_bits < CONTENT_BITS:
        return f"neither the titles nor the abstracts give {CONTENT_BITS:.0f} bits, without which nothing merges"
    return f"less than {SAME_BITS:+.0f} bits: too little speaks for one paper"


def _reason_against(left: Prepared, right: Prepared, comparison: Comparison) -> str:
    if comparison.evidence[-1].field == "rule":
        return comparison.evidence[-1].text
    if comparison.verdict is not Verdict.SAME:
        return f"less than {SAME_BITS:+.0f} bits: undecided"
    if not are_candidates(block_keys(left), block_keys(right)):
        return "they would be the same, but share too few rare words to have been compared"
    return "the pair is the same, but their papers exclude each other, or another paper has as good a claim"
