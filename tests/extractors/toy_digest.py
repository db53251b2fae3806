"""Toy Digest, a daily list in HTML: one <article> per paper. Invented: the whole of what a new source needs.

A page stands for the day in `time.list-day`; a link to the next day closes it.
"""

from __future__ import annotations

from datetime import date

from bs4 import Tag

from extractors.errors import WrongPartition
from extractors.reading.decode import decoded
from extractors.reading.markup import attribute, iso_day, many, maybe, one, soup_of
from extractors.source import PageRequest, Schedule, Source, every_day
from transforms.records import (
    Closing,
    Entry,
    Expectations,
    Listing,
    Metric,
    Page,
)

NAME = "toy_digest"


def parse(page: Page) -> tuple[Listing, ...]:
    """The one listing on the page."""
    text, findings = decoded(page)
    soup, where = soup_of(text), page.final_url
    day = iso_day(attribute(one(soup, "time.list-day", where=where), "datetime", where=where), where=f"{where} time")
    if page.asked_on not in (None, day):
        raise WrongPartition(page.asked_on or day, day)
    articles = many(soup, "main article", where=where)
    listing = Listing(
        source=NAME,
        page_sha256=page.sha256,
        partition_on=day,
        is_closed=maybe(soup, "a[rel=next]", where=where) is not None,
        entries=tuple(_entry(article, position, where) for position, article in enumerate(articles, start=1)),
        findings=findings,
    )
    return (listing,)


def request(partition_on: date, base_url: str) -> PageRequest:
    """The day's own page."""
    return PageRequest(source=NAME, asked_on=partition_on, url=f"{base_url}/{partition_on}.html")


def _entry(article: Tag, position: int, where: str) -> Entry:
    link = one(article, "h3 a", where=where)
    return Entry(
        position=position,
        place=f"article[{position - 1}]",
        said=article.get_text(" | ", strip=True),
        arxiv_id=attribute(link, "href", where=where),
        title=link.get_text(),
        abstract=one(article, "p", where=where).get_text(),
        metrics=((Metric.UPVOTES, one(article, "b", where=where).get_text()),),
    )


SOURCE = Source(
    name=NAME,
    version=1,
    trust=6,
    stands_for="a day's list, with upvotes",
    comes_from="its page `/D.html`, fetched or adopted",
    closes="a next day exists",
    parse=parse,
    partitions=every_day,
    expectations=Expectations(entries_min=1, entries_max=50, filled=(("title_text", 1.0), ("abstract_text", 1.0))),
    closing=Closing.FIRST_READ,
    request=request,
    token_variable="PAPERLOG_TOY_TOKEN",  # noqa: S106 - a variable's name
    requests_per_second_max=0.5,
    schedules=(Schedule(slug="evenings", cron="0 20 * * *", days_back=(0,)),),
)
