"""Whoever makes stored sightings ready, the side index that is made again is the same."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from flows.parallel.packing import RECORDS_AT_ONCE, packer_of
from tests.support.batches import WEEKLY, batch, review, sighting
from tests.support.patience import until
from tests.support.small import warehouse_in
from transforms.matching.model import Record
from warehouse.database.connection import opened, transaction
from warehouse.home import INDEX, WORKING
from warehouse.papers.indexfile import IndexFile
from warehouse.papers.indexrows import Packer, pack_here
from warehouse.papers.resolve import commit_index, sync_index
from warehouse.papers.sideindex import SideIndex

STATE = "select sighting_key, paper_key, rule from core.matches order by all"
EVIDENCE = "select left_key, right_key, verdict, score from core.comparisons order by all"
ROWS = "select sighting_key, blocks, stored from records order by sighting_key"


def records(count: int, first: int = 0) -> list[Record]:
    return [
        Record(
            key=f"daily/{number}",
            source="daily",
            partition_on=date(2026, 3, 2),
            arxiv_id=f"2603.{number:05}",
            doi=None,
            title=f"Sluices of {number} Ämter: \N{GREEK SMALL LETTER ALPHA} and \x00 nothing",
            abstract="A tidal lock is opened twice a day. " * 5 + str(number),
            authors=("José Núñez", "et al."),
            published_on=None if number % 2 else date(2026, 3, 1),
            urls=(f"https://example.org/{number}",),
        )
        for number in range(first, first + count)
    ]


@pytest.mark.parametrize(
    "sizes", [[], [0], [3], [3, 0, 4], [RECORDS_AT_ONCE + 1, 2 * RECORDS_AT_ONCE, 1, 0, 7, 3, 2]], ids=str
)
def test_other_processes_give_what_this_one_gives_portion_by_portion(sizes: Sequence[int]) -> None:
    portions = [records(size, place * 10_000) for place, size in enumerate(sizes)]
    assert list(packer_of(2)(portions)) == list(packer_of(1)(portions)) == list(pack_here(portions))


def test_what_killed_processes_were_at_is_done_here(caplog: pytest.LogCaptureFixture) -> None:
    portions = [records(3 * RECORDS_AT_ONCE, place * 10_000) for place in range(6)]

    def sent() -> Iterator[list[Record]]:
        for place, portion in enumerate(portions):
            yield portion
            if place == 1:
                for process_id in until(packing_processes, 60):
                    os.kill(process_id, signal.SIGKILL)

    assert list(packer_of(2)(sent())) == list(pack_here(portions))
    assert "this one does its work" in caplog.text


def packing_processes() -> list[int]:
    """Those that threads of this one started."""
    children = " ".join(each.read_text(encoding="utf-8") for each in Path("/proc/self/task").glob("*/children"))
    return [int(each) for each in children.split() if b"pack_part" in Path(f"/proc/{each}/cmdline").read_bytes()]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Of some papers, of which reviews tell again."""
    with warehouse_in(tmp_path).writer("test") as writer:
        writer.load([batch([sighting(each) for each in range(1, 9)])])
        writer.load([batch([review(number) for number in (1, 4, 6)], facts=WEEKLY)])
    return tmp_path


@pytest.mark.parametrize("packer", [packer_of(1), packer_of(2)])
def test_a_side_index_that_is_lost_is_made_again_as_it_was(home: Path, packer: Packer) -> None:
    before = state(home)
    (home / INDEX).unlink()
    synced(home, packer)
    assert state(home) == before


@pytest.mark.parametrize("packer", [packer_of(1), packer_of(2)])
def test_under_new_rules_all_is_resolved_again(home: Path, packer: Packer, caplog: pytest.LogCaptureFixture) -> None:
    before = state(home)
    synced(home, packer, "update ops.resolver set block_keys_version = -1")
    assert state(home) == before
    assert "other rules than before: 11 sightings are compared again" in caplog.text


def synced(home: Path, packer: Packer, *statements: str) -> None:
    """Bring the index in line, three sightings at a time."""
    with (
        opened(home / WORKING) as connection,
        closing(SideIndex(IndexFile(home / INDEX))) as index,
        transaction(connection),
    ):
        for each in statements:
            connection.execute(each)
        sync_index(connection, index, "again", packer, portion=3)
        commit_index(connection, index)


def state(home: Path) -> list[list[tuple[object, ...]]]:
    """What the warehouse has resolved, and what the index holds."""
    with opened(home / WORKING) as connection:
        found = [connection.execute(query).fetchall() for query in (STATE, EVIDENCE)]
    with closing(sqlite3.connect(home / INDEX)) as index:
        return [*found, index.execute(ROWS).fetchall()]
