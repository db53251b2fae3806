"""Why most pairs that share block keys cannot be one paper: told from little, before their texts are read.

Without a common identifier only a title that is nearly the other's, or an abstract with most of the other's words, may
make two records one paper. That two abstracts have few words in common is told from signatures of them, a bit for each
word.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Final, NamedTuple
from zlib import crc32

from transforms.fields.words import Title
from transforms.matching.compare import CONTENT_BITS
from transforms.matching.evidence import ABSTRACT_LEAST_WORDS, CONTAINMENT_NEAR
from transforms.matching.prepare import Prepared
from transforms.matching.titles import are_equal, title_evidence

SIGNATURE_BITS: Final = 1024
# So many words are remembered with their bits.
_WORDS_MOST: Final = 1 << 16


class Outline(NamedTuple):
    """What is looked at first: identifiers, title, how many words the abstract has, and their bits.

    `abstract_sum` is a checksum of its letters and digits, None where they are too few to mean one paper.
    """

    arxiv_id: str | None
    doi: str | None
    title: Title
    words_count: int
    signature: int
    abstract_sum: int | None


def outline_of(record: Prepared) -> Outline:
    """The outline of a record."""
    if len(_BITS) > _WORDS_MOST:
        _BITS.clear()
    words = record.abstract_words
    signature = reduce(or_, map(_BITS.__getitem__, words), 0)
    key = record.abstract_key
    abstract_sum = crc32(key.encode()) if key else None
    return Outline(record.arxiv_id, record.doi, record.whole_title, len(words), signature, abstract_sum)


def may_be_one(left: Outline, right: Outline) -> bool:
    """Whether `compare` may find anything in a pair; False is certain."""
    if _are_equal(left.arxiv_id, right.arxiv_id) or _are_equal(left.doi, right.doi):
        return True
    if (left.arxiv_id and right.arxiv_id) or (left.doi and right.doi):
        return are_equal(left.title, right.title)
    if _are_equal(left.abstract_sum, right.abstract_sum) or _may_share_words(left, right):
        return True
    title = title_evidence(left.title, right.title)
    return title is not None and title.bits >= CONTENT_BITS


def _are_equal(mine: str | int | None, yours: str | int | None) -> bool:
    return mine is not None and mine == yours


def _may_share_words(left: Outline, right: Outline) -> bool:
    """Whether the shorter abstract may have enough words in common with the other; some words share a bit."""
    shorter, longer = (left, right) if left.words_count <= right.words_count else (right, left)
    if shorter.words_count < ABSTRACT_LEAST_WORDS:
        return False
    hidden = shorter.words_count - shorter.signature.bit_count()
    most = (shorter.signature & longer.signature).bit_count() + hidden
    return most / shorter.words_count >= CONTAINMENT_NEAR


class _Bits(dict[str, int]):
    """Each word's bit, of those that were asked for lately."""

    def __missing__(self, word: str) -> int:
        bit = self[word] = 1 << crc32(word.encode()) % SIGNATURE_BITS
        return bit


_BITS = _Bits()
