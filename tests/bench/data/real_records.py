"""Records of the real texts in the folder of shared data; nothing of them is kept in the project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from extractors.landing.adopt import page_of_file
from extractors.sources import source_named
from tests.support.places import DATA, DAY_PAGES, DUMPS
from transforms.listing.normalize import normalize_all
from transforms.matching.model import Record
from warehouse.papers.comparisons import record_of

READ_AT = datetime(2026, 6, 28, tzinfo=UTC)
DUMPED = (("weekly_review", "00[04]_*.txt"), ("hf_listing_text", "003_*.txt"))
ROW = re.compile(r"^\|\s*\d+\)\s*(?P<text>.*?)\s*\|\s*(?P<links>.*?)\s*\|\s*$", flags=re.MULTILINE)
BOLD_TITLE = re.compile(r"^\*\*(.+?)\*\*(.*)$", flags=re.DOTALL)


def listed_records() -> list[Record]:
    """The papers of the saved day pages, each day as it was read last."""
    last = {path.name[:10]: path for path in sorted(DAY_PAGES.glob("*.html"))}
    return [record for path in last.values() for record in _records("hf_daily", path)]


def texts_and_people() -> tuple[set[str], set[str]]:
    """Every title, abstract and description of all real data, and every author's name."""
    records = [*listed_records(), *(each for name, files in DUMPED for path in DUMPS.glob(files) for each in _records(name, path))]
    texts = {text for each in records for text in (each.title, each.abstract) if text}
    return texts | set(_descriptions()), {name for each in records for name in each.authors}


def _records(source: str, path: Path) -> Iterator[Record]:
    page = page_of_file(path, source, READ_AT)
    for listing in source_named(source).parse(page):
        sightings, _ = normalize_all(listing, read_on=page.fetched_at.date())
        yield from map(record_of, sightings)


def _descriptions() -> Iterator[str]:
    """The rows of the weekly README with a title in bold or none: this text is older than its extractor."""
    for row in ROW.finditer((DATA / "other/dair/README.md").read_text("utf-8")):
        text = row["text"].replace("<br>●", " ")
        bold = BOLD_TITLE.match(text)
        yield from filter(None, (bold[1].strip(), bold[2].strip(" -\u2013")) if bold else (text,))
