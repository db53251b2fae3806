"""The side index proposes what the rules ask for in either store, and whatever becomes of its file, nothing is lost."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.batches import WEEKLY, batch, hours, review, sighting
from tests.support.engines import Engine, Files
from tests.support.small import warehouse_in
from tests.transforms.matching.test_any_order import digests
from transforms.matching.blocking import BlockTooLargeError, are_candidates, block_keys
from transforms.matching.compare import compare
from transforms.matching.model import Record
from transforms.matching.prepare import prepare
from transforms.records import Batch, Packed, RunOutcome
from warehouse import WarehouseError
from warehouse.database.connection import opened
from warehouse.embedded.engine import EmbeddedEngine
from warehouse.home import WORKING
from warehouse.papers.indexfile import IndexFile
from warehouse.papers.indexrows import packed
from warehouse.papers.indexstore import IndexStore
from warehouse.papers.sideindex import SideIndex
from warehouse.writer import Writer

Load = Callable[..., Sequence[RunOutcome]]
Ask = Callable[[str], list[tuple[object, ...]]]
Indexed = Callable[..., list[tuple[object, ...]]]
NewStore = Callable[[], IndexStore]
# The fixture hands out a maker, so that each example has a store of its own.
EACH_MAKES_ITS_OWN = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
PAPERS = "select sighting_key, paper_key, rule from core.matches order by all"


@pytest.fixture(scope="module")
def engine() -> Engine:
    """This is about the index in a file."""
    return Files()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "resolver.sqlite"


def load_anew(home: Path, *batches: Batch) -> None:
    """Load all of this at once into another home."""
    with warehouse_in(home).writer("test") as writer:
        writer.load(batches)


@given(records=digests(), rng=st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None, suppress_health_check=EACH_MAKES_ITS_OWN)
def test_any_batches_propose_each_pair_that_may_be_one_exactly_once(
    new_store: NewStore, records: list[Record], rng: random.Random
) -> None:
    rng.shuffle(records)
    deleted = [record for record in records if rng.random() < 0.3]
    with closing(SideIndex(new_store())) as index:
        index.add(map(ready, deleted))
        index.commit("before")
        index.delete([record.key for record in deleted])
        proposed, start = [], 0
        while start < len(records):
            size = rng.randint(1, len(records))
            proposed += index.propose(map(ready, records[start : start + size]))
            start += size
        known = index.records([record.key for record in records])
    assert known == {record.key: prepare(record) for record in records}
    assert all(side == known[side.key] for pair in proposed for side in pair)
    candidates = [pair for pair in combinations(records, 2) if are_candidates(*map(block_keys, pair))]
    found = sorted(sorted((left.key, right.key)) for left, right in proposed)
    allowed, needed = map(_named, (candidates, (pair for pair in candidates if compare(*pair) is not None)))
    assert all(pair in allowed for pair in found)
    assert all(pair in found for pair in needed)
    assert all(one != other for one, other in pairwise(found))


def _named(pairs: Iterable[tuple[Record, Record]]) -> list[list[str]]:
    return [sorted((left.key, right.key)) for left, right in pairs]


@given(records=digests(), rng=st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None, suppress_health_check=EACH_MAKES_ITS_OWN)
def test_any_changes_are_there_once_they_are_committed_and_gone_once_they_are_not(
    new_store: NewStore, records: list[Record], rng: random.Random
) -> None:
    keys = {record.key for record in records}
    committed, touched, store = set[str](), set[str](), new_store()
    stamp: str | None = None
    previous: str | None = None
    for number in range(6):
        held, changed = set(committed), set[str]()
        index = SideIndex(store)
        assert index.damage() is None
        assert index.stamps() == (stamp, previous)
        assert set(index.touched()) == touched
        for _ in range(rng.randint(1, 3)):
            missing, some = sorted(keys - held), [key for key in sorted(held) if rng.random() < 0.5]
            what = rng.choice(("add", "delete", "fill", "clear"))
            if what == "add":
                index.add(ready(record) for record in records if record.key in missing)
                held, changed = set(keys), changed.union(missing)
            elif what == "delete":
                index.delete(some)
                held, changed = held.difference(some), changed.union(some)
            elif what == "fill":
                some = rng.sample(sorted(keys), rng.randint(0, len(keys)))
                index.fill([[ready(record)] for record in records if record.key in some])
                held = set(some)
            else:
                index.clear()
                held = set()
            assert index.records(keys).keys() == held
        if rng.random() < 0.5:
            cleared = index.stamps()[0] is None
            index.commit(str(number))
            committed, touched = held, changed
            stamp, previous = str(number), None if cleared else stamp
        elif rng.random() < 0.5:
            index.rollback()
        index.close()
    with closing(SideIndex(store)) as index:
        assert index.blocks(keys) == {each.key: block_keys(each) for each in records if each.key in committed}
        assert not index.is_changed


def test_a_block_that_is_too_large_stops_the_load(new_store: NewStore) -> None:
    with closing(SideIndex(new_store(), block_most=2)) as index:
        records = [ready(_record(number)) for number in range(3)]
        index.add(records[:2])
        with pytest.raises(BlockTooLargeError, match="holds 3 records"):
            index.propose(records[2:])


def test_a_store_that_was_discarded_is_gone_and_can_be_filled_again(new_store: NewStore) -> None:
    index = SideIndex(new_store())
    exists = [index.exists]
    index.add([ready(_record(1))])
    index.commit("before")
    exists.append(index.exists)
    index.discard()
    exists.append(index.exists)
    assert exists == [False, True, False]
    assert index.damage() is None
    with closing(index):
        assert index.stamps() == (None, None)
        index.fill([[ready(_record(1)), ready(_record(2))], [ready(_record(3))]])
        index.commit("after")
        assert len(index.propose([ready(_record(4))])) == 3


def test_a_deleted_index_is_made_again_and_finds_what_was_loaded_before(
    load: Load, ask: Ask, indexed: Indexed, file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    batches = batch([sighting(1), sighting(2)]), batch([review(1)], facts=WEEKLY)
    load(batches[0])
    file.unlink()
    load(batches[1])
    assert "made again from 2 sightings" in caplog.text
    assert ask("select count(distinct paper_key), count(*) from core.matches") == [(2, 3)]
    load_anew(tmp_path / "other", *batches)
    assert indexed() == indexed(tmp_path / "other")


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + bytes(5000)])
def test_a_broken_index_is_made_again(
    load: Load, ask: Ask, indexed: Indexed, file: Path, tmp_path: Path, content: bytes
) -> None:
    batches = batch([sighting(1), sighting(2)]), batch([review(1)], facts=WEEKLY)
    load(batches[0])
    file.write_bytes(content)
    load(batches[1])
    assert ask("select count(distinct paper_key), count(*) from core.matches") == [(2, 3)]
    load_anew(tmp_path / "other", *batches)
    assert indexed() == indexed(tmp_path / "other")


def test_an_index_of_other_rules_is_made_again(
    load: Load, ask: Ask, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    load(batch([sighting(1), sighting(2)]))
    with closing(sqlite3.connect(file)) as database:
        database.execute("pragma user_version = 1")
    load(batch([review(1)], facts=WEEKLY))
    assert "made again from 2 sightings" in caplog.text
    assert ask("select count(distinct paper_key), count(*) from core.matches") == [(2, 3)]


def test_an_index_of_another_day_is_made_again(
    load: Load, ask: Ask, indexed: Indexed, file: Path, tmp_path: Path
) -> None:
    batches = batch([sighting(1)]), batch([sighting(2)], at=hours(1)), batch([review(2)], facts=WEEKLY)
    load(batches[0])
    shutil.copy(file, tmp_path / "old")
    load(batches[1])
    load(batches[2])
    papers = ask(PAPERS)
    shutil.copy(tmp_path / "old", file)
    load(batch([sighting(3)], at=hours(2)))
    assert set(papers) <= set(ask(PAPERS))
    assert len({key for _, key, _ in indexed()}) == len(ask(PAPERS))


def test_a_warehouse_that_did_not_commit_what_its_index_did_is_mended_by_the_next_load(
    load: Load, ask: Ask, indexed: Indexed, file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = file.with_name("warehouse.duckdb")
    load(batch([sighting(1), sighting(2)]))
    shutil.copy(database, tmp_path / "old")
    edited = sighting(1, title="Another title about kettles"), sighting(2), sighting(3)
    load(batch(edited, at=hours(1)))
    shutil.copy(tmp_path / "old", database)
    file.with_name("manifest.json").unlink()  # what was not committed was not published either
    load(batch([review(1), review(3)], facts=WEEKLY))
    assert "made again" not in caplog.text
    assert ask("select count(distinct paper_key), count(*) from core.matches") == [(3, 4)]
    expected = batch([sighting(1), sighting(2)]), batch([review(1), review(3)], facts=WEEKLY)
    load_anew(tmp_path / "other", *expected)
    assert indexed() == indexed(tmp_path / "other")


def test_a_load_that_is_refused_leaves_the_index_as_it_was(load: Load, indexed: Indexed, file: Path) -> None:
    load(batch([sighting(1, title="Weaving looms")]))
    before = indexed()
    with (
        opened(file.with_name(WORKING)) as connection,
        closing(SideIndex(IndexFile(file), block_most=1)) as index,
        pytest.raises(WarehouseError, match=r"holds 2 records.*nothing"),
    ):
        Writer(EmbeddedEngine(file.parent), connection, index).load(
            [batch([sighting(2, title="Weaving looms")], at=hours(1))]
        )
    assert indexed() == before


def ready(record: Record) -> Packed:
    """As the index takes it."""
    return packed(record)


def _record(number: int) -> Record:
    return Record(
        key=f"daily/{number}",
        source="daily",
        partition_on=sighting(1).partition_on,
        arxiv_id=None,
        doi=None,
        title="Weaving looms for absent shuttles",
        abstract=None,
        authors=(),
        published_on=None,
    )
