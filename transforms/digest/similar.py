"""How alike two papers are by the words of title and abstract: no model, and the same number on every machine.

The rarity of words is frozen (`transforms/matching/rarity.py`), sums are exact whatever their order, and the result is
rounded before it is compared.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from transforms.digest.phrases import Text, singular
from transforms.matching.rarity import token_bits

ALIKE_LEAST: Final = 0.2
"""From here on papers are alike. Of the captured papers of even days, two by two, those above it have one subject;
between 0.15 and 0.2 they often share no more than a field, such as reconstruction in 3D."""

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

    `main` are those that stand in the title, or more than once; `length` is that of the weights as a vector.
    """

    weights: Mapping[str, float]
    main: frozenset[str]
    length: float


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
    weights = {
        word: min(count, _COUNTED_MOST) * bits[word] for word, count in counts.items() if bits[word] >= _BITS_LEAST
    }
    return Profile(
        weights=weights,
        main=frozenset(word for word in weights if counts[word] > 1),
        length=math.sqrt(math.fsum(weight * weight for weight in weights.values())),
    )


def likeness_of(left: Profile, right: Profile) -> Likeness | None:
    """The cosine of the two; None where one has too few words, or fewer than two main ones are shared.

    A single word may have two meanings.
    """
    main = left.main & right.main
    if len(main) < _SHARED_LEAST or min(len(left.weights), len(right.weights)) < _WORDS_LEAST:
        return None
    products = {word: left.weights[word] * right.weights[word] for word in left.weights.keys() & right.weights.keys()}
    return Likeness(
        similarity=round(math.fsum(products.values()) / (left.length * right.length), 2),
        words=tuple(sorted(main, key=lambda word: (-products[word], word))[:_SHOWN_MOST]),
    )


@lru_cache(maxsize=50_000)  # a third of the time of an abstract
def _read(written: str) -> tuple[str, float]:
    """The word without a plural's ending, and the rarity of the commoner of the two; single signs and numbers: none."""
    if len(written) == 1 or written.isdigit() or written in _OF_CITATIONS:
        return written, 0.0
    word = singular(written)
    return word, min(token_bits(written), token_bits(word))
