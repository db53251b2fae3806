"""Hugging Face Daily Papers: pages of another kind, and cards that contradict the JSON, are refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from extractors.errors import PageChanged
from extractors.sources import SOURCES
from extractors.sources.hf_daily import SOURCE
from flows.demo.pages import hf_day_page, hf_item
from flows.demo.papers import invented_paper
from transforms.records import Closing, Page

MakePage = Callable[..., Page]
DAY = date(2026, 1, 7)
ITEMS = [
    hf_item(paper.arxiv_id, paper.title, paper.abstract, authors=paper.authors)
    for paper in map(invented_paper, range(3))
]


def test_a_request_asks_for_the_days_own_page() -> None:
    assert SOURCE.request is not None
    assert SOURCE.request(DAY, "http://127.0.0.1:8000/").url == "http://127.0.0.1:8000/papers/date/2026-01-07"
    assert SOURCE.partitions(date(2026, 1, 9), date(2026, 1, 12)) == [date(2026, 1, 9), date(2026, 1, 12)]


def test_the_list_may_grow_after_its_first_reading_and_is_believed_first() -> None:
    assert SOURCE.closing is Closing.TWO_READS
    assert SOURCE.trust == min(source.trust for source in SOURCES.values())


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
        SOURCE.parse(make_page("hf_daily", changed, media_type="text/html"))


def test_a_card_too_few_or_too_many_is_refused(make_page: MakePage) -> None:
    text = hf_day_page(DAY, ITEMS)
    first, last = text.index("<article"), text.rindex("</article>") + len("</article>")
    second = text.index("<article", first + 1)
    for changed in (text[:first] + text[second:], text[:last] + text[first:second] + text[last:]):
        with pytest.raises(PageChanged, match="3 cards, one for each JSON entry"):
            SOURCE.parse(make_page("hf_daily", changed, media_type="text/html"))


def test_more_items_than_a_day_can_have_are_refused(make_page: MakePage) -> None:
    with pytest.raises(PageChanged, match="at most 1000 entries, found 1001"):
        SOURCE.parse(make_page("hf_daily", hf_day_page(DAY, ITEMS[:1] * 1001), media_type="text/html"))


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
        SOURCE.parse(page)
