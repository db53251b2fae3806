"""The text dump of a listing: the page's own date without a year, and dates that are none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from extractors.errors import PageChanged
from extractors.sources.hf_listing_text import SOURCE
from flows.demo.pages import ListedText, listing_dump
from flows.demo.papers import invented_paper
from transforms.records import Closing, Page

MakePage = Callable[..., Page]
DAY = date(2026, 1, 7)


def test_a_dump_of_any_day_comes_as_a_file_and_is_final_at_once() -> None:
    assert SOURCE.request is None
    assert SOURCE.closing is Closing.FIRST_READ
    assert SOURCE.partitions(DAY, date(2026, 1, 8)) == [DAY, date(2026, 1, 8)]


@pytest.mark.parametrize(
    ("printed", "read_on", "own"),
    [
        ("Jun 1", date(2026, 6, 1), date(2026, 6, 1)),
        ("Jun 1", date(2026, 5, 31), date(2025, 6, 1)),
        ("Dec 31", date(2026, 1, 1), date(2025, 12, 31)),
        ("Feb 29", date(2026, 3, 1), date(2024, 2, 29)),
    ],
)
def test_the_hidden_year_is_the_latest_that_is_not_after_the_reading(
    make_page: MakePage, printed: str, read_on: date, own: date
) -> None:
    paper = invented_paper(1)
    text = listing_dump(
        printed, [ListedText(title=paper.title, abstract=paper.abstract, who="  \u2022 1 authors", dated="Jan 2")]
    )
    fetched_at = datetime(read_on.year, read_on.month, read_on.day, 12, tzinfo=UTC)
    (listing,) = SOURCE.parse(make_page("hf_listing_text", text, fetched_at=fetched_at))
    assert listing.partition_on == own
    assert bool(listing.findings) is ((read_on - own).days > 31)


@pytest.mark.parametrize("dated", ["Feb 30", "Apr 31, 2025", "Feb 29, 2025", "May 0", "Mai 3", "May 3 -1", "May 3, 25"])
def test_a_date_that_is_none_is_refused(make_page: MakePage, dated: str) -> None:
    paper = invented_paper(1)
    text = listing_dump("Jan 7", [ListedText(title=paper.title, abstract=paper.abstract, who="x Ex", dated=dated)])
    with pytest.raises(PageChanged, match="line 19: expected a date"):
        SOURCE.parse(make_page("hf_listing_text", text))
