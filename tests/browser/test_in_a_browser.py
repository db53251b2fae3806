"""The pages in a real browser: nothing fails, nothing leaves the machine, everybody can read and use them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.small import built
from tests.support.tabs import SIZES, tab_of
from tests.support.web import Served, served

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

Shown = tuple[Served, list[str]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_sound(browser: Any, shown: Shown, size: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    server, addresses = shown
    found: list[str] = []
    with tab_of(browser, server, size, scheme) as visit:
        for address in addresses:
            visit.go(address)
            found += visit.faults(address, axe.run(visit.tab))
        assert (found, visit.troubles, visit.outside) == ([], [], [])


def test_no_link_inside_is_broken(browser: Any, shown: Shown) -> None:
    server, addresses = shown
    links: set[str] = set()
    with tab_of(browser, server) as visit:
        for address in addresses:
            visit.go(address)
            links.update(
                visit.tab.eval_on_selector_all('a[href]:not([href^="#"])', "all => all.map(each => each.href)")
            )
    inside = sorted(each.partition("#")[0] for each in links if each.startswith(server.base))
    broken = [each for each in inside if server.get(each.removeprefix(server.base)).status_code != 200]
    assert len(inside) > 60
    assert broken == []


def test_a_keyboard_skips_to_the_content_and_searches(browser: Any, small: Served) -> None:
    with tab_of(browser, small) as visit:
        visit.go("")
        visit.tab.keyboard.press("Tab")
        assert visit.tab.evaluate("document.activeElement.textContent") == "Skip to the content"
        visit.tab.keyboard.press("Enter")
        visit.tab.keyboard.press("Tab")
        assert visit.tab.evaluate("document.querySelector('main').contains(document.activeElement)")
        visit.tab.get_by_role("searchbox").focus()
        visit.tab.keyboard.type("looms")
        visit.tab.keyboard.press("Enter")
        visit.tab.wait_for_url("**/search?q=looms")
        assert "Looms That Learn" in visit.tab.inner_text("ol.papers")


def test_five_things_are_found_in_a_few_clicks(browser: Any, small: Served) -> None:
    with tab_of(browser, small) as visit:
        tab = visit.tab
        visit.go("")
        tab.get_by_role("searchbox").fill("tide tables")  # a paper by half a title: one line, one click
        tab.get_by_role("searchbox").press("Enter")
        tab.click("ol.papers h3 a >> nth=0")
        assert tab.inner_text("h1") == "Tide Tables for Every Harbour"
        assert "lighthouses" in tab.inner_text(".review")  # its reviews: on the same page
        tab.click("nav >> text=Days")  # a day's list: two clicks
        tab.click("table.grid a >> text=/^3/")
        assert tab.inner_text("h1") == "Tuesday 3 March 2026"
        tab.click("text=Paperlog")  # what rose fastest, and what is missing: on the start page
        assert "Looms That Learn" in tab.inner_text("ol.rising")
        assert "1 list of hf_daily" in tab.inner_text("aside")
        tab.click("text=Why, and what mends it")
        assert "paperlog backfill hf_daily" in tab.inner_text("ul.gaps")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("small")
    built(folder)
    with served(folder) as server:
        yield server
