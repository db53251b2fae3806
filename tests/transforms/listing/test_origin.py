"""A page of another host is never taken for one of its source, whatever it says; archives and copies are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.pages import page_of
from transforms.listing.origin import check_origin
from transforms.records import TimeFrom

SITE = "https://huggingface.co"
PATH = "/papers/date/2026-01-07"


def names(url: str, site: str | None = SITE, time_from: TimeFrom = TimeFrom.STATED) -> list[str]:
    page = replace(page_of("hf_daily", "x", url=url), time_from=time_from)
    return [finding.check_name for finding in check_origin(page, site)]


@pytest.mark.parametrize(
    "url",
    [
        f"{SITE}{PATH}",
        f"http://www.huggingface.co:80{PATH}",
        f"https://HuggingFace.co.{PATH}",
        f"https://web.archive.org/web/20260108065739id_/{SITE}{PATH}",
        f"https://web.archive.org/web/20260108065739/https:/huggingface.co{PATH}",
        "https://archive.ph/AbCdE",
        f"http://localhost:8080/live/{SITE}{PATH}",
        f"http://127.0.0.1:9000{PATH}",
        f"http://[::1]{PATH}",
        "file:2026-01-07.html",
    ],
)
def test_the_sites_own_pages_and_kept_ones_are_fine(url: str) -> None:
    assert names(url) == []


@pytest.mark.parametrize(
    "url",
    [
        f"https://mirror.example{PATH}",
        f"https://huggingface.co.mirror.example{PATH}",
        f"https://huggingface.co@mirror.example{PATH}",
        f"https://nothuggingface.co{PATH}",
        f"https://mirror.example/{SITE}{PATH}",
        f"https://web.archive.org/web/20260108065739/https://mirror.example{PATH}",
        f"http://localhost/https://mirror.example{PATH}",
        "https://[broken/",
        "cid:frame-1",
    ],
)
def test_a_page_of_another_host_is_refused(url: str) -> None:
    assert names(url) == ["other_host"]


def test_what_was_fetched_came_from_where_it_was_asked_and_a_source_without_a_site_has_no_host() -> None:
    assert names(f"https://mirror.example{PATH}", time_from=TimeFrom.CLOCK) == []
    assert names(f"https://mirror.example{PATH}", site=None) == []
