"""Thirty days of a feed: what was told stays as it was, each thing once, and damage is told."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.feeds.feed import Feed, Item, id_of
from flows.feeds.kept import ITEMS_A_PAGE, FeedError, KeptFeed, document_of, feeds_in, keep
from tests.support.feeds import HISTORY, link_of, parsed, valid_atom, valid_json_feed, walked

START = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)


def item(number: int, content: str = "We measure tides.") -> Item:
    at = START + timedelta(hours=number)
    return Item(id=id_of("test", str(number)), title=f"{number}", published_at=at, updated_at=at, content=content)


def feed(*items: Item) -> Feed:
    return Feed(id=id_of("feed", "test"), title="Test", description="A test.", home_url=None, items=items)


def files_in(folder: Path, pattern: str = "*") -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.glob(pattern)}


def archives_in(folder: Path) -> dict[str, bytes]:
    """Those that say that they are one, in both forms."""
    closed = [each.stem for each in folder.glob("archive-*.xml") if b"<fh:archive />" in each.read_bytes()]
    return {name: body for name, body in files_in(folder, "archive-*").items() if Path(name).stem in closed}


def test_in_thirty_days_with_repeats_and_kills_every_item_stands_there_once_and_archives_never_change(
    tmp_path: Path,
) -> None:
    chance, told, closed = random.Random(7), list[Item](), dict[str, bytes]()
    for _ in range(30):
        new = [item(len(told) + number) for number in range(chance.randrange(1, 25))]
        told += new
        for _ in range(chance.choice((1, 1, 2, 3))):
            (tmp_path / ".0a1b2c3d.tmp").write_bytes(b'{"items":[{"id":"urn')
            keep(tmp_path, feed(*new))
        now = archives_in(tmp_path)
        assert {name: now[name] for name in closed} == closed
        closed = now
        assert not list(tmp_path.glob(".*"))
    assert len(closed) == 2 * ((len(told) - 1) // ITEMS_A_PAGE) > 8
    pages = walked(tmp_path)
    assert [each for page in pages for each in page] == [each.id for each in reversed(told)]
    assert ITEMS_A_PAGE < len(pages[0]) <= 2 * ITEMS_A_PAGE
    assert {len(page) for page in pages[1:]} == {ITEMS_A_PAGE}


def test_a_run_that_is_ended_between_any_two_files_is_made_good_by_the_same_again(tmp_path: Path) -> None:
    """Every state in which a kill can leave the folder is that of files written in their order up to one of them."""
    before, after = tmp_path / "before", tmp_path / "after"
    first, more = [item(number) for number in range(90)], [item(number) for number in range(90, 220)]
    for folder in (before, after):
        keep(folder, feed(*first))
    old = files_in(before)
    keep(after, feed(*more))
    whole = files_in(after)
    changed = sorted(
        (each for each in after.iterdir() if whole[each.name] != old.get(each.name)),
        key=lambda each: each.stat().st_mtime_ns,
    )
    assert len(changed) > 10
    for count in range(len(changed) + 1):
        folder = tmp_path / f"killed-{count}"
        folder.mkdir()
        for name, body in (old | {each.name: whole[each.name] for each in changed[:count]}).items():
            (folder / name).write_bytes(body)
        keep(folder, feed(*more))
        assert files_in(folder) == whole


def test_every_document_is_valid_and_leads_to_its_neighbours(tmp_path: Path) -> None:
    keep(tmp_path, feed(*(item(number) for number in range(3 * ITEMS_A_PAGE + 10))))
    links = {}
    for path in sorted(tmp_path.glob("*.xml")):
        root = valid_atom(path.read_bytes())
        assert (root.find(f"{HISTORY}archive") is not None) == (path.stem in {f"archive-000{n}" for n in (1, 2, 3)})
        document = parsed(path.read_bytes(), f"http://reader.example/below/{path.name}")
        rels = ("self", "current", "prev-archive", "next-archive")
        links[path.stem] = tuple(link_of(document.feed, rel) for rel in rels)
        for each in links[path.stem]:
            assert each is None or (tmp_path / each.removeprefix("http://reader.example/below/")).exists()
    base = "http://reader.example/below/"
    assert links["archive-0002"] == tuple(
        f"{base}{name}.xml" for name in ("archive-0002", "feed", "archive-0001", "archive-0003")
    )
    assert links["feed"] == (f"{base}feed.xml", None, f"{base}archive-0002.xml", None)
    assert links["archive-0001"][2] is None
    assert links["archive-0004"][3] is None
    found, name = [], "feed.json"
    while name:
        document = valid_json_feed((tmp_path / name).read_bytes())
        found += [each["id"] for each in document["items"]]
        name = document.get("next_url", "")
    assert len(found) == len(set(found)) == 3 * ITEMS_A_PAGE + 10


def test_no_document_grows_too_large(tmp_path: Path) -> None:
    keep(tmp_path, feed(*(item(number, "&<\u202e" * 30_000) for number in range(12))))
    keep(tmp_path, feed(*(item(100 + number, "tide " * 2_000) for number in range(150))))
    sizes = [each.stat().st_size for each in tmp_path.glob("*.xml")] + [
        each.stat().st_size for each in tmp_path.glob("*.json")
    ]
    assert len(sizes) > 20
    assert max(sizes) < 1_000_000
    assert sum(map(len, walked(tmp_path))) == 162


def test_an_item_that_is_there_is_not_written_again_whatever_it_says_now(tmp_path: Path) -> None:
    keep(tmp_path, feed(item(1), item(2)))
    before = files_in(tmp_path)
    keep(tmp_path, feed(replace(item(1), content="Other words.")))
    assert files_in(tmp_path) == before


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("body", [b"", b"{", b'{"items":[{"id":1}],"version":1}', b'{"items":[],"version":2}', b"\xff"])
def test_a_damaged_page_is_told_and_nothing_is_written(tmp_path: Path, number: int, body: bytes) -> None:
    keep(tmp_path, feed(*(item(number) for number in range(130))))
    (tmp_path / f"items-000{number}.json").write_bytes(body)
    before = files_in(tmp_path)
    with pytest.raises(FeedError, match=rf"items-000{number}.json is damaged .*bring it back from a back-up"):
        keep(tmp_path, feed(item(500)))
    assert files_in(tmp_path) == before


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_page_that_is_gone_is_told_and_the_feed_is_never_begun_anew(tmp_path: Path, number: int) -> None:
    keep(tmp_path, feed(*(item(number) for number in range(130))))
    (tmp_path / f"items-000{number}.json").unlink()
    before = files_in(tmp_path)
    with pytest.raises(FeedError, match=rf"items-000{number}.json is missing"):
        keep(tmp_path, feed(item(500)))
    assert files_in(tmp_path) == before


@pytest.mark.parametrize("name", ["", "..", ".", "a/b", "a b", "-a", "a" * 65, "é", "feed.xml", "a\n"])
def test_only_plain_names_become_folders(name: str) -> None:
    with pytest.raises(FeedError, match="cannot name a feed"):
        KeptFeed(reader=name)
    with pytest.raises(FeedError, match="cannot name a feed"):
        KeptFeed(reader="vision", channel=name)


@pytest.mark.parametrize("name", ["items-0001.json", "feed.html", "../feed.xml", "archive-1.xml", "feed.xml\n", ""])
def test_only_documents_are_served(tmp_path: Path, name: str) -> None:
    assert document_of(tmp_path, KeptFeed(reader="vision"), name) is None


def test_the_feeds_of_a_home_are_found_and_a_second_channel_has_a_folder_of_its_own(tmp_path: Path) -> None:
    assert feeds_in(tmp_path) == ()
    kept = [KeptFeed(reader="b"), KeptFeed(reader="b", channel="late"), KeptFeed(reader="a")]
    for each in kept:
        keep(tmp_path / each.address, feed(item(1)))
    (tmp_path / "feeds" / "strange name").mkdir()
    (tmp_path / "feeds" / "strange name" / "feed.xml").write_bytes(b"")
    assert [each.name for each in feeds_in(tmp_path)] == ["a", "b", "b, late"]


def test_ids_are_those_of_every_release() -> None:
    assert id_of("paper", "p260302mtwu2ujc7frbo") == "urn:uuid:90ba8d17-5721-570a-9bb9-dd08477f2ba2"
    assert id_of("digest", "new/p260302mtwu2ujc7frbo") == "urn:uuid:3a4f515c-4abb-5dd3-9772-dffe81b93f69"
    assert id_of("a", "b/c") != id_of("a/b", "c")
