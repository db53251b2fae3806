"""A dump of a listing is shown apart: it is no day's list, and nothing that is counted of a week counts it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from flows.settings import from_environment
from flows.weekly_page.facts import WeeklyPage
from flows.weekly_page.write import write_page, write_pages
from tests.support.small import KITES, LOOMS, MONDAY, SALT, Invented, at, daily, listing
from tests.support.weeks import home_of
from transforms.records import Batch

PUBLISHED = MONDAY - timedelta(days=400)


def written(home: Path, batches: Iterable[Batch]) -> tuple[WeeklyPage, BeautifulSoup]:
    made = write_page(from_environment({"PAPERLOG_HOME": str(home_of(home, batches))}))
    return made.page, BeautifulSoup(made.path.read_text(encoding="utf-8"), "lxml")


def dumped(paper: Invented, day: int) -> Batch:
    return listing(paper, day, published_on=PUBLISHED)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[WeeklyPage, BeautifulSoup]:
    """A dump of Monday, and the list of Wednesday: it has the paper of the dump too."""
    return written(tmp_path_factory.mktemp("dumps"), [dumped(LOOMS, 0), daily(2, at(2), (LOOMS, 5), (KITES, 3))])


def test_a_dump_is_no_list_and_makes_no_paper_an_old_one(both: tuple[WeeklyPage, BeautifulSoup]) -> None:
    page, shown = both
    assert shown.select("header .lead")[0].get_text() == (
        "2 papers on 1 list, all listed for the first time. It is the first week with a list."
    )
    assert [(each.name, each.listed_on, each.week_sources) for each in page.papers] == [
        (paper.title, MONDAY + timedelta(days=2), ("hf_daily",)) for paper in (LOOMS, KITES)
    ]
    assert (page.counts[-1].lists_count, page.counts[-1].papers_count, page.counts[-1].new_count) == (1, 2, 2)
    assert (page.weeks[0].papers_count, page.weeks[0].dumped_count) == (2, 1)


def test_a_dump_is_named_with_its_papers_and_their_age(both: tuple[WeeklyPage, BeautifulSoup]) -> None:
    _, shown = both
    (line,) = [each for each in shown.select("dl.lines > div") if each.select("a[href='#dumps']")]
    assert line.get_text(" ", strip=True) == (
        "Not counted 1 paper in a dump of a listing (hf_listing_text, 2 March), which is no day's list"
    )
    (dump,) = shown.select("#dumps ~ details")
    assert " ".join(dump.get_text(" ").split()).startswith("hf_listing_text, 2 March 2026: 1 paper, published 20")
    assert "Looms That Learn also number 1 of this week" in " ".join(dump.get_text(" ").split())


def test_a_week_of_a_dump_alone_has_a_page_without_a_list(tmp_path: Path) -> None:
    page, shown = written(tmp_path, [dumped(SALT, 0)])
    assert (page.week_on, page.papers, len(page.dumps)) == (MONDAY, (), 1)
    assert shown.select("header .lead")[0].get_text() == "No list of this week is loaded."
    pages = write_pages(from_environment({"PAPERLOG_HOME": str(tmp_path)}), tmp_path / "pages")
    index = BeautifulSoup((pages.folder / "index.html").read_text(encoding="utf-8"), "lxml")
    assert [each.get_text(" ", strip=True) for each in index.select("tr")] == [
        "Week Papers listed Reviewed In dumps",
        "2 March to 8 March 2026 1",
    ]
