"""The rendered cards of a Daily Papers page: a cross-check of its JSON, and a degraded reading without it.

A card has id, title, upvotes, submitter, comments, stars and either an organisation or a number of authors, but no
abstract, names or date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from extractors.errors import PageChanged
from extractors.reading.markup import many, maybe, one, soup_of
from transforms.records import (
    Entry,
    Finding,
    Listing,
    Metric,
    Page,
)

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

CARDS_MAX = 1000  # real days have 15 to 71; a hostile page with very many would take minutes
_AUTHORS = re.compile(r"(\d+) authors?$")
_ARTICLE = re.compile(r"<article[\s>]")
# Upvotes, title and number of authors as captured pages write them; BeautifulSoup reads what is written otherwise.
_LEAF = re.compile(
    r'<div class="leading-none">(?P<upvotes>[^<]*)</div>'
    r'|<h3[^>]*><a [^>]*?href="(?:[^"]*/)?papers/(?P<paper_id>[^"]+)"[^>]*>(?P<title>[^<]*)</a></h3>'
    r"|<li [^>]*order-first[^>]*>(?P<authors>.*?)</li>",
    re.DOTALL,
)
_MARKUP = re.compile(r"<[^>]*>")
# Browsers and archives make links absolute when they save a page.
_TITLE = 'h3 a[href*="/papers/"]'


@dataclass(frozen=True, slots=True)
class Card:
    """The part of a card that is compared with the JSON."""

    paper_id: str
    title: str
    upvotes: str | None
    author_count: str | None = None


def differences(page: Page, texts: Sequence[str], items: Sequence[Any]) -> tuple[Finding, ...]:
    """Warnings where cards and JSON differ in title, authors or upvotes; PageChanged in number, ids or order.

    `texts` are the parts of the page around the tag that holds the JSON.
    """
    cards = _cards_as_captured(leaf for text in texts for leaf in _LEAF.finditer(text))
    articles = sum(len(_ARTICLE.findall(text)) for text in texts)
    if len(cards) != articles:
        cards = _cards("".join(texts))
    if not len(cards) == articles == len(items):
        observed = f"{articles} articles with {len(cards)} titles"
        raise PageChanged(f"{page.final_url} article", f"{len(items)} cards, one for each JSON entry", observed)
    findings: list[Finding] = []
    for index, (card, item) in enumerate(zip(cards, items, strict=True)):
        findings += _differing(page, index, card, item)
    return tuple(findings)


def listing_of(page: Page, text: str, findings: tuple[Finding, ...]) -> Listing:
    """The degraded listing of a complete page whose JSON is gone; PageChanged if nothing proves its day."""
    where, soup = page.final_url, soup_of(text)
    partition_on = _proven_day(page, soup)
    articles = _whole_articles(text, soup, where)
    observed, place = f"{len(articles)} cards and no readable JSON", f"{where} div[data-target=DailyPapers]"
    degraded = Finding.warning("degraded_cards_only", observed, "embedded JSON", place)
    return Listing(
        source=page.source,
        page_sha256=page.sha256,
        partition_on=partition_on,
        is_closed=False,
        is_degraded=True,
        entries=tuple(_entry(article, position, where) for position, article in enumerate(articles, start=1)),
        findings=(*findings, degraded),
    )


def _proven_day(page: Page, soup: BeautifulSoup) -> date:
    """The day asked for, if it is in the page's address (a redirect may lead to another) and in its `og:url`."""
    where, day = page.final_url, page.asked_on
    if day is None or page.url != where or urlsplit(where).path != f"/papers/date/{day}":
        raise PageChanged(f"{where} div[data-target=DailyPapers]", "embedded JSON", "none, and no proof of the day")
    own_url = maybe(soup, 'meta[property="og:url"]', where=where)
    if own_url is not None and not str(own_url.get("content")).endswith(f"/papers/date/{day}"):
        raise PageChanged(f"{where} meta[og:url]", f"an address of {day}", repr(own_url.get("content")))
    return day


def _whole_articles(text: str, soup: BeautifulSoup, where: str) -> Sequence[Tag]:
    """Every card; a parser closes a card that is cut, so tags are counted too."""
    articles = many(soup, "article", where=where)
    opened, closed = len(_ARTICLE.findall(text)), text.count("</article>")
    if not len(articles) == opened == closed:
        observed = f"{opened} that begin, {closed} that end"
        raise PageChanged(f"{where} article", f"{len(articles)} whole cards", observed)
    if len(articles) > CARDS_MAX:
        raise PageChanged(f"{where} article", f"at most {CARDS_MAX} cards", str(len(articles)))
    return articles


def _cards_as_captured(leaves: Iterable[re.Match[str]]) -> list[Card]:
    """The cards, thirty times faster than `_cards`; fewer of them if some are not written as in captured pages."""
    cards: list[Card] = []
    upvotes: str | None = None
    for leaf in leaves:
        if leaf["title"] is not None:
            cards.append(Card(leaf["paper_id"], " ".join(unescape(leaf["title"]).split()), upvotes))
            upvotes = None
        elif leaf["upvotes"] is not None:
            upvotes = leaf["upvotes"].strip()
        elif cards and (counted := _AUTHORS.search(_MARKUP.sub("", leaf["authors"]).strip())):
            cards[-1] = replace(cards[-1], author_count=counted[1])
    return cards


def _cards(text: str) -> list[Card]:
    cards: list[Card] = []
    upvotes: str | None = None
    for leaf in soup_of(text).find_all(_is_leaf):
        if leaf.name == "li":
            counted = _AUTHORS.search(_text(leaf))
            if cards and counted:
                cards[-1] = replace(cards[-1], author_count=counted[1])
            continue
        if leaf.name == "div":
            upvotes = leaf.get_text(strip=True)
            continue
        link = leaf.select_one('a[href*="/papers/"]')
        if link is not None:
            cards.append(Card(_paper_id(link), _text(link), upvotes))
            upvotes = None
    return cards


def _is_leaf(tag: Tag) -> bool:
    """The title's h3, the upvotes' div, the `li` with "N authors".

    "Submitted by" has the class leading-none as well, among others: only a div with that class alone holds upvotes.
    """
    classes = tag.get("class") or ()
    return (
        tag.name == "h3"
        or (tag.name == "div" and classes == ["leading-none"])
        or (tag.name == "li" and "order-first" in classes)
    )


def _differing(page: Page, index: int, card: Card, item: Any) -> Iterator[Finding]:
    paper = item.get("paper") if isinstance(item, dict) else None
    if not isinstance(paper, dict):
        return
    place = f"article[{index}]"
    if paper.get("id") not in (None, "", card.paper_id):
        raise PageChanged(f"{page.final_url} {place}", f"the card of {paper['id']!r}", f"that of {card.paper_id!r}")
    if card.upvotes != _as_printed(paper.get("upvotes")):
        yield Finding.warning("card_upvotes_differ", repr(card.upvotes), repr(paper.get("upvotes")), place)
    authors = paper.get("authors")
    if card.author_count is not None and isinstance(authors, list) and card.author_count != str(len(authors)):
        yield Finding.warning("card_authors_differ", f"{card.author_count} authors", f"{len(authors)} names", place)
    title = paper.get("title")
    if isinstance(title, str) and card.title != " ".join(title.split()):
        yield Finding.warning("card_title_differ", repr(card.title), repr(title), place)


def _as_printed(upvotes: Any) -> str:
    return "-" if upvotes == 0 else str(upvotes)


def _entry(article: Tag, position: int, where: str) -> Entry:
    place = f"article[{position - 1}]"
    where = f"{where} {place}"
    link = one(article, _TITLE, where=where)
    return Entry(
        position=position,
        place=place,
        said=article.get_text(" | ", strip=True),
        arxiv_id=_paper_id(link),
        title=_text(link),
        author_count=_author_count(article, where),
        submitted_by=_submitter(article, where),
        organization=_optional(article, 'h3 ~ div a[href^="/"]:not([href*="/papers/"])', where),
        metrics=tuple(_metrics(article, where)),
    )


def _metrics(article: Tag, where: str) -> Iterator[tuple[Metric, str]]:
    upvotes = 'a[href^="/login?next="] div.leading-none, label div.leading-none'
    stars = 'h3 ~ div a[href^="/papers/"]:not([href*="#"]):not(:has(ul))'
    comments = _optional(article, 'a[href$="#community"]', where)
    yield Metric.UPVOTES, one(article, upvotes, where=where).get_text(strip=True)
    yield Metric.COMMENTS, comments or "0"
    stars_text = _optional(article, stars, where)
    if stars_text:
        yield Metric.GITHUB_STARS, stars_text


def _submitter(article: Tag, where: str) -> str | None:
    text = _optional(article, "div.pointer-events-none", where)
    return text.removeprefix("Submitted by").strip() or None if text else None


def _author_count(article: Tag, where: str) -> str | None:
    text = _optional(article, 'h3 ~ div a[href^="/papers/"] li.order-first', where)
    found = _AUTHORS.search(text or "")
    return found[1] if found else None


def _optional(article: Tag, selector: str, where: str) -> str | None:
    found = maybe(article, selector, where=where)
    return _text(found) or None if found is not None else None


def _paper_id(link: Tag) -> str:
    return str(link["href"]).rpartition("/papers/")[2]


def _text(tag: Tag) -> str:
    return " ".join(tag.get_text().split())
