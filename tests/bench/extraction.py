"""Reading a day page: the extractor with all its checks, what people use instead, and the limit.

Everybody gives the same: for each paper id, title, abstract, author names, date, upvotes and comments. The extractor
also compares every card with the JSON, counts known and unknown fields, and keeps each entry verbatim.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import msgspec
from bs4 import BeautifulSoup
from lxml import html
from selectolax.lexbor import LexborHTMLParser

from extractors.landing.adopt import page_of_file
from extractors.sources.hf_daily import SOURCE
from tests.bench.measure import (
    ROOT,
    Figures,
    Spent,
    child,
    figures,
    here,
    interleaved,
)
from tests.bench.workload import day_page
from transforms.records import Page

Entry = tuple[Any, ...]
REAL = ROOT.parent / "shared" / "data" / "hf_daily"
SIZES = (15, 36, 50, 71)
OURS, BS_LXML = "paperlog, with all checks", "BeautifulSoup (lxml), whole page"
LIMIT = "limit: byte search + msgspec"
MARKER = 'div[data-target="DailyPapers"]'


class Author(msgspec.Struct):
    """A name."""

    name: str


class Paper(msgspec.Struct):
    """The fields that everybody reads."""

    id: str
    title: str
    summary: str
    authors: list[Author]
    publishedAt: str  # noqa: N815
    upvotes: int


class Item(msgspec.Struct):
    """One item."""

    paper: Paper
    numComments: int = 0  # noqa: N815


class Day(msgspec.Struct):
    """One page."""

    dateString: str  # noqa: N815
    dailyPapers: list[Item]  # noqa: N815


def paperlog(page: Page) -> list[Entry]:
    """The project's extractor."""
    (listing,) = SOURCE.parse(page)
    return [
        (each.arxiv_id, each.title, each.abstract, each.authors, each.published, each.metrics)
        for each in listing.entries
    ]


def beautiful_soup(page: Page, parser: str) -> list[Entry]:
    """What most scripts do."""
    soup = BeautifulSoup(page.body, parser)
    return _entries(json.loads(str(soup.select_one(MARKER)["data-props"])))  # type: ignore[index]


def plain_lxml(page: Page) -> list[Entry]:
    """The same with XPath."""
    (props,) = html.fromstring(page.body.decode()).xpath('//div[@data-target="DailyPapers"]/@data-props')
    return _entries(json.loads(props))


def selectolax(page: Page) -> list[Entry]:
    """The same with the fastest parser that has selectors."""
    node = LexborHTMLParser(page.body).css_first(MARKER)
    return _entries(json.loads(str(node.attributes["data-props"])))  # type: ignore[union-attr]


def limit(page: Page) -> list[Entry]:
    """No parser and no check: find the attribute, undo the three escapes that the site uses, decode it into types."""
    start = page.body.index(b'data-props="', page.body.index(b'data-target="DailyPapers"')) + 12
    said = page.body[start : page.body.index(b'"', start)]
    for escaped, plain in ((b"&quot;", b'"'), (b"&lt;", b"<"), (b"&#39;", b"'"), (b"&gt;", b">"), (b"&amp;", b"&")):
        said = said.replace(escaped, plain)
    day = msgspec.json.decode(said, type=Day)
    return [
        (
            item.paper.id,
            item.paper.title,
            item.paper.summary,
            tuple(author.name for author in item.paper.authors),
            item.paper.publishedAt,
            (item.paper.upvotes, item.numComments),
        )
        for item in day.dailyPapers
    ]


CONTENDERS: dict[str, Callable[[Page], list[Entry]]] = {
    OURS: paperlog,
    BS_LXML: partial(beautiful_soup, parser="lxml"),
    "BeautifulSoup (html.parser), whole page": partial(beautiful_soup, parser="html.parser"),
    "lxml, XPath": plain_lxml,
    "selectolax": selectolax,
    LIMIT: limit,
}


def run(rounds: int) -> Figures:
    """Interleaved on invented pages of four sizes and on a captured one if there is any; memory of a process each."""
    pages = [day_page(5, size) for size in SIZES]
    require_same(pages)
    invented = _timed(pages, rounds)
    entries = sum(SIZES)
    for each in invented.values():
        each |= {
            "ms_per_page": round(each["cpu_s"] / len(pages) * 1000, 2),
            "entries_per_s": round(entries / each["cpu_s"]),
        }
    said: Figures = {"invented": invented, "page_kb": [len(page.body) // 1024 for page in pages]}
    real = sorted(REAL.glob("*.html"))
    if real:
        page = page_of_file(real[6], "hf_daily")
        said["captured"] = _timed([page], rounds * 3)
        said["captured_kb"] = len(page.body) // 1024
    for name, each in invented.items():
        each["peak_mb"] = round(child("-m", "tests.bench.extraction", name).peak_mb)
    return said


def require_same(pages: Iterable[Page]) -> None:
    """Raise AssertionError where a contender reads something else than the limit does."""
    for page in pages:
        expected = [entry[:4] for entry in limit(page)]
        for name, read in CONTENDERS.items():
            if [entry[:4] for entry in read(page)] != expected:
                raise AssertionError(f"{name} does not read what the others read")


def _timed(pages: list[Page], rounds: int) -> dict[str, Figures]:
    def once(read: Callable[[Page], list[Entry]]) -> Spent:
        return here(lambda: [read(page) for page in pages])

    return figures(interleaved({name: partial(once, read) for name, read in CONTENDERS.items()}, rounds), OURS)


def _entries(day: dict[str, Any]) -> list[Entry]:
    return [
        (
            item["paper"]["id"],
            item["paper"]["title"],
            item["paper"]["summary"],
            tuple(author["name"] for author in item["paper"]["authors"]),
            item["paper"]["publishedAt"],
            (item["paper"]["upvotes"], item["numComments"]),
        )
        for item in day["dailyPapers"]
    ]


if __name__ == "__main__":  # one contender in a process of its own, for its memory
    for _ in range(3):
        CONTENDERS[sys.argv[1]](day_page(5, 50))
