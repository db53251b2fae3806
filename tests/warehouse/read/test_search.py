"""Words find papers by title, abstract and review, in a published file that stays quick to make."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tests.support.batches import batch, sighting
from tests.support.small import built, first_batches, later_batches
from warehouse import (
    Warehouse,
    WarehouseError,
    open_warehouse,
    search,
)


def titles(warehouse: Warehouse, text: str) -> list[object]:
    with warehouse.reader() as reader:
        return [row[1] for row in search(reader, text).rows]


def built_at(home: Path) -> object:
    with duckdb.connect(str(home / "paperlog.duckdb"), read_only=True) as connection:
        return connection.execute("select built_at from ops.search_index").fetchone()


def test_words_of_title_abstract_and_review_find_a_paper(tmp_path: Path) -> None:
    warehouse, manifest = built(tmp_path)
    assert manifest.searchable_count == 6
    assert titles(warehouse, "loom") == ["Looms That Learn"]
    assert titles(warehouse, "lighthouse salts")[0] == "Salt and Sparse Attention"
    assert set(titles(warehouse, "lighthouses")) == {"Tide Tables for Every Harbour", "Salt and Sparse Attention", None}
    assert titles(warehouse, "zeppelin") == []


def test_an_answer_says_which_paper_and_how_well_it_fits_best_first(tmp_path: Path) -> None:
    warehouse, _ = built(tmp_path)
    with warehouse.reader() as reader:
        found = search(reader, "tide lighthouse", limit=2)
        assert found.columns == ("paper_key", "title", "score")
        assert len(found.rows) == 2
        assert float(str(found.rows[0][2])) > float(str(found.rows[1][2]))
        assert reader.query("select title from marts.search('tide') limit 1").rows == ((found.rows[0][1],),)


@pytest.mark.parametrize("text", ["'; drop table core.papers; --", "<b>", "%", "", "\x00", "🛶 ' \" \\", "a" * 100_000])
def test_whatever_is_searched_is_data(tmp_path: Path, text: str) -> None:
    warehouse, _ = built(tmp_path)
    with warehouse.reader() as reader:
        search(reader, text)
        assert reader.query("select count(*) from papers").rows == ((6,),)


def test_a_reader_of_an_indexed_file_can_still_reach_nothing_else(tmp_path: Path) -> None:
    warehouse, _ = built(tmp_path)
    with warehouse.reader() as reader:
        for sql in ("set enable_external_access = true", "copy (select 1) to 'x.csv'", "load httpfs"):
            with pytest.raises(WarehouseError):
                reader.query(sql)


def test_the_index_is_taken_over_while_no_text_changes_and_built_anew_when_one_does(tmp_path: Path) -> None:
    warehouse = open_warehouse(str(tmp_path))
    built_before = []
    for batches in (first_batches()[:1], (), first_batches()[1:], later_batches()[3:]):
        with warehouse.writer("test") as writer:
            writer.load(batches)
            writer.publish()
        built_before.append(built_at(tmp_path))
        assert titles(warehouse, "tide")[:1] == ["Tide Tables for Every Harbour"]
    first, again, another, reviewed = built_before
    assert first == again
    assert len({again, another, reviewed}) == 3
    assert "Tide Tables for Every Harbour" in titles(warehouse, "buoy")


def test_a_snapshot_without_index_says_how_to_get_one(tmp_path: Path) -> None:
    warehouse = open_warehouse(str(tmp_path))
    with warehouse.writer("test") as writer:
        writer.load([batch([sighting(1)])])
        manifest = writer.publish(full=False)
    assert (manifest.searchable_count, manifest.storage_version) == (None, "v1.5.0")
    with warehouse.reader() as reader, pytest.raises(WarehouseError, match="publish --full"):
        search(reader, "looms")


def test_above_the_limit_only_a_full_publish_builds_it(tmp_path: Path) -> None:
    warehouse = open_warehouse(str(tmp_path))
    with warehouse.writer("test") as writer:
        writer.load([batch([sighting(1)])])
        assert writer.publish(full_up_to=0).searchable_count is None
        assert writer.publish(full_up_to=1).searchable_count == 1
        assert writer.publish(full=False).searchable_count is None
        assert writer.publish(full=True, full_up_to=0).searchable_count == 1
    assert titles(warehouse, "looms") == ["Invented title number 1 about looms"]


def test_a_duckdb_without_its_extension_still_publishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb_extension_fts", None)  # as where it is not installed
    warehouse = open_warehouse(str(tmp_path))
    with warehouse.writer("test") as writer:
        writer.load([*first_batches(), *later_batches()])
        assert writer.publish(full=True).searchable_count is None
    with warehouse.reader() as reader:
        assert reader.query("select count(*) from papers").rows == ((6,),)


def test_a_broken_old_snapshot_and_a_killed_publish_do_not_stand_in_the_way(tmp_path: Path) -> None:
    warehouse, _ = built(tmp_path)
    (tmp_path / "paperlog.duckdb").write_bytes(b"not a database " * 1000)
    (tmp_path / ".publishing").mkdir()
    (tmp_path / ".publishing" / "paperlog.duckdb").write_bytes(b"half")
    with warehouse.writer("test") as writer:
        assert writer.publish().searchable_count == 6
    assert not (tmp_path / ".publishing").exists()
    assert titles(warehouse, "loom") == ["Looms That Learn"]


def test_an_open_reader_keeps_its_snapshot_through_a_full_publish(tmp_path: Path) -> None:
    warehouse, _ = built(tmp_path)
    with warehouse.reader() as reader:
        with warehouse.writer("test") as writer:
            extra = replace(batch([sighting(9)]).sightings[0], metrics=())
            writer.load([batch([extra])])
            writer.publish()
        assert reader.query("select count(*) from papers").rows == ((6,),)
    assert len(titles(warehouse, "invented")) == 1


@pytest.mark.shared_data
def test_real_papers_are_found_by_their_words(real: Warehouse) -> None:
    with real.reader() as reader:
        longest = "select paper_key, title from papers order by len(title) desc nulls last, paper_key limit 1"
        ((paper_key, title),) = reader.query(longest).rows
        assert search(reader, str(title), limit=3).rows[0][0] == paper_key
