"""Documents of arXiv that hold no list of one day: what the site says with them, and what to adopt instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from extractors.errors import NoList, OutOfReach, PageChanged
from extractors.reading.markup import iso_day
from extractors.sources.arxiv_announced.texts import words
from transforms.errors import PaperlogError
from transforms.records import Cause, Page

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

HOW = "adopt /catchup/CATEGORY/YYYY-MM-DD?abs=True or /list/CATEGORY/new"
LISTS = f"the list of one day with its abstracts: {HOW}"
_SAID_CHARACTERS_MAX = 160
_TOO_OLD = re.compile(r"Invalid date: (\d{4}-\d\d-\d\d)\. Catchup only allowed for past \d{1,4} days")
_TOO_EARLY = re.compile(r"Invalid date: (\d{4}-\d\d-\d\d)\. Can't request date later than today")
_RECENT = "Authors and titles for recent submissions"
_BY_ID = "Authors and titles for "


def no_html(text: str, where: str) -> PageChanged:
    """The error for something that is no HTML document."""
    said = " ".join(text[:2_000].split())
    if said.startswith("Rate exceeded"):
        return PageChanged(where, LISTS, f"{_cut(said)!r}: the site refuses to answer; get the page again later")
    return PageChanged(where, f"the HTML of {LISTS}", f"text: {_cut(said)!r}")


def no_list(soup: BeautifulSoup, where: str, page: Page) -> PaperlogError:
    """The error for a document without a list: the site's own words say what it means."""
    said = _said(soup)
    if found := _TOO_OLD.fullmatch(said):
        return OutOfReach(_same_day(found[1], where, page), said)
    if found := _TOO_EARLY.fullmatch(said):
        return NoList(_same_day(found[1], where, page), said, cause=Cause.TOO_EARLY)
    if soup.select_one("form#catchup-form") is not None:
        return PageChanged(where, LISTS, "the form in which one chooses a list")
    return PageChanged(where, LISTS, f"the site's words {said!r}" if said else "a page without a heading")


def other_list(titles: Sequence[str], heads: Sequence[str], where: str) -> PageChanged:
    """The error for a list that is not that of one day, by its headings of first and second rank."""
    head = heads[0] if heads else ""
    if head == _RECENT:
        found = "the lists of the last five days, which have no abstracts"
    elif head.startswith(_BY_ID):
        found = f"the papers of {_cut(head.removeprefix(_BY_ID))}, by their ids and not by their announcement"
    else:
        found = f"the headings {_cut('; '.join([*titles, *heads]))!r}"
    return PageChanged(where, LISTS, found)


def _said(soup: BeautifulSoup) -> str:
    """The heading, and of a page not found its first paragraph too."""
    title = soup.find("h1")
    said = words(title) if title else ""
    if said == "Not Found" and title is not None and (paragraph := title.find_next("p")) is not None:
        said = f"{said}: {words(paragraph)}"
    return _cut(said)


def _same_day(text: str, where: str, page: Page) -> date:
    day = iso_day(text, where=where)
    if page.asked_on not in (None, day):
        raise PageChanged(where, f"an answer for {page.asked_on}", f"one for {day}")
    return day


def _cut(text: str) -> str:
    return text if len(text) <= _SAID_CHARACTERS_MAX else f"{text[:_SAID_CHARACTERS_MAX]}…"
