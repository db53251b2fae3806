"""All kinds of pages: the address of each, what it may be asked, the record that it is, and its template."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flows.pages.asked import Asked
from flows.pages.cited import CITED_FORMS, CitedForm
from flows.pages.kinds import days, finding, guide, listed, names, operation, paper, sources
from warehouse import Reader

_VALUE = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value that a page may be asked for in the query of its address."""

    name: str
    meaning: str
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of page. `pattern` is its address with the names of values, `rows` the field that is its CSV, if any.

    `forms` are what it comes in besides HTML, JSON and CSV, by suffix. `read_many` reads many of its pages together
    where that is faster: in the order of the questions, None where `read` has something else to say.
    """

    name: str
    pattern: str
    meaning: str
    read: Callable[[Reader, Asked], Any]
    record: type
    read_many: Callable[[Reader, Sequence[Asked]], Sequence[Any | None]] | None = None
    template_name: str | None = None
    rows: str | None = None
    query: tuple[Value, ...] = ()
    forms: Mapping[str, CitedForm] = field(default_factory=dict)

    @property
    def template(self) -> str:
        """The file of its template."""
        return f"{self.template_name or self.name}.html.j2"

    @property
    def path_values(self) -> tuple[str, ...]:
        """The names of the values in its address."""
        return tuple(_VALUE.findall(self.pattern))

    def address(self, values: Mapping[str, str]) -> str:
        """Its address with these values."""
        return self.pattern.format_map(values)


PAGE = Value(name="page", meaning="which part of a long page, from 1", example="2")
SOURCE = Value(name="source", meaning="only what this source lists", example="hf_daily")
NAMED = Value(name="q", meaning="only names with these letters", example="smith")
FACETS = (
    Value(name="q", meaning="words of title, abstract and review, an arXiv id or a DOI", example="diffusion"),
    SOURCE,
    Value(name="from", meaning="known on this day or later", example="2026-03-01"),
    Value(name="to", meaning="known on this day or before", example="2026-03-31"),
    Value(name="category", meaning="of this category of arXiv", example="cs.LG"),
    Value(name="has_code", meaning="1: only with a link to code", example="1"),
    Value(name="reviewed", meaning="1: only with a review", example="1"),
    Value(name="institution", meaning="with these letters in the name of an institution", example="google"),
    PAGE,
)


def _listed(name: str, pattern: str, read: Callable[[Reader, Asked], Any]) -> Kind:
    return Kind(
        name=name,
        template_name="listed",
        pattern=pattern,
        meaning=f"the lists and reviews of a {name}, most upvoted first",
        read=read,
        record=listed.Listed,
        rows="papers",
        query=(SOURCE, PAGE),
    )


def _names(what: names.What, meaning: str) -> Iterator[Kind]:
    plural = names.PLURALS[what]
    yield Kind(
        name=plural,
        template_name="names",
        pattern=plural,
        meaning=f"all {meaning}, most papers first",
        read=names.names_page(what),
        read_many=names.names_pages(what),
        record=names.Names,
        rows="names",
        query=(NAMED, PAGE),
    )
    yield Kind(
        name=what,
        template_name="name",
        pattern=f"{plural}/{{slug}}",
        meaning=f"the papers of one of the {meaning}, newest first",
        read=names.name_page(what),
        read_many=names.name_pages(what),
        record=names.NamePage,
        rows="papers",
        query=(PAGE,),
    )


KINDS: tuple[Kind, ...] = (
    Kind(
        name="start",
        pattern="",
        meaning="the latest list, what rose, the latest reviews, and what is missing",
        read=days.start_page,
        record=days.Start,
        rows="latest",
    ),
    Kind(
        name="days",
        pattern="days",
        meaning="all days that have lists, by month",
        read=days.days_page,
        record=days.Days,
        rows="days",
        query=(PAGE,),
    ),
    _listed("day", "days/{day}", listed.day_page),
    _listed("week", "weeks/{week}", listed.week_page),
    _listed("month", "months/{month}", listed.month_page),
    Kind(
        name="paper",
        pattern="papers/{key}",
        meaning="a paper: every source's words, upvotes, reviews, versions, and why it is one paper",
        read=paper.paper_page,
        read_many=paper.paper_pages,
        record=paper.PaperPage,
        rows="sightings",
        forms=CITED_FORMS,
    ),
    *_names("author", "names of authors"),
    *_names("institution", "institutions"),
    *_names("topic", "topics"),
    Kind(
        name="sources",
        pattern="sources",
        meaning="all sources, and what was read of each",
        read=sources.sources_page,
        record=sources.Sources,
        rows="sources",
    ),
    Kind(
        name="source",
        pattern="sources/{name}",
        meaning="a source with its lists, newest first",
        read=sources.source_page,
        record=sources.SourcePage,
        rows="partitions",
        query=(PAGE,),
    ),
    Kind(
        name="calendar",
        pattern="calendar",
        meaning="the states of all days, and what is missing",
        read=operation.calendar_page,
        record=operation.CalendarPage,
        rows="days",
        query=(Value(name="until", meaning="the last month that is drawn", example="2026-03"),),
    ),
    Kind(
        name="health",
        pattern="health",
        meaning="runs, findings and quarantine",
        read=operation.health_page,
        record=operation.Health,
        rows="runs",
        query=(Value(name="status", meaning="only runs that ended so", example="refused"), PAGE),
    ),
    Kind(
        name="search",
        pattern="search",
        meaning="the papers that fit words and choices",
        read=finding.search_page,
        record=finding.SearchPage,
        rows="papers",
        query=FACETS,
    ),
    Kind(
        name="help",
        pattern="help",
        meaning="how to search, and what the addresses are",
        read=guide.guide_page,
        record=guide.Guide,
    ),
)
