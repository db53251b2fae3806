"""The feed of the newest papers, made from a snapshot: nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from flows.design.names import NAME_LENGTH, addresses_of, name_of, shortened
from flows.feeds.feed import Feed, Item, id_of
from flows.feeds.sizes import bytes_of
from flows.shown import visible
from transforms.records import Link
from warehouse import Reader

ADDRESS = "feeds/new"
ITEMS = 50
BYTES_MAX = 900_000
"""It has so many items, or as many of the newest as fit into so many bytes."""

SUMMARY_LENGTH = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class _NewPaper:
    paper_key: str
    title: str | None
    abstract: str | None
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    arxiv_id: str | None
    doi: str | None
    links: tuple[Link, ...] = ()
    sources: tuple[str, ...] = ()
    known_on: date | None


def new_papers(reader: Reader, *, home_url: str | None, page_of: Callable[[str], str | None]) -> Feed:
    """The papers that became known last, newest first; `page_of` gives the address of the page about a paper."""
    papers = reader.records("read_newest", _NewPaper, {"limit": ITEMS})
    return Feed(
        id=id_of("feed", "new"),
        title="Paperlog: the newest papers",
        description="Papers that digests of machine learning listed or reviewed last.",
        home_url=home_url,
        items=tuple(_fitting(_item(each, page_of(each.paper_key)) for each in papers)),
    )


def _fitting(items: Iterable[Item]) -> Iterator[Item]:
    room = BYTES_MAX
    for item in items:
        room -= bytes_of(item)
        if room < 0:
            break
        yield item


def _item(paper: _NewPaper, page_url: str | None) -> Item:
    known_at = datetime.combine(paper.known_on or date(1970, 1, 1), time(), UTC)
    name = name_of(paper.title, paper.abstract) or paper.paper_key
    addresses = addresses_of(paper.arxiv_id, paper.doi, paper.links)
    abstract = paper.abstract or ""
    return Item(
        id=id_of("paper", paper.paper_key),
        title=visible(shortened(name, 3 * NAME_LENGTH)),
        authors=tuple(map(visible, paper.authors)),
        published_at=known_at,
        updated_at=known_at,
        paper_url=addresses[0].url if addresses else None,
        page_url=page_url,
        summary=visible(shortened(abstract, SUMMARY_LENGTH)) or None,
        content=visible(abstract or f"Listed by {', '.join(paper.sources)}."),
        categories=tuple(map(visible, paper.keywords[:10])),
    )
