"""The index for the search in the browser: words in small files by the alphabet, papers in files by number.

A search loads the files of its words and of the papers that it shows, never the whole index. The files are scripts that
hand over JSON, because a page that was opened from a disk may load nothing else. Papers are numbered in the order of
their keys, which begin with a day: a day more changes the last papers' files and the words of that day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import msgspec

from flows.design.names import first_of, is_web_address, name_of
from flows.pages.slugs import slug_of
from flows.shown import visible
from flows.site.words import LENGTH_MAX, STOP_WORDS, words_of
from transforms.records import Link

FOLDER = "search"
PAPERS_A_FILE = 32
BYTES_A_FILE = 48_000
Row = tuple[str, str, str]
"""A word, the papers that have it in a title, name or id, and those that have it in the abstract alone."""
_SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedPaper:
    """What the search shows of a paper, and by which words it is found."""

    paper_key: str
    title: str | None
    abstract: str | None
    authors: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    arxiv_id: str | None
    doi: str | None
    links: tuple[Link, ...] = ()
    sources: tuple[str, ...] = ()
    known_on: date | None
    is_reviewed: bool
    upvotes: int | None

    @property
    def shown(self) -> tuple[object, ...]:
        """The fields of a result in the order in which `assets/search.js` reads them."""
        day = str(self.known_on) if self.known_on else ""
        name, authors = name_of(self.title, self.abstract), first_of(self.authors)
        return (self.paper_key, visible(name), visible(authors), day, ", ".join(self.sources), self.upvotes)

    @property
    def strong(self) -> set[str]:
        """The words that count most: title, names, ids."""
        ids = (self.arxiv_id or "", self.doi or "")
        texts = (self.title or "", *self.authors, *self.institutions, *self.keywords, *ids)
        return {word for text in texts for word in words_of(text)}

    @property
    def facets(self) -> tuple[str, ...]:
        """What it may be narrowed down to."""
        return (
            *(f"source:{each}" for each in self.sources),
            *([f"year:{self.known_on.year}"] if self.known_on else []),
            *(["is:reviewed"] if self.is_reviewed else []),
            *(["has:code"] if any(each.kind == "code" and is_web_address(each.url) for each in self.links) else []),
        )


def index_files(papers: Sequence[SearchedPaper]) -> Iterator[tuple[str, bytes]]:
    """The files of the index below `FOLDER`, given all papers in the order of their keys."""
    strong, weak, facets = (defaultdict[str, list[int]](list) for _ in range(3))
    for number, paper in enumerate(papers):
        names = paper.strong
        for word in names:
            strong[word].append(number)
        for word in set(words_of(paper.abstract or "")) - names:
            weak[word].append(number)
        for facet in paper.facets:
            facets[facet].append(number)
    rows = [(word, packed(strong.get(word, ())), packed(weak.get(word, ()))) for word in sorted({*strong, *weak})]
    first_words = []
    for held in _files_of_words(rows):
        first_words.append(held[0][0])
        yield f"words-{slug_of(held[0][0])}.js", _script("words", held[0][0], held)
    for place in range(0, len(papers), PAPERS_A_FILE):
        shown = [each.shown for each in papers[place : place + PAPERS_A_FILE]]
        yield f"papers-{place // PAPERS_A_FILE}.js", _script("papers", str(place // PAPERS_A_FILE), shown)
    yield "facets.js", _script("facets", "", [(name, packed(facets[name])) for name in sorted(facets)])
    about = {
        "papers": len(papers),
        "size": PAPERS_A_FILE,
        "length": LENGTH_MAX,
        "stop": sorted(STOP_WORDS),
        "files": [(word, f"words-{slug_of(word)}.js") for word in first_words],
    }
    yield "about.js", _script("about", "", about)


def packed(numbers: Iterable[int]) -> str:
    """Ascending numbers as text: each as its distance from the one before, one sign below 36, else in brackets."""
    parts, before = [], -1
    for number in numbers:
        step, before = number - before, number
        parts.append(_SIGNS[step] if step < len(_SIGNS) else f"({_base36(step)})")
    return "".join(parts)


def _base36(number: int) -> str:
    signs = ""
    while number:
        number, rest = divmod(number, len(_SIGNS))
        signs = _SIGNS[rest] + signs
    return signs


def _files_of_words(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Words in alphabetical order, cut where a word's own hash says so: one more word changes no other file."""
    held: list[Row] = []
    size = 0
    for row in rows:
        is_first = sha256(row[0].encode()).digest()[0] == 0
        if held and (is_first or size > BYTES_A_FILE):
            yield held
            held, size = [], 0
        held.append(row)
        size += sum(len(each) for each in row)
    if held:
        yield held


def _script(kind: str, name: str, value: object) -> bytes:
    """JSON is JavaScript too; no text of a page is a name or a member in it."""
    return b"paperlog(%s,%s,%s);\n" % tuple(msgspec.json.encode(each) for each in (kind, name, value))
