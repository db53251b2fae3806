"""Authors that arXiv gives as one text: `I. Csiszar, F. Hiai and D. Petz`, as names in order."""

from __future__ import annotations

import re
import unicodedata

from transforms.fields.text import title_line

_MARKS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323",
}  # fmt: skip
# `\'e`, `\'{e}`, `{\'e}`, `\v{c}`, `\v c`; a letter as the mark needs a bracket or a blank before the letter it is on.
_ACCENT = re.compile(r"""\{?\\{1,2}(?:(['`^"~=.])\s*|([uvHckrd])(?:\s+|(?=\{)))\{?(\\?[A-Za-z])\}?\}?""")
_LETTERS = {
    r"\ss": "ß", r"\ae": "æ", r"\AE": "Æ", r"\oe": "œ", r"\OE": "Œ", r"\aa": "å", r"\AA": "Å", r"\o": "ø", r"\O": "Ø",
    r"\l": "ł", r"\L": "Ł", r"\i": "i", r"\j": "j",
}  # fmt: skip
_LETTER = re.compile(r"\{?(\\(?:ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j))(?:\{\}|(?![A-Za-z])\s?)\}?")
_BETWEEN = re.compile(r"\s*,\s*(?:and\s+|&\s*)?|\s+(?:and|&)\s+")
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?")
_FOR = re.compile(
    r"\s*(?:,|;|\b)\s*(?:for|on behalf of)\s+the\s+.{3,100}?\b(?:collaborations?|team|group|consortium)\b",
    re.IGNORECASE,
)
_COLLABORATION = re.compile(r"((?:the\s+)?[^:,]{2,80}\bcollaborations?)\s*:\s*", re.IGNORECASE)


def names_in(text: str) -> tuple[str, ...]:
    """The names in order, accents of TeX as letters, without affiliations: what stands in brackets is one."""
    plain = _COLLABORATION.sub(r"\1, ", _without_brackets(with_letters(" ".join(text.split()))))
    names: list[str] = []
    for each in _BETWEEN.split(_FOR.sub("", plain)):
        name = title_line(each.replace("{", "").replace("}", "").replace("~", " ")).strip(" ,;")
        if names and _SUFFIX.fullmatch(name):
            names[-1] = f"{names[-1]} {name}"
        elif any(sign.isalpha() for sign in name):
            names.append(name)
    return tuple(names)


def with_letters(text: str) -> str:
    r"""The text with accents of TeX as letters: `Fr\'ed\'eric` is Frédéric."""
    if "\\" not in text:
        return text
    return unicodedata.normalize("NFC", _LETTER.sub(lambda found: _LETTERS[found[1]], _ACCENT.sub(_accented, text)))


def _accented(found: re.Match[str]) -> str:
    return found[3].removeprefix("\\") + _MARKS[found[1] or found[2]]


def _without_brackets(text: str) -> str:
    """Without what stands in round brackets, nested or never closed."""
    kept: list[str] = []
    depth = 0
    for sign in text:
        depth += sign == "("
        if not depth:
            kept.append(sign)
        depth -= sign == ")" and depth > 0
    return "".join(kept)
