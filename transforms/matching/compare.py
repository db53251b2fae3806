"""Whether two records are one paper: the evidence is weighed, then vetoes are applied that no evidence outweighs.

A function of the two records alone: `blocking` chooses the pairs, `cluster` joins what is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from transforms.matching.authors import authors_evidence
from transforms.matching.evidence import (
    VERSION_DAYS,
    abstract_evidence,
    identifier_evidence,
    is_same_abstract,
    may_speak_for,
    weigh,
)
from transforms.matching.model import (
    Comparison,
    Evidence,
    Record,
    Rule,
    Verdict,
)
from transforms.matching.prepare import Prepared, prepare
from transforms.matching.rarity import token_bits, total_bits
from transforms.matching.titles import (
    are_equal,
    continuation,
    is_generic,
    overlap,
    spelt_alike,
    title_conflict,
    title_evidence,
)

# At 3 bits single pairs are 0.993 to 1.0 precise on 100,000 invented and 1,459 real records; see docs/benchmark.md.
SAME_BITS: Final = 3.0

# From here on a pair is kept with its evidence, for a person to decide.
UNDECIDED_BITS: Final = -2.0

# Same authors and date alone never merge: the title or the abstract must give this much.
CONTENT_BITS: Final = 10.0

# One identifier on two papers is a mistake of a source (`2408.05109`, seen 2024-08-12), but titles alone do not prove
# it: a digest may use a nickname that only the other side's abstract explains.
FOREIGN_TITLE_SIMILARITY: Final = 0.25
RELATED_TITLE_SHARE: Final = 0.5
RELATED_WORDS_SHARE: Final = 0.25
RELATED_WORDS_RARITY: Final = 20.0
RELATED_AUTHORS_BITS: Final = 4.0

# As rare as a word that tells what a paper is about, such as `image` and `speech`.
SUBJECT_LEAST_BITS: Final = 3.0

# So many numbers that only one of two abstracts has are no slip.
SISTERS_NUMBERS: Final = 2


def compare(
    left: Record | Prepared, right: Record | Prepared, *, undecided_bits: float = UNDECIDED_BITS
) -> Comparison | None:
    """Compare a pair; None if too little suggests the same paper, or the identifiers forbid it.

    Args:
        left: one record; preparing it once pays if it is compared often.
        right: another record.
        undecided_bits: the least score worth listing for review.
    """
    first, second = sorted((prepare(left), prepare(right)), key=lambda side: side.key)
    shared = identifier_evidence(first, second)
    difference = _contradiction(first, second)
    if difference and not shared:
        return _one_work_twice(first, second, difference)
    title = title_evidence(first.whole_title, second.whole_title)
    is_open = bool(shared) or (title is not None and title.bits >= CONTENT_BITS)
    # Most pairs that share words by chance end here: their abstracts need not be weighed.
    abstract = abstract_evidence(first, second) if is_open or may_speak_for(first, second) else None
    if not is_open and (abstract is None or abstract.bits < CONTENT_BITS):
        return None
    content = (title, abstract)
    evidence = weigh(first, second, *content)
    score = round(sum(item.bits for item in evidence), 2)
    if shared and _are_foreign(first, second):
        note = Evidence(field="rule", bits=0.0, text="one identifier, but titles and texts have nothing in common")
        return _comparison(first, second, Verdict.SUSPECT, score, (*evidence, note))
    if score < undecided_bits:
        return None
    veto = difference or _veto(
        first, second, are_abstracts_one=is_same_abstract(content[1]), is_identified=bool(shared)
    )
    if veto:
        note = Evidence(field="rule", bits=0.0, text=veto)
        return _comparison(first, second, Verdict.UNDECIDED, score, (*evidence, note))
    verdict = Verdict.SAME if score >= SAME_BITS else Verdict.UNDECIDED
    return _comparison(first, second, verdict, score, evidence)


def _one_work_twice(left: Prepared, right: Prepared, difference: str) -> Comparison | None:
    """The same title and authors under different identifiers; None for other pairs.

    One paper if one of the identifiers turns out to be another paper's, else a pair for a person to look at.
    """
    title = left.whole_title
    if not title.words or not are_equal(title, right.whole_title) or is_generic(title.words):
        return None
    evidence = weigh(left, right, title_evidence(title, right.whole_title), abstract_evidence(left, right))
    if not any(item.field == "authors" and item.bits >= RELATED_AUTHORS_BITS for item in evidence):
        return None
    score = round(sum(item.bits for item in evidence), 2)
    note = Evidence(field="rule", bits=0.0, text=difference)
    verdict = Verdict.OTHER_IDENTIFIER if score >= SAME_BITS else Verdict.UNDECIDED
    return _comparison(left, right, verdict, score, (*evidence, note))


def different_identifiers(left: Prepared, right: Prepared) -> tuple[str, str, str] | None:
    """What kind of identifier both have, and each one's, if they differ: two papers, whatever else agrees."""
    for kind, mine, yours in (("arXiv ids", left.arxiv_id, right.arxiv_id), ("DOIs", left.doi, right.doi)):
        if mine and yours and mine != yours:
            return kind, mine, yours
    return None


def _contradiction(left: Prepared, right: Prepared) -> str | None:
    found = different_identifiers(left, right)
    return f"different {found[0]} {found[1]} and {found[2]}" if found else None


def _are_foreign(left: Prepared, right: Prepared) -> bool:
    """Whether two records with one identifier are clearly different papers.

    Both must have a title of their own, unlike the other's, and nothing may relate them: not the authors, not the
    abstracts, not one side's text with the other's title in it.
    """
    if not left.title or not right.title or is_generic(left.title) or is_generic(right.title):
        return False
    if not _have_nothing_in_common(left.title, right.title):
        return False
    authors = authors_evidence(left.names, right.names)
    if authors is not None and authors.bits >= RELATED_AUTHORS_BITS:
        return False
    return not _are_related_by_words(left, right)


def _are_related_by_words(left: Prepared, right: Prepared) -> bool:
    """Whether one side's words contain the other's title, or both sides share rare words."""
    if _is_title_explained(left, right):
        return True
    mine, yours = left.own_words, right.own_words
    both = total_bits(mine & yours)
    least = RELATED_WORDS_SHARE * min(total_bits(mine), total_bits(yours))
    return both >= max(least, RELATED_WORDS_RARITY)


def _is_title_explained(left: Prepared, right: Prepared) -> bool:
    """Whether one side's words contain the other's title."""
    titles = ((frozenset(left.title), right.own_words), (frozenset(right.title), left.own_words))
    return any(total_bits(title & words) >= RELATED_TITLE_SHARE * total_bits(title) for title, words in titles)


def _veto(left: Prepared, right: Prepared, *, are_abstracts_one: bool, is_identified: bool) -> str | None:
    """What no evidence outweighs; but a renamed paper keeps its identifier and its abstract."""
    if is_identified and (are_abstracts_one or not (left.abstract and right.abstract)):
        return None
    if conflict := title_conflict(left.whole_title, right.whole_title):
        return conflict
    if is_identified:
        return None
    sisters = _sisters(left, right)
    if are_abstracts_one or sisters:
        return sisters
    return continuation(left.whole_title, right.whole_title) or _published_apart(left, right)


def _sisters(left: Prepared, right: Prepared) -> str | None:
    """Why two papers with nearly one abstract are two.

    The same people write on several subjects with one abstract in which only the subject is exchanged, or only what
    was counted: each title has a word that only its own abstract has, or each title and abstract has its own words and
    its own numbers, or the titles share nothing.
    """
    if not left.abstract or not right.abstract:
        return None
    first, second = (set(title) for title in spelt_alike(left.title, right.title))
    mine, yours = _telling(first - second - right.abstract_words), _telling(second - first - left.abstract_words)
    if not mine or not yours or "".join(left.abstract) == "".join(right.abstract):
        return None
    if (in_mine := mine & left.abstract_words) and (in_yours := yours & right.abstract_words):
        return f"each is about something else: {_rarest(in_mine)} against {_rarest(in_yours)}"
    if min(_numbers_only_in(left, right), _numbers_only_in(right, left)) >= SISTERS_NUMBERS:
        return f"each has its own numbers, and is about something else: {_rarest(mine)} against {_rarest(yours)}"
    if _have_nothing_in_common(left.title, right.title) and not _is_title_explained(left, right):
        return "the titles have nothing in common, and the abstracts are not quite equal"
    return None


def _have_nothing_in_common(left: Sequence[str], right: Sequence[str]) -> bool:
    return overlap(left, right).similarity < FOREIGN_TITLE_SIMILARITY


def _numbers_only_in(one: Prepared, other: Prepared) -> int:
    return sum(word.isdigit() for word in one.abstract_words - other.abstract_words)


def _telling(words: Iterable[str]) -> set[str]:
    return {word for word in words if token_bits(word) >= SUBJECT_LEAST_BITS}


def _rarest(words: Iterable[str]) -> str:
    return max(words, key=lambda word: (token_bits(word), word))


def _published_apart(left: Prepared, right: Prepared) -> str | None:
    """Why two records may be two versions of one work: without agreeing abstracts a person decides.

    Without this veto precision on the whole labelled set of DBLP and ACM falls from 0.986 to 0.912. A preprint and
    what a publisher made of it are known as such by their identifiers.
    """
    first, second = left.published_on, right.published_on
    if first is None or second is None or abs((first - second).days) < VERSION_DAYS:
        return None
    if _is_preprint_of(left, right) or _is_preprint_of(right, left):
        return None
    return f"published {abs((first - second).days)} days apart: perhaps two versions of one work"


def _is_preprint_of(preprint: Prepared, article: Prepared) -> bool:
    """Whether one side has only an arXiv id, the other only a DOI, with one title and shared authors."""
    if not preprint.arxiv_id or preprint.doi or not article.doi or article.arxiv_id:
        return False
    authors = authors_evidence(preprint.names, article.names)
    is_shared = authors is not None and authors.bits >= RELATED_AUTHORS_BITS
    return is_shared and are_equal(preprint.whole_title, article.whole_title)


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
    """Named after the strongest evidence; title and authors together have a name of their own."""
    bits = {item.field: item.bits for item in evidence}
    for field, rule in (("arxiv_id", Rule.ARXIV_ID), ("doi", Rule.DOI)):
        if field in bits:
            return rule
    if bits.get("abstract", 0.0) >= max(CONTENT_BITS, bits.get("title", 0.0)):
        return Rule.ABSTRACT
    if bits.get("title", 0.0) >= CONTENT_BITS:
        return Rule.TITLE_AUTHORS if bits.get("authors", 0.0) > 0 else Rule.TITLE
    return Rule.EVIDENCE
