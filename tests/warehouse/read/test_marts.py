"""Every view and macro for analysts: its grain, its comment, its example, and what it says of a week of inventions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import duckdb
import pytest

from tests.support.engines import Engine, on_the_file
from warehouse import SNAPSHOT, Reader, Warehouse
from warehouse.docs import EXAMPLES

MACROS = {
    "metric_asof": "timestamp '2026-06-05'",
    "trending": "7, timestamp '2026-03-04'",
    "lineage": "(select paper_key from marts.matches group by paper_key order by count(*) desc, paper_key limit 1)",
}
GRAINS = {
    "arxiv_facts": "arxiv_id",
    "arxiv_versions": "arxiv_id, version",
    "authors": "author_key",
    "coverage": "source, week_on",
    "findings": "run_id, check_name, level, observed, expected, place",
    "institutions": "institution_key",
    "lineage": "fact, sighting_key, observed_at",
    "matches": "sighting_key",
    "metric_asof": "paper_key, source, metric",
    "metric_history": "paper_key, source, metric, observed_at",
    "metrics": "sighting_key, metric, observed_at",
    "paper_authors": "paper_key, position",
    "paper_institutions": "paper_key, institution_key",
    "papers": "paper_key",
    "papers_daily": "paper_key, source, listed_on",
    "partitions": "source, partition_on",
    "quarantine": "source, partition_on, page_sha256, section, position",
    "reviews": "paper_key, source, partition_on",
    "runs": "run_id",
    "sightings": "sighting_key",
    "sources": "source",
    "trending": "paper_key, source",
    "weekly_top": "source, week_on, paper_key",
    "withheld": "paper_key, content, source",
}
MAY_BE_EMPTY = {"arxiv_facts", "arxiv_versions", "findings", "quarantine", "withheld"}


@pytest.fixture(scope="module")
def small(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return engine.small(tmp_path_factory.mktemp("small"))


@pytest.fixture
def ask(small: Warehouse) -> Callable[[str], list[tuple[object, ...]]]:
    def answered(sql: str) -> list[tuple[object, ...]]:
        with small.reader() as reader:
            return list(reader.query(sql).rows)

    return answered


def relations(reader: Reader) -> set[str]:
    rows = reader.query(
        "select view_name from duckdb_views() where schema_name = 'marts' "
        "union all select function_name from duckdb_functions() where schema_name = 'marts'"
    ).rows
    return {str(name) for (name,) in rows}


def grain_holds(reader: Reader, name: str) -> bool:
    relation = f"marts.{name}({MACROS[name]})" if name in MACROS else f"marts.{name}"
    ((rows, keys),) = reader.query(
        f"select (select count(*) from {relation}), "  # noqa: S608 - our own names
        f"(select count(*) from (select distinct {GRAINS[name]} from {relation}))"
    ).rows
    assert rows or name in MAY_BE_EMPTY, name
    return rows == keys


@pytest.mark.parametrize("name", sorted(GRAINS))
def test_the_grain_holds_on_a_small_warehouse(small: Warehouse, name: str) -> None:
    with small.reader() as reader:
        assert grain_holds(reader, name)


@pytest.mark.shared_data
@pytest.mark.parametrize("name", sorted(GRAINS))
def test_the_grain_holds_on_all_real_data(real_on: Warehouse, name: str) -> None:
    with real_on.reader() as reader:
        assert grain_holds(reader, name)


def test_every_relation_has_a_grain_and_an_example(small: Warehouse) -> None:
    with small.reader() as reader:
        assert relations(reader) == set(GRAINS)
    assert set(EXAMPLES.names()) == set(GRAINS)


@on_the_file
def test_every_macro_has_a_comment(small: Warehouse) -> None:
    with small.reader() as reader:
        silent = reader.query(
            "select function_name from duckdb_functions() where schema_name = 'marts' and comment is null"
        ).rows
    assert silent == ()


@pytest.mark.parametrize("name", EXAMPLES.names())
def test_every_example_can_be_run_and_is_about_its_relation(small: Warehouse, name: str) -> None:
    assert f"marts.{name}" in EXAMPLES.text(name)
    with small.reader() as reader:
        assert reader.query(EXAMPLES.text(name)).rows or name in MAY_BE_EMPTY


def test_a_list_day_knows_its_papers_with_rank_and_last_numbers(ask: Callable[[str], object]) -> None:
    assert ask(
        "select title, rank, upvotes_rank, upvotes, is_listed from papers_daily "
        "where source = 'hf_daily' and listed_on = date '2026-03-02' order by rank, title"
    ) == [
        ("Tide Tables for Every Harbour", 1, 1, 60, True),
        ("Looms That Learn", 2, 2, 31, True),
        ("Clocks Without Hands", 3, 4, 4, True),
        ("Kites | a <b>Survey</b>", 3, 3, 9, False),
    ]


def test_a_number_is_known_as_of_any_instant(ask: Callable[[str], object]) -> None:
    sql = "select value from metric_asof(timestamp '{}') where metric = 'upvotes' and title like 'Tide%'"
    assert ask(sql.format("2026-03-02 21:59")) == []
    assert ask(sql.format("2026-03-02 22:00")) == [(40,)]
    assert ask(sql.format("2026-03-04 00:00")) == [(60,)]


@on_the_file
@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Kathmandu"])
def test_an_instant_with_a_zone_means_the_same_in_every_session(small: Warehouse, zone: str) -> None:
    sql = "select value from marts.metric_asof({}) where metric = 'upvotes' and title like 'Tide%'"
    rising = "select title, gained, upvotes from marts.trending(1, {})"
    with duckdb.connect(str(small.home / SNAPSHOT), read_only=True) as analyst:
        analyst.execute("set TimeZone = $zone", {"zone": zone})
        answers = {
            text: (analyst.sql(sql.format(text)).fetchall(), analyst.sql(rising.format(text)).fetchall())
            for text in (
                "timestamptz '2026-03-02 22:00:00+00'",
                "timestamptz '2026-03-02 14:00:00-08'",
                "timestamptz '2026-03-02 22:00:00+00' + interval 0 seconds",
                "timestamp '2026-03-02 22:00:00'",
                "'2026-03-02 22:00:00'",
            )
        }
        just_before = analyst.sql(sql.format("timestamptz '2026-03-02 21:59:59+00'")).fetchall()
        by_day = analyst.sql(sql.format("date '2026-03-03'")).fetchall()
        now = [analyst.sql(sql.format(text)).fetchall() for text in ("now()", "now() at time zone 'UTC'")]
    first = answers["timestamp '2026-03-02 22:00:00'"]
    assert first[0] == [(40,)]
    assert len(first[1]) == 3
    assert {text for text, rows in answers.items() if rows != first} == set()
    assert (just_before, by_day) == ([], [(40,)])
    assert now == [[(60,)], [(60,)]]


def test_what_rose_is_counted_between_the_reads_around_the_window(ask: Callable[[str], object]) -> None:
    assert ask("select title, gained, upvotes from trending(1, timestamp '2026-03-03 22:00')") == [
        ("Tide Tables for Every Harbour", 20, 60),
        ("Looms That Learn", 19, 31),
        ("Salt and Sparse Attention", None, 20),
        ("Clocks Without Hands", None, 4),
    ]


def test_reviewers_and_readers_stand_side_by_side(ask: Callable[[str], object]) -> None:
    assert ask(
        "select title, top_position, list_position, upvotes_rank from weekly_top order by list_position, upvotes_rank"
    ) == [
        ("Tide Tables for Every Harbour", 1, 1, 1),
        ("Salt and Sparse Attention", None, 2, 3),
        (None, None, 3, None),
        ("Looms That Learn", None, None, 2),
        ("Kites | a <b>Survey</b>", None, None, 4),
        ("Clocks Without Hands", None, None, 5),
    ]


def test_a_missing_day_a_rejection_and_links_show_in_the_coverage(ask: Callable[[str], object]) -> None:
    assert ask(
        "select source, papers_count, linked_count, gaps_count, quarantined_count from coverage order by source"
    ) == [("hf_daily", 5, 3, 1, 1), ("hf_listing_text", 1, 1, 0, 0), ("weekly_review", 3, 2, 0, 0)]


def test_names_are_joined_by_aliases_and_kept_as_printed(ask: Callable[[str], object]) -> None:
    assert ask(
        "select institution, spellings, alias_origins, papers_count, reviewed_count from institutions "
        "where institution like 'M%' order by institution"
    ) == [
        (
            "Massachusetts Institute of Technology",
            ["MIT", "Massachusetts Institute of Technology"],
            ["own_short_name"],
            1,
            1,
        ),
        ("Mila – Québec AI Institute", ["Mila"], ["own_short_name"], 2, 2),
    ]
    assert ask("select spellings, papers_count from authors where author_key = 'ada orn'") == [
        (["Ada Orn", "Ada Örn"], 2)
    ]


def test_every_fact_leads_back_to_page_run_and_extractor(ask: Callable[[str], list[tuple[object, ...]]]) -> None:
    lineage = "from lineage((select paper_key from papers where title = 'Looms That Learn'))"
    assert ask(
        f"select source, said, is_held, run_id, extractor_version {lineage} where fact = 'published_on' order by source"
    ) == [("hf_daily", "2026-02-27", True, "run-001", 2), ("hf_listing_text", "2026-02-26", False, "run-103", 1)]
    assert ask(f"select said, observed_at, run_id {lineage} where fact = 'upvotes'") == [
        ("12", datetime(2026, 3, 2, 22), "run-001"),  # noqa: DTZ001 - DuckDB's own instants are naive UTC
        ("31", datetime(2026, 3, 3, 12), "run-002"),  # noqa: DTZ001
    ]
    assert ask(f"select count(*) {lineage} where page_sha256 is null or url is null or run_id is null") == [(0,)]


def test_no_alias_is_needless_or_ambiguous(ask: Callable[[str], object]) -> None:
    assert (
        ask(
            "select alias from core.institution_aliases "
            "where core.institution_key(alias) = core.institution_key(institution)"
        )
        == []
    )
    assert (
        ask("select core.institution_key(alias) from core.institution_aliases group by all having count(*) > 1") == []
    )
