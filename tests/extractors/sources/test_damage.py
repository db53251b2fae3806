"""A damaged page is refused, or gives only rows that are right: never a wrong one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from extractors.errors import PageChanged
from extractors.landing.adopt import page_of_file
from extractors.sources import hf_daily, hf_listing_text, weekly_review
from flows.demo.pages import (
    ListedText,
    hf_day_page,
    hf_item,
    listing_dump,
    long_review,
    weekly_dump,
)
from flows.demo.papers import invented_paper, invented_review
from transforms.records import Entry, Listing, Page

DUMPS = (
    ("000_77758ebc7ef0e254.txt", weekly_review.SOURCE.parse),
    ("003_574adb222f1cf92f.txt", hf_listing_text.SOURCE.parse),
    ("004_984d391f955018a4.txt", weekly_review.SOURCE.parse),
)
MakePage = Callable[..., Page]
Parse = Callable[[Page], tuple[Listing, ...]]
READ_AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
WEEK = date(2026, 1, 5)
PAPERS = [invented_paper(number) for number in range(15)]


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "parse"), DUMPS)
def test_a_real_dump_without_any_one_line_is_refused(shared_data: Path, name: str, parse: Parse) -> None:
    page = page_of_file(shared_data / "dumps" / name, "any", READ_AT)
    for damaged in _without_one_line(page):
        _must_be_refused(parse, damaged)


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "parse"), DUMPS)
def test_a_real_dump_cut_anywhere_gives_no_wrong_row(shared_data: Path, name: str, parse: Parse) -> None:
    page = page_of_file(shared_data / "dumps" / name, "any", READ_AT)
    whole = parse(page)[0].entries
    for share in range(1, 400):
        _must_give_only_right_rows(parse, _cut(page, len(page.body) * share // 400), whole)
    for end in range(len(page.body) - 60, len(page.body)):
        _must_give_only_right_rows(parse, _cut(page, end), whole)


@pytest.mark.shared_data
def test_a_real_day_page_cut_at_ten_places_is_refused(shared_data: Path) -> None:
    for path in sorted((shared_data / "hf_daily").glob("*.html")):
        page = page_of_file(path, "hf_daily")
        for tenth in range(10):
            _must_be_refused(hf_daily.SOURCE.parse, _cut(page, (len(page.body) - 10) * tenth // 10 + 5))


def test_a_day_page_cut_anywhere_is_refused(make_page: MakePage) -> None:
    items = [hf_item(paper.arxiv_id, paper.title, paper.abstract) for paper in PAPERS[:2]]
    page = make_page("hf_daily", hf_day_page(date(2026, 1, 7), items), media_type="text/html")
    for end in range(0, len(page.body) - 1, 53):
        _must_be_refused(hf_daily.SOURCE.parse, _cut(page, end))


@pytest.mark.parametrize("kind", ["long", "short", "mixed", "ends with a short one"])
def test_a_weekly_dump_without_any_one_line_is_refused(make_page: MakePage, kind: str) -> None:
    page = make_page("weekly_review", _week(kind))
    assert len(weekly_review.SOURCE.parse(page)[0].entries) == 18
    for damaged in _without_one_line(page):
        _must_be_refused(weekly_review.SOURCE.parse, damaged)


@pytest.mark.parametrize("kind", ["long", "short", "mixed", "ends with a short one"])
def test_a_weekly_dump_cut_anywhere_is_refused(make_page: MakePage, kind: str) -> None:
    page = make_page("weekly_review", _week(kind))
    whole = weekly_review.SOURCE.parse(page)[0].entries
    for end in range(1, len(page.body) - 1, 97):
        _must_be_refused(weekly_review.SOURCE.parse, _cut(page, end))
    for end in range(len(page.body) - 400, len(page.body) - 1):
        _must_be_refused(weekly_review.SOURCE.parse, _cut(page, end))
    _must_give_only_right_rows(weekly_review.SOURCE.parse, _cut(page, len(page.body) - 1), whole)


@pytest.mark.parametrize("kind", ["long", "mixed"])
def test_a_weekly_dump_with_a_line_of_an_entrys_frame_swapped_is_refused(make_page: MakePage, kind: str) -> None:
    """Abstract, institutions, summary and closing line have their places; two sections of one review look alike."""
    page = make_page("weekly_review", _week(kind))
    for entry in weekly_review.SOURCE.parse(page)[0].entries:
        if entry.review and entry.review.sections and entry.first_line:
            last = entry.first_line + 4 + len(entry.review.sections)
            pairs = [(number, number + 1) for number in (*range(entry.first_line, entry.first_line + 4), last - 1)]
            for pair in pairs:
                _must_be_refused(weekly_review.SOURCE.parse, _swapped(page, *pair))


def test_a_top_entry_with_any_two_of_its_lines_swapped_is_refused(make_page: MakePage) -> None:
    page = make_page("weekly_review", _week("mixed"))
    for first in range(2, 20):
        _must_be_refused(weekly_review.SOURCE.parse, _swapped(page, first, first + 1))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_two_lost_lines_never_give_a_wrong_week(data: st.DataObject, make_page: MakePage) -> None:
    page = make_page("weekly_review", _week(data.draw(st.sampled_from(["long", "short", "mixed"]))))
    count = page.body.count(b"\n")
    lost = data.draw(st.sets(st.integers(0, count - 1), min_size=2, max_size=2))
    lines = page.body.splitlines(keepends=True)
    assume(len({lines[index] for index in lost}) == 2)  # the same section gone in both places is a real shape
    body = b"".join(line for index, line in enumerate(lines) if index not in lost)
    _must_be_refused(weekly_review.SOURCE.parse, replace(page, body=body))


def test_three_sections_are_believed_where_a_second_place_says_the_same(make_page: MakePage) -> None:
    reviews = [invented_review(paper) for paper in PAPERS]
    three = long_review(PAPERS[0].abstract, "Labs", "Labs", "It is a summary.", ["One.", "Two.", "Three."], "Own.")
    page = make_page("weekly_review", weekly_dump(WEEK, [three, *reviews[1:3]], reviews[3:]))
    first = weekly_review.SOURCE.parse(page)[0].entries[0]
    assert first.review is not None
    assert first.review.sections == ("One.", "Two.", "Three.")
    page = make_page("weekly_review", weekly_dump(WEEK, reviews[:3], [three, *reviews[4:]]))
    _must_be_refused(weekly_review.SOURCE.parse, page)


def test_a_listing_dump_without_any_one_line_is_refused(make_page: MakePage) -> None:
    page = make_page("hf_listing_text", _listing())
    for damaged in _without_one_line(page):
        _must_be_refused(hf_listing_text.SOURCE.parse, damaged)


@pytest.mark.slow
def test_a_listing_dump_cut_anywhere_gives_no_wrong_row(make_page: MakePage) -> None:
    page = make_page("hf_listing_text", _listing())
    whole = hf_listing_text.SOURCE.parse(page)[0].entries
    for end in range(len(page.body)):
        _must_give_only_right_rows(hf_listing_text.SOURCE.parse, _cut(page, end), whole)


def test_a_line_of_another_part_in_a_listing_dump_is_refused(make_page: MakePage) -> None:
    page = make_page("hf_listing_text", _listing())
    for first in range(1, page.body.count(b"\n")):
        damaged = _swapped(page, first, first + 1)
        if damaged.body != page.body:
            _must_be_refused(hf_listing_text.SOURCE.parse, damaged)


def _week(kind: str) -> str:
    long: set[int] = {
        "long": set(range(15)),
        "short": set(),
        "mixed": set(range(0, 15, 2)),
        "ends with a short one": set(range(14)),
    }[kind]
    reviews = [
        invented_review(paper, is_long=paper.number in long, is_variant_a=paper.number % 3 == 0) for paper in PAPERS
    ]
    return weekly_dump(WEEK, reviews[:3], reviews[3:])


def _listing() -> str:
    dates = ("Jan 5", "Apr 22, 2025 12", None, "Dec 3, 2024", "Jan 21")
    return listing_dump(
        "Jan 7",
        [
            ListedText(title=paper.title, abstract=paper.abstract, who=dated and "  \u2022 3 authors", dated=dated)
            for paper, dated in zip(PAPERS, dates, strict=False)
        ],
    )


def _without_one_line(page: Page) -> Iterator[Page]:
    lines = page.body.splitlines(keepends=True)
    for index in range(len(lines)):
        yield replace(page, body=b"".join(lines[:index] + lines[index + 1 :]))


def _swapped(page: Page, first: int, second: int) -> Page:
    lines = page.body.splitlines(keepends=True)
    lines[first - 1], lines[second - 1] = lines[second - 1], lines[first - 1]
    return replace(page, body=b"".join(lines))


def _cut(page: Page, end: int) -> Page:
    return replace(page, body=page.body[:end])


def _must_be_refused(parse: Parse, page: Page) -> None:
    with pytest.raises(PageChanged):
        parse(page)


def _must_give_only_right_rows(parse: Parse, page: Page, whole: tuple[Entry, ...]) -> None:
    """Refused, or the first entries as they are; only the last one's comments may be unknown, never wrong."""
    try:
        found = parse(page)[0].entries
    except PageChanged:
        return
    assert found[:-1] == whole[: len(found) - 1]
    last = whole[len(found) - 1]
    assert found[-1] in (last, replace(last, metrics=(), said=found[-1].said))
    assert last.said.startswith(found[-1].said)
