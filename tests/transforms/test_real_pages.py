"""Good real pages pass every check: all captured day pages and all given dumps, where they lie beside the project."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from extractors.landing.adopt import page_of_file
from extractors.source import Source
from extractors.sources import hf_daily, hf_listing_text, weekly_review
from tests.support.places import DAY_PAGES, DUMPS
from transforms.listing.checks import check
from transforms.listing.normalize import normalize_all
from transforms.records import (
    Level,
    Page,
    Review,
    Sighting,
)

pytestmark = pytest.mark.shared_data
READ_AT = datetime(2026, 7, 1, tzinfo=UTC)
SOURCES: dict[str, Source] = {"hf_daily": hf_daily.SOURCE, "003": hf_listing_text.SOURCE, "dumps": weekly_review.SOURCE}
FILES = sorted(DAY_PAGES.glob("*.html")) + sorted(DUMPS.glob("*.txt"))
LONG_SECTIONS = ("methodology", "experiments", "reproducibility", "limitations", "impact", "verdict")


def source_of(path: Path) -> Source:
    return SOURCES.get(path.name[:3]) or SOURCES[path.parent.name]


def page_of(path: Path) -> Page:
    return page_of_file(path, source_of(path).name, READ_AT)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_good_page_raises_no_alarm(path: Path) -> None:
    source, page = source_of(path), page_of(path)
    for listing in source.parse(page):
        sightings, rejections = normalize_all(listing, read_on=page.fetched_at.date())
        assert rejections == ()
        assert len(sightings) == len(listing.entries)
        found = check(listing, sightings, rejections, source.expectations)
        assert [finding for finding in found if finding.level == Level.ERROR] == []
        assert [finding for finding in found if finding not in listing.findings] == []


def reviews_of(number: str) -> dict[str, Sighting]:
    (path,) = DUMPS.glob(f"{number}_*.txt")
    (listing,) = weekly_review.SOURCE.parse(page_of(path))
    sightings, _ = normalize_all(listing, read_on=date(2026, 7, 1))
    return {sighting.entry_key: sighting for sighting in sightings}


def parts_of(review: Review | None) -> list[str]:
    return [name for name in LONG_SECTIONS if getattr(review, name) is not None]


def test_every_review_of_the_week_in_june_is_whole() -> None:
    found = [sighting.review for sighting in reviews_of("000").values()]
    assert len(found) == 15
    assert [parts_of(review) for review in found] == [list(LONG_SECTIONS)] * 15
    assert [review.derived for review in found if review and "experiments" in review.derived] == [("experiments",)]
    assert sum(1 for review in found if review and "verdict" in review.derived) == 9


def test_the_week_in_april_has_long_and_short_reviews() -> None:
    found = [sighting.review for sighting in reviews_of("004").values()]
    assert sorted(len(parts_of(review)) for review in found) == [1] * 9 + [6] * 6
    assert all(review.derived == () for review in found if review)


def test_the_one_accident_of_encoding_is_healed() -> None:
    texts = [s.review.reproducibility or "" for s in reviews_of("004").values() if s.review is not None]
    assert [text for text in texts if "4× H800" in text]
    assert not [text for text in texts if "Ă" in text]
