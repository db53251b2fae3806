"""The fields of a pair weighed as bits for or against, each with a reason that a person can read."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from transforms.matching.authors import authors_evidence
from transforms.matching.model import Evidence
from transforms.matching.prepare import Prepared
from transforms.matching.rarity import total_bits
from transforms.matching.titles import overlap

# Two random papers of a million are the same once in 2^20. Constant, so results do not depend on what is loaded.
PRIOR_BITS: Final = -20.0

IDENTIFIER_BITS: Final = 34.0
# As full containment: ABSTRACT_SAME_BITS and 0.25 times BITS_PER_CONTAINMENT.
ABSTRACT_EQUAL_BITS: Final = 36.5
ABSTRACT_SAME_BITS: Final = 24.0
ABSTRACT_FOREIGN_BITS: Final = -10.0

# Shorter texts contain each other's words by chance.
ABSTRACT_LEAST_WORDS: Final = 20

ABSTRACT_LEAST_SHARED_RARITY: Final = 60.0

# Containment and not Jaccard, because dumps cut abstracts: 0.9997 precision at 0.997 recall on 6,350 noisy queries.
# Of 10,481 real abstracts two pairs of different papers reach 0.70; both have different arXiv ids, which is a veto.
CONTAINMENT_SAME: Final = 0.75

CONTAINMENT_NEAR: Final = 0.55

# 0.02 of containment are one bit, which is `cluster.CONTEST_BITS`.
BITS_PER_CONTAINMENT: Final = 50.0

# Containment weighted by rarity: two abstracts of one field share many common words.
WEIGHTED_SAME: Final = 0.6
WEIGHTED_NEAR: Final = 0.45
WEIGHTED_FOREIGN: Final = 0.15

# The same work published this much later is another version of it: a journal's, a new edition's.
VERSION_DAYS: Final = 200

# (most days apart, bits)
DATE_BITS: Final = ((2, 3.0), (31, 1.0), (VERSION_DAYS - 1, -2.0))
DATE_FAR_BITS: Final = -6.0
URL_BITS: Final = 8.0
INSTITUTION_BITS: Final = 1.5

# The same people write many papers with similar titles: their names then count only so much.
COLLEAGUES_SHARE: Final = 0.5

NEARLY_ONE_TITLE: Final = 0.85

AUTHOR_COUNT_BITS: Final = 1.5
DESCRIPTION_MOST_BITS: Final = 6.0
DESCRIPTION_RARITY_SHARE: Final = 0.1
DESCRIPTION_LEAST_SHARE: Final = 0.3


def identifier_evidence(left: Prepared, right: Prepared) -> tuple[Evidence, ...]:
    """The identifiers that both sides have."""
    found = []
    if left.arxiv_id and left.arxiv_id == right.arxiv_id:
        is_found = left.is_named_by_arxiv or right.is_named_by_arxiv
        origin = ", which arXiv has for the abstract" if is_found else ""
        text = f"same arXiv id {left.arxiv_id}{origin}"
        found.append(Evidence(field="arxiv_id", bits=IDENTIFIER_BITS, text=text))
    if left.doi and left.doi == right.doi:
        bits = IDENTIFIER_BITS if not found else 0.0
        found.append(Evidence(field="doi", bits=bits, text=f"same DOI {left.doi}"))
    return tuple(found)


def abstract_evidence(left: Prepared, right: Prepared) -> Evidence | None:
    """Equal letters and digits, else how much of the shorter text's words the longer one contains."""
    key = left.abstract_key
    if key and key == right.abstract_key:
        text = f"same abstract, letter by letter ({len(key)} letters and digits)"
        return Evidence(field="abstract", bits=ABSTRACT_EQUAL_BITS, text=text)
    shorter, longer = sorted((left.abstract_words, right.abstract_words), key=len)
    if len(shorter) < ABSTRACT_LEAST_WORDS:
        return None
    both = shorter & longer
    rarity = total_bits(both)
    contained = len(both) / len(shorter)
    weighted = rarity / max(1.0, min(total_bits(shorter), total_bits(longer)))
    bits = _abstract_bits(contained, weighted, rarity)
    shares = f"{contained:.0%}, by rarity {weighted:.0%}"
    text = f"{len(both)} of the shorter abstract's {len(shorter)} words in the other ({shares})"
    return Evidence(field="abstract", bits=round(bits, 2), text=text)


def may_speak_for(left: Prepared, right: Prepared) -> bool:
    """Whether `abstract_evidence` of a pair may be positive; of most pairs it is not, and this is told sooner."""
    shorter, longer = sorted((left.abstract_words, right.abstract_words), key=len)
    if len(shorter) >= ABSTRACT_LEAST_WORDS and len(shorter & longer) / len(shorter) >= CONTAINMENT_NEAR:
        return True
    return left.abstract_key is not None and left.abstract_key == right.abstract_key


def is_same_abstract(abstract: Evidence | None) -> bool:
    """Whether the evidence of two abstracts alone would make one paper of the pair."""
    return abstract is not None and abstract.bits >= ABSTRACT_SAME_BITS


def weigh(left: Prepared, right: Prepared, title: Evidence | None, abstract: Evidence | None) -> tuple[Evidence, ...]:
    """All evidence of a pair, given that of titles and abstracts; the prior comes first."""
    authors = authors_evidence(left.names, right.names) or _author_counts(left, right)
    if authors and not _has_one_content(left, right, abstract):
        authors = replace(authors, bits=min(authors.bits, round(authors.bits * COLLEAGUES_SHARE, 2)))
    found = (
        title,
        abstract,
        authors,
        _dates(left, right),
        _institutions(left, right),
        _urls(left, right),
        _descriptions(left, right),
    )
    prior = Evidence(field="prior", bits=PRIOR_BITS, text="any two of a million papers")
    return (prior, *identifier_evidence(left, right), *(item for item in found if item is not None))


def _abstract_bits(contained: float, weighted: float, rarity: float) -> float:
    if contained >= CONTAINMENT_SAME and weighted >= WEIGHTED_SAME and rarity >= ABSTRACT_LEAST_SHARED_RARITY:
        return ABSTRACT_SAME_BITS + BITS_PER_CONTAINMENT * (contained - CONTAINMENT_SAME)
    if contained >= CONTAINMENT_NEAR and weighted >= WEIGHTED_NEAR:
        return 6.0 + 16.0 * min(1.0, (contained - CONTAINMENT_NEAR) / (CONTAINMENT_SAME - CONTAINMENT_NEAR))
    if weighted < WEIGHTED_FOREIGN:
        return ABSTRACT_FOREIGN_BITS
    return ABSTRACT_FOREIGN_BITS / 2 if weighted < 2 * WEIGHTED_FOREIGN else 0.0


def _has_one_content(left: Prepared, right: Prepared, abstract: Evidence | None) -> bool:
    """Whether titles are nearly one or abstracts agree; else the shared authors may have written two papers."""
    if is_same_abstract(abstract):
        return True
    return bool(left.title and right.title) and overlap(left.title, right.title).similarity >= NEARLY_ONE_TITLE


def _author_counts(left: Prepared, right: Prepared) -> Evidence | None:
    """The number of authors, if one side gives only that."""
    counts = [
        side.author_count if side.has_more_authors else len(side.authors) or side.author_count for side in (left, right)
    ]
    if not counts[0] or not counts[1]:
        return None
    bits = AUTHOR_COUNT_BITS if counts[0] == counts[1] else -AUTHOR_COUNT_BITS
    return Evidence(field="author_count", bits=bits, text=f"{counts[0]} and {counts[1]} authors")


def _dates(left: Prepared, right: Prepared) -> Evidence | None:
    first, second = left.published_on, right.published_on
    if first is None or second is None:
        return None
    days = abs((first - second).days)
    bits = next((bits for most, bits in DATE_BITS if days <= most), DATE_FAR_BITS)
    return Evidence(field="published_on", bits=bits, text=f"published {days} days apart")


def _institutions(left: Prepared, right: Prepared) -> Evidence | None:
    both = left.institutions & right.institutions
    if not both:
        return None
    names = ", ".join(sorted(both)[:3])
    return Evidence(field="institutions", bits=INSTITUTION_BITS * min(2, len(both)), text=f"same institution: {names}")


def _urls(left: Prepared, right: Prepared) -> Evidence | None:
    both = frozenset(left.urls).intersection(right.urls)
    return Evidence(field="urls", bits=URL_BITS, text=f"same address {min(both)}") if both else None


def _descriptions(left: Prepared, right: Prepared) -> Evidence | None:
    """Rare words that both sides use, if one of them has only a description of the paper."""
    if not (left.description or right.description) or not (left.own_words and right.own_words):
        return None
    mine, yours = left.own_words.difference(left.title), right.own_words.difference(right.title)
    both = total_bits(mine & yours)
    share = both / max(1.0, min(total_bits(mine), total_bits(yours)))
    if share < DESCRIPTION_LEAST_SHARE:
        return None
    bits = min(DESCRIPTION_MOST_BITS, DESCRIPTION_RARITY_SHARE * both)
    return Evidence(field="description", bits=round(bits, 2), text=f"texts share {share:.0%} of their rare words")
