"""Who wrote a paper: a count of authors, or an organisation with its account before the name or without."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from extractors.reading.captures import CleanLine
from extractors.reading.lines import Lines
from extractors.reading.marks import bare
from extractors.sources.hf_listing_text.cards import count_of_authors

_EXPECTED = "'\u2022 N authors' or 'slug Organisation Name'"
_NO_ORGANIZATION = re.compile(r"\W*\d+(?:\s|$)|.*\d\W{0,3}authors?\b|.*\bauthors?\W*(?:\d|$)|[\W\d_]*$", re.IGNORECASE)
_PICTURE_NAME = re.compile(r"\[[^\[\]]+\] (\S.*)")
_ACCOUNT = re.compile(r"[a-z0-9][\w.-]*|[A-Z][\w.-]*(?:[\d_.-]|(?<=[a-z])[A-Z])[\w.-]*")


class _Form(StrEnum):
    NAME = "the name alone"
    WITH_ACCOUNT = "the account, then the name"
    UNSURE = "one of the two"


def organizations(lines: Lines, found: Sequence[CleanLine]) -> dict[int, str]:
    """The name of the organisation on each line that has one, by the line's number.

    Some tools print the account before the name because it is the text of a picture (`univie University of Vienna`).
    One tool made the page: all its lines are of one form, and at least one must show which. PageChanged names a line
    that counts authors in unknown words, and one of which nobody can tell whether its first word is an account.
    """
    named = {line.number: bare(line.text) for line in found if count_of_authors(line.text) is None}
    _require_no_count(lines, named)
    forms = {line.number: _form(line, named[line.number]) for line in found if line.number in named}
    form = _only_form(lines, forms)
    names = {number: _name(words, form) for number, words in named.items()}
    _require_no_count(lines, names)
    return names


def _require_no_count(lines: Lines, named: dict[int, str]) -> None:
    """No words about authors and no number alone become an organisation."""
    for number, words in named.items():
        if _NO_ORGANIZATION.match(words):
            raise lines.unlike(number, _EXPECTED)


def _form(line: CleanLine, words: str) -> _Form:
    account, _, name = words.partition(" ")
    if line.address is not None or line.has_picture or not name or _PICTURE_NAME.fullmatch(words):
        return _Form.NAME
    if _are_alike(account, name) and (_ACCOUNT.fullmatch(account) or _is_repeated(account, name)):
        return _Form.WITH_ACCOUNT
    return _Form.NAME if name[0].islower() or name[0] in "&," else _Form.UNSURE


def _only_form(lines: Lines, forms: dict[int, _Form]) -> _Form:
    """The form of all lines. PageChanged where two differ, or where none shows it."""
    sure = {number: form for number, form in forms.items() if form is not _Form.UNSURE}
    for number, form in sure.items():
        first, first_form = next(iter(sure.items()))
        if form is not first_form:
            raise lines.unlike(number, f"{first_form} of the organisation, as on line {first}")
    if forms and not sure:
        raise lines.unlike(
            next(iter(forms)), f"{_EXPECTED}: nobody can tell whether an account stands before this name"
        )
    return next(iter(sure.values()), _Form.NAME)


def _name(words: str, form: _Form) -> str:
    if form is _Form.WITH_ACCOUNT:
        return words.partition(" ")[2]
    beside = _PICTURE_NAME.fullmatch(words)
    return beside[1] if beside else words


def _are_alike(account: str, name: str) -> bool:
    """Whether an account can come from the name: its letters in their order, its beginning, or one of its words."""
    short, long = _letters(account), _letters(name)
    rest = iter(long)
    in_order = len(short) > 1 and all(letter in rest for letter in short)
    return in_order or long[:3] == short[:3] or any(len(word) > 3 and _letters(word) in short for word in name.split())


def _is_repeated(account: str, name: str) -> bool:
    return len(account) > 1 and _letters(name).startswith(_letters(account))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
