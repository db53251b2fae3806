"""The search index of a snapshot: brought in line it says what one made at once says, and keeps nothing gone."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.batches import WEEKLY, abstract_of, batch, hours, review, run, sighting
from tests.support.small import built
from transforms.records import Batch, HumanDecision, Institution, Link, ReadingDecision
from transforms.search.query import SearchQuery, Words
from warehouse import Manifest, SearchAnswer, Warehouse, WarehouseError, open_warehouse, proof, search
from warehouse.publish.searchfile import search_fault

ODD_WORD = "zyxwvutodd"
TUESDAY = date(2026, 3, 3)
PAPERS = [sighting(number) for number in range(1, 7)]
CODE = Link(kind="code", url="https://github.com/example/tides")
PAGES = [
    batch(PAPERS[:3], at=hours(1)),
    batch(PAPERS, at=hours(10)),
    batch([replace(PAPERS[0], title_text="Renamed by its authors", links=(CODE,)), *PAPERS[1:]], at=hours(30)),
    batch(
        [
            review(1),
            replace(review(2, abstract=abstract_of("unseen")), institutions=(Institution(name="MIT", raw="MIT"),)),
        ],
        facts=WEEKLY,
    ),
    batch([sighting(number, day=TUESDAY, title="Same words") for number in (7, 8)], day=TUESDAY, at=hours(50)),
]
QUERIES = (
    SearchQuery(),
    SearchQuery(words=(Words(text="looms"),)),
    SearchQuery(words=(Words(text="same words"),)),
    SearchQuery(words=(Words(text="title"), Words(text="renamed", is_excluded=True))),
    SearchQuery(words=(Words(text="something"),)),
    SearchQuery(words=(Words(text="ada"),), sources=("daily",)),
    SearchQuery(is_reviewed=True),
    SearchQuery(has_code=True),
)


def answers(warehouse: Warehouse) -> list[SearchAnswer]:
    with warehouse.reader() as reader:
        return [search(reader, query) for query in QUERIES]


def made_at_once(home: Path) -> list[SearchAnswer]:
    """What an index says that is made from nothing, of the same working file."""
    with TemporaryDirectory() as other:
        shutil.copyfile(home / "warehouse.duckdb", Path(other) / "warehouse.duckdb")
        warehouse = open_warehouse(other)
        with warehouse.writer("test") as writer:
            writer.publish()
        return answers(warehouse)


def published(warehouse: Warehouse, *batches: Batch) -> Manifest:
    with warehouse.writer("test") as writer:
        writer.load(batches)
        return writer.publish()


def found(warehouse: Warehouse, text: str) -> list[str]:
    with warehouse.reader() as reader:
        return [each.paper_key for each in search(reader, text).hits]


@pytest.mark.slow
@settings(max_examples=6, deadline=None)
@given(st.permutations(PAGES), st.lists(st.integers(1, len(PAGES) - 1), min_size=1, max_size=3))
def test_an_index_brought_in_line_answers_as_one_made_at_once(pages: list[Batch], cuts: list[int]) -> None:
    edges: Sequence[int] = [0, *sorted(set(cuts)), len(pages)]
    with TemporaryDirectory() as home:
        warehouse = open_warehouse(home)
        for first, last in pairwise(edges):
            published(warehouse, *pages[first:last])
        assert answers(warehouse) == made_at_once(Path(home))


def test_merges_splits_and_what_is_forgotten_show_with_the_next_publish(tmp_path: Path) -> None:
    warehouse = open_warehouse(str(tmp_path))
    published(warehouse, *PAGES)
    keys = sorted(found(warehouse, "invented"))
    one, other = keys[:2]
    with warehouse.writer("test") as writer:
        members = dict(writer_members(warehouse))
        word = HumanDecision(left=members[one], right=members[other], is_same=True, reason="one", decided_at=hours(60))
        writer.decide(run("decisions", None), [word])
        writer.publish()
    assert len(found(warehouse, "invented")) == len(keys) - 1
    assert answers(warehouse) == made_at_once(tmp_path)
    with warehouse.writer("test") as writer:
        writer.decide(run("decisions", None), [replace(word, is_same=False, decided_at=hours(61))])
        writer.publish()
    assert sorted(found(warehouse, "invented")) == keys
    assert answers(warehouse) == made_at_once(tmp_path)


def writer_members(warehouse: Warehouse) -> list[tuple[str, str]]:
    with warehouse.reader() as reader:
        rows = reader.query("select paper_key, min(sighting_key) from matches group by paper_key").rows
    return [(str(key), str(sighting_key)) for key, sighting_key in rows]


def test_no_word_of_what_was_taken_back_stays_in_the_file(tmp_path: Path) -> None:
    warehouse = open_warehouse(str(tmp_path))
    secret = replace(sighting(9, day=TUESDAY), title_text="Quixotically withdrawn", abstract_text=f"{ODD_WORD} " * 40)
    manifest = published(warehouse, batch(PAPERS), batch([secret], day=TUESDAY, at=hours(30)))
    assert holds(tmp_path, manifest, ODD_WORD)
    with warehouse.writer("test") as writer:
        taken = [
            ReadingDecision(
                source="daily",
                partition_on=TUESDAY,
                is_forgotten=True,
                readings=tuple(writer.readings("daily", TUESDAY)),
                reason="asked for",
                decided_at=hours(5),
            )
        ]
        writer.forget(run("daily", TUESDAY), taken)
        manifest = writer.publish()
    assert found(warehouse, "quixotically") == []
    assert not holds(tmp_path, manifest, ODD_WORD)
    assert len(list((tmp_path / "search").iterdir())) == 1
    assert answers(warehouse) == made_at_once(tmp_path)


def holds(home: Path, manifest: Manifest, word: str) -> bool:
    assert manifest.search is not None
    return word.encode() in (home / manifest.search.name).read_bytes()


def test_only_what_changed_is_read_and_an_unchanged_index_keeps_its_numbers(tmp_path: Path) -> None:
    warehouse = open_warehouse(str(tmp_path))
    first = numbers(tmp_path, published(warehouse, PAGES[1]))
    later = numbers(tmp_path, published(warehouse, PAGES[4]))
    assert {key: later[key] for key in first} == first
    assert len(later) == len(first) + 2


def test_papers_that_change_while_others_come_keep_their_numbers(tmp_path: Path) -> None:
    warehouse = open_warehouse(str(tmp_path))
    first = numbers(tmp_path, published(warehouse, PAGES[1]))
    renamed = [replace(each, title_text=f"{each.title_text} renamed") for each in PAPERS]
    later = numbers(tmp_path, published(warehouse, batch([*renamed, *map(sighting, range(10, 30))], at=hours(20))))
    assert {key: later[key] for key in first} == first
    assert answers(warehouse) == made_at_once(tmp_path)


def numbers(home: Path, manifest: Manifest) -> dict[str, int]:
    assert manifest.search is not None
    with closing(sqlite3.connect(home / manifest.search.name)) as database:
        return dict(database.execute("select paper_key, paper from papers").fetchall())


def test_the_manifest_names_the_index_and_kept_snapshots_keep_theirs(tmp_path: Path) -> None:
    warehouse, _ = built(tmp_path)
    with warehouse.writer("test") as writer:
        manifest = writer.publish(keep_days=3)
    assert manifest.search is not None
    assert manifest.search.papers_count == 6
    path = tmp_path / manifest.search.name
    (kept,) = (tmp_path / "snapshots").glob("*.sqlite")
    assert kept.samefile(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o444 & ~os.umask(os.umask(0))
    with warehouse.reader(moment=manifest.published_at) as reader:
        assert search(reader, "tide").total == 1
    assert proof(tmp_path) == ()


@pytest.mark.parametrize("where", ["search", "snapshots"])
@pytest.mark.parametrize("damage", ["flipped", "missing"])
def test_a_damaged_index_is_found_and_made_again(tmp_path: Path, where: str, damage: str) -> None:
    warehouse, _ = built(tmp_path)
    with warehouse.writer("test") as writer:
        manifest = writer.publish(keep_days=3)
    path = next((tmp_path / where).glob(f"{manifest.published_at:%Y%m%dT%H%M%S_%fZ}.sqlite"))
    data = bytearray(path.read_bytes())
    path.unlink()
    if damage == "flipped":
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    (found_fault,) = proof(tmp_path)
    assert f"its search index {path.name} is" in found_fault.detail
    with warehouse.writer("test") as writer:
        again = writer.publish()
    assert search_fault(tmp_path / "paperlog.duckdb", again) is None
    assert answers(warehouse) == made_at_once(tmp_path)


def test_an_index_of_another_program_is_made_again(tmp_path: Path) -> None:
    warehouse, manifest = built(tmp_path)
    assert manifest.search is not None
    path = tmp_path / manifest.search.name
    (tmp_path / "paperlog.duckdb").unlink()  # what has to be taken out is nowhere to be read
    published(warehouse, batch([sighting(1)]))
    assert path.exists()  # for who opened the last snapshot
    assert answers(warehouse) == made_at_once(tmp_path)


def test_an_index_that_cannot_be_placed_leaves_the_last_snapshot(tmp_path: Path) -> None:
    warehouse, manifest = built(tmp_path)
    shutil.rmtree(tmp_path / "search")
    (tmp_path / "search").write_text("notes", encoding="utf-8")
    before = (tmp_path / "paperlog.duckdb").read_bytes()
    with pytest.raises(WarehouseError, match="search"), warehouse.writer("test") as writer:
        writer.publish()
    assert (tmp_path / "paperlog.duckdb").read_bytes() == before
    assert manifest.search is not None


def test_a_line_for_sqlite_alone_finds_the_same(tmp_path: Path) -> None:
    warehouse, manifest = built(tmp_path)
    assert manifest.search is not None
    line = (
        "select paper_key from texts join papers on papers.paper = texts.rowid "
        "where texts match 'lighthouse' order by rank, paper_key"
    )
    with closing(sqlite3.connect(tmp_path / manifest.search.name)) as database:
        assert [key for (key,) in database.execute(line)] == found(warehouse, "lighthouses")
