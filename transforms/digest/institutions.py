"""Whether a paper's institution is the one that a reader named: by whole words, and by its other names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from transforms.fields.words import words_of

_PART_ENDS: Final = re.compile(r"[,;:()/@|]|\s[&\u2013\u2014-]\s|\bat\b")
# `University of Hong Kong` stands in `The Chinese University of Hong Kong`, which is another one.
_WHOLE: Final = frozenset(
    {
        "university", "universite", "universitat", "universidad", "universita", "universitet", "institute",
        "institut", "instituto", "college", "academy", "school", "polytechnic", "hospital", "laboratory",
    }
)  # fmt: skip
_ARTICLE: Final = "the"
BITS: Final = 6.0
"""What an institution counts beside words and names: there are no frozen statistics of institutions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An institution that a reader named; `needles` are its names as they stand in a folded one."""

    written: str
    needles: tuple[str, ...]

    def is_in(self, folded: str) -> bool:
        """Whether a folded name is one of its."""
        return any(needle in folded for needle in self.needles)


def aliases_of(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Other names of institutions with the names that they stand for, made ready."""
    return {_key(alias): _key(name) for alias, name in pairs}


def institution_of(written: str, aliases: Mapping[str, str]) -> Named:
    """What a reader named. ValueError says what is wrong with it, without the text itself."""
    own = _key(written)
    if not own:
        raise ValueError("there is no letter and no digit in it")
    names = sorted({own, aliases.get(own, own)})
    return Named(written=" ".join(written.split()), needles=tuple(map(_needle, names)))


def folded_institution(printed: str, aliases: Mapping[str, str]) -> str:
    """A printed name to look in: itself, its parts and what these stand for, as words between bars and blanks."""
    keys = [each for part in (printed, *_PART_ENDS.split(printed)) if (each := _key(part))]
    known = dict.fromkeys(name for key in keys for name in (key, aliases.get(key, key)))
    return f"| {' | '.join(known)} "


def _needle(key: str) -> str:
    """A name of words such as `university` begins a part of a name; a short name may stand anywhere in it."""
    return f"| {key} " if not _WHOLE.isdisjoint(key.split()) else f" {key} "


def _key(text: str) -> str:
    words = words_of(text)
    return " ".join(words[1:] if words[:1] == (_ARTICLE,) else words)
