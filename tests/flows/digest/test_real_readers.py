"""What ten invented readers would be told of 2,300 real papers: the same choice on every machine, and mostly wanted.

`readers.toml` was written before any choice was looked at. `judged.json` has for each reader the records that were
chosen and, of at most 25 in the order of a hash, whether the reader would want them, judged by title and abstract
without the reasons; a miss says what the paper is about instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from extractors.landing.adopt import page_of_file
from flows.digest.channel import ChannelKind
from flows.digest.interests_file import read_interests
from flows.digest.liked import aliases_in, liked_of
from tests.support.pages import batches_of
from tests.support.places import DATA
from tests.support.real import READ
from transforms.digest.interests import Choice, wanted
from transforms.digest.records import DigestPaper
from warehouse import Warehouse, open_warehouse
from warehouse.database.sql import rows_as

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]

HERE = Path(__file__).parent
JUDGED = HERE / "judged.json"
SAMPLED_MOST = 25
ALL_READ = READ | {
    "hf_daily_2024/*.html": ("hf_daily", None),
    "hf_api/*.json": ("hf_daily", None),
    "other/dair/README.md": ("ml_papers_week", datetime(2025, 12, 1, tzinfo=UTC)),
    "other/dair/years/*.md": ("ml_papers_week", datetime(2026, 7, 1, tzinfo=UTC)),
    "other/arxiv/list/captured_cs.AI_new_20260812_cut.html": (
        "arxiv_announced:cs.AI",
        datetime(2026, 8, 12, 12, tzinfo=UTC),
    ),
}
KINDS: Mapping[str, ChannelKind] = {}

Choices = Mapping[str, Mapping[str, Choice]]


@pytest.fixture(scope="module")
def papers_and_choices(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mapping[str, DigestPaper], Choices]:
    """Every paper by its record, and for each reader the chosen ones."""
    return chosen_in(_loaded(tmp_path_factory.mktemp("readers") / "home"))


def _loaded(home: Path) -> Warehouse:
    warehouse = open_warehouse(str(home))
    with warehouse.writer("real data") as writer:
        for pattern, (source, read_at) in ALL_READ.items():
            for file in sorted(DATA.glob(pattern)):
                noon = datetime.fromisoformat(f"{file.stem}T12:00:00Z") if file.suffix == ".json" else None
                writer.load(batches_of(page_of_file(file, source, read_at or noon)))
        writer.publish()
    return warehouse


def chosen_in(warehouse: Warehouse) -> tuple[Mapping[str, DigestPaper], Choices]:
    """Every paper of a snapshot by its record, and for each reader the chosen ones."""
    readers = read_interests(HERE / "readers.toml", KINDS)
    with warehouse.reader() as reader:
        query = (HERE / "real_papers.sql").read_text("utf-8")
        papers = rows_as(reader._connection.execute(query), DigestPaper)  # noqa: SLF001
        liked, aliases = liked_of(reader, readers), aliases_in(reader)
    assert liked.unknown == ()
    choices: dict[str, Mapping[str, Choice]] = {}
    for each in readers:
        wishes = wanted(each.interests, liked.of_reader[each.name], aliases)
        choices[each.name] = {paper.record: choice for paper in papers if (choice := wishes.choice(paper)) is not None}
    return {paper.record: paper for paper in papers}, choices


def sampled(records: Iterator[str] | Mapping[str, Any]) -> list[str]:
    """At most 25 of the records, in an order that nobody chose."""
    return sorted(records, key=lambda record: sha256(record.encode()).hexdigest())[:SAMPLED_MOST]
