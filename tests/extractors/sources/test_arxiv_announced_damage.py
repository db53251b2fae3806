"""A day of arXiv's announcements with anything missing or contradicting itself is refused, never read short."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from extractors.errors import PageChanged
from extractors.sources import source_named
from tests.support.arxiv_pages import Counts, catchup_parts
from transforms.records import Page

DAY = date(2026, 8, 12)
COUNTS = Counts(new=30, cross=16, replaced=14)
PLACES = 20
ENTRY = re.compile(r"    <dt>\n.*?    </dd>\n", re.DOTALL)
SECTION = re.compile(r"      <dl id='articles'>\n.*?</dl>\n", re.DOTALL)


@pytest.fixture(scope="module")
def page(make_page: Callable[..., Page]) -> Page:
    """A day of 60 entries in four parts."""
    body = "\n".join(catchup_parts("cs.LG", DAY, COUNTS, per_page=17))
    url = f"https://arxiv.org/catchup/cs.LG/{DAY}?abs=True"
    read_at = datetime(2026, 8, 13, 5, tzinfo=UTC)
    return make_page("arxiv_announced:cs.LG", body, asked_on=DAY, url=url, fetched_at=read_at, media_type="text/html")


def test_the_whole_day_is_read(page: Page) -> None:
    (listing,) = source_named(page.source).parse(page)
    assert len(listing.entries) == COUNTS.total


def test_a_day_without_any_entry_part_or_section_is_refused(page: Page) -> None:
    text = page.body.decode()
    damaged = [*_without_each(ENTRY, text, PLACES), *_without_each(SECTION, text, PLACES), *_without_each_part(text)]
    assert len(damaged) == PLACES + 6 + 4
    for each in damaged:
        _must_be_refused(page, each)


@pytest.mark.parametrize(
    "piece",
    [
        r"    <dt>\n.*?    </dt>\n",
        r"    <dd>\n.*?    </dd>\n",
        r"<a name='item\d+'>\[\d+\]</a>",
        r"<a href =\"/abs/[^>]*>\s*arXiv:\S+\s*</a>",
        r"<div class='list-title.*?</div>",
        r"<div class='list-authors.*?</div>",
        r"<div class='list-subjects.*?</div>",
        r"<p class='mathjax'>.*?</p>",
        r"<span class=\"primary-subject\">.*?</span>",
        r" *\((?:cross-list from \S+|replaced)\)\n",
    ],
)
def test_an_entry_without_one_of_its_pieces_is_refused(page: Page, piece: str) -> None:
    for damaged in _without_each(re.compile(piece, re.DOTALL), page.body.decode(), PLACES):
        _must_be_refused(page, damaged)


def test_one_title_of_sixty_under_another_name_is_refused(page: Page) -> None:
    _must_be_refused(page, page.body.decode().replace("list-title", "list-heading", 1))


@pytest.mark.parametrize(
    ("printed", "changed"),
    [
        ("showing first 17 of 30", "showing first 16 of 30"),
        ("showing first 17 of 30", "showing first 17 of 31"),
        ("Total of 60 entries", "Total of 61 entries"),
        ("Cross submissions", "Other submissions"),
        ("[44]", "[43]"),
        ("Wed, 12 Aug 2026", "Tue, 12 Aug 2026"),
        ("(cross-list from stat.ML)", "(cross-list from cs.CV)"),
        ("(cross-list from stat.ML)", "(withdrawn)"),
        ("    (replaced)\n", "    (cross-list from cs.LG)\n"),
    ],
)
def test_a_figure_day_or_mark_that_contradicts_the_rest_is_refused(page: Page, printed: str, changed: str) -> None:
    text = page.body.decode()
    assert printed in text
    _must_be_refused(page, text.replace(printed, changed, 1))


def test_two_parts_in_another_order_are_refused(page: Page) -> None:
    first, second, *rest = page.body.decode().split("\n<!DOCTYPE html>")
    body = "\n<!DOCTYPE html>".join([f"<!DOCTYPE html>{second}", first.removeprefix("<!DOCTYPE html>"), *rest])
    _must_be_refused(page, body)


def test_a_part_twice_is_refused(page: Page) -> None:
    first, *rest = page.body.decode().split("\n<!DOCTYPE html>")
    for at in range(len(rest)):
        _must_be_refused(page, "\n<!DOCTYPE html>".join([first, *rest[: at + 1], *rest[at:]]))


def test_a_day_cut_anywhere_is_refused(page: Page) -> None:
    for share in range(PLACES):
        _must_be_refused(page, page.body.decode()[: len(page.body) * share // PLACES])


def test_markup_in_a_title_or_an_abstract_does_not_make_entries(page: Page) -> None:
    hostile = "&lt;/dd&gt;&lt;dt&gt; Total of 5 entries for No updates for &lt;html&gt; (replaced) [99]"
    text = page.body.decode().replace("We study", f"Total of 5 entries {hostile} We study", 3)
    (listing,) = source_named(page.source).parse(replace(page, body=text.encode()))
    assert len(listing.entries) == COUNTS.total
    assert "<dt>" in (listing.entries[0].abstract or "")


@pytest.mark.slow
@pytest.mark.parametrize(
    "filler",
    [
        "(",
        "<div>",
        "<!--",
        "<html>",
        "<dt>",
        "<dd></dd>",
        "<h3>",
        "</html>",
        "Total of 5 entries for ",
        "<a href='/list/x/y'>",
    ],
)
def test_a_megabyte_of_anything_takes_no_long_time(page: Page, filler: str) -> None:
    text, much = page.body.decode(), filler * (1_000_000 // len(filler))
    for at in ("<div id='dlpage'>", "arXiv:2608.00005", "Title:</span>", "</html>", "<div class='list-authors'>"):
        start = time.process_time()
        with suppress(PageChanged):
            source_named(page.source).parse(replace(page, body=text.replace(at, at + much, 1).encode()))
        assert time.process_time() - start < 20


def _without_each(piece: re.Pattern[str], text: str, places: int) -> Iterator[str]:
    """The text without one of the pieces, at so many places spread over all of them."""
    found = list(piece.finditer(text))
    for at in sorted({index * len(found) // places for index in range(places)}):
        yield text[: found[at].start()] + text[found[at].end() :]


def _without_each_part(text: str) -> Iterator[str]:
    first, *rest = text.split("\n<!DOCTYPE html>")
    parts = [first, *(f"<!DOCTYPE html>{each}" for each in rest)]
    for at in range(len(parts)):
        yield "\n".join(parts[:at] + parts[at + 1 :])


def _must_be_refused(page: Page, text: str) -> None:
    with pytest.raises(PageChanged):
        source_named(page.source).parse(replace(page, body=text.encode()))
