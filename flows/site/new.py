"""The feed of the newest papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from flows.design.names import NAME_LENGTH, addresses_of, name_of, shortened
from flows.feeds.feed import Feed, Item, id_of
from flows.pages import links
from flows.pages.links import file_of
from flows.shown import visible
from flows.site.search import FoundPaper

ITEMS = 50
SUMMARY_LENGTH = 400


def feed_of(papers: Sequence[FoundPaper], base_url: str | None) -> Feed:
    """The papers that became known last, newest first."""
    newest = sorted(papers, key=lambda each: (each.known_on or date.min, each.paper_key), reverse=True)[:ITEMS]
    return Feed(
        id=id_of("feed", "new"),
        title="Paperlog: the newest papers",
        description="Papers that digests of machine learning listed or reviewed last.",
        home_url=f"{base_url}/" if base_url else None,
        items=tuple(_item(each, base_url) for each in newest),
    )


def _item(paper: FoundPaper, base_url: str | None) -> Item:
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
        page_url=f"{base_url}/{file_of(links.paper(paper.paper_key))}" if base_url else None,
        summary=visible(shortened(abstract, SUMMARY_LENGTH)) or None,
        text=visible(abstract or f"Listed by {', '.join(paper.sources)}."),
        categories=tuple(map(visible, paper.keywords[:10])),
    )
