"""Which records are worth comparing: a few block keys each, chosen so that blocks stay small among a million papers.

A pair is compared if and only if it shares a strong key (an identifier, a whole title or abstract, an address) or two
weak keys, which are samples of words: a single shared sample is mostly chance among a million papers. The rule is
symmetric and does not depend on what is loaded. No block is ever cut: one that is too large is an error.
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

# Raise it with every change of a rule here or of the rarities: stored keys are then made again.
BLOCK_KEYS_VERSION: Final = 4

# A circuit breaker. Of a million papers 3,601 keys have more than 50 records, and three quarters of all pairs.
BLOCK_MOST_RECORDS: Final = 20_000

TITLE_RAREST: Final = 5
TITLE_KEY_BITS: Final = 14.0
URL_TITLE_WORDS: Final = 2  # an address is a key only with one of them: many papers link to one repository

# The beginning of an abstract, which is the part that a cut leaves.
HEAD_WORDS: Final = 40

HEAD_BINS: Final = 4
WHOLE_BINS: Final = 10
HEAD_KEY_BITS: Final = 14.0
WHOLE_KEY_BITS: Final = 18.0
WEAK_KEYS_SHARED_LEAST: Final = 2
# More common words would put unrelated abstracts into one block.
ABSTRACT_WORD_LEAST_BITS: Final = 6.0
# Misspelt words look like the rarest ones: above this a word is not preferred for its rarity.
ABSTRACT_WORD_MOST_BITS: Final = 10.0

# A word's rank in the order of sampling, the word, its bin and its weight.
_SampledWord = tuple[float, str, int, float]


class BlockTooLargeError(PaperlogError):
    """A block holds more records than can be compared; `block_key` and `records_count` are which and how many."""

    def __init__(self, block_key: int, records_count: int, most: int) -> None:
        super().__init__(
            f"block {block_key} holds {records_count} records, more than {most}: let their source's "
            "extractor leave out what they have in common, such as one boilerplate text"
        )
        self.block_key = block_key
        self.records_count = records_count


def block_keys(record: Record | Prepared) -> tuple[int, ...]:
    """Signed 64-bit keys, sorted: the lowest bit is 0 in strong keys and 1 in weak ones (see `are_candidates`)."""
    side = prepare(record)
    strong = (_hashed(name) & ~1 for name in {*_identifier_keys(side), *_title_keys(side), *_abstract_key(side)})
    weak = (_hashed(name) | 1 for name in {*_title_samples(side), *_abstract_samples(side)})
    return tuple(sorted({*strong, *weak}))


def are_candidates(left: Iterable[int], right: Iterable[int]) -> bool:
    """Whether records with these block keys are compared."""
    return is_enough(set(left).intersection(right))


def is_enough(shared: Collection[int]) -> bool:
    """Whether two records are compared that share these block keys: one strong key or two weak ones."""
    return any(not key & 1 for key in shared) or len(shared) >= WEAK_KEYS_SHARED_LEAST


def check_block(block_key: int, records_count: int, most: int = BLOCK_MOST_RECORDS) -> None:
    """Raise BlockTooLargeError if a block is too large: skipping pairs would make the order of loads matter."""
    if records_count > most:
        raise BlockTooLargeError(block_key, records_count, most)


def _identifier_keys(side: Prepared) -> Iterator[str]:
    if side.arxiv_id:
        yield f"arxiv:{side.arxiv_id}"
    if side.doi:
        yield f"doi:{side.doi}"


def _title_keys(side: Prepared) -> Iterator[str]:
    """The whole title, and addresses.

    A generic title is a key only with a surname, an address only with a word of the title.
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
    """The smallest sets of the rarest words that are rare enough; whether a set is one depends on its words alone."""
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
    """Samples of the abstract's words: of the beginning, which a cut leaves, and of the whole.

    Words go into bins by their hash; each bin takes its first few words in an order that prefers rare ones, until they
    are rare enough together. Edited words change the samples of single bins and leave the others as they were.
    """
    words = [pair for word in side.abstract_words if (pair := _sampled(word))]
    beginning = frozenset(side.abstract[:HEAD_WORDS])
    head = (sampled for sampled, _ in words if sampled[1] in beginning)
    yield from (f"head:{place}:{' '.join(sample)}" for place, sample in _samples(head, HEAD_BINS, HEAD_KEY_BITS))
    whole = (sampled for _, sampled in words)
    yield from (f"whole:{place}:{' '.join(sample)}" for place, sample in _samples(whole, WHOLE_BINS, WHOLE_KEY_BITS))


def _samples(words: Iterable[_SampledWord], bins: int, least: float) -> Iterator[tuple[int, list[str]]]:
    samples: list[list[str]] = [[] for _ in range(bins)]
    totals = [0.0] * bins
    for _, word, place, weight in sorted(words):
        if totals[place] < least:
            samples[place].append(word)
            totals[place] += weight
    yield from ((place, sample) for place, sample in enumerate(samples) if totals[place] >= least)


@lru_cache(maxsize=1 << 16)  # texts share words: most are hashed once
def _sampled(word: str) -> tuple[_SampledWord, _SampledWord] | None:
    """The word as sampled from the beginning and from the whole; None for a common word or a number."""
    bits = token_bits(word)
    if bits < ABSTRACT_WORD_LEAST_BITS or word.isdigit():
        return None
    number, weight = _hashed(word) % 2**40, min(bits, ABSTRACT_WORD_MOST_BITS)
    head, whole = ((number // bins / weight, word, number % bins, weight) for bins in (HEAD_BINS, WHOLE_BINS))
    return head, whole


def _hashed(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
