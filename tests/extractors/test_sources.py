from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from extractors.errors import PageChanged, WrongPartition
from extractors.sources import (
    SOURCES,
    hf_daily,
    hf_listing_text,
    ml_papers_week,
    source_named,
    weekly_review,
)
from flows.demo.pages import (
    ListedText,
    hf_day_page,
    hf_item,
    listing_dump,
    weekly_dump,
    weekly_header,
)
from flows.demo.papers import invented_paper, invented_review
from transforms.records import Closing, Page

MakePage = Callable[..., Page]
DAY = date(2026, 1, 7)
ITEMS = [
    hf_item(paper.arxiv_id, paper.title, paper.abstract, authors=paper.authors)
    for paper in map(invented_paper, range(3))
]


def test_a_source_is_found_by_its_name_and_carries_it() -> None:
    assert sorted(SOURCES) == ["hf_daily", "hf_listing_text", "ml_papers_week", "weekly_review"]
    for name in SOURCES:
        assert source_named(name).name == name


def test_an_unknown_source_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="there are: hf_daily, hf_listing_text, weekly"):
        source_named("hf")


def test_list_days_are_mondays_to_fridays() -> None:
    days = hf_daily.partitions(date(2026, 1, 1), date(2026, 1, 12))
    assert [day.day for day in days] == [1, 2, 5, 6, 7, 8, 9, 12]
    assert list(hf_daily.partitions(date(2026, 1, 10), date(2026, 1, 11))) == []


def test_weeks_start_on_mondays_in_the_range() -> None:
    assert [day.day for day in weekly_review.partitions(date(2026, 1, 1), date(2026, 1, 19))] == [5, 12, 19]
    assert list(weekly_review.partitions(date(2026, 1, 5), date(2026, 1, 5))) == [date(2026, 1, 5)]
    assert list(weekly_review.partitions(date(2026, 1, 6), date(2026, 1, 11))) == []


def test_requests_ask_for_the_partitions_own_page() -> None:
    daily = hf_daily.request(DAY, "http://127.0.0.1:8000/")
    assert (daily.url, daily.asked_on) == ("http://127.0.0.1:8000/papers/date/2026-01-07", DAY)
    assert weekly_review.request(DAY, "http://127.0.0.1/weekly").url == "http://127.0.0.1/weekly/2026-01-07.txt"
    assert hf_listing_text.SOURCE.request is None


def test_one_page_is_asked_for_whichever_week_is_wanted() -> None:
    asked = [ml_papers_week.request(day, "http://127.0.0.1/lists/") for day in (DAY, date(2024, 8, 12))]
    assert [each.asked_on for each in asked] == [DAY, date(2024, 8, 12)]
    assert {each.url for each in asked} == {"http://127.0.0.1/lists/README.md"}
    assert ml_papers_week.SOURCE.default_url is None
    assert list(ml_papers_week.partitions(date(2024, 8, 8), date(2024, 8, 19))) == [
        date(2024, 8, 12),
        date(2024, 8, 19),
    ]


def test_only_the_daily_list_may_grow_after_its_first_reading() -> None:
    assert {name for name, source in SOURCES.items() if source.closing is Closing.TWO_READS} == {"hf_daily"}
    assert min(SOURCES, key=lambda name: SOURCES[name].trust) == "hf_daily"


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
    (listing,) = weekly_review.parse(make_page("weekly_review", text, asked_on=start))
    assert listing.partition_on == start
    with pytest.raises(WrongPartition, match=f"the page says {start}"):
        weekly_review.parse(make_page("weekly_review", text, asked_on=date(2026, 1, 5)))


def test_a_window_of_other_length_is_read_with_a_warning(make_page: MakePage) -> None:
    reviews = [invented_review(invented_paper(number)) for number in range(15)]
    text = weekly_dump(DAY, reviews[:3], reviews[3:]).replace(weekly_header(DAY), weekly_header(DAY, days=10))
    (listing,) = weekly_review.parse(make_page("weekly_review", text))
    assert [(finding.check_name, finding.observed) for finding in listing.findings] == [("window_days", "10")]


def test_a_dump_with_windows_line_ends_is_the_same_dump(make_page: MakePage) -> None:
    reviews = [invented_review(invented_paper(number)) for number in range(15)]
    text = weekly_dump(DAY, reviews[:3], reviews[3:])
    pages = [make_page("weekly_review", each) for each in (text, text.replace("\n", "\r\n"))]
    first, second = (weekly_review.parse(page)[0].entries for page in pages)
    assert first == second


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
    (listing,) = hf_listing_text.parse(make_page("hf_listing_text", text, fetched_at=fetched_at))
    assert listing.partition_on == own
    assert bool(listing.findings) is ((read_on - own).days > 31)


@pytest.mark.parametrize("dated", ["Feb 30", "Apr 31, 2025", "Feb 29, 2025", "May 0", "Mai 3", "May 3 -1", "May 3, 25"])
def test_a_date_that_is_none_is_refused(make_page: MakePage, dated: str) -> None:
    paper = invented_paper(1)
    text = listing_dump("Jan 7", [ListedText(title=paper.title, abstract=paper.abstract, who="x Ex", dated=dated)])
    with pytest.raises(PageChanged, match="line 19: expected a date"):
        hf_listing_text.parse(make_page("hf_listing_text", text))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"periodType": "day"', '"periodType": "week"', "a day page"),
        ('"isTrending": false', '"isTrending": true', "a day page"),
        ('"query": {}', '"query": {"q": "x"}', "a day page"),
        ('"dateString": "2026-01-07"', '"dateString": "20260107"', "a date YYYY-MM-DD"),
        ('"dateString": "2026-01-07"', '"dateString": 20260107', "the known shape"),
        ('"id":', '"paperId":', "entries with an id and a title"),
    ],
)
def test_a_page_of_another_kind_is_refused(make_page: MakePage, old: str, new: str, message: str) -> None:
    text = hf_day_page(DAY, ITEMS)
    changed = text.replace(old.replace('"', "&quot;"), new.replace('"', "&quot;"))
    assert changed != text
    with pytest.raises(PageChanged, match=message):
        hf_daily.parse(make_page("hf_daily", changed, media_type="text/html"))


def test_a_card_too_few_or_too_many_is_refused(make_page: MakePage) -> None:
    text = hf_day_page(DAY, ITEMS)
    first, last = text.index("<article"), text.rindex("</article>") + len("</article>")
    second = text.index("<article", first + 1)
    for changed in (text[:first] + text[second:], text[:last] + text[first:second] + text[last:]):
        with pytest.raises(PageChanged, match="3 cards, one for each JSON entry"):
            hf_daily.parse(make_page("hf_daily", changed, media_type="text/html"))


def test_more_items_than_a_day_can_have_are_refused(make_page: MakePage) -> None:
    with pytest.raises(PageChanged, match="at most 1000 entries, found 1001"):
        hf_daily.parse(make_page("hf_daily", hf_day_page(DAY, ITEMS[:1] * 1001), media_type="text/html"))


def test_cards_alone_are_refused_where_the_page_came_by_a_redirect_or_says_another_day(make_page: MakePage) -> None:
    url = "https://huggingface.co/papers/date/2026-01-10"
    page = make_page(
        "hf_daily",
        hf_day_page(DAY, ITEMS, with_json=False),
        asked_on=date(2026, 1, 10),
        url=url,
        media_type="text/html",
    )
    with pytest.raises(PageChanged, match="og:url"):
        hf_daily.parse(page)


def test_invented_papers_are_the_same_every_time_and_differ_from_each_other() -> None:
    papers = [invented_paper(number) for number in range(300)]
    assert papers == [invented_paper(number) for number in range(300)]
    for field in ("arxiv_id", "title", "abstract"):
        assert len({getattr(paper, field) for paper in papers}) == len(papers)
    assert all(300 < len(paper.abstract) < 2000 for paper in papers)


def test_a_week_of_another_shape_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="3 top entries and 12 others, not 3 and 11"):
        weekly_dump(DAY, [("a", "b")] * 3, [("a", "b")] * 11)
