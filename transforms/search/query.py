"""A query as people write it: words, "phrases", -not, and fields such as `source:hf_daily` or `from:2026-03-02`.

Everything in it is data. What cannot be meant is an error that names the part, and never another query.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from transforms.errors import PaperlogError
from transforms.fields import identifiers

CHARACTERS_MAX = 1_000
PARTS_MAX = 50

FORMS = (
    (
        "words",
        "all of them stand in title, abstract, review, authors or institutions; accents and endings do not count",
    ),
    ('"a phrase"', "these words in this order"),
    ("word*", "a word that begins so"),
    ("-word, -title:word", "papers without it"),
    ("title: author: institution:", "a word or a phrase there"),
    ("source: category:", "of this source; of this category of arXiv or archive (cs.LG, cs); given twice, of either"),
    ("has:code, reviewed:yes, reviewed:no", "with a link to code; with or without a review"),
    ("from: to:", "known since that day (2026-03-02), both ends included"),
    ("arxiv:2503.01234, a DOI, a key, an address", "this very paper; it stands alone"),
)
"""Every form with its meaning, for help and pages."""

_KEY = re.compile(r"p[0-9]{6}[a-z2-7]{13}", re.ASCII)
_NAMES_PAPER = re.compile(r"(arxiv|doi):|https?://", re.ASCII | re.IGNORECASE)
_PART = re.compile(r'(?P<sign>-?)(?:(?P<name>[A-Za-z_]+):(?=[^\s]))?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_ODD = re.compile(r"[\x00\ud800-\udfff]")
_BLANKS = re.compile(r"\s*")


class QueryError(PaperlogError):
    """A query that cannot be meant; the message names the part."""

    exit_code = 2


class Field(StrEnum):
    """Where a word can be looked for alone."""

    TITLE = "title"
    AUTHOR = "author"
    INSTITUTION = "institution"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One word, or several that stand side by side; anywhere, or in one field.

    With `is_beginning` the last of them may go on.
    """

    text: str
    field: Field | None = None
    is_excluded: bool = False
    is_beginning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What is looked for: all of the words, and of each other kind what is given.

    Of several sources or categories one is enough. `first` and `last` are days on which a paper became known, both
    included. `paper` names one paper, by key, identifier or address; then nothing else is given. Raises QueryError for
    days in the wrong order.
    """

    words: tuple[Words, ...] = ()
    sources: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    has_code: bool = False
    is_reviewed: bool | None = None
    first: date | None = None
    last: date | None = None
    paper: str | None = None

    def __post_init__(self) -> None:
        """Days in their order."""
        if self.first and self.last and self.first > self.last:
            raise QueryError(f"from:{self.first} to:{self.last}: the first day comes after the last")

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is asked for."""
        return self == SearchQuery()


def parse(text: str) -> SearchQuery:
    """The query in a text. Raises QueryError, naming the part, for what cannot be meant, and where nothing is asked."""
    text = unicodedata.normalize("NFC", without_odd(text)).strip()
    if len(text) > CHARACTERS_MAX:
        raise QueryError(f"a query has at most {CHARACTERS_MAX:,} characters, this one has {len(text):,}")
    if _names_paper(text):
        return SearchQuery(paper=text)
    parts = list(_parts(text))
    if len(parts) > PARTS_MAX:
        raise QueryError(f"a query has at most {PARTS_MAX} parts, this one has {len(parts)}")
    found = _Found()
    for part in parts:
        found.add(part)
    if found.query.is_empty:
        raise QueryError(f"nothing to look for in {text!r}: no letter and no digit" if text else "nothing to look for")
    return found.query


def without_odd(text: str) -> str:
    """The text with a blank for what no engine takes: NUL, and halves of a character."""
    return _ODD.sub(" ", text)


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in it."""
    return any(unicodedata.category(sign)[0] in "LN" for sign in text)


def _names_paper(text: str) -> bool:
    if _KEY.fullmatch(text) or (_NAMES_PAPER.match(text) and len(text.split()) == 1):
        return True
    for read in (identifiers.arxiv_id, identifiers.doi):
        with suppress(ValueError):
            read(text)
            return True
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One part as written: `name` is the field before the colon, in lower case."""

    written: str
    name: str | None
    value: str
    is_excluded: bool


def _parts(text: str) -> Iterator[_Part]:
    at = 0
    while at < len(text):
        found = _PART.match(text, at)
        if found is None:
            raise QueryError(f"{text[at:][:40]}: this quotation mark has no second one")
        value = found["word"] if found["phrase"] is None else found["phrase"]
        yield _Part(
            written=found[0],
            name=found["name"] and found["name"].lower(),
            value=value,
            is_excluded=bool(found["sign"]),
        )
        blanks = _BLANKS.match(text, found.end())
        at = blanks.end() if blanks else len(text)


@dataclass(slots=True)
class _Found:
    """The query as far as it is read."""

    query: SearchQuery = field(default_factory=SearchQuery)

    def add(self, part: _Part) -> None:
        """Add one part."""
        if part.name is None and part.value.endswith(":") and part.value[:-1].lower() in _NAMES:
            raise QueryError(f"{part.written} stands before a blank: write {part.written}WORD")
        if part.name is None or part.name in _FIELDS:
            self._add_words(part)
        elif part.name not in _FILTERS:
            raise QueryError(f"{part.written}: there is no {part.name}:, only {_NAMED}; in quotes it is words")
        elif part.is_excluded:
            raise QueryError(f"{part.written}: only words can be left out, and those of {', '.join(_FIELDS)}")
        elif not part.value.strip():
            raise QueryError(f"{part.written}: nothing stands behind the colon")
        else:
            self.query = _FILTERS[part.name](self.query, part)

    def _add_words(self, part: _Part) -> None:
        if has_words(part.value):
            words = Words(
                text=part.value,
                field=Field(part.name) if part.name else None,
                is_excluded=part.is_excluded,
                is_beginning=part.value.endswith("*"),
            )
            self.query = replace(self.query, words=(*self.query.words, words))
        elif part.name:
            raise QueryError(f"{part.written}: no letter and no digit stands behind the colon")


def _of_source(query: SearchQuery, part: _Part) -> SearchQuery:
    return replace(query, sources=(*query.sources, part.value))


def _of_category(query: SearchQuery, part: _Part) -> SearchQuery:
    return replace(query, categories=(*query.categories, part.value))


def _with_code(query: SearchQuery, part: _Part) -> SearchQuery:
    if part.value.lower() != "code":
        raise QueryError(f"{part.written}: only has:code is known")
    return replace(query, has_code=True)


def _reviewed(query: SearchQuery, part: _Part) -> SearchQuery:
    answers = {"yes": True, "no": False}
    if part.value.lower() not in answers:
        raise QueryError(f"{part.written}: it is reviewed:yes or reviewed:no")
    return replace(query, is_reviewed=answers[part.value.lower()])


def _from(query: SearchQuery, part: _Part) -> SearchQuery:
    return replace(query, first=_day(part))


def _to(query: SearchQuery, part: _Part) -> SearchQuery:
    return replace(query, last=_day(part))


def _day(part: _Part) -> date:
    if _DAY.fullmatch(part.value):
        with suppress(ValueError):
            return date.fromisoformat(part.value)
    raise QueryError(f"{part.written}: a day is written as 2026-03-02")


def _alone(query: SearchQuery, part: _Part) -> SearchQuery:
    raise QueryError(
        f"{part.written}: it names one paper and stands alone{'; or it is none' if query.is_empty else ''}"
    )


_FIELDS = tuple(map(str, Field))
_FILTERS = {
    "source": _of_source,
    "category": _of_category,
    "has": _with_code,
    "reviewed": _reviewed,
    "from": _from,
    "to": _to,
    "arxiv": _alone,
    "doi": _alone,
    "http": _alone,
    "https": _alone,
}
_NAMES = (*_FIELDS, *_FILTERS)
_NAMED = ", ".join(f"{name}:" for name in _NAMES if not name.startswith("http"))
