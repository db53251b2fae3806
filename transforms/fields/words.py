"""Texts as words to compare: LaTeX, Unicode, HTML and plain spelling give the same letters.

Used for matching only: keys of entries have a spelling of their own (`transforms/fields/text.py`), which stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from itertools import pairwise
from typing import Final, NamedTuple

from transforms.fields.text import match_tokens, without_latex

_TAG: Final = re.compile(
    r"</?(?:sub|sup|i|b|u|em|strong|tt|code|span|sc|scp|small|italic|bold|br|p|jats:[a-z]+|mml:[a-z]+)\b[^<>]*>",
    flags=re.IGNORECASE,
)
_ENTITY: Final = re.compile(r"&(?:[A-Za-z]{2,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
# A command that prints one letter is that letter; one that prints a sign without letters is nothing.
_TEX_LETTERS: Final = {
    "ell": "l", "hbar": "h", "imath": "i", "jmath": "j", "i": "i", "j": "j", "o": "o", "O": "O", "l": "l", "L": "L",
    "ae": "ae", "AE": "AE", "oe": "oe", "OE": "OE", "aa": "a", "AA": "A", "ss": "ss",
}  # fmt: skip
_TEX_SIGNS: Final = frozenset(
    {
        "times", "cdot", "cdots", "ldots", "dots", "to", "rightarrow", "leftarrow", "leftrightarrow", "Rightarrow",
        "longrightarrow", "mapsto", "infty", "sim", "simeq", "approx", "pm", "mp", "star", "ast", "circ", "bullet",
        "le", "leq", "ge", "geq", "ne", "neq", "in", "cup", "cap", "dagger", "ddagger", "copyright", "partial",
        "nabla", "quad", "qquad", "left", "right", "langle", "rangle", "lVert", "rVert", "oplus", "otimes", "forall",
        "exists", "sqrt", "degree", "textdegree", "texttrademark", "textregistered", "prime", "mid", "S", "P",
    }
)  # fmt: skip
_TEX_COMMAND: Final = re.compile(r"\\([A-Za-z]+)(?![A-Za-z{])\s*")
# What ends a part of a title: a colon, a dash between blanks, a full stop or question mark before a blank, a bracket.
_PART_ENDS: Final = re.compile(
    r"(?<=\S)[:?!;]\s+|\s[-\u2013\u2014]+\s|\u2014|\.\s+|\s*[()\[\]]\s*|[\u201d\"]\s*[:,]?\s*"
)
# What databases of medicine put behind a title about other texts: the work itself is meant.
_NOTE: Final = re.compile(
    r"\s*\[(?:see comments?|(?:erratum|corrections?|comments?|retraction|republished)\b[^\[\]]*"
    r"\b(?:in|appears)\b[^\[\]]*)\]\.?\s*$",
    flags=re.IGNORECASE,
)

# The number of a list of references, a version, or a footnote: nothing of the title.
_LABEL: Final = re.compile(
    r"^\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)])\s+(?=\S)"
    r"|\s*\[\d{1,3}\]\s*$|\s+\(?v\d{1,2}\)?\s*$|(?<=[a-z]{3})[\u00b9\u00b2\u00b3\u2070-\u2079*\u2020\u2021]+\s*$"
)
_CUT: Final = re.compile(r"\s*(?:\.{3}|\u2026)\s*$")
_ABSTRACT_LABEL: Final = re.compile(r"\s*abstract\s*[:.\u2013\u2014-]\s*", flags=re.IGNORECASE)
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# Signs that tell one name from another: C, C++ and C#.
_PLUS: Final = re.compile(r"(?<=\w)(\+{1,2})(?!\w)")
_SHARP: Final = re.compile(r"(?<=\b[A-Za-z])#(?!\w)")
_DIGITS: Final = re.compile(r"\d+")


class Title(NamedTuple):
    """A title as words. `starts` are the places, above 0, of words with which a part begins, such as a subtitle.

    `is_cut` says that it ends in an ellipsis.
    """

    words: tuple[str, ...]
    starts: tuple[int, ...] = ()
    is_cut: bool = False

    @property
    def parts(self) -> tuple[tuple[str, ...], ...]:
        """The words of each part; the title itself where it has only one."""
        places = (0, *self.starts, len(self.words))
        return tuple(self.words[first:last] for first, last in pairwise(places))

    @property
    def letters(self) -> str:
        """Letters and digits without what separates them: what two spellings of a title share."""
        return "".join(self.words)


def numbers_of(words: Iterable[str]) -> tuple[str, ...]:
    """The numbers in words, in order: the letters of `2.1` and `21` are equal, and their numbers are not."""
    return tuple(number for word in words for number in _DIGITS.findall(word))


def abstract_words(text: str) -> tuple[str, ...]:
    """The words of an abstract, without a label before it."""
    label = _ABSTRACT_LABEL.match(text)
    return words_of(text[label.end() :] if label else text)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text of any spelling."""
    return match_tokens(_plain(text))


def title_of(text: str) -> Title:
    """A title's words, and where its parts begin; without notes about other texts behind it."""
    words: list[str] = []
    starts: list[int] = []
    plain = _NOTE.sub("", _plain(text))
    is_cut = _CUT.search(plain) is not None
    for part in _PART_ENDS.split(_LABEL.sub("", _CUT.sub("", plain))):
        if found := match_tokens(part):
            starts.append(len(words))
            words += found
    return Title(tuple(words), tuple(starts[1:]), is_cut)


def _plain(text: str) -> str:
    """The text without HTML, without commands of LaTeX that stand for one sign, and with telling signs as words."""
    for _ in range(2):  # some sources escape what is escaped already
        if "&" in text:
            text = _ENTITY.sub(lambda entity: unescape(entity[0]), text)
    if "<" in text:
        text = _TAG.sub("", text)
    if "\\" in text:
        text = without_latex(_TEX_COMMAND.sub(_sign, text))
    if "{" in text:
        text = text.replace("{", "").replace("}", "")  # BibTeX keeps capitals by them
    if "+" in text or "#" in text:
        text = _SHARP.sub("sharp", _PLUS.sub(lambda signs: "plus" * len(signs[1]), text))
    return _THOUSANDS.sub("", text) if "," in text else text


def _sign(command: re.Match[str]) -> str:
    name = command[1]
    if name in _TEX_LETTERS:
        return _TEX_LETTERS[name]
    return " " if name in _TEX_SIGNS else command[0]
