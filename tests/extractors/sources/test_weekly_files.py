"""The weekly list where it lives: the index leads to the files of the years, which hold what the old README held."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from extractors.errors import IndexPage, PageChanged
from extractors.landing.adopt import page_of_file
from extractors.source import OnPages
from extractors.sources.ml_papers_week import SOURCE
from flows.demo.pages import (
    week_row,
    weeks_index,
    weeks_of_year,
    weeks_readme,
)
from transforms.listing.checks import check
from transforms.listing.normalize import normalize_all
from transforms.records import (
    Cause,
    Finding,
    Level,
    Listing,
    Page,
    Sighting,
)

MakePage = Callable[..., Page]
READ_AT = datetime(2026, 6, 29, tzinfo=UTC)
ROWS = [week_row(at, f"**Paper {at}** - text.", f"[Paper](https://arxiv.org/abs/2305.{at:05})") for at in range(1, 11)]
INDEX = weeks_index(
    {
        2026: [
            "June 14 - June 21",
            "June 7 - June 14",
            "March 23 - March 29",
            "March 9 - 15",
            "December 29 - January 4",
        ],
        2025: ["December 22 - December 28", "December 15 - December 21"],
        2023: ["May 22 - 28"],
    }
)
SITE = "https://lists.example.org/main"


def test_the_index_is_named_with_the_files_that_hold_the_weeks(make_page: MakePage) -> None:
    with pytest.raises(
        IndexPage, match=r"the weeks are in years/\*\.md; adopt those files \(years/2026\.md, years/2025"
    ):
        SOURCE.parse(make_page("ml_papers_week", INDEX))
    assert IndexPage.cause is Cause.INDEX_PAGE


def test_an_index_with_addresses_of_another_site_is_named_and_not_followed(make_page: MakePage) -> None:
    text = INDEX.replace("](years/", "](https://elsewhere.example.org/years/")
    assert followed(make_page, date(2026, 6, 14), text) is None
    with pytest.raises(IndexPage, match=r"https://elsewhere\.example\.org/years/2026\.md"):
        SOURCE.parse(make_page("ml_papers_week", text))


def followed(make_page: MakePage, day: date, text: str = INDEX) -> str | None:
    assert SOURCE.request is not None
    asked = SOURCE.request(day, SITE)
    assert asked.follow is not None
    return asked.follow(make_page("ml_papers_week", text, url=asked.url))


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 6, 14), 2026),  # in two weeks
        (date(2026, 3, 18), 2026),  # in none
        (date(2026, 9, 1), 2026),  # after the newest week
        (date(2025, 12, 29), 2026),
        (date(2025, 12, 28), 2025),
        (date(2025, 1, 1), 2025),  # the next week that the index knows
        (date(2023, 5, 24), 2023),
        (date(2020, 1, 1), 2023),
    ],
)
def test_the_index_leads_to_the_file_with_the_week_of_a_day(make_page: MakePage, day: date, year: int) -> None:
    assert followed(make_page, day) == f"{SITE}/years/{year}.md"


@pytest.mark.parametrize(
    "text",
    [
        weeks_readme([("May 1-7) - 2023", ROWS)]),
        weeks_of_year(2023, [("May 1-7)", ROWS)]),
        "# Another page\n",
        INDEX.replace("Top AI", "Best AI"),
        INDEX.replace("](years/", "](https://elsewhere.example.org/years/"),
        INDEX.replace("](years/", "](../../years/"),
        INDEX.replace("](years/", "](//elsewhere.example.org/years/"),
        INDEX + "\n## Top AI Papers of the Week (unknown)\n",
    ],
)
def test_any_other_page_leads_nowhere(make_page: MakePage, text: str) -> None:
    assert followed(make_page, date(2026, 6, 14), text) is None


def test_an_index_with_days_that_cannot_be_read_still_leads_to_the_newest_file(make_page: MakePage) -> None:
    index = weeks_index({2026: ["the week of June 14"], 2025: ["???"]})
    assert followed(make_page, date(2025, 3, 1), index) == f"{SITE}/years/2026.md"


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 6, 1), date(2026, 6, 1), [date(2026, 6, 1)]),
        (date(2026, 2, 1), date(2026, 6, 1), [date(2026, 2, 1)]),
        (date(2025, 12, 30), date(2025, 12, 30), [date(2025, 12, 30)]),
        (date(2025, 12, 1), date(2025, 12, 30), [date(2025, 12, 1), date(2025, 12, 30)]),
        (date(2024, 5, 1), date(2026, 1, 1), [date(2024, 5, 1), date(2025, 1, 1), date(2026, 1, 1)]),
    ],
)
def test_a_range_asks_for_each_file_that_may_hold_its_weeks(first: date, last: date, days: list[date]) -> None:
    assert isinstance(SOURCE.partitions, OnPages)
    assert list(SOURCE.partitions.ask(first, last)) == days


YEARS = [("2023.md", 52, 466, 464), ("2026.md", 25, 228, 227)]


@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "weeks_count", "identified", "distinct"), YEARS)
def test_the_real_file_of_a_year_gives_what_a_few_other_lines_count_in_it(
    shared_data: Path, name: str, weeks_count: int, identified: int, distinct: int
) -> None:
    path = shared_data / "other" / "dair" / "years" / name
    lines = path.read_text(encoding="utf-8").splitlines()
    numbers = [int(found[1]) for line in lines if (found := re.match(r"\| (\d+)\)", line))]
    in_links = [re.search(r"arxiv\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5})", line) for line in lines if line[:1] == "|"]
    ids = [found[1] for found in in_links if found]
    assert sum(line.startswith("## Top") for line in lines) == weeks_count
    assert numbers == [*range(1, 11)] * weeks_count
    assert (len(ids), len(set(ids))) == (identified, distinct)
    sightings, findings = _read(path)
    assert {len(week) for week in sightings.values()} == {10}
    assert len(sightings) == weeks_count
    assert [each.arxiv_id for week in sightings.values() for each in week if each.arxiv_id] == ids
    assert all(each.title_text and "*" not in each.title_text for week in sightings.values() for each in week)
    assert all(each.review for week in sightings.values() for each in week)
    assert [each.check_name for each in findings if each.level is Level.ERROR] == []
    assert {each.check_name for each in findings} <= {"stray_text_among_links", "empty_link", "weeks_apart"}


@pytest.mark.shared_data
def test_the_real_file_of_2026_has_its_sundays_and_no_week_from_16_march(shared_data: Path) -> None:
    sightings, findings = _read(shared_data / "other" / "dair" / "years" / "2026.md")
    sundays = [day for day in sightings if day.isoweekday() == 7]
    assert [f"{day:%m-%d}" for day in sundays] == [
        *("06-21", "06-14", "06-07", "05-31", "05-24", "04-26", "04-19", "03-01"),
    ]
    assert date(2026, 3, 16) not in sightings
    apart = [each.observed for each in findings if each.check_name == "weeks_apart"]
    assert apart == ["2026-03-09 to 2026-03-15 below a week from 2026-03-23"]
    assert sum(each.check_name == "empty_link" for each in findings) == 3


@pytest.mark.shared_data
def test_the_520_real_rows_of_2023_are_the_same_sightings_in_the_old_file_and_in_the_new(
    shared_data: Path,
) -> None:
    folder = shared_data / "other" / "dair"
    old, new = (
        {each.sighting_key: each for week in _read(path)[0].values() for each in week if each.partition_on.year == 2023}
        for path in (folder / "README.md", folder / "years" / "2023.md")
    )
    assert len(old) == 520
    assert old.keys() == new.keys()
    assert all(old[key].arxiv_id == new[key].arxiv_id and old[key].position == new[key].position for key in old)
    assert sum(old[key].review != new[key].review for key in old) > 500


@pytest.mark.shared_data
def test_the_real_index_is_named_and_leads_to_its_files(shared_data: Path) -> None:
    path = shared_data / "other" / "dair" / "README.index.md"
    page = replace(page_of_file(path, "ml_papers_week", READ_AT), final_url=f"{SITE}/README.md")
    with pytest.raises(IndexPage, match=r"years/2026\.md, years/2025\.md, years/2024\.md, years/2023\.md\)"):
        SOURCE.parse(page)
    days = {date(2026, 3, 18): 2026, date(2025, 4, 6): 2025, date(2024, 12, 31): 2025, date(2023, 1, 8): 2023}
    for day, year in days.items():
        assert SOURCE.request is not None
        follow = SOURCE.request(day, SITE).follow
        assert follow is not None
        assert follow(page) == f"{SITE}/years/{year}.md"


@pytest.mark.shared_data
def test_the_real_file_of_a_year_cut_anywhere_gives_no_wrong_row(shared_data: Path) -> None:
    page = page_of_file(shared_data / "other" / "dair" / "years" / "2026.md", "ml_papers_week", READ_AT)
    facts = _facts(SOURCE.parse(page))
    for end in range(300, len(page.body) - 1, len(page.body) // 150):
        try:
            found = SOURCE.parse(replace(page, body=page.body[:end]))
        except PageChanged:
            continue
        assert _facts(found) == facts[: len(_facts(found))]
        assert "year_begins_late" in {each.check_name for each in found[-1].findings} or len(found) == 25


def _read(path: Path) -> tuple[dict[date, tuple[Sighting, ...]], list[Finding]]:
    """The sightings by week, and every finding."""
    sightings: dict[date, tuple[Sighting, ...]] = {}
    findings: list[Finding] = []
    for listing in SOURCE.parse(page_of_file(path, "ml_papers_week", READ_AT)):
        read, rejections = normalize_all(listing, read_on=READ_AT.date())
        sightings[listing.partition_on] = read
        findings += check(listing, read, rejections, SOURCE.expectations)
        assert not rejections
    return sightings, findings


def _facts(listings: tuple[Listing, ...]) -> list[tuple[object, ...]]:
    return [
        (listing.partition_on, entry.position, entry.said, entry.title, entry.review, entry.links)
        for listing in listings
        for entry in listing.entries
    ]
