"""The names in an author list: most are links to a search, names of at most three letters are plain text.

The site splits the authors' own line and keeps what is between the names: commas, "for the", affiliations in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extractors.sources.arxiv_announced.texts import pieces, words

if TYPE_CHECKING:
    from bs4 import Tag

_SEARCH = "searchtype=author"
_NO_NAMES = frozenset({"and", "for", "the", "by", "on", "et", "al", "et al"})
_SHORT = 4  # from so many letters on a name has its link
_DIVIDERS = re.compile(r"[,:;]|\s(?:and|&)\s")


def names_in(tag: Tag) -> tuple[str, ...]:
    """The names in order; none of "(author list is unavailable)"."""
    return tuple(filter(None, _names(tag)))


def _names(tag: Tag) -> Iterator[str]:
    depth = 0
    for child in pieces(tag):
        if isinstance(child, str):
            text, depth = _without_brackets(child, depth)
            yield from filter(_is_short_name, (" ".join(each.split()) for each in _DIVIDERS.split(text)))
        elif child.name == "a" and _SEARCH in str(child.get("href")):
            depth = 0  # brackets hold no such links: one that is open was never closed
            yield words(child).removeprefix("and ")  # of "A, B, and C" the site makes the names A, B, "and C"


def _is_short_name(text: str) -> bool:
    bare = text.rstrip(".")
    return 0 < len(text) < _SHORT and any(map(str.isalpha, text)) and bare.lower() not in _NO_NAMES


def _without_brackets(text: str, depth: int) -> tuple[str, int]:
    """The text outside of brackets, and how many are open at its end."""
    kept = []
    for character in text:
        if character == "(":
            depth += 1
            kept.append(",")
        elif character == ")":
            depth = max(0, depth - 1)
        elif depth == 0:
            kept.append(character)
    return "".join(kept), depth
