"""Rows of a weekly list whose links are broken or name no paper, and weeks whose papers cannot be of their year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from extractors.errors import PageChanged
from extractors.sources.ml_papers_week import SOURCE
from flows.demo.pages import week_row, weeks_of_year, weeks_readme
from transforms.listing.normalize import normalize_all
from transforms.records import Finding, Listing, Page, Sighting

MakePage = Callable[..., Page]
TWEET = "[Tweet](https://posts.example.org/1)"
MARCH = "March 9 - March 15)"


def rows(month: str = "2603", first: str | None = None) -> list[str]:
    links = [f"[Paper](https://arxiv.org/abs/{month}.{at:05}), {TWEET}" for at in range(11, 21)]
    filled = [first, *links[1:]] if first is not None else links
    return [week_row(at, f"**Kites {at}** - They fly.", each) for at, each in enumerate(filled, start=1)]


def listing_of(make_page: MakePage, links: str) -> Listing:
    page = make_page("ml_papers_week", weeks_readme([(f"{MARCH} - 2026", rows(first=links))]))
    (listing,) = SOURCE.parse(page)
    return listing


def first_of(listing: Listing) -> Sighting:
    sightings, rejections = normalize_all(listing, read_on=date(2026, 3, 20))
    assert (len(sightings), rejections) == (10, ())
    return sightings[0]


def warned(listing: Listing) -> list[tuple[str, str | None]]:
    return [(each.check_name, each.place) for each in listing.findings]


@pytest.mark.parametrize(
    ("links", "arxiv_id"),
    [
        (f"https://arxiv.org/abs/2603.00077, {TWEET}", "2603.00077"),
        ("https://arxiv.org/abs/2603.00077", "2603.00077"),
        (f'<a href="https://arxiv.org/pdf/2603.00077v2">Paper</a>, {TWEET}', "2603.00077"),
        (f"[Paper](https://arxiv.org/abs/2603.00077, {TWEET}", "2603.00077"),
        (f"[Paper]https://arxiv.org/abs/2603.00077, {TWEET}", "2603.00077"),
        ("[Paper](https://arxiv.org/abs/2603.00077), [Tweet](https://posts.example.org/1", "2603.00077"),
        (f"<https://www.alphaxiv.org/abs/2603.00077>; {TWEET}", "2603.00077"),
        (f"[Paper](https://arxiv.org/abs/ 2603.00077), {TWEET}", None),
        (f"[Paper](https://arxiv.org/abs/2603.0 0077), {TWEET}", None),
        (f"[Paper](https://labs.example.org/our paper.pdf), {TWEET}", None),
        (f"[Paper](https://labs.example.org/a.pdf, {TWEET}", None),
        ("https://labs.example.org/a.pdf", None),
    ],
)
def test_a_broken_link_costs_no_row_and_an_arxiv_address_is_read_all_the_same(
    make_page: MakePage, links: str, arxiv_id: str | None
) -> None:
    listing = listing_of(make_page, links)
    assert first_of(listing).arxiv_id == arxiv_id
    assert warned(listing) == [("link_unreadable", "file:page line 11")]


@pytest.mark.parametrize(
    "links",
    [
        "[Paper](https://arxiv.org/abs/2603.00077), [Paper](https://arxiv.org/abs/2603.00078)",
        f"[Paper](https://arxiv.org/abs/2603.0077), {TWEET}",
        f"[Paper](https://cn.arxiv.org/abs/2603.00077), {TWEET}",
        f"[PDF](https://www.alphaxiv.org/en/overview/2603.00077), {TWEET}",
        f"[Paper](https://huggingface.co/papers/2603.00077.md), {TWEET}",
        f"[Paper](https://search.example.org/url?q=https://arxiv.org/abs/2603.00077&sa=D), {TWEET}",
        "[Tweet](https://arxiv.org/abs/2603.00077), [Blog](https://arxiv.org/abs/2603.00078)",
    ],
)
def test_a_row_with_the_number_of_a_paper_and_no_identifier_is_warned_of(make_page: MakePage, links: str) -> None:
    listing = listing_of(make_page, links)
    assert first_of(listing).arxiv_id is None
    assert warned(listing) == [("paper_not_identified", "file:page line 11")]


@pytest.mark.parametrize(
    ("links", "arxiv_id"),
    [
        ("[Paper](https://arxiv.org/abs/2603.00077), [Paper](https://arxiv.org/pdf/2603.00077v2)", "2603.00077"),
        ("[Paper](https://arxiv.org/abs/2603.00077), [Blog](https://arxiv.org/abs/2603.00078)", "2603.00077"),
        ("[Paper](https://a.example.org/s41586-026-1234.5678), [Code](https://arxiv.org/abs/2603.00077)", "2603.00077"),
        (f"[Paper](https://journal.example.org/articles/10.2601.12345), {TWEET}", None),
        (f"[Paper](https://openreview.example.org/forum?id=2603), {TWEET}", None),
    ],
)
def test_a_row_that_names_one_paper_or_none_is_not(make_page: MakePage, links: str, arxiv_id: str | None) -> None:
    listing = listing_of(make_page, links)
    assert first_of(listing).arxiv_id == arxiv_id
    assert warned(listing) == []


@pytest.mark.parametrize("heading", [f"{MARCH} - 2025", "December 29 - January 4) - 2026"])
def test_a_week_with_a_year_before_its_papers_came_is_refused_at_its_heading(make_page: MakePage, heading: str) -> None:
    later = rows("2602" if "January" in heading else "2603")
    with pytest.raises(PageChanged, match=r"line 8: .*papers of about 2026-0[23]: the year may be wrong"):
        SOURCE.parse(make_page("ml_papers_week", weeks_readme([(heading, later)])))


def test_a_year_in_the_pages_title_alone_is_believed_with_a_warning_at_each_week(make_page: MakePage) -> None:
    text = weeks_of_year(2025, [("March 2 - March 8)", rows()), ("January 1 - January 7)", rows("2601"))])
    listings = SOURCE.parse(make_page("ml_papers_week", text))
    found: list[Finding] = [each for listing in listings for each in listing.findings]
    assert [(each.check_name, each.observed[:23]) for each in found if each.check_name != "weeks_apart"] == [
        ("papers_after_week", "papers of about 2026-03"),
        ("papers_after_week", "papers of about 2026-01"),
    ]


@pytest.mark.parametrize("month", ["2603", "2602", "2511"])
def test_papers_of_the_weeks_month_or_before_are_as_expected(make_page: MakePage, month: str) -> None:
    (listing,) = SOURCE.parse(make_page("ml_papers_week", weeks_readme([(f"{MARCH} - 2026", rows(month))])))
    assert listing.findings == ()


def test_a_single_paper_from_after_the_week_is_no_reason_to_doubt_its_year(make_page: MakePage) -> None:
    listing = listing_of(make_page, f"[Paper](https://arxiv.org/abs/2609.00077), {TWEET}")
    assert listing.partition_on == date(2026, 3, 9)
