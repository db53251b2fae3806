"""Which records are worth comparing: a few keys each, chosen so that blocks stay small among millions of papers.

A pair is compared if and only if it shares a telling key (an identifier, a whole title or abstract, an address) or
two samples of words: one sample alone is mostly chance among a million papers. The rule is symmetric and does not
depend on what is loaded. No block is ever cut: one that has grown beyond reason is an error for a person to look at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations
from typing import Final

from transforms.errors import PaperlogError
from transforms.matching.model import Record
from transforms.matching.prepare import Prepared, prepare
from transforms.matching.rarity import token_bits
from transforms.matching.titles import is_generic

BLOCK_KEYS_VERSION: Final = 4
"""Raise it with every change of a rule here or of the statistics: stored keys must then be made anew."""

BLOCK_MOST_RECORDS: Final = 20_000

TITLE_RAREST: Final = 5
TITLE_KEY_BITS: Final = 14.0
URL_TITLE_WORDS: Final = 2

HEAD_WORDS: Final = 40
HEAD_BINS: Final = 4
WHOLE_BINS: Final = 10
HEAD_KEY_BITS: Final = 14.0
WHOLE_KEY_BITS: Final = 18.0
SAMPLES_SHARED_LEAST: Final = 2
ABSTRACT_WORD_LEAST_BITS: Final = 6.0
ABSTRACT_WORD_MOST_BITS: Final = 10.0
"""Misspelt words look like the rarest ones: above this no word is preferred for its rarity."""


class BlockTooLargeError(PaperlogError):
    """A block holds more records than can be compared; `block_key` and `records_count` say which and how many."""

    def __init__(self, block_key: int, records_count: int) -> None:
        super().__init__(f"block {block_key} holds {records_count} records, more than {BLOCK_MOST_RECORDS}")
        self.block_key = block_key
        self.records_count = records_count


def block_keys(record: Record | Prepared) -> tuple[int, ...]:
    """Signed 64-bit keys, sorted: the lowest bit is 0 in telling keys and 1 in samples (see `are_candidates`)."""
    side = prepare(record)
    telling = (_hashed(name) & ~1 for name in {*_identifier_keys(side), *_title_keys(side), *_abstract_key(side)})
    samples = (_hashed(name) | 1 for name in {*_title_samples(side), *_abstract_samples(side)})
    return tuple(sorted({*telling, *samples}))


def are_candidates(left: Iterable[int], right: Iterable[int]) -> bool:
    """Whether records with these block keys are compared."""
    return is_enough(set(left).intersection(right))


def is_enough(shared: Collection[int]) -> bool:
    """Whether two records are compared that share these block keys."""
    return any(not key & 1 for key in shared) or len(shared) >= SAMPLES_SHARED_LEAST


def check_block(block_key: int, records_count: int) -> None:
    """Raise BlockTooLargeError where a block is beyond reason; skipping pairs would let the order of loads show."""
    if records_count > BLOCK_MOST_RECORDS:
        raise BlockTooLargeError(block_key, records_count)


def _identifier_keys(side: Prepared) -> Iterator[str]:
    if side.arxiv_id:
        yield f"arxiv:{side.arxiv_id}"
    if side.doi:
        yield f"doi:{side.doi}"


def _title_keys(side: Prepared) -> Iterator[str]:
    """The whole title, and addresses.

    A generic title blocks only with a surname. An address blocks only with a word of the title: many papers name one
    repository.
    """
    if not side.title:
        return
    if is_generic(side.title):
        yield from (f"generic:{side.title_key}:{name.surname}" for name in side.names[:1])
    else:
        yield f"title:{side.title_key}"
    rarest = _rarest(side.title, URL_TITLE_WORDS)
    yield from (f"url:{url}:{word}" for url in side.urls for word in rarest)


def _title_samples(side: Prepared) -> Iterator[str]:
    """Sets of the title's rarest words that are rare enough together."""
    if side.title and not is_generic(side.title):
        yield from (f"words:{' '.join(words)}" for words in _rare_together(side.title))


def _rare_together(title: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Smallest sets of the rarest words whose rarity suffices; membership depends on the set alone, hence symmetric."""
    rarest = [(token_bits(word), word) for word in _rarest(title, TITLE_RAREST)]
    for size in (2, 3, 4):
        for words in combinations(rarest, size):
            total = sum(bits for bits, _ in words)  # the last word is the least rare
            if total >= TITLE_KEY_BITS and (size == 2 or total - words[-1][0] < TITLE_KEY_BITS):
                yield tuple(sorted(word for _, word in words))


def _rarest(words: Iterable[str], most: int) -> list[str]:
    return sorted(set(words), key=lambda word: (-token_bits(word), word))[:most]


def _abstract_key(side: Prepared) -> Iterator[str]:
    if side.abstract_key:
        yield f"abstract:{side.abstract_key}"


def _abstract_samples(side: Prepared) -> Iterator[str]:
    """Samples of the abstract's words: of the beginning, which cutting leaves alone, and of the whole.

    The words are dealt into bins by their hash; each bin gives its first few words in an order that prefers rare
    ones, until they are rare enough together. Edited words spoil single bins and leave the others as they were.
    """
    cards = [pair for word in side.abstract_words if (pair := _cards(word))]
    beginning = frozenset(side.abstract[:HEAD_WORDS])
    head = (card for card, _ in cards if card[1] in beginning)
    yield from (f"head:{place}:{' '.join(sample)}" for place, sample in _samples(head, HEAD_BINS, HEAD_KEY_BITS))
    whole = (card for _, card in cards)
    yield from (f"whole:{place}:{' '.join(sample)}" for place, sample in _samples(whole, WHOLE_BINS, WHOLE_KEY_BITS))


def _samples(cards: Iterable[_Card], bins: int, least: float) -> Iterator[tuple[int, list[str]]]:
    samples: list[list[str]] = [[] for _ in range(bins)]
    totals = [0.0] * bins
    for _, word, place, weight in sorted(cards):
        if totals[place] < least:
            samples[place].append(word)
            totals[place] += weight
    yield from ((place, sample) for place, sample in enumerate(samples) if totals[place] >= least)


_Card = tuple[float, str, int, float]
"""A word's place in the order of a dealing, itself, its bin and its weight."""


@lru_cache(maxsize=1 << 16)
def _cards(word: str) -> tuple[_Card, _Card] | None:
    """The word in both dealings, None for one that is not dealt; texts share words: remembered."""
    bits = token_bits(word)
    if bits < ABSTRACT_WORD_LEAST_BITS or word.isdigit():
        return None
    number, weight = _hashed(word) % 2**40, min(bits, ABSTRACT_WORD_MOST_BITS)
    head, whole = ((number // bins / weight, word, number % bins, weight) for bins in (HEAD_BINS, WHOLE_BINS))
    return head, whole


def _hashed(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
