"""A static site in a real browser, from a folder and from a server that knows only files: the search works in both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from flows.pages import links
from flows.pages.links import file_of
from flows.site.search import packed
from flows.site.words import LENGTH_MAX, STOP_WORDS, words_of
from flows.site.write import Site
from tests.support.hostile import HOSTILE, HostileHome, hostile_home
from tests.support.places import DATA
from tests.support.real import real_warehouse
from tests.support.sites import files_in, site_of
from tests.support.tabs import SIZES, Visit, tab_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

ONE_OF_EACH = ("days", "weeks", "months", "authors", "institutions", "topics", "sources")
WORDS = (
    "Ünïcode naïve ﬁne x² ΑΒΓ",
    "İstanbul Straße",
    "日本語 論文",
    "a_b-c d.e 2603.00001",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "w" * 40,
    HOSTILE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A site: its folder, where it is visited, and a page of every kind."""

    root: Path
    base: str
    pages: tuple[str, ...]


invented = pytest.mark.parametrize("shown", ["hostile, as files", "hostile, served"], indirect=True)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Write nothing to the terminal."""


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[HostileHome, Path]:
    home, root = hostile_home(tmp_path_factory.mktemp("hostile")), tmp_path_factory.mktemp("site")
    site_of(home.folder, root, Site(show="all"))
    return home, root


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not DATA.is_dir():
        pytest.skip("no real pages here: ../shared/data is absent")
    home, root = tmp_path_factory.mktemp("real"), tmp_path_factory.mktemp("real-site")
    real_warehouse(home)
    site_of(home, root)
    return root


@pytest.fixture(scope="session", params=["hostile, as files", "hostile, served", "real, as files"])
def shown(request: pytest.FixtureRequest) -> Iterator[Shown]:
    name, how = request.param.split(", ")
    home, root = request.getfixturevalue("hostile") if name == "hostile" else (None, request.getfixturevalue("real"))
    own = [file_of(links.paper(home.paper_key)), file_of(links.paper(home.merged_key))] if home else []
    with serving(root) if how == "served" else nullcontext(f"{root.as_uri()}/") as base:
        yield Shown(root=root, base=base, pages=(*pages_of(root), *own))


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """A server of files below a path, as that of a project's page is."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(root.parent))) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/{root.name}/"
        server.shutdown()


def pages_of(root: Path) -> list[str]:
    paths = list(files_in(root))
    top = [path for path in paths if "/" not in path and path.endswith(".html") and "-page-" not in path]
    deep = [next((path for path in paths if path.startswith(f"{each}/")), "") for each in ONE_OF_EACH]
    papers = [path for path in paths if path.startswith("papers/")]
    return [*top, *filter(None, deep), papers[0], papers[-1]]


def found_by(visit: Visit, query: str) -> list[str]:
    """The titles that a search gives, once it is done."""
    visit.go(f"search.html?{query}")
    visit.tab.locator("#search-status", has_text=re.compile("paper|word", re.IGNORECASE)).wait_for()
    titles: list[str] = visit.tab.eval_on_selector_all("#search-results h3", "all => all.map(each => each.textContent)")
    return titles


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_sound(browser: Any, shown: Shown, size: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found: list[str] = []
    with tab_of(browser, shown, size, scheme) as visit:
        for address in shown.pages:
            visit.go(address)
            # Without "preload": axe would fetch style sheets itself, which no page here may.
            found += visit.faults(address, axe.run(visit.tab, options={"preload": False}))
        assert (found, visit.troubles, visit.outside) == ([], [], [])


@invented
def test_a_search_from_any_page_finds_a_paper_and_opens_it(browser: Any, shown: Shown) -> None:
    with tab_of(browser, shown) as visit:
        visit.go(shown.pages[-1])
        visit.tab.get_by_role("searchbox").fill("tide tabl")
        visit.tab.get_by_role("searchbox").press("Enter")
        visit.tab.click("#search-results h3 a")
        assert visit.tab.inner_text("h1") == "Tide Tables for Every Harbour"
        assert (visit.troubles, visit.outside) == ([], [])


@invented
def test_words_ids_names_and_choices_find_papers(browser: Any, shown: Shown) -> None:
    with tab_of(browser, shown, "phone") as visit:
        assert found_by(visit, "q=LOOMS+léarn") == ["Looms That Learn"]
        assert found_by(visit, "q=2603.00005") == ["Salt and Sparse Attention"]
        assert "Tide Tables for Every Harbour" in found_by(visit, "q=ada+orn")
        assert found_by(visit, "q=looms+tide") == []
        assert found_by(visit, "q=year%3A1999") == []
        reviewed = found_by(visit, "q=&only=is%3Areviewed")
        assert reviewed == found_by(visit, "q=is:reviewed")
        assert {"Tide Tables for Every Harbour", "Salt and Sparse Attention"} <= set(reviewed)
        assert "Looms That Learn" not in reviewed
        assert found_by(visit, "q=the") == []
        assert "add another" in visit.tab.inner_text("#search-status")
        found_by(visit, "q=%3Cscript%3Edocument.title%3D'owned'%3C/script%3E")
        assert visit.tab.title() != "owned"
        assert "<script>" in visit.tab.inner_text("#search-results h3 >> nth=0")
        assert (visit.troubles, visit.outside) == ([], [])


def test_a_former_key_leads_on(browser: Any, hostile: tuple[HostileHome, Path]) -> None:
    home, root = hostile
    shown = Shown(root=root, base=f"{root.as_uri()}/", pages=())
    with tab_of(browser, shown) as visit:
        visit.go(file_of(links.paper(home.former_key)))
        visit.tab.wait_for_url(f"**/{home.merged_key}.html")
        assert (visit.troubles, visit.outside) == ([], [])


def test_a_search_loads_only_what_it_needs(browser: Any, real: Path) -> None:
    with tab_of(browser, Shown(root=real, base=f"{real.as_uri()}/", pages=())) as visit:
        asked: list[str] = []
        visit.tab.on("request", lambda request: asked.append(request.url))
        titles = found_by(visit, "q=reinforcement+learning")
        loaded = {each.rpartition("/")[2] for each in asked if "/search/" in each}
        size = sum((real / "search" / each).stat().st_size for each in loaded)
        assert len(titles) == 20
        assert size < sum(len(body) for path, body in files_in(real).items() if path.startswith("search/")) / 2
        visit.tab.click("#search-more")
        visit.tab.locator("#search-results li").nth(20).wait_for()


def test_browser_and_index_cut_texts_into_the_same_words(browser: Any, hostile: tuple[HostileHome, Path]) -> None:
    _, root = hostile
    script = (root / "assets/search.js").read_text()
    functions = script[script.index("  function wordsOf") : script.index("  // By code points")]
    with tab_of(browser, Shown(root=root, base="about:", pages=())) as visit:
        visit.tab.goto("about:blank")
        about = f"{{ length: {LENGTH_MAX}, stop: {sorted(STOP_WORDS)} }}"
        visit.tab.evaluate(
            f"() => {{ {functions} window.wordsOf = (text) => wordsOf(text, {about}); window.unpacked = unpacked; }}"
        )
        for text in WORDS:
            assert visit.tab.evaluate("text => wordsOf(text)", text) == words_of(text), text
        numbers = [0, 1, 35, 36, 71, 72, 10_000, 1_000_000]
        assert visit.tab.evaluate("text => unpacked(text)", packed(numbers)) == numbers
