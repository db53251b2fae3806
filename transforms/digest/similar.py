"""How alike two papers are by the words of title and abstract: no model, and the same number on every machine.

The rarity of words is frozen (`transforms/matching/rarity.py`), sums are exact whatever their order, and the result is
rounded before it is compared.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from transforms.digest.phrases import Text, singular
from transforms.matching.rarity import token_bits

ALIKE_LEAST: Final = 0.15
"""From here on papers are alike. Chosen on the captured papers of even days, two by two: above it nearly all pairs have
one subject, while at 0.12 the first that share a manner of writing appear."""

_SHARED_LEAST: Final = 2
_SHOWN_MOST: Final = 3
# One abstract in sixteen has a more frequent word: it tells papers of this field from others, not from each other.
_BITS_LEAST: Final = 4.0
_IN_TITLE: Final = 3
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
        for written in text.words.split():
            if len(written) > 1 and not written.isdigit():
                word = singular(written)
                counts[word] += times
                bits[word] = min(bits.get(word, math.inf), token_bits(written), token_bits(word))
    weights = {
        word: min(count, _COUNTED_MOST) * bits[word] for word, count in counts.items() if bits[word] >= _BITS_LEAST
    }
    return Profile(
        weights=weights,
        main=frozenset(word for word in weights if counts[word] > 1),
        length=math.sqrt(math.fsum(weight * weight for weight in weights.values())),
    )


def likeness_of(left: Profile, right: Profile) -> Likeness | None:
    """The cosine of the two; None where fewer than two main words are shared: one may have two meanings."""
    main = left.main & right.main
    if len(main) < _SHARED_LEAST:
        return None
    products = {word: left.weights[word] * right.weights[word] for word in left.weights.keys() & right.weights.keys()}
    return Likeness(
        similarity=round(math.fsum(products.values()) / (left.length * right.length), 2),
        words=tuple(sorted(main, key=lambda word: (-products[word], word))[:_SHOWN_MOST]),
    )
