"""What the sources say about real captures, compared with an independent reading of the same captures."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from extractors.errors import WrongPartition
from extractors.landing.adopt import page_of_file
from extractors.sources import hf_daily, hf_listing_text, weekly_review
from transforms.records import (
    Entry,
    Listing,
    Metric,
    Page,
)

pytestmark = pytest.mark.shared_data
READ_AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def day_pages(shared_data: Path) -> list[Page]:
    return [page_of_file(path, "hf_daily") for path in sorted((shared_data / "hf_daily").glob("*.html"))]


def test_twelve_day_pages_hold_458_entries_without_a_finding(day_pages: list[Page]) -> None:
    listings = [_only(hf_daily.SOURCE.parse(page)) for page in day_pages]
    assert len(listings) == 12
    assert sum(len(listing.entries) for listing in listings) == 458
    assert not any(listing.findings or listing.rejections or listing.is_degraded for listing in listings)
    assert sum(listing.is_closed for listing in listings) == 9


def test_every_field_equals_the_pages_own_json(day_pages: list[Page]) -> None:
    for page in day_pages:
        said = _json_of(page)
        listing = _only(hf_daily.SOURCE.parse(page))
        assert listing.partition_on.isoformat() == said["dateString"] == page.url.removeprefix("file:")[:10]
        assert (listing.next_on.isoformat() if listing.next_on else None) == said.get("nextDate")
        assert (listing.previous_on.isoformat() if listing.previous_on else None) == said.get("prevDate")
        assert [_facts(entry) for entry in listing.entries] == [_facts_of_item(item) for item in said["dailyPapers"]]
        assert [entry.position for entry in listing.entries] == list(range(1, len(said["dailyPapers"]) + 1))
        assert all("upvoted" not in json_of_text(entry.said) for entry in listing.entries)


def test_cards_alone_agree_with_the_json(day_pages: list[Page]) -> None:
    for page in day_pages:
        full = _only(hf_daily.SOURCE.parse(page))
        cards = _only(hf_daily.SOURCE.parse(_without_json(page, full.partition_on)))
        assert cards.is_degraded
        assert [_card_facts(entry) for entry in cards.entries] == [_card_facts(entry) for entry in full.entries]


def test_another_day_than_asked_for_is_no_list_for_that_day(day_pages: list[Page]) -> None:
    page = replace(day_pages[0], asked_on=date(2026, 2, 21))
    with pytest.raises(WrongPartition, match="asked for 2026-02-21, the page says 2026-02-20") as caught:
        hf_daily.SOURCE.parse(page)
    assert caught.value.next_on == date(2026, 2, 23)


def test_the_listing_dump_holds_58_entries(shared_data: Path) -> None:
    page = page_of_file(shared_data / "dumps" / "003_574adb222f1cf92f.txt", "hf_listing_text", READ_AT)
    listing = _only(hf_listing_text.SOURCE.parse(page))
    assert listing.partition_on == date(2026, 6, 1)
    entries = listing.entries
    assert len(entries) == 58
    assert sum(entry.published is not None for entry in entries) == 54
    assert sum("," in (entry.published or "") for entry in entries) == 34
    assert sum(entry.author_count is not None for entry in entries) == 52
    assert [entry.organization for entry in entries if entry.organization] == ["University of Vienna", "Google"]
    assert sum(len(entry.metrics) for entry in entries) == 10
    assert [entry.place for entry in entries if entry.published is None] == [
        "line 37",
        "line 169",
        "line 181",
        "line 329",
    ]


@pytest.mark.parametrize(
    ("name", "first", "long_count"),
    [("000_77758ebc7ef0e254.txt", date(2026, 6, 21), 18), ("004_984d391f955018a4.txt", date(2026, 3, 31), 6)],
)
def test_a_weekly_dump_holds_eighteen_entries_of_fifteen_papers(
    shared_data: Path, name: str, first: date, long_count: int
) -> None:
    path = shared_data / "dumps" / name
    listing = _only(weekly_review.SOURCE.parse(page_of_file(path, "weekly_review", READ_AT)))
    lines = path.read_text(encoding="utf-8").split("\n")
    assert (listing.partition_on, len(listing.entries)) == (first, 18)
    assert len({entry.abstract for entry in listing.entries}) == 15
    assert sum(bool(entry.review and entry.review.sections) for entry in listing.entries) == long_count
    assert "\n".join(entry.said for entry in listing.entries).split("\n") == lines[1:]
    assert all(entry.abstract == lines[(entry.first_line or 0) - 1] for entry in listing.entries)
    assert [entry.section for entry in listing.entries] == ["top"] * 3 + ["list"] * 15


def json_of_text(text: str) -> dict[str, Any]:
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


def _only(listings: tuple[Listing, ...]) -> Listing:
    (listing,) = listings
    return listing


def _json_of(page: Page) -> dict[str, Any]:
    tag = BeautifulSoup(page.body.decode(), "lxml").select_one('div[data-target="DailyPapers"]')
    assert tag is not None
    return json_of_text(str(tag["data-props"]))


def _facts(entry: Entry) -> tuple[object, ...]:
    return (
        entry.arxiv_id,
        entry.title,
        entry.abstract,
        list(entry.authors),
        entry.published,
        entry.submitted_by,
        entry.organization,
        list(entry.links),
        {metric.value: number for metric, number in entry.metrics},
    )


def _facts_of_item(item: dict[str, Any]) -> tuple[object, ...]:
    paper, submitter, organization = item["paper"], item.get("submittedBy"), item.get("organization")
    assert isinstance(paper, dict)
    links = [("code", paper.get("githubRepo")), ("project", paper.get("projectPage"))]
    links += [("media", url) for url in paper.get("mediaUrls", [])]
    numbers = {
        "upvotes": paper["upvotes"],
        "comments": item["numComments"],
        "github_stars": paper.get("githubStars"),
    }
    return (
        paper["id"],
        paper["title"],
        paper["summary"],
        [author["name"] for author in paper["authors"]],
        paper["publishedAt"],
        submitter["name"] if isinstance(submitter, dict) else None,
        organization["fullname"] if isinstance(organization, dict) else None,
        [(kind, url) for kind, url in links if url],
        {name: str(number) for name, number in numbers.items() if number is not None},
    )


def _without_json(page: Page, day: date) -> Page:
    body, count = re.subn(rb'data-props="[^"]*" *', b"", page.body)
    assert count
    url = f"https://huggingface.co/papers/date/{day}"
    return replace(page, body=body, asked_on=day, url=url, final_url=url)


def _card_facts(entry: Entry) -> tuple[object, ...]:
    numbers = {metric: "0" if number == "-" else number for metric, number in entry.metrics}
    return (
        entry.position,
        entry.arxiv_id,
        " ".join((entry.title or "").split()),
        entry.submitted_by,
        " ".join((entry.organization or "").split()),
        numbers[Metric.UPVOTES],
        numbers[Metric.COMMENTS],
    )
