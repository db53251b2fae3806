"""arXiv's announcements: series, days, addresses, the parts of a long list, and what an empty one means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from extractors.errors import NoList, PageChanged, UnknownSource, WrongPartition
from extractors.source import PageRequest
from extractors.sources import source_named
from extractors.sources.arxiv_announced import SOURCE
from tests.support.arxiv_pages import (
    Counts,
    beyond_catchup,
    catchup_parts,
    empty_catchup,
    entry,
    new_page,
    refusal_page,
)
from tests.support.pages import batch_of
from transforms.records import Cause, Closing, Listing, Outcome, Page

MakePage = Callable[..., Page]
DAY = date(2026, 8, 12)
READ_AT = datetime(2026, 8, 13, 5, tzinfo=UTC)
BASE = "https://arxiv.org"
COUNTS = Counts(new=1500, cross=600, replaced=300)


@pytest.fixture(scope="module")
def long_parts() -> list[str]:
    return catchup_parts("cs.LG", DAY, COUNTS, per_page=1000)


def test_a_series_is_a_source_of_its_own() -> None:
    source = source_named("arxiv_announced:cs.LG")
    assert (source.name, source.family, source.series) == ("arxiv_announced:cs.LG", "arxiv_announced", "cs.LG")
    assert source.closing is Closing.TWO_READS
    assert source.schedules == SOURCE.schedules
    assert all(source_named(f"arxiv_announced:{series}") for series in SOURCE.series_default)


@pytest.mark.parametrize(
    "series", ["stat.ML", "math", "astro-ph", "astro-ph.GA", "q-fin", "cond-mat.mtrl-sci", "grp_physics", "cs.ZZ"]
)
def test_what_a_category_may_be_called(series: str) -> None:
    assert source_named(f"arxiv_announced:{series}").series == series


@pytest.mark.parametrize(
    ("series", "why"),
    [
        ("", "write one like cs.LG"),
        ("cs/LG", "write one like cs.LG"),
        ("../x", "write one like cs.LG"),
        ("cs.LG\n", "write one like cs.LG"),
        ("grp_math", "write one like cs.LG"),
        ("x" * 33, "write one like cs.LG"),
        ("cs.lg", r"did you mean cs\.LG\?"),
        ("cs.NA", r"cs\.NA is another name of math\.NA: write that"),
    ],
)
def test_what_no_category_is_called(series: str, why: str) -> None:
    with pytest.raises(UnknownSource, match=why):
        source_named(f"arxiv_announced:{series}")


def test_list_days_are_weekdays_whose_evening_before_has_an_announcement() -> None:
    days = SOURCE.partitions(date(2026, 1, 1), date(2026, 12, 31))
    weekdays = {day for day in (date.fromordinal(each) for each in range(739617, 739982)) if day.isoweekday() <= 5}
    missing = ["2026-01-02", "2026-01-20", "2026-09-08", "2026-11-27", "2026-12-30"]
    assert [str(day) for day in sorted(weekdays - set(days))] == missing
    assert not set(days) - weekdays
    assert SOURCE.partitions(date(2025, 11, 28), date(2025, 12, 1)) == [date(2025, 11, 28), date(2025, 12, 1)]


def test_the_address_of_a_day() -> None:
    asked = _request("math.NA")
    assert asked.url == f"{BASE}/catchup/math.NA/2026-08-12?abs=True"
    assert (asked.source, asked.asked_on, asked.statuses) == (
        "arxiv_announced:math.NA",
        DAY,
        frozenset({200, 400, 404}),
    )


def test_a_long_list_is_asked_for_part_by_part(make_page: MakePage, long_parts: list[str]) -> None:
    asked = _request("cs.LG")
    assert _asked_after(make_page, asked, long_parts) == [
        f"{BASE}/catchup/cs.LG/2026-08-12?abs=True&page=2",
        f"{BASE}/catchup/cs.LG/2026-08-12?abs=True&page=3",
        None,
    ]
    shrunk = [long_parts[0], beyond_catchup("cs.LG", DAY, COUNTS)]
    assert _asked_after(make_page, asked, shrunk)[-1] is None
    assert _asked_after(make_page, asked, [long_parts[0]] * 50)[-1] is None
    assert _asked_after(make_page, asked, [refusal_page("Invalid date")]) == [None]
    assert _asked_after(make_page, asked, ["Rate exceeded."]) == [None]


def test_an_empty_list_is_asked_about_once_and_only_where_it_may_mean_either(make_page: MakePage) -> None:
    empty = empty_catchup("cs.GL", DAY)
    asked = _request("cs.GL")
    assert _asked_after(make_page, asked, [empty, empty_catchup("cs.LG", DAY)]) == [f"{BASE}/catchup/cs.LG/{DAY}", None]
    assert _asked_after(make_page, _request("cs.LG"), [empty_catchup("cs.LG", DAY)]) == [None]
    for day in (date(2026, 8, 15), date(2026, 11, 27)):
        assert _asked_after(make_page, _request("cs.GL", day), [empty_catchup("cs.GL", day)]) == [None]


def test_2400_entries_in_three_parts_are_one_list(make_page: MakePage, long_parts: list[str]) -> None:
    listing = _parsed(make_page, "cs.LG", long_parts)
    assert (listing.source, listing.partition_on) == ("arxiv_announced:cs.LG", DAY)
    assert (listing.is_closed, listing.is_partial, listing.findings) == (True, False, ())
    sections = [each.section for each in listing.entries]
    assert [sections.count(name) for name in ("new", "cross", "replaced")] == [1500, 600, 300]
    assert [each.position for each in listing.entries] == [*range(1, 1501), *range(1, 601), *range(1, 301)]
    assert len({each.arxiv_id for each in listing.entries}) == 2400


def test_a_whole_day_becomes_sightings(make_page: MakePage) -> None:
    page = _page(make_page, "cs.LG", catchup_parts("cs.LG", DAY, Counts(new=12, cross=5, replaced=5)))
    batch = batch_of(page)
    assert (batch.outcome, batch.reason, batch.is_closed) == (Outcome.LISTING, None, True)
    assert (len(batch.sightings), batch.rejections, batch.findings) == (22, (), ())
    assert [each.arxiv_version for each in batch.sightings[:4]] == [1, 1, 1, None]


def test_the_next_day_is_the_one_that_the_page_links(make_page: MakePage) -> None:
    thursday, monday = date(2026, 11, 26), date(2026, 11, 30)
    parts = catchup_parts("cs.LG", thursday, Counts(new=3), per_page=2, next_on=monday)
    assert _parsed(make_page, "cs.LG", parts, day=thursday).next_on == monday


def test_a_page_of_another_day_is_no_list_for_the_day_asked_for(make_page: MakePage) -> None:
    page = _page(make_page, "cs.LG", [new_page("cs.LG", date(2026, 8, 11), Counts(new=2))])
    with pytest.raises(WrongPartition, match="asked for 2026-08-12, the page says 2026-08-11"):
        _only(source_named(page.source).parse(page))


def test_an_empty_list_with_a_busy_one_is_a_fact(make_page: MakePage) -> None:
    witness = catchup_parts("cs.LG", DAY, Counts(new=3), with_abstracts=False)[0]
    listing = _parsed(make_page, "cs.GL", [empty_catchup("cs.GL", DAY), witness])
    assert (listing.entries, listing.is_closed, listing.partition_on, listing.findings) == ((), True, DAY, ())
    batch = batch_of(_page(make_page, "cs.GL", [empty_catchup("cs.GL", DAY), witness]))
    assert (batch.outcome, batch.reason) == (Outcome.LISTING, None)


@pytest.mark.parametrize("series", ["cs.GL", "cs.LG", "cs", "math"])
@pytest.mark.parametrize(
    ("read_at", "cause"),
    [(READ_AT, Cause.NOT_ANNOUNCED), (datetime(2026, 8, 12, 5, tzinfo=UTC), Cause.TOO_EARLY)],
)
def test_where_the_busy_list_is_empty_too_nothing_was_announced(
    make_page: MakePage, series: str, read_at: datetime, cause: Cause
) -> None:
    parts = [empty_catchup(series, DAY), *([empty_catchup("cs.LG", DAY)] if series == "cs.GL" else [])]
    with pytest.raises(NoList) as caught:
        _parsed(make_page, series, parts, fetched_at=read_at)
    assert (caught.value.cause, caught.value.asked_on) == (cause, DAY)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 8, 15), "arXiv has no list of a Saturday"),
        (date(2026, 1, 20), "does not announce on the evening of 2026-01-19"),
        (date(2026, 11, 27), "does not announce on the evening of 2026-11-26"),
    ],
)
def test_a_weekend_and_a_published_holiday_need_no_witness(make_page: MakePage, day: date, why: str) -> None:
    for series in ("cs.GL", "cs.LG"):
        with pytest.raises(NoList, match=why):
            _parsed(make_page, series, [empty_catchup(series, day)], day=day)


def test_an_empty_list_alone_is_only_believed_by_published_dates_and_after_its_day(make_page: MakePage) -> None:
    listing = _parsed(make_page, "cs.GL", [empty_catchup("cs.GL", DAY)])
    assert [finding.check_name for finding in listing.findings] == ["empty_by_calendar"]
    with pytest.raises(PageChanged, match=r"expected behind it the list of cs\.LG of that day"):
        _parsed(make_page, "cs.GL", [empty_catchup("cs.GL", DAY)], fetched_at=datetime(2026, 8, 12, 9, tzinfo=UTC))
    for day in (date(2025, 8, 12), date(2026, 7, 6)):  # a year without dates; the Monday after a holiday on a Friday
        with pytest.raises(PageChanged, match=r"expected behind it the list of cs\.LG of that day"):
            _parsed(make_page, "cs.GL", [empty_catchup("cs.GL", day)], day=day)


def test_a_witness_must_be_that_of_a_busy_list_of_the_same_day(make_page: MakePage) -> None:
    empty = empty_catchup("cs.GL", DAY)
    for witness in (
        empty_catchup("cs.DL", DAY),
        empty_catchup("cs.LG", date(2026, 8, 11)),
        new_page("cs.LG", DAY, Counts()),
    ):
        with pytest.raises(PageChanged, match=r"expected the catchup page of cs\.LG for 2026-08-12"):
            _parsed(make_page, "cs.GL", [empty, witness])
    with pytest.raises(PageChanged, match="nothing behind an empty list that needs no witness"):
        _parsed(make_page, "cs.LG", [empty_catchup("cs.LG", DAY)] * 2)
    with pytest.raises(PageChanged, match=r"part 2: expected .*found the site's words 'Busy'"):
        _parsed(make_page, "cs.GL", [empty, refusal_page("Busy")])


def test_no_updates_today_is_an_empty_list_of_an_announced_day(make_page: MakePage) -> None:
    page = _page(make_page, "cs.LG", [new_page("cs.LG", DAY, Counts())])
    for asked_on in (DAY, None):
        listing = _only(source_named(page.source).parse(replace(page, asked_on=asked_on)))
        assert (listing.entries, listing.is_closed, listing.findings) == ((), True, ())


def test_a_page_beyond_the_end_is_refused(make_page: MakePage) -> None:
    with pytest.raises(PageChanged, match="the site's words that there are no further updates"):
        _parsed(make_page, "cs.LG", [beyond_catchup("cs.LG", DAY, COUNTS)])


@pytest.mark.parametrize(
    ("of", "read_as"), [("cs.LG", "stat.ML"), ("stat.ML", "cs.LG"), ("cs.CV", "cs.LG"), ("cs.LG", "math")]
)
def test_a_page_of_another_category_is_refused_by_both_names(make_page: MakePage, of: str, read_as: str) -> None:
    """The two lists called Machine Learning differ in links and papers only."""
    parts = catchup_parts(of, DAY, Counts(new=3, cross=2, replaced=1))
    page = replace(_page(make_page, read_as, parts), url="file:page.html", final_url="file:page.html", asked_on=None)
    for linked in (page, replace(page, body=page.body.replace(f"/catchup/{of}/".encode(), b"/x/"))):
        with pytest.raises(PageChanged) as caught:
            source_named(page.source).parse(linked)
        assert read_as in str(caught.value)
        assert of in str(caught.value)


def test_an_archive_lists_the_papers_of_its_categories(make_page: MakePage) -> None:
    listing = _parsed(make_page, "math", catchup_parts("math", DAY, Counts(new=12, cross=2)))
    assert {each.categories[0] for each in listing.entries} == {"math.CO", "stat.ML"}
    assert listing.findings == ()


def test_a_single_paper_of_other_categories_is_a_warning(make_page: MakePage) -> None:
    (page,) = catchup_parts("cs.LG", DAY, Counts(new=20))
    moved = page.replace("Machine Learning (cs.LG)</span>", "Robotics (cs.RO)</span>", 1)
    listing = _parsed(make_page, "cs.LG", [moved])
    assert [(each.check_name, each.place) for each in listing.findings] == [("other_category", "new 1")]


def test_a_list_cut_off_by_the_site_after_100_authors_is_a_warning(make_page: MakePage) -> None:
    names = [
        f'<a href="https://arxiv.org/search/cs?searchtype=author&amp;query=K{at}">Kite {at}</a>' for at in range(100)
    ]
    for count, expected in ((100, ["authors_may_be_cut"]), (99, [])):
        listing = _parsed(make_page, "cs.LG", [_with_only(authors=", ".join(names[:count]))])
        assert len(listing.entries[0].authors) == count
        assert [each.check_name for each in listing.findings] == expected


def test_an_unavailable_author_list_has_no_names(make_page: MakePage) -> None:
    assert _parsed(make_page, "cs.LG", [_with_only(authors="(author list is unavailable)")]).entries[0].authors == ()


def test_an_unknown_field_is_a_warning(make_page: MakePage) -> None:
    (page,) = catchup_parts("cs.LG", DAY, Counts(new=1))
    subjects = "<div class='list-subjects'>"
    listing = _parsed(make_page, "cs.LG", [page.replace(subjects, f"<div class='list-doi'>10.1234/x</div>{subjects}")])
    assert [(each.check_name, each.observed) for each in listing.findings] == [("unknown_field", "'list-doi'")]


def test_the_source_alone_asks_for_a_category(make_page: MakePage) -> None:
    page = make_page("arxiv_announced", new_page("cs.LG", DAY, Counts(new=1)), media_type="text/html")
    with pytest.raises(PageChanged, match=r"write arxiv_announced:CATEGORY, here arxiv_announced:cs\.LG"):
        SOURCE.parse(page)


def _with_only(authors: str) -> str:
    (page,) = catchup_parts("cs.LG", DAY, Counts(new=1))
    before, _, rest = page.partition("    <dt>\n")
    only = entry(1, "2608.00001", "Kites", authors=authors, abstract="We study kites.")
    return before + only + rest.partition("    </dd>\n")[2]


def _request(series: str, day: date = DAY) -> PageRequest:
    source = source_named(f"arxiv_announced:{series}")
    assert source.request is not None
    return source.request(day, BASE)


def _asked_after(make_page: MakePage, asked: PageRequest, parts: Sequence[str]) -> list[str | None]:
    """What is asked for after each of these parts, given it and those before."""
    assert asked.more is not None
    pages = [make_page(asked.source, part, url=asked.url, media_type="text/html") for part in parts]
    return [asked.more(pages[:count]) for count in range(1, len(pages) + 1)]


def _page(
    make_page: MakePage, series: str, parts: Sequence[str], *, day: date = DAY, fetched_at: datetime = READ_AT
) -> Page:
    source, url = f"arxiv_announced:{series}", f"{BASE}/catchup/{series}/{day}?abs=True"
    return make_page(source, "".join(parts), asked_on=day, url=url, fetched_at=fetched_at, media_type="text/html")


def _parsed(
    make_page: MakePage, series: str, parts: Sequence[str], *, day: date = DAY, fetched_at: datetime | None = None
) -> Listing:
    late = READ_AT if day == DAY else datetime(2026, 12, 1, tzinfo=UTC)
    page = _page(make_page, series, parts, day=day, fetched_at=fetched_at or late)
    return _only(source_named(page.source).parse(page))


def _only(listings: tuple[Listing, ...]) -> Listing:
    (listing,) = listings
    return listing
