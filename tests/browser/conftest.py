"""A real Chromium that reaches nothing but the server of a test, and the homes that it is shown."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.hostile import hostile_home
from tests.support.places import DATA
from tests.support.real import real_warehouse
from tests.support.web import Served, served

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium as this system has it; the test is skipped, saying why, where something is missing."""
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="NOT RUN: the extra `browser` is not installed: run `make test-browser`"
    )
    if CHROMIUM is None:
        pytest.skip("NOT RUN: there is no Chromium here: run `make test-browser`")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session", params=["hostile", "real"])
def shown(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, list[str]]]:
    """A server of a home, and addresses of all its kinds of pages."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "hostile":
        addresses = list(hostile_home(folder).addresses)
    elif DATA.is_dir():
        addresses = _real(folder)
    else:
        pytest.skip("no real pages here: ../shared/data is absent")
    with served(folder) as server:
        yield server, addresses


_CHOSEN = """
    select 'papers/' || arg_max(paper_key, n) from (
        select paper_key, count(distinct observed_at) as n from metrics where metric = 'upvotes' group by all
    )
    union all select 'papers/' || min(paper_key) from reviews where source = 'weekly_review'
    union all select 'papers/' || any_value(paper_key) from matches group by paper_key having count(distinct source) > 1
    union all select 'days/' || max(listed_on) from papers_daily
    union all select 'weeks/' || strftime(max(listed_on), '%G-W%V') from papers_daily
    union all select 'months/' || strftime(max(listed_on), '%Y-%m') from papers_daily
    union all select 'sources/' || source from sources
"""
_FIXED = ("", "days", "authors", "institutions", "topics", "sources", "calendar", "health", "help", "api")
_SEARCHED = ("search", "search?q=diffusion", "search?has_code=1&reviewed=1", "authors?q=wang", "days/2026-02-30")


def _real(folder: Path) -> list[str]:
    with real_warehouse(folder).reader() as reader:
        chosen = [str(row[0]) for row in reader.query(_CHOSEN).rows]
    return [*_FIXED, *chosen, *_SEARCHED, "topics/reinforcement-learning", "institutions/google", "authors/rui-wang"]
