"""A reader's feed as a feed reader sees it: every field comes back, every text is text, each thing is told once."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from flows.digest.channel import Means, Undelivered
from flows.digest.channels.feed import FEED
from flows.feeds.feed import id_of
from tests.support.feed_issues import issue, refused, told
from tests.support.feeds import ATOM, link_of, parsed, valid_atom, valid_json_feed, walked
from tests.support.hostile import HOSTILE
from transforms.digest.readers import Channel
from transforms.digest.records import Issue, News, ReviewNote, Unread
from transforms.records import Link

CHANNEL = Channel(kind="feed", name="feed")
SITE = "https://papers.example"


def handed(home: Path, *issues: Issue, channel: Channel = CHANNEL, site_url: str | None = SITE) -> Path:
    """Hand issues over, and say where the feed is."""
    means = Means(home=home, site_url=site_url)
    for each in issues:
        for part in FEED.parts(each, channel, means):
            FEED.send(part, channel, means)
    return home / "feeds" / "vision"


def test_a_feed_reader_reads_every_field_back(tmp_path: Path) -> None:
    code = Link(kind="code", url="https://code.example/tides")
    review = ReviewNote(source="weekly_review", partition_on=datetime(2026, 3, 2, tzinfo=UTC).date(), summary="Sound.")
    item = told(7, links=(code,), institutions=("MIT",), keywords=("tides",), reviews=(review,))
    folder = handed(tmp_path, issue(item))
    document = parsed((folder / "feed.xml").read_bytes())
    assert document.version == "atom10"
    assert (document.feed.title, document.feed.id) == ("Vision", id_of("feed", "vision", "feed"))
    assert document.feed.updated == "2026-03-02T06:30:00Z"
    assert link_of(document.feed, "self") == "http://reader.example/feeds/vision/feed.xml"
    assert link_of(document.feed, "alternate") == f"{SITE}/"
    (entry,) = document.entries
    assert (entry.id, entry.title) == (id_of("digest", item.entry_key), "Paper 7 of Tides")
    assert [each.name for each in entry.authors] == ["Bo Sample", "Ada Örn", "Cy Test"]
    assert (entry.published, entry.updated) == ("2026-03-02T06:30:00Z", "2026-03-02T06:30:00Z")
    assert link_of(entry, "alternate") == "https://arxiv.org/abs/2603.00007"
    assert link_of(entry, "related") == f"{SITE}/papers/p-00007"
    assert entry.summary == "We measure tide 7 with care."
    assert [each.term for each in entry.tags] == ["cs.LG", "tides"]
    (content,) = entry.content
    assert content.type == "text/html"
    page = BeautifulSoup(content.value, "lxml")
    assert [each.get_text() for each in page.select("p")] == [
        "Bo Sample, Ada Örn, Cy Test · MIT",
        "Why: “tide” in the title",
        "hf_daily, 2 March 2026; 7 upvotes",
        "weekly_review: Sound.",
        "We measure tide 7 with care.",
        "arXiv · code · in Paperlog",
    ]
    assert [each["href"] for each in page.select("a")] == [
        "https://arxiv.org/abs/2603.00007",
        code.url,
        f"{SITE}/papers/p-00007",
    ]


def test_the_json_feed_says_the_same(tmp_path: Path) -> None:
    folder = handed(tmp_path, issue(told(7), told(8)))
    atom, feed = parsed((folder / "feed.xml").read_bytes()), valid_json_feed((folder / "feed.json").read_bytes())
    assert [each["id"] for each in feed["items"]] == [each.id for each in atom.entries]
    first = feed["items"][0]
    assert first["title"] == "Paper 7 of Tides"  # an issue has the best first, and so has its feed
    assert first["authors"] == [{"name": "Bo Sample"}, {"name": "Ada Örn"}, {"name": "Cy Test"}]
    assert (first["url"], first["external_url"]) == (f"{SITE}/papers/p-00007", "https://arxiv.org/abs/2603.00007")
    assert first["content_html"] == atom.entries[0].content[0].value
    assert first["date_published"] == first["date_modified"] == "2026-03-02T06:30:00Z"


def test_each_kind_of_news_is_told_in_the_title_and_as_an_entry_of_its_own(tmp_path: Path) -> None:
    items = [told(7, news) for news in News]
    folder = handed(tmp_path, issue(*items))
    entries = parsed((folder / "feed.xml").read_bytes()).entries
    prefixes = ["", "Late: ", "Rose: ", "Review: ", "New version: "]
    assert [each.title for each in entries] == [f"{prefix}Paper 7 of Tides" for prefix in prefixes]


def test_every_text_of_others_stays_text(tmp_path: Path) -> None:
    review = ReviewNote(
        source="weekly_review", partition_on=datetime(2026, 3, 2, tzinfo=UTC).date(), summary=HOSTILE, verdict=HOSTILE
    )
    bad = 'https://x.example/"><script>alert(1)</script>?a=1&copy=2'
    item = told(
        7,
        title=HOSTILE,
        abstract=f"{HOSTILE} ]]> </content></entry></feed> \x00\ud800\ufffe",
        authors=(HOSTILE, "Ada Örn"),
        institutions=(HOSTILE,),
        categories=(HOSTILE,),
        keywords=(HOSTILE,),
        arxiv_id=None,
        links=(Link(kind=HOSTILE, url=bad), Link(kind="code", url="javascript:alert(1)")),
        reviews=(review,),
    )
    unread = Unread(source="hf_daily", partition_on=issue().since_on, state="refused", reason=HOSTILE)
    folder = handed(tmp_path, issue(item, unread=(unread,), title=HOSTILE))
    body = (folder / "feed.xml").read_bytes()
    root = valid_atom(body)
    about_paper, about_list = root.iter(f"{ATOM}content")
    assert (about_paper.get("type"), about_list.get("type")) == ("html", "text")
    page = BeautifulSoup(about_paper.text, "lxml")
    assert {each.name for each in page.select("body *")} == {"p", "strong", "a"}
    assert {name for each in page.select("*") for name in each.attrs} == {"href"}
    assert page.get_text().count("<script>document.title='owned'</script>") == 6
    assert [each["href"] for each in page.select("a")] == [bad, f"{SITE}/papers/p-00007"]
    assert "<script>document.title='owned'</script>" in about_list.text
    feed = valid_json_feed((folder / "feed.json").read_bytes())
    document = parsed(body)
    assert [each["title"] for each in feed["items"]] == [each.title for each in document.entries]
    assert document.entries[0].title.startswith("<script>document.title='owned'</script> <img src=x")
    assert feed["items"][0]["external_url"] == bad
    for text in (body.decode(), (folder / "feed.json").read_text()):
        assert not set(text) & set("\u202e\u202c\u2066\u2069\x1b\x07\x00")


def test_a_list_that_could_not_be_looked_at_is_an_entry_and_an_open_one_is_not(tmp_path: Path) -> None:
    still_open = Unread(source="arxiv_announced", series="cs.LG", partition_on=issue().since_on, state="open")
    folder = handed(tmp_path, issue(unread=(refused(), still_open)), issue(unread=(refused(),), day=1))
    (entry,) = parsed((folder / "feed.xml").read_bytes()).entries
    assert entry.id == id_of("digest", refused().entry_key)
    assert entry.title == (
        "Could not be looked at: hf_daily of 3 March 2026 was refused: main article: 0 instead of 1; "
        "the last whole list is of 2 March 2026"
    )


def test_an_issue_with_nothing_to_tell_adds_nothing(tmp_path: Path) -> None:
    still_open = Unread(source="hf_daily", partition_on=issue().since_on, state="open")
    folder = handed(tmp_path, issue(), issue(unread=(still_open,)))
    assert not folder.exists()


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    folder = handed(tmp_path, issue(told(1), left_out_count=12))
    titles = [each.title for each in parsed((folder / "feed.xml").read_bytes()).entries]
    assert titles == ["Paper 1 of Tides", "12 more papers fitted and are left out, also later: at_most is reached"]


def test_thirty_days_of_issues_give_each_thing_once_whatever_is_handed_over_twice(tmp_path: Path) -> None:
    chance, told_ids, number = random.Random(11), list[str](), 0
    for day in range(30):
        items = [told(number + place) for place in range(chance.randrange(0, 15))]
        number += len(items)
        # The last issue comes again under its own id, as after a crash.
        for _ in range(chance.choice((1, 2))):
            folder = handed(tmp_path, issue(*items, day=day))
        told_ids = [*(id_of("digest", each.entry_key) for each in items), *told_ids]
    assert [each for page in walked(folder) for each in page] == told_ids
    assert number > 150


def test_a_merge_or_another_title_rewrites_no_entry(tmp_path: Path) -> None:
    folder = handed(tmp_path, issue(told(1)))
    before = (folder / "feed.xml").read_bytes()
    handed(tmp_path, issue(told(1, title="Another title", previous_keys=("p-9",)), day=3))
    assert (folder / "feed.xml").read_bytes() == before


def test_a_second_channel_is_a_feed_of_its_own(tmp_path: Path) -> None:
    folder = handed(tmp_path, issue(told(1)))
    handed(tmp_path, issue(told(2)), channel=Channel(kind="feed", name="late"))
    one, other = (parsed((folder / name).read_bytes()) for name in ("feed.xml", "late/feed.xml"))
    assert [each.title for each in (*one.entries, *other.entries)] == ["Paper 1 of Tides", "Paper 2 of Tides"]
    assert one.feed.id != other.feed.id


def test_without_a_site_entries_lead_to_papers_alone(tmp_path: Path) -> None:
    folder = handed(tmp_path, issue(told(1), told(2, arxiv_id=None)), site_url=None)
    first, second = parsed((folder / "feed.xml").read_bytes()).entries
    assert (link_of(first, "alternate"), link_of(first, "related")) == ("https://arxiv.org/abs/2603.00001", None)
    assert "links" not in second
    assert "url" not in valid_json_feed((folder / "feed.json").read_bytes())["items"][1]


@pytest.mark.parametrize("sign", ["a", "&", '"', "\u202e", "\N{GRINNING FACE}"])
def test_no_document_reaches_a_megabyte_whatever_papers_say(tmp_path: Path, sign: str) -> None:
    long = sign * 100_000
    review = ReviewNote(
        source="weekly_review", partition_on=datetime(2026, 3, 2, tzinfo=UTC).date(), summary=long, verdict=long
    )
    filled: dict[str, Any] = {
        "abstract": long,
        "title": long,
        "authors": tuple(f"{sign * 300}{number}" for number in range(3_000)),
        "institutions": (long,) * 5,
        "keywords": (long,) * 50,
        "reviews": (review,) * 9,
    }
    folder = handed(tmp_path, issue(*(told(number, **filled) for number in range(12))))
    sizes = [each.stat().st_size for each in folder.iterdir() if each.name.startswith(("feed.", "archive-"))]
    assert len(sizes) > 4  # more than one page
    assert max(sizes) < 1_000_000
    for path in folder.glob("*.xml"):
        valid_atom(path.read_bytes())


def test_a_damaged_feed_is_told_as_not_delivered(tmp_path: Path) -> None:
    folder = handed(tmp_path, issue(told(1)))
    (folder / "items-0001.json").write_text("{")
    with pytest.raises(Undelivered, match=r"items-0001\.json is damaged") as failed:
        handed(tmp_path, issue(told(2), day=1))
    assert not failed.value.is_uncertain


def test_a_folder_that_cannot_be_written_is_told_and_nobody_knows_what_stands_there(tmp_path: Path) -> None:
    (tmp_path / "feeds").write_text("a file where a folder belongs")
    with pytest.raises(Undelivered, match="channel feed: the feed cannot be written") as failed:
        handed(tmp_path, issue(told(1)))
    assert failed.value.is_uncertain


@pytest.mark.parametrize("reader", ["..", "a/b", ""])
def test_no_folder_is_made_of_a_strange_name(tmp_path: Path, reader: str) -> None:
    with pytest.raises(Undelivered, match="cannot name a feed"):
        handed(tmp_path, issue(told(1), reader=reader))
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_is_handed_over_again_is_the_same(tmp_path: Path) -> None:
    means = Means(home=tmp_path, site_url=SITE)
    made = issue(told(1), told(2), unread=(refused(),), made_at=datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=1))
    (part,) = FEED.parts(made, CHANNEL, means)
    assert FEED.parts(made, CHANNEL, means) == (part,)
    assert part.entry_keys == ("new/p-00001", "new/p-00002", refused().entry_key)
