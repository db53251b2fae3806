"""Every field of a pair turned into bits for or against, each with a reason a person can read."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from transforms.matching.authors import authors_evidence
from transforms.matching.model import Evidence
from transforms.matching.prepare import Prepared
from transforms.matching.rarity import total_bits
from transforms.matching.titles import is_generic, overlap, title_evidence

PRIOR_BITS: Final = -20.0
"""Two papers taken blindly out of a million are the same once in 2^20. Frozen: the number loaded must not show."""

IDENTIFIER_BITS: Final = 34.0
ABSTRACT_EQUAL_BITS: Final = 36.5
ABSTRACT_SAME_BITS: Final = 24.0
ABSTRACT_FOREIGN_BITS: Final = -10.0
ABSTRACT_LEAST_WORDS: Final = 20
ABSTRACT_LEAST_SHARED_RARITY: Final = 60.0
CONTAINMENT_SAME: Final = 0.75
CONTAINMENT_NEAR: Final = 0.55
BITS_PER_CONTAINMENT: Final = 50.0
"""0.02 of containment are one bit: see `clusters.CONTEST_BITS`."""

VERSION_DAYS: Final = 200
"""The same work published this much later is another version of it: a journal's, a new edition's."""

WEIGHTED_SAME: Final = 0.6
WEIGHTED_NEAR: Final = 0.45
WEIGHTED_FOREIGN: Final = 0.15
DATE_BITS: Final = ((2, 3.0), (31, 1.0), (VERSION_DAYS - 1, -2.0))
DATE_FAR_BITS: Final = -6.0
URL_BITS: Final = 8.0
INSTITUTION_BITS: Final = 1.5
NEARLY_ONE_TITLE: Final = 0.85
COLLEAGUES_SHARE: Final = 0.5
"""The same people write many papers with similar titles: what their names are worth then."""

AUTHOR_COUNT_BITS: Final = 1.5
DESCRIPTION_MOST_BITS: Final = 6.0
DESCRIPTION_RARITY_SHARE: Final = 0.1
DESCRIPTION_LEAST_SHARE: Final = 0.3

FOREIGN_TITLE_SIMILARITY: Final = 0.25
RELATED_TITLE_SHARE: Final = 0.5
RELATED_WORDS_SHARE: Final = 0.25
RELATED_WORDS_RARITY: Final = 20.0
RELATED_AUTHORS_BITS: Final = 4.0


class Content(NamedTuple):
    """What the two fields say without which nothing merges; None where one side lacks the field."""

    title: Evidence | None
    abstract: Evidence | None

    def reaches(self, bits: float) -> bool:
        """Whether one of the two gives as much."""
        return any(item is not None and item.bits >= bits for item in self)


def identifier_evidence(left: Prepared, right: Prepared) -> tuple[Evidence, ...]:
    """The identifiers that both sides bear."""
    found = []
    if left.arxiv_id and left.arxiv_id == right.arxiv_id:
        found.append(Evidence(field="arxiv_id", bits=IDENTIFIER_BITS, text=f"same arXiv id {left.arxiv_id}"))
    if left.doi and left.doi == right.doi:
        bits = IDENTIFIER_BITS if not found else 0.0
        found.append(Evidence(field="doi", bits=bits, text=f"same DOI {left.doi}"))
    return tuple(found)


def identifiers_differ(left: Prepared, right: Prepared) -> str | None:
    """How the identifiers contradict each other."""
    if left.arxiv_id and right.arxiv_id and left.arxiv_id != right.arxiv_id:
        return f"different arXiv ids {left.arxiv_id} and {right.arxiv_id}"
    if left.doi and right.doi and left.doi != right.doi:
        return f"different DOIs {left.doi} and {right.doi}"
    return None


def content_evidence(left: Prepared, right: Prepared) -> Content:
    """What title and abstract say."""
    return Content(title_evidence(left.title, right.title), abstract_evidence(left, right))


def weigh(left: Prepared, right: Prepared, content: Content) -> tuple[Evidence, ...]:
    """All evidence of a pair, the prior first."""
    title, abstract = content
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


def abstract_evidence(left: Prepared, right: Prepared) -> Evidence | None:
    """Equal letters and digits, else how much of the shorter text's words the longer one contains."""
    if left.abstract_key and left.abstract_key == right.abstract_key:
        text = f"same abstract, letter by letter ({len(left.abstract_key)} letters and digits)"
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


def are_foreign(left: Prepared, right: Prepared) -> bool:
    """Whether two records that bear one identifier are clearly different papers.

    Both must have a title of their own, unlike the other's, and nothing may relate them: not the authors, not the
    abstract, not one side's words for the paper naming the other's title.
    """
    if not left.title or not right.title or is_generic(left.title) or is_generic(right.title):
        return False
    if overlap(left.title, right.title).similarity >= FOREIGN_TITLE_SIMILARITY:
        return False
    authors = authors_evidence(left.names, right.names)
    if authors is not None and authors.bits >= RELATED_AUTHORS_BITS:
        return False
    return not _words_relate(left, right)


def published_apart(left: Prepared, right: Prepared) -> str | None:
    """Why two records may be two versions of one work, which only a person can decide where no abstract agrees."""
    first, second = left.published_on, right.published_on
    if first is None or second is None or abs((first - second).days) < VERSION_DAYS or abstracts_agree(left, right):
        return None
    return f"published {abs((first - second).days)} days apart: perhaps two versions of one work"


def abstracts_agree(left: Prepared, right: Prepared) -> bool:
    """Whether the abstracts alone would make one paper of the pair."""
    found = abstract_evidence(left, right)
    return found is not None and found.bits >= ABSTRACT_SAME_BITS


def _abstract_bits(contained: float, weighted: float, rarity: float) -> float:
    if contained >= CONTAINMENT_SAME and weighted >= WEIGHTED_SAME and rarity >= ABSTRACT_LEAST_SHARED_RARITY:
        return ABSTRACT_SAME_BITS + BITS_PER_CONTAINMENT * (contained - CONTAINMENT_SAME)
    if contained >= CONTAINMENT_NEAR and weighted >= WEIGHTED_NEAR:
        return 6.0 + 16.0 * min(1.0, (contained - CONTAINMENT_NEAR) / (CONTAINMENT_SAME - CONTAINMENT_NEAR))
    if weighted < WEIGHTED_FOREIGN:
        return ABSTRACT_FOREIGN_BITS
    return ABSTRACT_FOREIGN_BITS / 2 if weighted < 2 * WEIGHTED_FOREIGN else 0.0


def _words_relate(left: Prepared, right: Prepared) -> bool:
    """Whether the words for one side name the other's title, or the two sides' words have rare ones in common."""
    mine, yours = left.own_words, right.own_words
    titles = ((frozenset(left.title), yours), (frozenset(right.title), mine))
    if any(total_bits(title & words) >= RELATED_TITLE_SHARE * total_bits(title) for title, words in titles):
        return True
    both = total_bits(mine & yours)
    least = RELATED_WORDS_SHARE * min(total_bits(mine), total_bits(yours))
    return both >= max(least, RELATED_WORDS_RARITY)


def _has_one_content(left: Prepared, right: Prepared, abstract: Evidence | None) -> bool:
    """Whether titles are nearly one or abstracts agree: else shared authors may as well have written two papers."""
    if abstract is not None and abstract.bits >= ABSTRACT_SAME_BITS:
        return True
    return bool(left.title and right.title) and overlap(left.title, right.title).similarity >= NEARLY_ONE_TITLE


def _author_counts(left: Prepared, right: Prepared) -> Evidence | None:
    """The number of authors, where one side gives nothing but that."""
    counts = [len(side.authors) or side.author_count for side in (left, right)]
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
    if not both:
        return None
    return Evidence(field="urls", bits=URL_BITS, text=f"same address {min(both)}")


def _descriptions(left: Prepared, right: Prepared) -> Evidence | None:
    """Rare words that both sides use where at least one of them has only its own words for the paper."""
    if not (left.description or right.description) or not (left.own_words and right.own_words):
        return None
    mine, yours = left.own_words.difference(left.title), right.own_words.difference(right.title)
    both = total_bits(mine & yours)
    share = both / max(1.0, min(total_bits(mine), total_bits(yours)))
    if share < DESCRIPTION_LEAST_SHARE:
        return None
    bits = min(DESCRIPTION_MOST_BITS, DESCRIPTION_RARITY_SHARE * both)
    return Evidence(field="description", bits=round(bits, 2), text=f"texts share {share:.0%} of their rare words")
