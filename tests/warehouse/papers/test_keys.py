"""Keys that analysts hold stay valid: through late titles, merges and splits."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import duckdb

from tests.support.batches import DAY, WEEKLY, abstract_of, batch, hours, review, run, sighting
from tests.support.engines import Engine, on_the_file
from transforms.records import HumanDecision, RunOutcome
from warehouse import Warehouse
from warehouse.database.connection import opened, transaction
from warehouse.home import INDEX, WORKING
from warehouse.papers.indexfile import IndexFile
from warehouse.papers.resolve import commit_index, sync_index
from warehouse.papers.sideindex import SideIndex

Load = Callable[..., Sequence[RunOutcome]]
Ask = Callable[[str], list[tuple[object, ...]]]
Indexed = Callable[..., list[tuple[object, ...]]]


def test_a_title_that_comes_later_keeps_the_key_of_the_review(load: Load, ask: Ask) -> None:
    load(batch([review(1)], facts=WEEKLY))
    ((key, title),) = ask("select paper_key, title from papers")
    assert title is None
    load(batch([sighting(1)]))
    assert ask("select paper_key, title, sources from papers") == [
        (key, "Invented title number 1 about looms", ["daily", "weekly"])
    ]
    assert ask("select rule from matches order by rule") == [("abstract",), ("founded",)]


def test_new_evidence_merges_two_papers_and_the_losing_key_stays_as_a_redirect(load: Load, ask: Ask) -> None:
    load(batch([review(1, abstract=abstract_of("an edited abstract"))], facts=WEEKLY))
    load(batch([sighting(1)]))
    first, second = (row[0] for row in ask("select paper_key from core.founders order by founded_order"))
    edited = replace(sighting(1), abstract_text=abstract_of("an edited abstract"))
    load(batch([edited], at=hours(6)))
    assert ask("select paper_key, previous_keys from papers") == [(first, [second])]
    load(batch([sighting(1, upvotes=8)], at=hours(7)))
    assert ask("select paper_key, previous_keys from papers order by 1") == sorted([(first, []), (second, [])])


def test_two_different_arxiv_ids_never_merge_whatever_else_agrees(load: Load, ask: Ask) -> None:
    twin = replace(sighting(2), title_text=sighting(1).title_text, abstract_text=sighting(1).abstract_text)
    load(batch([sighting(1), twin]))
    load(batch([review(1)], facts=WEEKLY))
    assert ask("select count(distinct paper_key) from sightings where source = 'daily'") == [(2,)]


def test_a_person_splits_and_merges_and_the_keys_come_back(warehouse: Warehouse, load: Load, ask: Ask) -> None:
    one, two = review(1, abstract=abstract_of("x")), sighting(1)
    load(batch([one], facts=WEEKLY), batch([two]))
    keys = ask("select paper_key from core.founders order by founded_order")
    _decide(warehouse, one.sighting_key, two.sighting_key, is_same=True, hour=1)
    assert ask("select paper_key from papers") == keys[:1]
    _decide(warehouse, one.sighting_key, two.sighting_key, is_same=False, hour=2)
    assert sorted(ask("select paper_key from papers")) == sorted(keys)
    load(batch([sighting(1, upvotes=50)], at=hours(9)))
    assert sorted(ask("select paper_key from papers")) == sorted(keys)
    assert ask("select count(*) from core.redirects") == [(0,)]


def test_every_sighting_has_exactly_one_match_and_every_paper_a_sighting(load: Load, ask: Ask) -> None:
    load(batch([sighting(number) for number in range(1, 9)]), batch([review(3)], facts=WEEKLY))
    assert ask(
        "select count(*) from core.sightings as s full join core.matches as m on m.sighting_key = s.sighting_key "
        "where s.sighting_key is null or m.sighting_key is null"
    ) == [(0,)]
    assert ask("select count(*) from core.papers anti join core.matches using (paper_key)") == [(0,)]


def _decide(warehouse: Warehouse, left: str, right: str, *, is_same: bool, hour: int) -> None:
    decision = HumanDecision(left=left, right=right, is_same=is_same, reason="read both", decided_at=hours(hour))
    with warehouse.writer("test") as writer:
        writer.decide(run("decisions", DAY), [decision])
        writer.publish()


@on_the_file
def test_other_resolver_rules_make_blocks_and_comparisons_anew_and_keep_the_keys(
    load: Load, ask: Ask, indexed: Indexed, tmp_path: Path
) -> None:
    load(batch([review(1)], facts=WEEKLY), batch([sighting(1), sighting(2)]))
    state = "select sighting_key, paper_key, (select count(*) from core.comparisons) from core.matches order by all"
    before, blocks = ask(state), indexed()
    with duckdb.connect(str(tmp_path / "home" / "warehouse.duckdb")) as connection:
        connection.execute("update ops.resolver set block_keys_version = -1")
        connection.execute("delete from core.comparisons")
    with closing(sqlite3.connect(tmp_path / "home" / "resolver.sqlite")) as database:
        database.execute("delete from postings")
        database.commit()
    load(batch([sighting(1), sighting(2)]))
    assert ask(state) == before
    assert indexed() == blocks


@on_the_file
def test_all_sightings_are_resolved_again_in_portions_as_they_were_at_once(
    load: Load, ask: Ask, indexed: Indexed, tmp_path: Path
) -> None:
    load(batch([review(number) for number in (1, 4, 6)], facts=WEEKLY), batch([sighting(each) for each in range(1, 9)]))
    state = "select sighting_key, paper_key, rule from core.matches order by all"
    evidence = "select left_key, right_key, verdict, score from core.comparisons order by all"
    before = [*map(ask, (state, evidence)), indexed()]
    home = tmp_path / "home"
    with (
        opened(home / WORKING) as connection,
        closing(SideIndex(IndexFile(home / INDEX))) as index,
        transaction(connection),
    ):
        connection.execute("update ops.resolver set block_keys_version = -1")
        sync_index(connection, index, "again", portion=3)
        commit_index(connection, index)
    load(batch([sighting(each) for each in range(1, 9)]))
    assert [*map(ask, (state, evidence)), indexed()] == before


def test_a_sighting_with_another_papers_identifier_comes_to_its_paper_in_any_order(
    load: Load, ask: Ask, engine: Engine, tmp_path: Path
) -> None:
    tuesday, wednesday = DAY + timedelta(days=1), DAY + timedelta(days=2)
    one = sighting(1, title="Tidal Energy Markets under Frozen Sluices")
    misnamed = replace(
        one, partition_on=tuesday, entry_key="2603.00002", arxiv_id="2603.00002", links=sighting(2).links
    )
    two = replace(sighting(2, day=wednesday, title="Shelfmark Grammars of Monks"), authors=("Aldous Brandt",))
    pages = [batch([one]), batch([misnamed], day=tuesday), batch([two], day=wednesday)]
    papers = "select arxiv_id, first_listed_on, last_listed_on from papers order by 1"
    load(*pages)
    assert ask(papers) == [("2603.00001", DAY, tuesday), ("2603.00002", wednesday, wednesday)]
    assert ask("select check_name from findings") == [("suspect_identifier",)]
    orders = list(permutations(pages))
    for number, order in enumerate(orders[1::3] if engine.is_lake else orders):
        other = engine.warehouse(tmp_path / str(number))
        for page in order:
            with other.writer("test") as writer:
                writer.load([page])
                writer.publish()
        with other.reader() as reader:
            assert list(reader.query(papers).rows) == ask(papers)


def test_one_identifier_on_two_clearly_different_papers_is_a_finding_and_no_merge(load: Load, ask: Ask) -> None:
    other = replace(
        review(1),
        entry_key="2603.00001~t",
        arxiv_id="2603.00001",
        title_text="Tidal Energy Markets under Frozen Sluices",
        abstract_text=None,
        abstract_raw=None,
    )
    load(batch([sighting(1)]), batch([other], facts=WEEKLY))
    assert ask("select count(*) from papers") == [(2,)]
    assert ask("select check_name, level from findings") == [("suspect_identifier", "warning")]
