"""The search page, and the one place that searches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from flows.pages.asked import Asked, Part, WrongQuestion, part_of
from flows.pages.papers import PaperRow, papers_of
from flows.shown import counted
from transforms.search.query import Field, QueryError, SearchQuery, Words, has_words, parse
from warehouse import Found, Reader, find

# Each is looked up among all papers: 50 took .4 s of a million, 20 take half of it (2026-11).
FOUND_A_PAGE = 20
FACETS = ("source", "from", "to", "category", "has_code", "reviewed", "institution")


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """A choice that is left: how many of the papers found it leaves (`is_estimate`: about so many)."""

    facet: str
    value: str
    label: str
    count: int
    is_estimate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """The papers that fit words and choices."""

    heading: str
    words: str
    choices: Mapping[str, str]
    sources: tuple[str, ...]
    summary: str
    papers: tuple[PaperRow, ...]
    part: Part
    narrower: tuple[Narrowed, ...]
    is_of_one: bool

    @property
    def is_asked(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.words or self.choices)

    @property
    def query(self) -> dict[str, object]:
        """The question as the query of an address."""
        return {"q": self.words, **self.choices}


def search_page(reader: Reader, asked: Asked) -> SearchPage:
    """The papers that fit `q` and the other values."""
    words = asked.text("q")
    choices = {name: asked.text(name) for name in FACETS if asked.text(name)}
    answer = None
    if words or choices:
        try:
            answer = _found(reader, asked, _query(asked, words))
        except QueryError as error:
            raise WrongQuestion(f"q: {error}") from error
    papers = papers_of(reader, answer.keys if answer else [])
    if answer:
        answer.require({each.paper_key for each in papers})
    return SearchPage(
        heading=f"Search: {words}" if words else "Search",
        words=words,
        choices=choices,
        sources=tuple(str(row[0]) for row in reader.named("pages/source_names").rows),
        summary=_summary(answer) if answer else "",
        papers=papers,
        part=part_of(asked, answer.total if answer else 0, FOUND_A_PAGE),
        narrower=tuple(_narrower(answer, choices)) if answer else (),
        is_of_one=answer is not None and answer.query.paper is not None,
    )


def _found(reader: Reader, asked: Asked, query: SearchQuery) -> Found:
    """What fits; if nothing does, the last word may be the beginning of one: half a title ends in half a word."""
    offset = (asked.page - 1) * FOUND_A_PAGE
    answer = find(reader, query, limit=FOUND_A_PAGE, offset=offset)
    if answer.total or not query.words or query.words[-1].is_excluded:
        return answer
    begun = replace(query, words=(*query.words[:-1], replace(query.words[-1], is_beginning=True)))
    return find(reader, begun, limit=FOUND_A_PAGE, offset=offset)


def _query(asked: Asked, words: str) -> SearchQuery:
    """The words with the choices; an identifier, a key or an address stands alone."""
    query = parse(words) if words else SearchQuery()
    if query.paper is not None:
        return query
    institution, source, category = (asked.text(name) for name in ("institution", "source", "category"))
    if institution and not has_words(institution):
        raise WrongQuestion(f"institution: no letter and no digit in {institution!r}")
    return replace(
        query,
        words=(*query.words, *([Words(text=institution, field=Field.INSTITUTION)] if institution else [])),
        sources=(*query.sources, *([source] if source else [])),
        categories=(*query.categories, *([category] if category else [])),
        has_code=query.has_code or asked.is_set("has_code"),
        is_reviewed=True if asked.is_set("reviewed") else query.is_reviewed,
        first=asked.day("from") or query.first,
        last=asked.day("to") or query.last,
    )


def _summary(answer: Found) -> str:
    """What was found, in a few words."""
    if not answer.total:
        return "No paper fits."
    about = "" if answer.is_total_exact else "About "
    order = "best first" if answer.query.words else "newest first"
    since = f" Ranked are those since {answer.ranked_from}." if answer.ranked_from else ""
    return f"{about}{counted(answer.total, 'paper')}, {order}.{since}"


def _narrower(answer: Found, choices: Mapping[str, str]) -> Iterator[Narrowed]:
    """The choices that leave some of the papers and not all; years as their days are in `from` and `to`."""
    facets = answer.facets
    found = [
        *(("source", name, name, count) for name, count in facets.sources.items()),
        *(("category", name, name, count) for name, count in facets.categories.items()),
        ("has_code", "1", "has code", facets.has_code),
        ("reviewed", "1", "reviewed", facets.reviewed),
    ]
    for facet, value, label, count in found:
        if 0 < count < answer.total and facet not in choices:
            yield Narrowed(facet=facet, value=value, label=label, count=count, is_estimate=facets.is_estimate)
