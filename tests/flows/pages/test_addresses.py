"""Names become addresses that lead back to them, and links lead from anywhere to anywhere."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from flows.pages import links
from flows.pages.links import FileLinks, ServedLinks, file_of
from flows.pages.slugs import LENGTH_MAX, hash_in, hash_of, name_of, slug_of


@given(some.text())
def test_a_slug_is_plain_and_leads_back_to_its_name(name: str) -> None:
    slug = slug_of(name)
    assert re.fullmatch(r"[a-z0-9_-]*", slug)
    assert len(slug) <= LENGTH_MAX
    if hash_in(slug):
        assert hash_in(slug) == hash_of(name)
    else:
        assert name_of(slug) == (name or None)


@given(some.text(alphabet="abc123 -_.é", max_size=40), some.text(alphabet="abc123 -_.é", max_size=40))
def test_two_names_never_share_a_slug(one: str, other: str) -> None:
    assert (slug_of(one) == slug_of(other)) == (one == other)


@pytest.mark.parametrize(
    "slug", ["", "..", "a/b", "A", "a b", "_zz_", "_61_", "_110000_", "_ffffff_", "a" * 121 + "__x"]
)
def test_what_is_no_slug_names_nothing(slug: str) -> None:
    assert name_of(slug) is None


def test_addresses_of_days_are_those_of_the_calendar() -> None:
    assert links.week(date(2026, 12, 31)) == "weeks/2026-W53"
    assert links.week(date(2027, 1, 1)) == "weeks/2026-W53"
    assert links.month(date(2026, 3, 2)) == "months/2026-03"


def test_served_links_are_paths_with_a_query() -> None:
    link = ServedLinks("v1")
    assert link.to("") == "/"
    assert link.to("", suffix=".json") == "/start.json"
    assert link.to("days/2026-03-02", page=2, query={"source": "hf_daily", "q": ""}) == (
        "/days/2026-03-02?source=hf_daily&page=2"
    )
    assert link.asset("pages.css") == "/assets/pages.css?v=v1"


def test_links_of_files_are_relative() -> None:
    assert FileLinks("papers/p1").to("days/2026-03-02") == "../days/2026-03-02.html"
    assert FileLinks("papers/p1").to("papers/p2", suffix=".json") == "p2.json"
    assert FileLinks("").to("papers/p1") == "papers/p1.html"
    assert FileLinks("days").to("") == "index.html"
    assert FileLinks("authors/a").asset("pages.css") == "../assets/pages.css"
    assert file_of("topics/x", page=3) == "topics/x-page-3.html"
