"""Makes `transforms/matching/rarity_table.py`: word rarities of real abstracts, blended with general English.

    python -m tests.bench.token_statistics > transforms/matching/rarity_table.py

Only counts enter the file, no text. A word's rate is (its count in the corpus + BLEND * its rate in `wordfreq`'s
English list) / (corpus length + BLEND), each word counted once a text; from the rate follows the share of abstracts of
ABSTRACT_WORDS different words that hold it. Words rarer than CUTOFF bits, and words that neither TEXTS_LEAST texts nor
the English list know, are left out and count as unknown.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter

from wordfreq import get_frequency_dict

from tests.bench.data.real_records import texts_and_people
from transforms.fields.text import match_tokens

VERSION = 1
BLEND = 60_000
ABSTRACT_WORDS = 110
TEXTS_LEAST = 3
CUTOFF = 11.5
SURNAME_BLEND = 1_000
SURNAME_BACKGROUND = 2.0**-11
SURNAME_LEAST = 3


HEAD = '''"""Rarities of words and surnames, frozen; tests/bench/token_statistics.py makes it and says from what."""

TABLE = """\\
# version {version}
# made from {texts} titles, abstracts and descriptions of machine-learning
# papers, {people} author names, and the English list of wordfreq; rarity in bits, words rarer than
# {cutoff} bits (surnames held by fewer than {least}) are left out and count as unknown
'''


def main() -> None:
    """Print the artefact."""
    texts, people = texts_and_people()
    counts = {"texts": len(texts), "people": len(people)}
    sys.stdout.write(HEAD.format(version=VERSION, cutoff=CUTOFF, least=SURNAME_LEAST, **counts))
    for kind, bits in (("token", _token_bits(texts)), ("surname", _surname_bits(people))):
        ordered = sorted((value, word) for word, value in bits.items())
        for value, rows in groupby(ordered, key=itemgetter(0)):
            sys.stdout.write(" ".join([kind, str(value), *(word for _, word in rows)]) + "\n")
    sys.stdout.write('"""\n')


def _token_bits(texts: Iterable[str]) -> Mapping[str, float]:
    counts = Counter(token for text in texts for token in set(match_tokens(text)))
    background = get_frequency_dict("en", wordlist="large")
    total = counts.total()
    shared = {word for word, count in counts.items() if count >= TEXTS_LEAST}
    words = {word for word in {*shared, *background} if match_tokens(word) == (word,) and not word.isdigit()}
    rates = {word: (counts[word] + BLEND * background.get(word, 0.0)) / (total + BLEND) for word in words}
    return {word: bits for word, rate in rates.items() if (bits := _bits(1 - (1 - rate) ** ABSTRACT_WORDS)) <= CUTOFF}


def _surname_bits(people: Iterable[str]) -> Mapping[str, float]:
    counts = Counter(tokens[-1] for name in people if (tokens := match_tokens(name)))
    total = counts.total() + SURNAME_BLEND
    return {
        name: _bits((count + SURNAME_BLEND * SURNAME_BACKGROUND) / total)
        for name, count in counts.items()
        if count >= SURNAME_LEAST and len(name) > 1
    }


def _bits(share: float) -> float:
    return round(-2 * math.log2(share)) / 2


if __name__ == "__main__":
    main()
