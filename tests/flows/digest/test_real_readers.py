"""What thirty invented readers would be told of 2,300 real papers: the same on every machine, and mostly wanted.

`readers.toml` was written before any choice was looked at. For each reader, `judged.json` has the records that were
chosen and, of at most 25 in the order of a hash, whether that reader would want them, judged by titles, abstracts,
authors and institutions without the reasons; what is unwanted says what the paper is about instead.

The rules of choice came of what the first twenty readers had been refused; the last ten were judged after them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from extractors.landing.adopt import page_of_file
from flows.digest.interests_file import read_interests
from flows.digest.liked import aliases_in, liked_of
from tests.support.pages import batches_of
from tests.support.places import DATA
from tests.support.real import READ
from transforms.digest.interests import wanted
from transforms.digest.records import DigestPaper
from warehouse import Warehouse, open_warehouse

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]

HERE = Path(__file__).parent
SAMPLED_MOST = 25
ALL_READ = READ | {
    "hf_daily_2024/*.html": ("hf_daily", None),
    "hf_api/*.json": ("hf_daily", None),
    "other/dair/README.md": ("ml_papers_week", datetime(2025, 12, 1, tzinfo=UTC)),
    "other/dair/years/*.md": ("ml_papers_week", datetime(2026, 7, 1, tzinfo=UTC)),
    "other/arxiv/list/captured_*.html": ("arxiv_announced:cs.AI", datetime(2026, 8, 12, 12, tzinfo=UTC)),
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Every captured page that has papers."""
    made = open_warehouse(str(tmp_path_factory.mktemp("readers") / "home"))
    with made.writer("real data") as writer:
        for pattern, (source, read_at) in ALL_READ.items():
            for file in sorted(DATA.glob(pattern)):
                noon = datetime.fromisoformat(f"{file.stem}T12:00:00Z") if file.suffix == ".json" else None
                writer.load(batches_of(page_of_file(file, source, read_at or noon)))
        writer.publish()
    return made


@pytest.fixture(scope="module")
def judged() -> Mapping[str, Mapping[str, Any]]:
    """By reader: `chosen` records, of which some are `wanted` or `unwanted`."""
    read: Mapping[str, Mapping[str, Any]] = json.loads((HERE / "judged.json").read_text("utf-8"))
    return read


def test_the_same_papers_are_chosen_on_every_machine(
    warehouse: Warehouse, judged: Mapping[str, Mapping[str, Any]]
) -> None:
    readers = read_interests(HERE / "readers.toml", {})
    with warehouse.reader() as reader:
        rows = reader.query((HERE / "real_papers.sql").read_text("utf-8")).dicts
        liked, aliases = liked_of(reader, readers), aliases_in(reader)
    papers = msgspec.convert(rows, tuple[DigestPaper, ...])
    assert len(papers) == 2283
    assert liked.unknown == ()
    for each in readers:
        wishes = wanted(each.interests, liked.of_reader[each.name], aliases)
        chosen = [paper.record for paper in papers if wishes.choice(paper)]
        assert chosen == judged[each.name]["chosen"], each.name
        refused = [paper.record for paper in papers if wishes.refusal(paper)]
        assert sorted([*chosen, *refused]) == sorted(paper.record for paper in papers)


def test_nine_of_ten_chosen_papers_are_wanted(judged: Mapping[str, Mapping[str, Any]]) -> None:
    wanted_count = unwanted_count = 0
    for name, each in judged.items():
        assert sorted([*each["wanted"], *each["unwanted"]]) == sorted(sampled(each["chosen"])), name
        wanted_count += len(each["wanted"])
        unwanted_count += len(each["unwanted"])
    assert (wanted_count, unwanted_count) == (436, 46)


def sampled(records: Iterable[str]) -> list[str]:
    """At most 25 of the records, in an order that nobody chose."""
    return sorted(records, key=lambda record: sha256(record.encode()).hexdigest())[:SAMPLED_MOST]
