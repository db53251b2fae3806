"""By default a site shows only what the terms of each source allow, says what it leaves out, and where that is."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from flows.pages import links
from flows.pages.links import file_of
from flows.site.write import Site
from tests.support.batches import DAY, batch, sighting, without_list
from tests.support.hostile import SCRIPT, HostileHome, hostile_home
from tests.support.sites import files_in, site_of
from tests.support.small import SALT, TIDES, warehouse_in
from transforms.records import Outcome
from warehouse import open_warehouse

# A word of each text that no fact has; accounts and summaries are the hostile text, which titles are too.
ABSTRACT = TIDES.abstract.split()[-1]
REVIEW = "Buoys"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> HostileHome:
    return hostile_home(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def root(home: HostileHome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    site_of(home.folder, folder)
    return folder


def paper_of(home: HostileHome, root: Path, title: str) -> BeautifulSoup:
    with open_warehouse(str(home.folder)).reader() as reader:
        (key,) = reader.query("select paper_key from papers where title = ?", [title]).rows[0]
    return BeautifulSoup((root / file_of(links.paper(str(key)))).read_bytes(), "lxml")


def holding(root: Path, word: str) -> list[str]:
    return [path for path, body in files_in(root).items() if word.lower() in body.decode().lower()]


def test_nothing_that_terms_do_not_allow_is_in_any_file(root: Path) -> None:
    assert (holding(root, ABSTRACT), holding(root, REVIEW)) == ([], [])


def test_all_of_it_is_in_a_site_that_shows_all(home: HostileHome, tmp_path: Path) -> None:
    site_of(home.folder, tmp_path, Site(show="all"))
    kinds = {path.partition("/")[0] for path in holding(tmp_path, ABSTRACT)}
    assert kinds == {"papers", "search", "feeds"}
    assert {path.partition("/")[0] for path in holding(tmp_path, REVIEW)} == {"papers"}


def test_a_page_says_what_is_not_shown_and_where_it_is(home: HostileHome, root: Path) -> None:
    page = paper_of(home, root, TIDES.title)
    text = " ".join(page.get_text(" ").split())
    assert "Abstract not shown here: see arXiv ." in text
    assert "Review not shown here: see weekly_review ." in text
    (link,) = [each for each in page.select(".muted a") if each.get_text() == "arXiv"]
    assert link["href"] == f"https://arxiv.org/abs/2603.{TIDES.number:05}"


def test_accounts_and_summaries_are_left_out(home: HostileHome, root: Path) -> None:
    page = BeautifulSoup((root / file_of(links.paper(home.paper_key))).read_bytes(), "lxml")
    said = [each.get_text(" ", strip=True) for each in page.select("dl.said > div")]
    assert "Submitted by not shown here" in said
    assert "Summary not shown here" in page.get_text()
    assert [each for each in page.select("p.prose") if SCRIPT in each.get_text()] == []


def test_facts_stay(home: HostileHome, root: Path) -> None:
    page = paper_of(home, root, SALT.title)
    assert [each.get_text() for each in page.select("h1")] == [SALT.title]
    assert "Ed Proof" in page.get_text()
    assert f"2603.{SALT.number:05}" in page.get_text()


def test_a_reason_names_a_file_and_no_folder_of_this_machine(tmp_path: Path) -> None:
    reason = "/srv/somebody/landing/pages/ab.html.zst: it has other bytes, see https://digest.example/day/1"
    with warehouse_in(tmp_path / "home").writer("test") as writer:
        writer.load([without_list(Outcome.REFUSED, reason=reason)])
        writer.publish()
    site_of(tmp_path / "home", tmp_path / "site", Site(show="all"))
    health = (tmp_path / "site" / "health.html").read_text()
    assert "…/ab.html.zst: it has other bytes, see https://digest.example/day/1" in health
    assert holding(tmp_path / "site", "somebody") == []


def test_of_a_source_that_this_release_does_not_know_only_facts_are_shown(tmp_path: Path) -> None:
    unknown = sighting(1)
    with warehouse_in(tmp_path / "home").writer("test") as writer:
        writer.load([batch([unknown], day=DAY)])
        writer.publish()
    site_of(tmp_path / "home", tmp_path / "site")
    assert holding(tmp_path / "site", str(unknown.title_text)) != []
    assert holding(tmp_path / "site", str(unknown.abstract_text)[:60]) == []
