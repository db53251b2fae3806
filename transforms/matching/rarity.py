"""How rare a word is, in bits. Frozen: frequencies of what is loaded would make results depend on the order of loads.

The numbers are in `rarity_table.py`, which `tests/bench/token_statistics.py` makes. A change of the table changes block
keys and scores: raise its version, and every stored key and comparison is made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from transforms.matching.rarity_table import TABLE

# Above the rarest in the table, which ends at 11.5 bits for words and at three people for surnames.
UNKNOWN_TOKEN_BITS: Final = 13.0
UNKNOWN_SURNAME_BITS: Final = 11.0
NUMBER_BITS: Final = 5.0


def token_bits(token: str) -> float:
    """Minus log2 of the share of abstracts with the word; numbers count as common, unknown words as rare."""
    return _TOKENS[token]


def surname_bits(surname: str) -> float:
    """Minus log2 of the share of authors with the surname."""
    return _SURNAMES.get(surname, UNKNOWN_SURNAME_BITS)


def total_bits(tokens: Iterable[str]) -> float:
    """The rarity of words taken as independent; halves add up exactly, so the order of a set does not matter."""
    return sum(map(_TOKENS.__getitem__, tokens))


class _TokenBits(dict[str, float]):
    """The table of words; a dictionary answers ten times as fast as a function, and a comparison asks 400 times."""

    def __missing__(self, token: str) -> float:
        return NUMBER_BITS if token.isdigit() else UNKNOWN_TOKEN_BITS


def _read(text: str) -> tuple[str, _TokenBits, Mapping[str, float]]:
    """Lines `kind bits words…`, bits in halves; lines with # tell the origin, the first of them the version."""
    tables: dict[str, dict[str, float]] = {"token": {}, "surname": {}}
    version = ""
    for line in text.splitlines():
        if line.startswith("#"):
            version = version or line.removeprefix("# version ")
            continue
        kind, bits, *words = line.split()
        tables[kind].update(dict.fromkeys(words, float(bits)))
    return version, _TokenBits(tables["token"]), tables["surname"]


VERSION, _TOKENS, _SURNAMES = _read(TABLE)
