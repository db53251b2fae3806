"""The marks that tools put around a page's text: bullets, boxes to tick, escapes, links. All of it about one line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_BULLETS = re.escape("-*+\u2022\u2023\u2043\u2219\u25aa\u25ab\u25b8\u25ba\u25cb\u25cf\u25e6\u2013\u2014")
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_LIST_MARKS = re.compile(rf"(?:[{_BULLETS}]\s+)+")
_BOX = re.compile(r"\[[ xX-]?\]")
_BOXES = re.compile(r"(?<!\S)(?:\[[ xX-]?\]|\[IMG\]|\(BUTTON\)|(?:\[ Submit \])+)(?!\S)")
_PICTURE_NAME = re.compile(rf"[{_BULLETS}]\s+\[[^\[\]\s]*\]")
_PICTURE = re.compile(r"!\[[^\[\]]*\]\([^()\s]*\)")
_ESCAPE = re.compile(r"\\([\\`*_\[\]()#+\-.!>~|])")
_EMPHASIS_ESCAPE = re.compile(r"\\[*_]")  # every tool that escapes one of them escapes the other

_MARKS = "*_`[](){}#~|<>$!"
_AFTER_BACKSLASH = re.compile(r"\\(.)")
_BEFORE_MARK = r"(?=[\\`*_{}\[\]()#+.!-])"
_ESCAPED_SHARE, _DOUBTED_SHARE, _ESCAPES_TO_JUDGE = 0.95, 0.5, 3
_NEVER_TEX = re.compile(r"\\_\\?\{")  # an index in a formula
# Begins where a run of marks begins, and never again inside it: each look would go to its end.
_LABEL = re.compile(r"(?:(?<!\W)\W*+)?\b(?:Primary|All Institutions)\b\W*+")
_LINE_START = re.compile(r"^(\d+)\\(\.)(?=\s)|^()\\([-+])(?=\s)")
_KEPT_BREAK = re.compile(r"\\\s+")
_SIGN = re.compile(r"\u00b7|(?:\[[ xX-]?\]\s+)?\\?-")
_SITE = r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)"
_ADDRESS = re.compile(rf"(?:{_SITE})?/(?!/)[^\s()]*|{_SITE}")
_FULL_ADDRESS = re.compile(rf"{_SITE}(?:/\S*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link that ends a line: what stands before it (None where it began on another line), its text, its address."""

    before: str | None
    label: str
    address: str


def stripped(text: str) -> str:
    """The text without blanks and invisible characters around it."""
    return text.strip().strip(_INVISIBLE).strip()


def without_pictures(text: str) -> str:
    """The text without Markdown's pictures."""
    return _PICTURE.sub(" ", text).strip() if "![" in text else text


def unescaped(text: str) -> str:
    """Markdown's text without its escapes; a line break that was kept inside a line is a blank."""
    return "".join(_ESCAPE.split(_KEPT_BREAK.sub(" ", text))) if "\\" in text else text


def without_escapes(texts: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """The texts of a page without the escapes of the tool that made Markdown of it, and whether any doubt is left.

    A text may have a backslash of its own before a mark, as TeX has. So backslashes go only where nearly all asterisks
    and underscores have one, and several do, or one where TeX has none (an index in a formula); then also before other
    marks of which nearly all have one. Where at least half have one, but not nearly all, nothing is changed: in doubt.
    """
    words = "\n".join(_LABEL.sub("", text) for text in texts)
    marks, escaped = words.count("*") + words.count("_"), len(_EMPHASIS_ESCAPE.findall(words))
    if not escaped or escaped < _DOUBTED_SHARE * marks:
        return tuple(texts), False
    if escaped < _ESCAPED_SHARE * marks or (escaped < _ESCAPES_TO_JUDGE and not _NEVER_TEX.search(words)):
        return tuple(texts), True
    undone = (_escape_of(words).sub(lambda found: found[1] or found[2], text) for text in texts)
    return tuple(_LINE_START.sub(r"\1\2\3\4", text) for text in undone), False


def _escape_of(words: str) -> re.Pattern[str]:
    """What the tool that wrote these words put a backslash before: which marks, and its backslashes, all or some."""
    kinds = "".join(mark for mark in _MARKS if words.count(f"\\{mark}") >= _ESCAPED_SHARE * words.count(mark))
    marks = rf"\\([{re.escape(kinds)}])"
    pairs = r"\\(\\)"
    has_single = any(found not in f"\\{kinds}" for found in _AFTER_BACKSLASH.findall(words))
    return re.compile(rf"{marks}|{pairs}{_BEFORE_MARK if has_single else ''}")


def bare(text: str) -> str:
    """The words of a line of the page's frame: without bullets, boxes to tick and escapes, its blanks single."""
    words = " ".join(_BOXES.sub(" ", unescaped(text)).split())
    return words[len(list_mark(words)) :]


def list_mark(text: str) -> str:
    """The bullets before a text with the blanks behind them, or nothing."""
    marks = _LIST_MARKS.match(text)
    return marks[0] if marks else ""


def is_decoration(text: str) -> bool:
    """Whether a line says nothing: a rule, bullets without text, the place or the file name of a picture.

    The dot of a block says something, and so does a dash: it stands for no votes.
    """
    if _SIGN.fullmatch(text):
        return False
    return _PICTURE_NAME.fullmatch(text) is not None or not any(map(str.isalnum, _BOXES.sub("", text)))


def is_address(text: str) -> bool:
    """Whether a line is nothing but an address on the page's own site."""
    return _FULL_ADDRESS.fullmatch(text) is not None


def opens_link(text: str) -> bool:
    """Whether a line is the bracket that opens a link, perhaps with a bullet or a box, and nothing else."""
    rest = _BOX.sub("", text[1:])
    return text.startswith("[") and "]" not in rest and not any(map(str.isalnum, rest))


def link_of(text: str) -> Link | None:
    """The link to the page's own site that a line is, ends, or ends with; None for a line without.

    A line ends with a link only where that leads to comments: any other address in a text belongs to the text.
    """
    cut = text.rfind("](")
    address = text[cut + 2 : -1].partition(' "')[0]
    if cut < 0 or not text.endswith(")") or not _ADDRESS.fullmatch(address):
        return None
    start = len(list_mark(text))
    is_whole = text.startswith("[", start) and text.find("](") == cut
    opening = start if is_whole else text.rfind("[", 0, cut)
    if not is_whole and opening >= 0 and not address.endswith("#community"):
        return None
    before = text[:opening].rstrip() if opening >= 0 else None
    return Link(before=before, label=text[opening + 1 : cut].strip(), address=address)
