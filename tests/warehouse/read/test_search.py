"""Words, phrases and facets find papers; an answer is whole, or says why there is none."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

import pytest

from tests.support.engines import Engine
from tests.support.small import built
from transforms.search.query import QueryError, SearchQuery
from warehouse import SearchAnswer, Warehouse, WarehouseError, open_warehouse, search
from warehouse.read.search import REACHED_MAX

TIDES, LOOMS, KITES = "Tide Tables for Every Harbour", "Looms That Learn", "Kites | a <b>Survey</b>"
CLOCKS, SALT = "Clocks Without Hands", "Salt and Sparse Attention"
MOTHS = None  # only a review names it


@pytest.fixture(scope="module")
def small(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    warehouse = engine.small(tmp_path_factory.mktemp("small"))
    if engine.is_lake:  # the index stands beside a file
        with warehouse.writer("a file") as writer:
            writer.publish(is_file=True)
    return warehouse


def asked(warehouse: Warehouse, query: str | SearchQuery, limit: int = 20, offset: int = 0) -> SearchAnswer:
    with warehouse.reader() as reader:
        return search(reader, query, limit=limit, offset=offset)


def titles(warehouse: Warehouse, query: str | SearchQuery) -> list[str | None]:
    return [each.title for each in asked(warehouse, query).hits]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("loom", {LOOMS}),
        ("LEARNING looms", {LOOMS}),
        ("lighthouse salts", {SALT}),
        ("lighthouses", {TIDES, SALT, MOTHS}),
        ("buoys -tide", {SALT, MOTHS}),
        ('"sparse attention"', {SALT}),
        ('"attention sparse"', set()),
        ("title:moths", set()),
        ("title:kites", {KITES}),
        ("orn", {TIDES, LOOMS}),
        ('author:"Ada Örn"', {TIDES, LOOMS}),
        ("author:salt", set()),
        ("institution:mit", {TIDES}),
        ('institution:"massachusetts institute of technology"', {TIDES}),
        ("institution:mila", {TIDES, SALT}),
        ("source:hf_listing_text", {LOOMS}),
        ("source:hf_listing_text source:weekly_review", {LOOMS, TIDES, SALT, MOTHS}),
        ("reviewed:yes", {TIDES, SALT, MOTHS}),
        ("reviewed:no", {LOOMS, KITES, CLOCKS}),
        ("from:2026-03-03 to:2026-03-05", {KITES}),
        ("to:2026-03-01", set()),
        ("has:code", set()),
        ("zeppelin", set()),
        ("<b>", {KITES}),
    ],
)
def test_a_query_finds_the_papers_that_it_means(small: Warehouse, query: str, found: set[str | None]) -> None:
    assert set(titles(small, query)) == found


@pytest.mark.parametrize("text", ["2603.00001", "arXiv:2603.00001v3", "https://arxiv.org/abs/2603.00001"])
def test_an_identifier_finds_its_paper_at_once(small: Warehouse, text: str) -> None:
    (hit,) = asked(small, text).hits
    assert (hit.title, hit.score) == (TIDES, None)
    assert asked(small, hit.paper_key).hits == (hit,)
    assert asked(small, "arxiv:2603.99999").total == 0


def test_a_hit_says_which_paper_where_and_why(small: Warehouse) -> None:
    best, *_ = asked(small, "tide buoys").hits
    assert best.title == TIDES
    assert best.link == "https://arxiv.org/abs/2603.00001"
    assert (best.arxiv_id, best.upvotes, best.sources) == ("2603.00001", 60, ("hf_daily", "weekly_review"))
    assert (best.first_listed_on, best.last_listed_on) == (date(2026, 3, 2), date(2026, 3, 3))
    assert best.score == round(best.score or 0, 2)
    assert {best.snippet[first:last].lower() for first, last in best.marks} == {"tide", "buoys"}


def test_a_title_counts_more_than_a_review_and_equal_papers_come_by_key(small: Warehouse) -> None:
    salt = asked(small, "salt").hits
    assert salt[0].title == SALT
    alike = [each.paper_key for each in asked(small, "source:weekly_review").hits]
    assert alike == sorted(alike)


def test_pages_of_an_answer_are_its_parts(small: Warehouse) -> None:
    whole = asked(small, "lighthouses").hits
    assert [asked(small, "lighthouses", 1, offset).hits for offset in range(4)] == [*((each,) for each in whole), ()]
    for limit, offset in ((1, REACHED_MAX), (0, 0), (-1, 0), (1, -1)):
        with pytest.raises(QueryError, match="as far as the first 10,000"):
            asked(small, "lighthouses", limit, offset)


def test_counts_are_those_of_all_that_match(small: Warehouse) -> None:
    answer = asked(small, "lighthouses", limit=1)
    assert (answer.total, answer.is_total_exact, answer.ranked_from) == (3, True, None)
    assert answer.facets.sources == {"weekly_review": 3, "hf_daily": 2}
    assert (answer.facets.years, answer.facets.reviewed, answer.facets.has_code) == ({2026: 3}, 3, 0)
    assert not answer.facets.is_estimate


def test_a_query_that_a_program_makes_is_as_good_as_a_written_one(small: Warehouse) -> None:
    made = SearchQuery(sources=("weekly_review",), is_reviewed=True)
    assert asked(small, made).hits == asked(small, "source:weekly_review reviewed:yes").hits


@pytest.mark.parametrize("text", ["'; drop table core.papers; --", "%", "🛶 x ' \\", 'a" OR facets:x', "\ud800 x"])
def test_whatever_is_searched_is_data(small: Warehouse, text: str) -> None:
    with small.reader() as reader:
        with suppress(QueryError):
            assert search(reader, text).hits == ()
        assert reader.query("select count(*) from papers").rows == ((6,),)


def test_a_query_that_takes_too_long_is_told(small: Warehouse) -> None:
    endless = "with recursive n(n) as (select 1 union all select n + 1 from n) select max(n) from n"
    with small.reader() as reader, pytest.raises(WarehouseError, match=r"interrupted after 0\.01 s"):
        reader.index.rows(endless, (), 0.01)


def test_a_reader_keeps_the_index_of_its_snapshot_through_publishes(tmp_path: Path) -> None:
    warehouse, _ = built(tmp_path)
    with warehouse.reader() as reader:
        before = search(reader, "tide")
        for _ in range(3):
            with warehouse.writer("test") as writer:
                writer.publish()
        assert len(list((tmp_path / "search").iterdir())) == 2
        assert search(reader, "tide") == before
    assert asked(warehouse, "tide") == before


@pytest.mark.parametrize("state", ["missing", "of another snapshot", "cut", "foreign"])
def test_an_index_that_is_not_the_snapshots_is_told_and_made_again(tmp_path: Path, state: str) -> None:
    warehouse, manifest = built(tmp_path)
    assert manifest.search is not None
    path = tmp_path / manifest.search.name
    if state == "missing":
        path.unlink()
    elif state == "of another snapshot":
        with warehouse.writer("test") as writer:
            other = writer.publish()
        assert other.search is not None
        path.replace(tmp_path / other.search.name)
    else:
        whole = path.read_bytes()
        path.unlink()
        path.write_bytes(whole[: len(whole) // 2] if state == "cut" else b"notes " * 5000)
    with pytest.raises(WarehouseError, match="`paperlog publish` makes"):
        asked(warehouse, "tide")
    with warehouse.writer("test") as writer:
        writer.publish()
    assert titles(warehouse, "tide") == [TIDES]


def test_an_index_that_lies_about_its_papers_gives_no_shorter_answer(tmp_path: Path) -> None:
    warehouse, manifest = built(tmp_path)
    assert manifest.search is not None
    path = tmp_path / manifest.search.name
    copy = tmp_path / "copy"
    shutil.copyfile(path, copy)
    with closing(sqlite3.connect(copy)) as database:
        database.execute("update papers set paper_key = 'p000000' || paper")
        database.commit()
    copy.replace(path)
    with pytest.raises(WarehouseError, match="the snapshot has not"):
        asked(warehouse, "tide")


def test_a_snapshot_of_nothing_is_searched_without_an_error(tmp_path: Path) -> None:
    warehouse = open_warehouse(str(tmp_path))
    with warehouse.writer("test") as writer:
        writer.publish()
    assert asked(warehouse, "tide from:2026-03-02").total == 0


@pytest.mark.shared_data
def test_real_papers_are_found_by_their_words(real: Warehouse) -> None:
    with real.reader() as reader:
        longest = "select paper_key, title from papers order by len(title) desc nulls last, paper_key limit 1"
        ((paper_key, title),) = reader.query(longest).rows
        words = " ".join(word for word in str(title).replace('"', " ").replace("-", " ").split() if ":" not in word)
        assert search(reader, words, limit=3).hits[0].paper_key == paper_key
