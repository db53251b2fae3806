"""What reads a day page: the extractor with all its checks, what people use instead, and the limit.

Everybody gives the same: for each paper id, title, abstract, author names, date, upvotes and comments. The extractor
also compares every card with the JSON, counts known and unknown fields, and keeps each entry verbatim.

`python -m tests.bench.contenders.readers NAME FILE` reads one page three times, for the memory of its process.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from bs4 import BeautifulSoup
from lxml import html
from selectolax.lexbor import LexborHTMLParser

from extractors.landing.adopt import page_of_file
from extractors.sources.hf_daily import SOURCE
from transforms.records import Page

Entry = tuple[Any, ...]
Read = Callable[[Page], list[Entry]]
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
    return _entries(BeautifulSoup(page.body, parser).select_one(MARKER)["data-props"])  # type: ignore[index]


def plain_lxml(page: Page) -> list[Entry]:
    """The same with XPath."""
    return _entries(*html.fromstring(page.body.decode()).xpath('//div[@data-target="DailyPapers"]/@data-props'))


def selectolax(page: Page) -> list[Entry]:
    """The same with the fastest parser that has selectors."""
    return _entries(LexborHTMLParser(page.body).css_first(MARKER).attributes["data-props"])


def limit(page: Page) -> list[Entry]:
    """No parser and no check: find the attribute, undo the three escapes that the site uses, decode it into types."""
    start = page.body.index(b'data-props="', page.body.index(b'data-target="DailyPapers"')) + 12
    data = page.body[start : page.body.index(b'"', start)]
    for escaped, plain in ((b"&quot;", b'"'), (b"&lt;", b"<"), (b"&#39;", b"'"), (b"&gt;", b">"), (b"&amp;", b"&")):
        data = data.replace(escaped, plain)
    return [
        (
            item.paper.id,
            item.paper.title,
            item.paper.summary,
            tuple(author.name for author in item.paper.authors),
            item.paper.publishedAt,
            (item.paper.upvotes, item.numComments),
        )
        for item in msgspec.json.decode(data, type=Day).dailyPapers
    ]


CONTENDERS: dict[str, Read] = {
    OURS: paperlog,
    BS_LXML: partial(beautiful_soup, parser="lxml"),
    "BeautifulSoup (html.parser), whole page": partial(beautiful_soup, parser="html.parser"),
    "lxml, XPath": plain_lxml,
    "selectolax": selectolax,
    LIMIT: limit,
}


def _entries(props: object) -> list[Entry]:
    return [
        (
            item["paper"]["id"],
            item["paper"]["title"],
            item["paper"]["summary"],
            tuple(author["name"] for author in item["paper"]["authors"]),
            item["paper"]["publishedAt"],
            (item["paper"]["upvotes"], item["numComments"]),
        )
        for item in json.loads(str(props))["dailyPapers"]
    ]


if __name__ == "__main__":  # one contender in a process of its own, for its memory
    for _ in range(3):
        CONTENDERS[sys.argv[1]](page_of_file(Path(sys.argv[2]), "hf_daily"))
