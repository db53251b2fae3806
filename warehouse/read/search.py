"""Searching a snapshot: the papers that a query means, best first, with counts of what they can be narrowed by."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta

import msgspec

from transforms.search.match import SAMPLED_ONE_IN, marks_of, match_of
from transforms.search.query import QueryError, SearchQuery, parse
from warehouse.database.sql import Statements
from warehouse.errors import WarehouseError
from warehouse.read.lookup import papers_identified
from warehouse.read.reader import Reader

SECONDS_MAX = 10.0
RANKED_MAX = 20_000
"""Of more papers that match, the newest so many are ranked, and the counts are estimated from a sample."""

REACHED_MAX = 10_000
"""Offset and limit together; whoever wants more wants SQL."""

CATEGORIES_COUNTED = 10
SNIPPET_WORDS = 24
_START, _END = "\x02", "\x03"
_UNSEEN = dict.fromkeys(range(32), " ")

_sql = Statements(__package__, "sql/search")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One paper that was found.

    `link` is its best address, `upvotes` the number read last, `score` BM25 with two digits, None where nothing is
    ranked. `marks` are the places in `snippet` that match: first and last character, the last one excluded.
    """

    paper_key: str
    title: str | None
    arxiv_id: str | None
    link: str | None
    first_listed_on: date | None
    last_listed_on: date | None
    upvotes: int | None
    sources: tuple[str, ...]
    score: float | None = None
    snippet: str = ""
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetCounts:
    """How many of the papers have what, most first, years latest first; of categories the ten with most papers.

    `is_estimate`: every count is that of a sample of one in 32, times 32.
    """

    sources: dict[str, int]
    categories: dict[str, int]
    years: dict[int, int]
    has_code: int
    reviewed: int
    is_estimate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found, by keys with their scores, best first.

    `total` is exact up to 20,000 and else an estimate (`is_total_exact`). `ranked_from` is a day if not all were
    ranked: only those known since then.
    """

    query: SearchQuery
    places: tuple[tuple[str, float | None], ...]
    total: int
    is_total_exact: bool
    ranked_from: date | None
    facets: FacetCounts

    @property
    def keys(self) -> list[str]:
        """The papers' keys."""
        return [key for key, _ in self.places]

    def require(self, held: Collection[str]) -> None:
        """Raise WarehouseError if one of the papers is not among those that the snapshot holds."""
        if missing := set(self.keys).difference(held):
            raise WarehouseError(f"the search index has {min(missing)}, the snapshot has not: run `paperlog publish`")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """The same with what the snapshot says of each paper, and the words of it that match."""

    query: SearchQuery
    hits: tuple[Hit, ...]
    total: int
    is_total_exact: bool
    ranked_from: date | None
    facets: FacetCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What the snapshot says of a paper that was found."""

    paper_key: str
    title: str | None
    arxiv_id: str | None
    link: str | None
    first_listed_on: date | None
    last_listed_on: date | None
    upvotes: int | None
    sources: tuple[str, ...] = ()
    abstract: str | None
    review: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _FacetSet:
    """What papers that are counted together have."""

    source: tuple[str, ...]
    category: tuple[str, ...]
    year: int
    has_code: bool
    is_reviewed: bool


def search(
    reader: Reader,
    query: str | SearchQuery,
    *,
    limit: int = 20,
    offset: int = 0,
    seconds_max: float = SECONDS_MAX,
) -> SearchAnswer:
    """Papers that a query means, best first: by BM25, in which a title counts most, then by key.

    Without words the newest come first. A query that names one paper finds it by that name alone. Raises QueryError for
    a query that cannot be meant, and WarehouseError where the snapshot cannot be searched, or not in that time.
    """
    found = find(reader, query, limit=limit, offset=offset, seconds_max=seconds_max)
    marks = None if found.query.paper is not None else marks_of(found.query)
    return SearchAnswer(
        query=found.query,
        hits=tuple(_hits(reader, found, marks)),
        total=found.total,
        is_total_exact=found.is_total_exact,
        ranked_from=found.ranked_from,
        facets=found.facets,
    )


def find(
    reader: Reader,
    query: str | SearchQuery,
    *,
    limit: int = 20,
    offset: int = 0,
    seconds_max: float = SECONDS_MAX,
) -> Found:
    """The same papers by their keys alone, for those who read of each what they show. Raises the same."""
    asked = parse(query) if isinstance(query, str) else query
    if limit < 1 or not 0 <= offset <= REACHED_MAX - limit:
        raise QueryError(f"limit {limit}, offset {offset}: both reach as far as the first {REACHED_MAX:,} papers")
    if asked.paper is not None:
        return _named(reader, asked, limit, offset)
    return _Search(reader, asked, seconds_max).answer(limit, offset)


def _named(reader: Reader, query: SearchQuery, limit: int, offset: int) -> Found:
    keys = [each.paper_key for each in papers_identified(reader, query.paper or "")]
    return Found(
        query=query,
        places=tuple((key, None) for key in keys[offset : offset + limit]),
        total=len(keys),
        is_total_exact=True,
        ranked_from=None,
        facets=FacetCounts(sources={}, categories={}, years={}, has_code=0, reviewed=0),
    )


class _Search:
    """One query to the index of a reader's snapshot."""

    def __init__(self, reader: Reader, query: SearchQuery, seconds_max: float) -> None:
        self._reader, self._query, self._seconds_max = reader, query, seconds_max
        self._span = reader.index.state().span

    def answer(self, limit: int, offset: int) -> Found:
        """All that is asked."""
        match = match_of(self._query, self._span)
        counted = self._count(match, RANKED_MAX + 1)
        is_exact = counted <= RANKED_MAX
        facets = self._facets(match, is_exact=is_exact)
        ranked_from = None if is_exact else self._newest_months()
        ranked = match if ranked_from is None else match_of(replace(self._query, first=ranked_from), self._span)
        is_ranked = any(not each.is_excluded for each in self._query.words)
        return Found(
            query=self._query,
            places=tuple(self._rows("read_best" if is_ranked else "read_newest", ranked, limit, offset)),
            total=counted if is_exact else max(counted, sum(facets.years.values())),
            is_total_exact=is_exact,
            ranked_from=ranked_from,
            facets=facets,
        )

    def _rows(self, name: str, *values: object) -> list[tuple[str, float | None]]:
        return self._reader.index.rows(_sql.text(name), values, self._seconds_max)

    def _count(self, match: str, most: int) -> int:
        ((count,),) = self._reader.index.rows(_sql.text("count_matches"), (match, most), self._seconds_max)
        return int(count)

    def _newest_months(self) -> date:
        """The first day of the month since which at least so many papers match as are ranked."""
        left = RANKED_MAX
        first = self._query.first or self._span.first
        for month in _months_back(first, min(self._query.last or self._span.last, self._span.last)):
            last = min(self._query.last or self._span.last, _end_of(month))
            within = replace(self._query, first=max(month, first), last=last)
            left -= self._count(match_of(within, self._span), left)
            if left <= 0:
                return max(month, first)
        return first

    def _facets(self, match: str, *, is_exact: bool) -> FacetCounts:
        if not is_exact:
            match = match_of(self._query, self._span, is_sample=True)
        times = 1 if is_exact else SAMPLED_ONE_IN
        sources, categories, years = Counter[str](), Counter[str](), Counter[int]()
        has_code = reviewed = 0
        for text, count in self._reader.index.rows(_sql.text("read_facets"), (match,), self._seconds_max):
            facets, papers = _facet_set(text), int(count) * times
            sources.update(dict.fromkeys(facets.source, papers))
            categories.update(dict.fromkeys(facets.category, papers))
            years[facets.year] += papers
            has_code += papers * facets.has_code
            reviewed += papers * facets.is_reviewed
        return FacetCounts(
            sources=_most_first(sources),
            categories=dict(list(_most_first(categories).items())[:CATEGORIES_COUNTED]),
            years=dict(sorted(years.items(), reverse=True)),
            has_code=has_code,
            reviewed=reviewed,
            is_estimate=not is_exact,
        )


def _facet_set(text: str) -> _FacetSet:
    try:
        return msgspec.json.decode(text, type=_FacetSet)
    except msgspec.MsgspecError as error:
        raise WarehouseError(f"the search index is damaged: {error}; `paperlog publish` makes it anew") from error


def _most_first(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _months_back(first: date, last: date) -> Iterator[date]:
    """The first days of the months between two days, latest first."""
    month = last.replace(day=1)
    while month >= first.replace(day=1):
        yield month
        month = (month - timedelta(days=1)).replace(day=1)


def _end_of(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _hits(reader: Reader, found: Found, match: str | None) -> Iterator[Hit]:
    """What was found, as the snapshot has it now; with words, those of the text that match."""
    keys = found.keys
    shown = {each.paper_key: each for each in reader.records("search_papers", _Shown, {"keys": keys})} if keys else {}
    found.require(shown.keys())
    snippets = _snippets([shown[key] for key in keys], match)
    for key, score in found.places:
        each = shown[key]
        text, marks = _marked(snippets.get(key) or _beginning(each))
        yield Hit(
            paper_key=key,
            title=each.title,
            arxiv_id=each.arxiv_id,
            link=each.link,
            first_listed_on=each.first_listed_on,
            last_listed_on=each.last_listed_on,
            upvotes=each.upvotes,
            sources=each.sources,
            score=None if score is None else round(score, 2),
            snippet=text,
            marks=marks,
        )


def _snippets(papers: Sequence[_Shown], match: str | None) -> dict[str, str]:
    """The part of each paper's text that matches best: the index itself holds no text."""
    if match is None or not papers:
        return {}
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(_sql.text("create_snippets"))
        rows = [(number, *map(_seen, (each.abstract, each.review))) for number, each in enumerate(papers)]
        database.executemany(_sql.text("insert_snippet"), rows)
        found = database.execute(_sql.text("read_snippets"), (_START, _END, SNIPPET_WORDS, match)).fetchall()
    return {papers[number].paper_key: text for number, text in found}


def _seen(text: str | None) -> str:
    return (text or "").translate(_UNSEEN)


def _beginning(paper: _Shown) -> str:
    words = _seen(paper.abstract or paper.review).split()
    return " ".join(words[:SNIPPET_WORDS]) + ("…" if len(words) > SNIPPET_WORDS else "")


def _marked(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text without its marks, and where they stood."""
    plain, marks, at = "", [], 0
    for number, part in enumerate(text.replace(_END, _START).split(_START)):
        if number % 2:
            marks.append((at, at + len(part)))
        plain, at = plain + part, at + len(part)
    return plain, tuple(marks)
