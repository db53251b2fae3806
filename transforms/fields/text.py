"""Text as it is stored and text as it is matched: clean strings stay as they are, match keys are never stored."""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from itertools import groupby
from typing import Literal

_Form = Literal["NFC", "NFD", "NFKD"]
_NOT_ASCII_RUN = re.compile(r"[^\x00-\x7f]{2,12}")
_LONG_NOT_ASCII_RUN = re.compile(r"[^\x00-\x7f]{64,}")
_PER_CHARACTER: dict[_Form, _Form] = {"NFC": "NFD", "NFKD": "NFKD"}
_MOJIBAKE_CODECS = ("cp1252", "cp1250")
# European letters, punctuation, symbols and emoji: the bytes of a sharp s and a dash are also a letter of N'Ko.
_PLAUSIBLE = re.compile("[\u00a0-\u024f\u0370-\u052f\u2000-\u27bf\ufb00-\ufb06\ufe0f\U0001f300-\U0001faff]+")
_NOT_PLAIN = re.compile("[^\t\n\x20-\x7e]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028]")
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK_LINE = re.compile(r"\n\s*\n")

_TEX_ACCENT = re.compile(r"""\\["'`^~=.]\s*(?:\{\\?([A-Za-z])\}|\\?([A-Za-z]))""")
_TEX_FONT_SWITCH = re.compile(r"\\(?:em|bf|it|rm|sc|sf|sl|tt|textstyle|displaystyle)(?![A-Za-z])\s*")
_TEX_VARIANT = re.compile(r"\\var(?=(?:epsilon|theta|phi|rho|sigma|pi|kappa)(?![A-Za-z]))")
_TEX_WRAPPED = re.compile(r"\\[A-Za-z]+\*?\s*\{([^{}]*)\}")
_TOKEN = re.compile(r"[0-9a-z]+")
# Of plain text: small letters and digits as they are, capitals as small letters, everything else a blank.
_TOKENS_APART = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_TEX_DEPTH = 20  # no title nests its commands deeper; each level costs one pass over the text

_GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
    "xi", "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
)  # fmt: skip
# Letters that NFKD does not decompose: dropped, they would cut a name in two.
_SPELLED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
    | {chr(0x3B1 + place): f" {name} " for place, name in enumerate(_GREEK)},
)


def stored(text: str) -> str:
    """NFC, mojibake repaired, control characters removed, line ends as a single newline; idempotent.

    NFC and not NFKC, which would turn x² into x2.
    """
    if text.isascii() and (text.isprintable() or not _NOT_PLAIN.search(text)):
        return text
    while (cleaner := _cleaned_once(text)) != text:
        text = cleaner
    return text


def storable(text: str) -> str:
    """Text as printed; only what a database cannot store (NUL, lone surrogates) is replaced by U+FFFD."""
    return _LONE_SURROGATE.sub("\ufffd", text.replace("\x00", "\ufffd"))


def title_line(text: str) -> str:
    """Stored text on one line: every run of white space is one space."""
    return stored(" ".join(stored(text).split()))


def paragraphs(text: str) -> str:
    """Stored text with single newlines unwrapped; paragraphs stay apart by one blank line."""
    lines = (" ".join(paragraph.split()) for paragraph in _BLANK_LINE.split(stored(text)))
    return stored("\n\n".join(line for line in lines if line))


def match_tokens(text: str) -> tuple[str, ...]:
    """Words for comparison: `[0-9a-z]+` without accents and invisibles, Greek spelled, LaTeX commands unwrapped."""
    if "\\" in text:
        text = without_latex(text)
    if text.isascii():  # several times as fast as the expression, and most texts are
        return tuple(text.translate(_TOKENS_APART).split())
    spelled = _without_marks(text).casefold().translate(_SPELLED)
    return tuple(_TOKEN.findall(_without_marks(spelled)))


def letters_digits(text: str) -> str:
    """The exact key of a title or abstract: its match tokens without separators, so `$T^2$` equals `T^2`."""
    return "".join(match_tokens(text))


def without_latex(text: str) -> str:
    """The text with accents, fonts and arguments of LaTeX commands as plain text; commands without arguments stay."""
    text = _TEX_ACCENT.sub(lambda accent: accent[1] or accent[2], text)
    text = _TEX_VARIANT.sub(r"\\", _TEX_FONT_SWITCH.sub("", text))
    for _ in range(_TEX_DEPTH):
        text, count = _TEX_WRAPPED.subn(r"\1", text)
        if not count:
            break
    return text


def without_closing(text: str, signs: str, *brackets: str) -> str:
    """The text without the punctuation that closes it; a closing bracket belongs to it where it was opened in it."""
    open_ones = {pair[1]: text.count(pair[0]) - text.count(pair[1]) for pair in brackets}
    end = len(text)
    while end and (text[end - 1] in signs or open_ones.get(text[end - 1], 0) < 0):
        end -= 1
        if text[end] in open_ones:
            open_ones[text[end]] += 1
    return text[:end]


def _cleaned_once(text: str) -> str:
    healed = text if text.isascii() else _healed(_LONE_SURROGATE.sub("\ufffd", text))
    return _normalized("NFC", _UNSTORABLE.sub("", _LINE_ENDS.sub("\n", healed)))


def _healed(text: str) -> str:
    """Read UTF-8 again that was read as a Windows code page; ftfy does not repair cp1250 (seen 2026-04, `4Ă— H800`)."""
    for codec in _MOJIBAKE_CODECS:
        text = _NOT_ASCII_RUN.sub(partial(_reread, codec=codec), text)
    from ftfy import fix_encoding  # noqa: PLC0415 - a fifth of the start of commands that read no page
    from ftfy.badness import is_bad  # noqa: PLC0415

    return fix_encoding(text) if is_bad(text) else text


def _reread(run: re.Match[str], codec: str) -> str:
    if _continues_a_word(run):
        return run[0]
    try:
        read = run[0].encode(codec).decode("utf-8")
    except UnicodeError:
        return run[0]
    return read if _PLAUSIBLE.fullmatch(read) else run[0]


def _continues_a_word(run: re.Match[str]) -> bool:
    """`CAFÉ™` and `the café…”` are good text whose end happens to be valid UTF-8: those are left to ftfy."""
    before, first = run.string[run.start() - 1 : run.start()], run[0][0]
    return before.isalpha() and before.isupper() == first.isupper()


def _without_marks(text: str) -> str:
    decomposed = _normalized("NFKD", text)
    if decomposed.isascii():
        return decomposed
    return "".join(sign for sign in decomposed if unicodedata.category(sign) not in ("Mn", "Me", "Cf"))


def _normalized(form: _Form, text: str) -> str:
    """As `unicodedata.normalize`, whose time grows with the square of a run of combining marks out of order."""
    sorted_marks = _LONG_NOT_ASCII_RUN.sub(partial(_with_sorted_marks, form=_PER_CHARACTER[form]), text)
    return unicodedata.normalize(form, sorted_marks)


def _with_sorted_marks(run: re.Match[str], form: _Form) -> str:
    """The run with its characters taken apart and their marks in canonical order: the same text to Unicode."""
    apart = "".join(unicodedata.normalize(form, sign) for sign in run[0])
    marks = (sorted(signs, key=unicodedata.combining) for _, signs in groupby(apart, key=_is_mark))
    return "".join(sign for signs in marks for sign in signs)


def _is_mark(sign: str) -> bool:
    return unicodedata.combining(sign) > 0
