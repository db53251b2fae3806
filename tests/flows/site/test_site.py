"""A site as files: no broken link, every text is text, former keys lead on, the same snapshot gives the same bytes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from lxml import etree

from flows.pages import links
from flows.pages.links import file_of
from flows.pages.registry import KINDS
from flows.site.pages import NAMES_FROM
from flows.site.route import kind_at
from flows.site.write import Site
from tests.support.feeds import ATOM, valid_atom, valid_json_feed
from tests.support.hostile import HostileHome, hostile_home
from tests.support.sites import files_in, links_of, pages_in, site_of
from tests.transforms.citing.reading import pybtex_entries
from warehouse import open_warehouse

BASE = "https://papers.example/below"
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> HostileHome:
    return hostile_home(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def root(home: HostileHome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything is shown, so that every text has to be text."""
    folder = tmp_path_factory.mktemp("site")
    site_of(home.folder, folder, Site(base_url=BASE, show="all"))
    return folder


def page_at(root: Path, address: str) -> BeautifulSoup:
    return BeautifulSoup((root / file_of(address)).read_bytes(), "lxml")


def test_there_is_a_page_of_every_kind(root: Path) -> None:
    paths = [path.removesuffix(".html") for path, _ in pages_in(root)]
    kinds = {kind_at(re.sub(r"-page-\d+$", "", "" if path == "index" else path))[0].name for path in paths}
    assert {each.name for each in KINDS} - {"topic"} == kinds  # no topic has three papers here


def test_no_link_is_broken_and_none_needs_a_root(root: Path) -> None:
    files, broken, seen = files_in(root), [], 0
    for path, page in pages_in(root):
        assert page.select('[href^="/"], [src^="/"], [action^="/"]') == []
        for target in links_of(path, page):
            seen += 1
            if target not in files:
                broken.append((path, target))
    assert broken == []
    assert seen > 500


def test_every_page_can_be_reached_from_the_start(root: Path, home: HostileHome) -> None:
    pages, reached, new = dict(pages_in(root)), set[str](), {"index.html"}
    while new:
        reached |= new
        new = {target for path in new for target in links_of(path, pages[path]) if target in pages} - reached
    assert pages.keys() - reached == {file_of(links.paper(home.former_key))}


def test_every_text_is_text_on_pages_that_run_one_script_of_ours(root: Path) -> None:
    seen = 0
    for path, body in files_in(root).items():
        text = body.decode()
        assert not CONTROL.search(text), path
        if path.endswith(".html"):
            page = BeautifulSoup(text, "lxml")
            scripts = [str(each["src"]) for each in page.select("script")]
            assert scripts == (["assets/search.js"] if path == "search.html" else []), path
            assert page.select("img, iframe, object, embed, style, [style]") == [], path
            assert [each for each in page.select("*") if any(name.startswith("on") for name in each.attrs)] == [], path
            assert page.select("a[href^='javascript:'], a[href^='data:']") == [], path
            assert "script-src 'self'" in str(page.select_one("meta[http-equiv=Content-Security-Policy]")), path
            seen += text.count("&lt;script&gt;")
    assert seen > 20


def test_a_paper_is_cited_on_its_page_without_a_file_of_its_own(root: Path, home: HostileHome) -> None:
    page = page_at(root, links.paper(home.merged_key))
    (entry,) = pybtex_entries(page.select("details.cite pre")[0].get_text()).values()
    assert page.select("head meta[name=citation_arxiv_id]")[0]["content"] == entry.fields["eprint"]
    assert {Path(path).suffix for path in files_in(root) if path.startswith("papers/")} == {".html"}


def test_a_former_key_leads_to_the_paper(root: Path, home: HostileHome) -> None:
    page = page_at(root, links.paper(home.former_key))
    refresh = str(page.select_one("meta[http-equiv=refresh]"))
    assert f"url={home.merged_key}.html" in refresh
    assert page.select_one(f"a[href='{home.merged_key}.html']")
    assert (root / file_of(links.paper(home.merged_key))).exists()


def test_a_name_has_a_page_once_it_has_papers_enough_for_one(root: Path, home: HostileHome) -> None:
    with open_warehouse(str(home.folder)).reader() as reader:
        names = reader.query("select author_key, papers_count >= ? from authors", [NAMES_FROM]).rows
    for key, is_frequent in names:
        assert (root / file_of(links.author(str(key)))).exists() == is_frequent, key
    assert {is_frequent for _, is_frequent in names} == {True, False}


def test_the_same_snapshot_gives_the_same_bytes(root: Path, home: HostileHome, tmp_path: Path) -> None:
    again = site_of(home.folder, tmp_path / "again", Site(base_url=BASE, show="all"))
    assert files_in(tmp_path / "again") == files_in(root)
    assert (again.written, again.files) == (again.files, len(files_in(root)))


def test_a_second_run_touches_nothing(root: Path, home: HostileHome) -> None:
    before = {each: each.stat().st_mtime_ns for each in root.rglob("*")}
    changes = site_of(home.folder, root, Site(base_url=BASE, show="all"))
    assert (changes.written, changes.removed, changes.left) == (0, 0, ())
    assert {each: each.stat().st_mtime_ns for each in root.rglob("*")} == before


def test_the_feeds_are_valid_and_name_papers_by_what_stays(root: Path, home: HostileHome) -> None:
    atom = valid_atom((root / "feeds/new.xml").read_bytes())
    entries = atom.findall(f"{ATOM}entry")
    assert {each.get("rel") for each in atom.findall(f"{ATOM}link")} == {"self", "alternate"}
    feed = valid_json_feed((root / "feeds/new.json").read_bytes())
    assert feed["feed_url"] == f"{BASE}/feeds/new.json"
    items = {each["id"]: each for each in feed["items"]}
    assert list(items) == [each.findtext(f"{ATOM}id") for each in entries]
    assert len(items) == len(feed["items"]) > 5
    assert f"{BASE}/papers/{home.merged_key}.html" in {each["url"] for each in items.values()}
    assert all("https://arxiv.org/abs/" in each["external_url"] for each in items.values() if "external_url" in each)


def test_the_sitemap_names_the_pages_that_are_there(root: Path) -> None:
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    named = {each.text for each in etree.XML((root / "sitemap.xml").read_bytes()).iter(f"{space}loc")}
    robots = {path for path, page in pages_in(root) if not page.select("meta[name=robots]")}
    assert named == {f"{BASE}/{'' if path == 'index.html' else path}" for path in robots}
    assert not (root / "robots.txt").exists()


def test_robots_are_told_of_the_sitemap_where_they_look_for_it(home: HostileHome, tmp_path: Path) -> None:
    site_of(home.folder, tmp_path, Site(base_url="https://papers.example"))
    assert "Sitemap: https://papers.example/sitemap.xml" in (tmp_path / "robots.txt").read_text()


def test_without_an_address_there_is_no_sitemap_and_feeds_lead_to_papers(home: HostileHome, tmp_path: Path) -> None:
    site_of(home.folder, tmp_path)
    assert not (tmp_path / "sitemap.xml").exists()
    feed = valid_json_feed((tmp_path / "feeds/new.json").read_bytes())
    assert "feed_url" not in feed
    assert any(each.get("url", "").startswith("https://arxiv.org/abs/") for each in feed["items"])
