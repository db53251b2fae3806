"""A review that prints no title gets it from arXiv, where the abstract is the same letter by letter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from extractors.services import SERVICES
from flows.pipeline.read import new_run
from tests.support.arxiv import NOON, OAI, OAI_URL, answer_page
from tests.support.batches import WEEKLY, batch, review, sighting
from transforms.facts import Answer, AnswerBatch, ArxivFacts, Asked
from transforms.records import Batch
from warehouse import Warehouse, paper_named, records_of_paper
from warehouse.papers.comparisons import stored_records
from warehouse.warehouse import LOCK_SECONDS

ABSTRACT = " ".join(f"We study kites of kind {number}, and mend their tails." for number in range(12))
WRAPPED = f"  {ABSTRACT.replace(' of ', chr(10) + '  of ')}\n"
NAMED = "select title, arxiv_id, authors, author_count, latest_version, is_named_by_arxiv from papers order by all"
REVIEWS = "select title, arxiv_id, authors from reviews"


def facts(identifier: str, abstract: str = WRAPPED, title: str = "Kites of all Kinds") -> ArxivFacts:
    return ArxivFacts(arxiv_id=identifier, title=title, abstract=abstract, authors=("Ida Example", "Bo Test"))


def answered(said: Sequence[ArxivFacts], at: datetime = NOON) -> AnswerBatch:
    page = answer_page(OAI, OAI_URL, repr(said).encode(), at)
    answer = Answer(asked=Asked(), response_at=at, facts=tuple(said))
    run, version = new_run("facts", OAI, None), SERVICES[OAI].version
    return AnswerBatch(run=run, service=OAI, version=version, page=page, answer=answer)


def loaded(warehouse: Warehouse, parts: Sequence[Batch | AnswerBatch]) -> Warehouse:
    with warehouse.writer("test") as writer:
        for each in parts:
            if isinstance(each, AnswerBatch):
                writer.load_facts(each)
            else:
                writer.load([each])
        writer.publish()
    return warehouse


def reviewed() -> Batch:
    return batch([review(1, abstract=ABSTRACT)], facts=WEEKLY)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_review_has_the_title_in_any_order(warehouse: Warehouse, order: tuple[int, ...]) -> None:
    parts: list[Batch | AnswerBatch] = [
        reviewed(),
        answered([facts("2603.00077")]),
        answered([facts("2603.00078", "Another abstract. " * 20)]),
    ]
    with loaded(warehouse, [parts[each] for each in order]).reader() as reader:
        (paper,) = reader.query(NAMED).rows
        named = ("Kites of all Kinds", "2603.00077", ["Ida Example", "Bo Test"], 2, None, True)
        assert paper == named
        assert [(row[0], row[1]) for row in reader.query(REVIEWS).rows] == [("Kites of all Kinds", "2603.00077")]
        assert reader.named("count_reviews").rows == ((1, 0, 1, 0),)
        assert paper_named(reader, "2603.00077").paper_key == reader.query("select paper_key from papers").rows[0][0]


def test_what_a_reader_is_told_was_compared_is_what_the_writer_compares(warehouse: Warehouse) -> None:
    said = replace(review(4), authors=("Cy Only",), links=sighting(4).links)
    parts = [reviewed(), listed(), batch([said, review(5)], facts=WEEKLY, at=NOON + timedelta(days=1))]
    with loaded(warehouse, [*parts, answered([facts("2603.00077")])]).reader() as reader:
        papers = [str(key) for (key,) in reader.query("select paper_key from papers").rows]
        shown = [record for key in papers for record in records_of_paper(reader, key)]
    engine = warehouse.engine()
    with engine.locked("test", LOCK_SECONDS), engine.opened(LOCK_SECONDS) as connection:
        compared = stored_records(connection, [record.key for record in shown])
    assert sorted(shown, key=lambda record: record.key) == compared
    assert [record.is_named_by_arxiv for record in compared].count(True) == 1


def listed() -> Batch:
    """The reviewed paper in a list that prints no abstract."""
    return batch([replace(sighting(77, title="Kites of All Kinds"), abstract_raw=None, abstract_text=None)])


def keys(warehouse: Warehouse) -> list[str]:
    """The keys of all papers."""
    with warehouse.reader() as reader:
        return [str(row[0]) for row in reader.query("select paper_key from papers order by all").rows]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_review_and_the_list_that_prints_its_title_are_one_paper_in_any_order(
    warehouse: Warehouse, order: tuple[int, ...]
) -> None:
    parts: list[Batch | AnswerBatch] = [reviewed(), listed(), answered([facts("2603.00077")])]
    with loaded(warehouse, [parts[each] for each in order]).reader() as reader:
        (paper,) = reader.query("select title, arxiv_id, sources, is_named_by_arxiv from papers").rows
        assert paper == ("Kites of All Kinds", "2603.00077", ["daily", "weekly"], False)
        (match,) = reader.query("select rule, evidence from matches where rule <> 'founded'").rows
        assert match[0] == "arxiv_id"
        assert "same arXiv id 2603.00077, which arXiv has for the abstract" in str(match[1])
        previous = reader.query("select unnest(previous_keys) from papers").rows
        assert len(previous) == (order[2] == 2), "both had a key if arXiv told last that they are one"


def test_a_second_id_with_the_abstract_takes_the_review_away_again_and_back(warehouse: Warehouse) -> None:
    apart = keys(loaded(warehouse, [reviewed(), listed()]))
    assert len(apart) == 2
    (together,) = keys(loaded(warehouse, [answered([facts("2603.00077")])]))
    assert together in apart
    assert keys(loaded(warehouse, [answered([facts("2603.00078")])])) == apart, "two ids name nothing"
    other = answered([facts("2603.00078", "Another abstract. " * 20)], NOON + timedelta(days=1))
    assert keys(loaded(warehouse, [other])) == [together]


def test_the_side_index_holds_what_arxiv_named(warehouse: Warehouse) -> None:
    loaded(warehouse, [reviewed(), listed(), answered([facts("2603.00077")])])
    with warehouse.writer("test") as writer:
        assert writer.check(100) == ()


def test_two_papers_with_one_abstract_name_nothing(warehouse: Warehouse) -> None:
    parts: list[Batch | AnswerBatch] = [
        reviewed(),
        answered([facts("2603.00077"), facts("2603.00078", title="Kites, once more")]),
    ]
    with loaded(warehouse, parts).reader() as reader:
        assert reader.query(NAMED).rows[0][:2] == (None, None)
        assert reader.named("count_reviews").rows == ((1, 0, 0, 1),)


def test_a_paper_that_has_a_name_keeps_it(warehouse: Warehouse) -> None:
    listed = sighting(3)
    parts: list[Batch | AnswerBatch] = [batch([listed]), answered([facts("2603.00077", listed.abstract_text or "")])]
    with loaded(warehouse, parts).reader() as reader:
        assert reader.query(NAMED).rows[0][:2] == (listed.title_text, listed.arxiv_id)
        assert reader.query(NAMED).rows[0][-1] is False


def test_a_short_abstract_names_nothing(warehouse: Warehouse) -> None:
    short = "We study kites, and mend their tails, in the evenings of a long summer by the sea, with much patience."
    parts: list[Batch | AnswerBatch] = [
        batch([review(1, abstract=short)], facts=WEEKLY),
        answered([facts("2603.00077", short)]),
    ]
    with loaded(warehouse, parts).reader() as reader:
        assert reader.query(NAMED).rows[0][:2] == (None, None)


def test_facts_change_nothing_of_what_is_exported(warehouse: Warehouse, digest: Callable[[], str]) -> None:
    loaded(warehouse, [reviewed()])
    without = digest()
    loaded(warehouse, [answered([facts("2603.00077")])])
    assert digest() == without
