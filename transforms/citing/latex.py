r"""Text as LaTeX that classic BibTeX and biber both read: accents as commands, every special sign escaped.

The table of signs is that of pylatexenc, with what BibTeX needs in front of it: BibTeX counts a brace although a
backslash stands before it, letters of Vietnam have two accents, and letters of other scripts, for which the table names
commands of rare fonts, stay as they are.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from pylatexenc.latexencode import RULE_CALLABLE, UnicodeToLatexConversionRule, UnicodeToLatexEncoder

_SIGNS = {
    "{": r"{\textbraceleft}", "}": r"{\textbraceright}", "\\": r"{\textbackslash}", "^": r"{\textasciicircum}",
    "~": r"{\textasciitilde}", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$",
    '"': "{''}", "<": r"{\textless}", ">": r"{\textgreater}", "|": r"{\textbar}",
    "\u2018": "`", "\u2019": "'", "\u201c": "``", "\u201d": "''", "\u2013": "--", "\u2014": "---",
}  # fmt: skip
_LETTERS = {
    "ß": r"\ss", "æ": r"\ae", "Æ": r"\AE", "œ": r"\oe", "Œ": r"\OE", "ø": r"\o", "Ø": r"\O", "ł": r"\l", "Ł": r"\L",
    "\u0131": r"\i", "\u0237": r"\j", "å": r"\aa", "Å": r"\AA",
}  # fmt: skip
_MARKS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c", "\u0328": "k",
    "\u0331": "b",
}  # fmt: skip
_BELOW = frozenset("\u0323\u0327\u0328\u0331")


def latex_of(text: str) -> str:
    """The text in LaTeX. Braces in the answer match, and an accented letter stands in braces of its own.

    A letter or sign that LaTeX has no command for stays, in UTF-8, and so does the inner letter of two accents.
    """
    return str(_encoder().unicode_to_latex(text)) if any(_is_special(sign) for sign in text) else text


def _is_special(sign: str) -> bool:
    return sign in _SIGNS or not sign.isascii()


@cache
def _encoder() -> UnicodeToLatexEncoder:
    return UnicodeToLatexEncoder(
        conversion_rules=[
            UnicodeToLatexConversionRule(RULE_CALLABLE, _own, replacement_latex_protection="none"),
            "defaults",
        ],
        replacement_latex_protection="braces-all",
        unknown_char_policy="keep",
        unknown_char_warning=False,
    )


def _own(text: str, place: int) -> tuple[int, str] | None:
    """How many characters are replaced at that place, and by what; None where the library's table decides."""
    sign = text[place]
    if sign in _SIGNS:
        return 1, _SIGNS[sign]
    if sign in _LETTERS:
        return 1, f"{{{_LETTERS[sign]}}}"
    if sign.isascii() or not sign.isalpha() or _is_mathematical(text, place):
        return None
    return 1, _accented(sign) or sign


def _is_mathematical(text: str, place: int) -> bool:
    """Whether it is a Greek letter beside no other, or a letter that is a sign, such as a script O: as in formulas."""
    sign = text[place]
    if "\u0370" <= sign <= "\u03ff":
        beside = text[max(place - 1, 0) : place] + text[place + 1 : place + 2]
        return not any("\u0370" <= other <= "\u03ff" for other in beside)
    return "\u2100" <= sign <= "\u214f" or "\U0001d400" <= sign <= "\U0001d7ff"


def _accented(letter: str) -> str | None:
    r"""`{\'e}`, and for two accents `{\d{ê}}`: biber knows no command on a command. None for anything else."""
    base, *marks = tuple(unicodedata.normalize("NFD", letter))
    if not base.isascii() or not 1 <= len(marks) <= 2 or not all(mark in _MARKS for mark in marks):
        return None
    inner, outer = base, marks[-1]
    if len(marks) == 2:
        # The circumflex of a letter with a dot below comes second in Unicode, and is a letter of its own in fonts.
        first, outer = marks if marks[0] not in _BELOW else (marks[1], marks[0])
        inner = unicodedata.normalize("NFC", base + first)
    command = _MARKS[outer]
    return f"{{\\{command}{{{inner}}}}}" if command.isalpha() or not inner.isascii() else f"{{\\{command}{inner}}}"
