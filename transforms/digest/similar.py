"""How alike two papers are by the words of title and abstract: no model, and the same number on every machine.

The rarity of words is frozen (`transforms/matching/rarity.py`), sums are exact whatever their order, and the result is
rounded before it is compared.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from transforms.digest.phrases import Text, singular
from transforms.matching.rarity import UNKNOWN_TOKEN_BITS, token_bits

ALIKE_LEAST: Final = 0.27
"""From here on papers are alike: of 33 pairs of captured papers of even days, 21 have one subject; the others share a
field, such as reconstruction in 3D. From 0.24 on it would be 38 of 59 pairs, but readers of odd days wanted fewer."""

_SHARED_LEAST: Final = 2
_SHOWN_MOST: Final = 3
# A title alone is too little: with two words of one it would be nearly the same as any paper that has both.
_WORDS_LEAST: Final = 20
# More frequent words stand in one abstract of sixteen: they tell papers of the field from others, not from each other.
_BITS_LEAST: Final = 4.0
_IN_TITLE: Final = 3
_OF_CITATIONS: Final = frozenset({"et", "al"})
_COUNTED_MOST: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A paper as words with weights: how often a word stands there, a title counting thrice, times how rare it is.

    `every` has all words, `weights` those that are not frequent; `main` of these stand in the title, or more than once.
    `unknown` stand in no table, as names that authors coin; `square` is the sum of the squares of the other weights.
    """

    every: Mapping[str, float]
    weights: Mapping[str, float]
    main: frozenset[str]
    unknown: frozenset[str]
    square: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two papers are, from 0 to 1 in hundredths, and the main words that both have, weightiest first."""

    similarity: float
    words: tuple[str, ...]


def profile_of(title: Text, abstract: Text) -> Profile:
    """The paper with this title and abstract."""
    counts: Counter[str] = Counter()
    bits: dict[str, float] = {}
    for text, times in ((title, _IN_TITLE), (abstract, 1)):
        for written, count in Counter(text.words.split()).items():
            word, rarity = _read(written)
            counts[word] += times * count
            bits[word] = min(bits.get(word, rarity), rarity)
    every = {word: min(count, _COUNTED_MOST) * bits[word] for word, count in counts.items()}
    weights = {word: weight for word, weight in every.items() if bits[word] >= _BITS_LEAST}
    unknown = frozenset(word for word in weights if bits[word] == UNKNOWN_TOKEN_BITS)
    return Profile(
        every=every,
        weights=weights,
        main=frozenset(word for word in weights if counts[word] > 1),
        unknown=unknown,
        square=_square(weights, weights.keys() - unknown),
    )


def likeness_of(left: Profile, right: Profile) -> Likeness | None:
    """The cosine of the two; None where one has too few words, or fewer than two main ones are shared.

    A single word may have two meanings. A word that no table knows counts only if both have it: names that authors coin
    are hardly ever shared, and would part papers on one subject.
    """
    main = left.main & right.main
    shared = left.weights.keys() & right.weights.keys()
    counted = [each.weights.keys() - (each.unknown - shared) for each in (left, right)]
    if len(main) < _SHARED_LEAST or min(map(len, counted)) < _WORDS_LEAST:
        return None
    products = {word: left.weights[word] * right.weights[word] for word in shared}
    squares = [each.square + _square(each.weights, shared & each.unknown) for each in (left, right)]
    return Likeness(
        similarity=round(math.fsum(products.values()) / math.sqrt(squares[0] * squares[1]), 2),
        words=tuple(sorted(main, key=lambda word: (-products[word], word))[:_SHOWN_MOST]),
    )


def _square(weights: Mapping[str, float], words: Iterable[str]) -> float:
    return math.fsum(weights[word] * weights[word] for word in words)


@lru_cache(maxsize=50_000)  # a third of the time of an abstract
def _read(written: str) -> tuple[str, float]:
    """The word without a plural's ending, and the rarity of the commoner of the two; single signs and numbers: none."""
    if len(written) == 1 or written.isdigit() or written in _OF_CITATIONS:
        return written, 0.0
    word = singular(written)
    return word, min(token_bits(written), token_bits(word))
