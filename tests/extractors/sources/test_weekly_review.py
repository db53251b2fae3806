"""The weekly review: the window in its first line, and its line ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from extractors.errors import WrongPartition
from extractors.sources.weekly_review import SOURCE
from flows.demo.pages import weekly_dump, weekly_header
from flows.demo.papers import invented_paper, invented_review
from transforms.records import Closing, Page

MakePage = Callable[..., Page]
DAY = date(2026, 1, 7)


def test_a_request_asks_for_the_weeks_own_dump() -> None:
    assert SOURCE.request is not None
    assert SOURCE.request(DAY, "http://127.0.0.1/weekly").url == "http://127.0.0.1/weekly/2026-01-07.txt"
    assert SOURCE.default_url is None
    assert SOURCE.closing is Closing.FIRST_READ
    assert SOURCE.partitions(date(2026, 1, 1), date(2026, 1, 12)) == [date(2026, 1, 5), date(2026, 1, 12)]


@pytest.mark.parametrize(
    ("start", "header"),
    [
        (date(2026, 6, 21), "Last 7 Days (June 21 \u2013 June 27, 2026)"),
        (date(2026, 3, 31), "Last 7 Days (March 31 \u2013 April 06, 2026)"),
        (date(2025, 12, 29), "Last 7 Days (December 29 \u2013 January 04, 2026)"),
    ],
)
def test_a_weeks_first_day_is_read_from_the_last_days_year(make_page: MakePage, start: date, header: str) -> None:
    reviews = [invented_review(invented_paper(number)) for number in range(15)]
    text = weekly_dump(start, reviews[:3], reviews[3:])
    assert text.startswith(header)
    (listing,) = SOURCE.parse(make_page("weekly_review", text, asked_on=start))
    assert listing.partition_on == start
    with pytest.raises(WrongPartition, match=f"the page says {start}"):
        SOURCE.parse(make_page("weekly_review", text, asked_on=date(2026, 1, 5)))


def test_a_window_of_other_length_is_read_with_a_warning(make_page: MakePage) -> None:
    reviews = [invented_review(invented_paper(number)) for number in range(15)]
    text = weekly_dump(DAY, reviews[:3], reviews[3:]).replace(weekly_header(DAY), weekly_header(DAY, days=10))
    (listing,) = SOURCE.parse(make_page("weekly_review", text))
    assert [(finding.check_name, finding.observed) for finding in listing.findings] == [("window_days", "10")]


def test_a_dump_with_windows_line_ends_is_the_same_dump(make_page: MakePage) -> None:
    reviews = [invented_review(invented_paper(number)) for number in range(15)]
    text = weekly_dump(DAY, reviews[:3], reviews[3:])
    pages = [make_page("weekly_review", each) for each in (text, text.replace("\n", "\r\n"))]
    first, second = (SOURCE.parse(page)[0].entries for page in pages)
    assert first == second
