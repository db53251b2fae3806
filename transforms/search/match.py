"""How a query and a paper meet in a full-text index: the index's columns, exact tokens for facets, and its query text.

A facet is a token that no word can be: `x`, 64 bits of a hash of kind and value, `0`. The digit at its end keeps the
stemmer off. Text of a reader only ever stands between quotation marks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b

from transforms.search.query import Field, SearchQuery, Words, without_odd

TEXTS = ("title", "abstract", "review", "authors", "institutions")
"""Columns of words; `facets` is the last one."""

WEIGHTS = (8.0, 2.0, 1.0, 4.0, 2.0, 0.0)
"""What a hit in each column counts in BM25: the columns of words, and facets."""

SAMPLED_ONE_IN = 32
"""Every so many papers, by a hash of the key, are counted where all would take too long."""

_COLUMNS: Mapping[Field | None, str] = {
    None: f"{{{' '.join(TEXTS)}}}",
    Field.TITLE: "title",
    Field.AUTHOR: "authors",
    Field.INSTITUTION: "institutions",
}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What a paper can be chosen by. `day` is the one on which it became known."""

    day: date
    sources: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    has_code: bool = False
    is_reviewed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The first and the last day of all papers in an index."""

    first: date
    last: date


def tokens_of(paper_key: str, facets: Facets) -> str:
    """The tokens of one paper, separated by blanks."""
    day = facets.day
    return " ".join(
        (
            _EVERY,
            *(_token("source", each) for each in facets.sources),
            *dict.fromkeys(
                _token("category", each) for name in facets.categories for each in (name, name.partition(".")[0])
            ),
            *((_CODE,) if facets.has_code else ()),
            _REVIEWED[facets.is_reviewed],
            *(_token("day", f"{day:{form}}") for form in ("%Y", "%Y-%m", "%Y-%m-%d")),
            *((_SAMPLE,) if _is_sampled(paper_key) else ()),
        )
    )


def match_of(query: SearchQuery, span: Span, *, is_sample: bool = False) -> str:
    """The query in the index's own language; `is_sample` asks for the sampled papers alone."""
    wanted = [_words(each) for each in query.words if not each.is_excluded]
    wanted += [
        any_of
        for any_of in (
            _any("source", query.sources),
            _any("category", query.categories),
            _facet([_CODE]) if query.has_code else "",
            "" if query.is_reviewed is None else _facet([_REVIEWED[query.is_reviewed]]),
            _facet([*_days(query, span)] or [_NONE]) if query.first or query.last else "",
            _facet([_SAMPLE]) if is_sample else "",
        )
        if any_of
    ]
    unwanted = [_words(each) for each in query.words if each.is_excluded]
    text = " AND ".join(wanted or [_facet([_EVERY])])
    return f"({text}) NOT ({' OR '.join(unwanted)})" if unwanted else text


def marks_of(query: SearchQuery) -> str | None:
    """What of a query can be marked in abstract and review; None if nothing can."""
    return " OR ".join(_quoted(each) for each in query.words if each.field is None and not each.is_excluded) or None


def _words(words: Words) -> str:
    return f"({_COLUMNS[words.field]} : {_quoted(words)})"


def _quoted(words: Words) -> str:
    text = without_odd(words.text).replace('"', '""')
    return f'"{text}" *' if words.is_beginning else f'"{text}"'


def _any(kind: str, values: Sequence[str]) -> str:
    return _facet([_token(kind, each) for each in values]) if values else ""


def _facet(tokens: Sequence[str]) -> str:
    return f"(facets : ({' OR '.join(tokens)}))"


def _days(query: SearchQuery, span: Span) -> Iterator[str]:
    """Years, months and days that together are the days asked for; whole years where the index has nothing beyond."""
    day, last = query.first or span.first, query.last or span.last
    day = day if day > span.first else date(span.first.year, 1, 1)
    last = last if last < span.last else date(span.last.year, 12, 31)
    while day <= last:
        if day.month == day.day == 1 and date(day.year, 12, 31) <= last:
            form, then = "%Y", date(day.year, 12, 31)
        elif day.day == 1 and _end_of_month(day) <= last:
            form, then = "%Y-%m", _end_of_month(day)
        else:
            form, then = "%Y-%m-%d", day
        yield _token("day", f"{day:{form}}")
        if then == date.max:
            return
        day = then + _DAY


def _end_of_month(day: date) -> date:
    return date(day.year, 12, 31) if day.month == 12 else date(day.year, day.month + 1, 1) - _DAY


def _token(kind: str, value: str) -> str:
    named = f"{kind}:{without_odd(value).strip().casefold()}"
    return f"x{blake2b(named.encode(), digest_size=8).hexdigest()}0"


def _is_sampled(paper_key: str) -> bool:
    return blake2b(paper_key.encode(), digest_size=1).digest()[0] % SAMPLED_ONE_IN == 0


_EVERY, _NONE, _CODE, _SAMPLE = (_token("all", each) for each in ("every", "none", "code", "sample"))
_REVIEWED = {True: _token("reviewed", "yes"), False: _token("reviewed", "no")}
