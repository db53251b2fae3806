"""Feeds over HTTP: what a feed reader asks, what it gets, and that nobody gets anything else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from flows.digest.channel import Means
from flows.digest.channels.feed import FEED
from tests.support.feed_issues import issue, told
from tests.support.feeds import link_of, parsed, valid_atom, valid_json_feed
from tests.support.small import Invented, at, built, daily
from tests.support.web import Served, served
from transforms.digest.readers import Channel

TOKEN = "a-token-of-some-length"  # noqa: S105 - of this test alone
LANTERNS = Invented(number=90, title="Lanterns", authors=("Ada Orn",))
ATOM, JSON = "application/atom+xml", "application/feed+json"


def hand(home: Path, first: int, count: int, channel: str = "feed") -> None:
    """Hand an issue over with so many papers."""
    means, made = Means(home=home), Channel(kind="feed", name=channel)
    numbers = range(first, first + count)
    for part in FEED.parts(issue(*map(told, numbers), title="Vision & <more>", issue_id=f"{first}"), made, means):
        FEED.send(part, made, means)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    built(folder)
    hand(folder, 0, 120)
    hand(folder, 0, 1, "second")
    return folder


@pytest.fixture(scope="module")
def web(home: Path) -> Iterator[Served]:
    with served(home) as server:
        yield server


@pytest.mark.parametrize(
    ("address", "media_type"),
    [
        ("feeds/vision/feed.xml", ATOM),
        ("feeds/vision/feed.json", JSON),
        ("feeds/vision/archive-0001.xml", ATOM),
        ("feeds/vision/archive-0001.json", JSON),
        ("feeds/vision/second/feed.xml", ATOM),
        ("feeds/new.xml", ATOM),
        ("feeds/new.json", JSON),
    ],
)
def test_a_document_is_valid_and_not_sent_to_who_has_it(web: Served, address: str, media_type: str) -> None:
    answer = web.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)
    valid = valid_atom if media_type == ATOM else valid_json_feed
    valid(answer.content)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    tag, changed = answer.headers["ETag"], answer.headers["Last-Modified"]
    before = format_datetime(parsedate_to_datetime(changed).replace(year=2001), usegmt=True)
    for headers, status in (
        ({"If-None-Match": tag}, 304),
        ({"If-None-Match": f'"other", W/{tag}'}, 304),
        ({"If-Modified-Since": changed}, 304),
        ({"If-None-Match": '"other"', "If-Modified-Since": changed}, 200),
        ({"If-Modified-Since": before}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
    ):
        again = web.get(address, headers)
        assert (again.status_code, again.headers["ETag"]) == (status, tag), headers
        assert again.content == (answer.content if status == 200 else b"")
    assert web.get(address, method="HEAD").headers["ETag"] == tag


def test_a_feed_reader_that_follows_the_links_gets_everything_once(web: Served) -> None:
    ids, address = [], f"{web.base}feeds/vision/feed.xml"
    while address:
        document = parsed(web.get(address.removeprefix(web.base)).content, address)
        assert link_of(document.feed, "self") == address
        ids += [each.id for each in document.entries]
        address = link_of(document.feed, "prev-archive") or ""
    assert len(ids) == len(set(ids)) == 120


def test_a_new_issue_gives_another_document(tmp_path: Path) -> None:
    built(tmp_path)
    hand(tmp_path, 0, 3)
    with served(tmp_path) as server:
        before = server.get("feeds/vision/feed.xml")
        hand(tmp_path, 0, 3)
        known = {"If-None-Match": before.headers["ETag"]}
        assert server.get("feeds/vision/feed.xml", known).status_code == 304
        hand(tmp_path, 3, 1)
        after = server.get("feeds/vision/feed.xml", known)
        assert after.status_code == 200
        assert len(parsed(after.content).entries) == 4


def test_the_newest_papers_of_another_snapshot_are_another_document(tmp_path: Path) -> None:
    warehouse, _ = built(tmp_path)
    with served(tmp_path) as server:
        before = server.get("feeds/new.xml")
        with warehouse.writer("test") as writer:
            writer.load([daily(6, at(6), (LANTERNS, 30))])
            writer.publish()
        after = server.get("feeds/new.xml", {"If-None-Match": before.headers["ETag"]})
        entries = parsed(after.content).entries
    assert entries[0].title == "Lanterns"
    assert len(entries) == len(parsed(before.content).entries) + 1


def test_the_feed_of_the_newest_stays_below_a_megabyte(tmp_path: Path) -> None:
    warehouse, _ = built(tmp_path)
    papers = [Invented(number=100 + number, title=f"Long {number}", authors=("Ada Orn",)) for number in range(20)]
    day = daily(6, at(6), *((each, 30) for each in papers))
    long = [replace(each, abstract_text=f"{each.title_text} {'R&D ' * 25_000}") for each in day.sightings]
    with warehouse.writer("test") as writer:
        writer.load([replace(day, sightings=tuple(long))])
        writer.publish()
    with served(tmp_path) as server:
        bodies = [server.get(f"feeds/new.{suffix}").content for suffix in ("xml", "json")]
    assert 100_000 < max(map(len, bodies)) < 1_000_000
    assert {len(parsed(bodies[0]).entries), len(valid_json_feed(bodies[1])["items"])} == {4}


def test_pages_of_the_newest_papers_are_where_the_feed_says(web: Served) -> None:
    items = valid_json_feed(web.get("feeds/new.json").content)["items"]
    assert len(items) > 4
    for each in items:
        assert web.get(each["url"].removeprefix(web.base)).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "feeds/nobody/feed.xml",
        "feeds/vision/feed.html",
        "feeds/vision/items-0001.json",
        "feeds/vision/archive-0099.xml",
        "feeds/vision/third/feed.json",
        "feeds/vision/%2e%2e/feed.xml",
        "feeds/..%2fvision/feed.xml",
        "feeds/%2e%2e/manifest.json",
        "feeds/vision/..%2f..%2f..%2fmanifest.json",
        "feeds/vision/feed.xml/feed.xml",
        "feeds/vision",
        "feeds/vision/",
    ],
)
def test_there_is_nothing_else(web: Served, address: str) -> None:
    answer = web.get(address)
    assert answer.status_code == 404
    if address.endswith(".json"):
        assert answer.json()["status"] == 404
    else:
        assert "<h1>Nothing at this address</h1>" in answer.text


def test_a_page_lists_the_feeds_and_every_page_leads_to_them(web: Served) -> None:
    page = BeautifulSoup(web.get("feeds").text, "lxml")
    assert [each.get_text() for each in page.select("h2")] == [
        "The newest papers",
        "Vision & <more>",
        "Vision & <more>",
    ]
    assert "reader vision, second" in page.get_text()
    assert "70 newest entries" in page.get_text()
    hrefs = {str(each["href"]) for each in page.select("section a")}
    assert hrefs == {
        f"/feeds/{each}.{suffix}" for each in ("new", "vision/feed", "vision/second/feed") for suffix in ("xml", "json")
    }
    for address in ("", "days", "feeds", "api", "no/such/page"):
        other = BeautifulSoup(web.get(address).text, "lxml")
        assert {str(each["href"]) for each in other.select("link[rel=alternate]")} == hrefs
        assert other.select("footer a[href='/feeds']")


def test_a_feed_that_begins_is_led_to_at_once(tmp_path: Path) -> None:
    built(tmp_path)
    with served(tmp_path) as server:
        before = server.get("days")
        assert "No reader has a feed yet." in server.get("feeds").text
        hand(tmp_path, 0, 1)
        after = server.get("days", {"If-None-Match": before.headers["ETag"]})
        assert after.status_code == 200
        assert "/feeds/vision/feed.xml" in after.text
        (tmp_path / "feeds/vision/feed.json").write_text("{")
        assert "cannot be read; the next issue writes it anew" in server.get("feeds").text


def test_feeds_are_as_private_as_pages(home: Path) -> None:
    with served(home, "--token", TOKEN) as server:
        for address in ("feeds", "feeds/new.xml", "feeds/vision/feed.xml"):
            assert server.get(address).status_code == 401
            assert server.get(address, {"Authorization": f"Bearer {TOKEN}"}).status_code == 200
        assert server.get("feeds/vision/feed.xml", {"Host": "evil.example"}).status_code == 421
        assert server.get("feeds/vision/feed.xml", method="POST").status_code == 405


def test_without_a_snapshot_the_feed_of_the_newest_says_so_and_that_of_a_reader_is_there(tmp_path: Path) -> None:
    hand(tmp_path, 0, 1)
    with served(tmp_path) as server:
        assert server.get("feeds/new.json").status_code == 503
        assert server.get("feeds/vision/feed.xml").status_code == 200
