"""Which paper is this? Evidence between two records, a decision, and clusters that no order of loading changes.

`block_keys` says which records are worth comparing, `compare` weighs the evidence of one pair, `cluster` joins what is
the same. All three are pure: the same set of records gives the same clusters, whoever came first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transforms.matching.blocking import (
    BLOCK_KEYS_VERSION,
    BlockTooLargeError,
    are_candidates,
    block_keys,
    check_block,
    is_enough,
)
from transforms.matching.cluster import (
    Clustering,
    Refusal,
    Refused,
    cluster,
    clustering,
)
from transforms.matching.evidence import (
    abstracts_agree,
    are_foreign,
    content_evidence,
    identifier_evidence,
    identifiers_differ,
    published_apart,
    weigh,
)
from transforms.matching.model import (
    Comparison,
    Decision,
    Evidence,
    Record,
    Rule,
    Verdict,
)
from transforms.matching.prepare import Prepared, prepare
from transforms.matching.titles import title_conflict

__all__ = [
    "BLOCK_KEYS_VERSION", "SAME_BITS", "UNDECIDED_BITS", "BlockTooLargeError", "Clustering", "Comparison", "Decision",
    "Evidence", "Prepared", "Record", "Refusal", "Refused", "Rule", "Verdict", "are_candidates", "block_keys",
    "check_block", "cluster", "clustering", "compare", "conflict", "is_enough", "prepare",
]  # fmt: skip

SAME_BITS: Final = 3.0
UNDECIDED_BITS: Final = -2.0

CONTENT_BITS: Final = 10.0
"""Same authors and date alone never merge: the title or the abstract must give this much."""


def compare(
    left: Record | Prepared, right: Record | Prepared, *, undecided_bits: float = UNDECIDED_BITS
) -> Comparison | None:
    """Weigh a pair; None where too little speaks for the same paper or the identifiers forbid it.

    Args:
        left: one record; preparing it once pays where it is compared often.
        right: another record.
        undecided_bits: the least score worth listing for review.
    """
    first, second = sorted((prepare(left), prepare(right)), key=lambda side: side.key)
    shared = identifier_evidence(first, second)
    difference = identifiers_differ(first, second)
    if difference and not shared:
        return None
    content = content_evidence(first, second)
    if not shared and not content.reaches(CONTENT_BITS):
        return None
    evidence = weigh(first, second, content)
    score = round(sum(item.bits for item in evidence), 2)
    if shared and are_foreign(first, second):
        note = Evidence(field="rule", bits=0.0, text="one identifier, but titles and texts have nothing in common")
        return _comparison(first, second, Verdict.SUSPECT, score, (*evidence, note))
    if score < undecided_bits:
        return None
    rule = difference or _rule_against(first, second, is_identified=bool(shared))
    if rule:
        note = Evidence(field="rule", bits=0.0, text=rule)
        return _comparison(first, second, Verdict.UNDECIDED, score, (*evidence, note))
    verdict = Verdict.SAME if score >= SAME_BITS else Verdict.UNDECIDED
    return _comparison(first, second, verdict, score, evidence)


def conflict(left: Record | Prepared, right: Record | Prepared) -> bool:
    """Two different arXiv ids, or two different DOIs, are two papers whatever else agrees."""
    return identifiers_differ(prepare(left), prepare(right)) is not None


def _rule_against(left: Prepared, right: Prepared, *, is_identified: bool) -> str | None:
    """A renamed paper keeps its identifier and its abstract; without both, another number is another paper."""
    if is_identified and (abstracts_agree(left, right) or not (left.abstract and right.abstract)):
        return None
    apart = None if is_identified else published_apart(left, right)
    return title_conflict(left.title, right.title) or apart


def _comparison(
    left: Prepared, right: Prepared, verdict: Verdict, score: float, evidence: tuple[Evidence, ...]
) -> Comparison:
    return Comparison(
        left=left.key,
        right=right.key,
        verdict=verdict,
        rule=_rule(evidence),
        score=score,
        evidence=evidence,
    )


def _rule(evidence: Sequence[Evidence]) -> Rule:
    """Named after what weighs most; title and authors together have a name of their own."""
    bits = {item.field: item.bits for item in evidence}
    for field, rule in (("arxiv_id", Rule.ARXIV_ID), ("doi", Rule.DOI)):
        if field in bits:
            return rule
    if bits.get("abstract", 0.0) >= max(CONTENT_BITS, bits.get("title", 0.0)):
        return Rule.ABSTRACT
    if bits.get("title", 0.0) >= CONTENT_BITS:
        return Rule.TITLE_AUTHORS if bits.get("authors", 0.0) > 0 else Rule.TITLE
    return Rule.EVIDENCE
