"""Facts by id in the warehouse: apart from what lists printed, the same in any order, the truth what was read last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from extractors.services import SERVICES, arxiv_api
from flows.pipeline.answers import read_answer
from flows.pipeline.read import new_run
from tests.support.arxiv import API, API_URL, NOON, OAI, OAI_URL, answer_page, deleted, entry, feed, listed, record
from tests.support.batches import batch, sighting
from tests.support.engines import Engine, Files
from transforms.facts import AnswerBatch
from transforms.records import RunOutcome, Status
from warehouse import Warehouse

PAPER = "2603.00001"  # sighting(1)


def oai(*records: str, hour: float = 0, day: int = 24) -> AnswerBatch:
    url = f"{OAI_URL}?verb=ListRecords&metadataPrefix=arXivRaw&from=2026-11-{day}&set=cs"
    page = answer_page(OAI, url, listed(records), NOON + timedelta(hours=hour))
    return read_answer(SERVICES[OAI], page, new_run("facts", OAI, None))


def api(*entries: str, asked: Sequence[str], hour: float = 0) -> AnswerBatch:
    page = answer_page(API, arxiv_api.by_ids(API_URL, asked), feed(entries), NOON + timedelta(hours=hour))
    return read_answer(SERVICES[API], page, new_run("facts", API, None))


ANSWERS = (
    oai(record(PAPER, versions=1), record("2603.00002")),
    oai(record(PAPER, versions=2, comments="Accepted at ICML 2026"), hour=24),
    oai(record(PAPER, versions=1), hour=48),  # the same as the first, read again: this holds
    api(entry("2603.00003", version=3), asked=["2603.00003", "2603.00004"], hour=30),
    oai(record("2603.00003", versions=3, comments="This paper has been withdrawn"), deleted("2603.00002"), hour=50),
)
TRUTH = "select * from arxiv_facts order by arxiv_id"
SAID = "select * exclude (run_id) from raw.fact_answers order by fetched_at"


def loaded(warehouse: Warehouse, answers: Sequence[AnswerBatch]) -> Warehouse:
    with warehouse.writer("test") as writer:
        writer.load([batch([sighting(1), sighting(5)])])
        for each in answers:
            writer.load_facts(each)
        writer.publish()
    return warehouse


def truth_of(answers: Sequence[AnswerBatch], engine: Engine) -> tuple[object, ...]:
    with TemporaryDirectory() as home, loaded(engine.warehouse(Path(home)), answers).reader() as reader:
        assert reader.named("integrity").rows == ()
        raw = reader.query("select * from raw.arxiv_facts order by arxiv_id, content_key").rows
        return (reader.query(TRUTH).rows, reader.query(SAID).rows, raw)


@pytest.mark.slow
def test_any_order_gives_the_same_truth_and_the_same_record_of_what_was_said(engine: Engine) -> None:
    expected = truth_of(ANSWERS, Files())
    for order in list(permutations(ANSWERS))[7 :: 60 if engine.is_lake else 37]:
        assert truth_of(order, engine) == expected


def test_what_was_read_last_holds(warehouse: Warehouse) -> None:
    with loaded(warehouse, ANSWERS).reader() as reader:
        rows = reader.query("select arxiv_id, latest_version, service, is_deleted, is_withdrawn from arxiv_facts").rows
    assert sorted(rows) == [
        (PAPER, 1, OAI, False, False),
        ("2603.00002", None, OAI, True, False),
        ("2603.00003", 3, OAI, False, True),
    ]


def test_papers_have_the_facts_of_their_id_and_keep_what_pages_printed(warehouse: Warehouse) -> None:
    said = {"doi": "10.1000/fact", "journal_ref": "J. Inv. 1", "comments": "9 pages, to appear in J. Inv."}
    with loaded(warehouse, [oai(record(PAPER, versions=3, title="Another title", **said))]).reader() as reader:
        (row, other) = reader.query("from papers order by arxiv_id").dicts
    assert row["title"] == "Invented title number 1 about looms"
    assert row["published_on"] == sighting(1).published_on
    assert (row["doi"], row["journal_ref"], row["latest_version"]) == ("10.1000/fact", "J. Inv. 1", 3)
    assert (row["venue"], row["venue_words"]) == ("J. Inv", "to appear in J. Inv")
    assert (row["first_version_on"], row["arxiv_categories"]) == (date(2025, 9, 1), ["cs.LG", "stat.ML"])
    assert row["license"] == "http://creativecommons.org/licenses/by/4.0/"
    assert row["is_withdrawn"] is False
    assert (other["first_version_on"], other["is_withdrawn"], other["doi"]) == (None, None, None)
    assert list(row)[-10:] == [
        "first_version_on",
        "latest_version",
        "journal_ref",
        "venue",
        "venue_words",
        "arxiv_categories",
        "license",
        "is_withdrawn",
        "is_named_by_arxiv",
        "is_withheld",
    ]


def test_versions_are_rows(warehouse: Warehouse) -> None:
    with loaded(warehouse, [oai(record(PAPER, versions=2))]).reader() as reader:
        rows = reader.query("select version, created_at::varchar, size_text, is_latest from arxiv_versions").rows
    assert rows == ((1, "2025-09-01 10:00:00", "1kb", False), (2, "2025-09-02 10:00:00", "2kb", True))


def test_facts_leave_the_export_as_it_is(engine: Engine, tmp_path: Path) -> None:
    digests = set()
    for name, answers in {"with": ANSWERS, "without": ()}.items():
        with loaded(engine.warehouse(tmp_path / name), answers).reader(may_write_files=True) as reader:
            digests.add(reader.export(tmp_path / name / "export"))
            assert {each.name for each in (tmp_path / name / "export").glob("*.parquet")} == {
                "metrics.parquet",
                "papers.parquet",
                "partitions.parquet",
                "reviews.parquet",
                "sightings.parquet",
                "withheld.parquet",
            }
    assert len(digests) == 1


def outcomes(warehouse: Warehouse, answers: Sequence[AnswerBatch]) -> list[RunOutcome]:
    with warehouse.writer("test") as writer:
        return [writer.load_facts(each) for each in answers]


def test_a_second_reading_of_the_same_facts_changes_nothing_but_its_time(warehouse: Warehouse) -> None:
    first, again, later = outcomes(
        warehouse, [ANSWERS[0], ANSWERS[0], oai(record(PAPER), record("2603.00002"), hour=9)]
    )
    assert [each.status for each in (first, again, later)] == [Status.LOADED, Status.UNCHANGED, Status.UNCHANGED]
    assert later.reason == "2 records, 0 new or changed"


def test_ids_that_a_service_does_not_know_are_recorded_one_by_one_and_not_asked_for_again_soon(
    warehouse: Warehouse,
) -> None:
    with warehouse.writer("test") as writer:
        writer.load([batch([sighting(number) for number in range(1, 5)])])
        writer.load_facts(oai(record(PAPER)))
        outcome = writer.load_facts(api(asked=["2603.00003", "2603.00004"]))
        assert writer.ids_without_facts(NOON - timedelta(days=30)) == ["2603.00002"]
        assert writer.ids_without_facts(NOON) == ["2603.00002", "2603.00003", "2603.00004"]
    assert outcome.status is Status.LOADED
    assert outcome.reason == "0 records, 0 new or changed, 2 ids unknown to it: 2603.00003, 2603.00004"


def test_a_service_is_no_source(warehouse: Warehouse) -> None:
    refused = read_answer(SERVICES[OAI], answer_page(OAI, OAI_URL, b"<html>"), new_run("facts", OAI, None))
    with loaded(warehouse, [*ANSWERS, refused]).reader() as reader:
        assert reader.query("select source from sources").rows == (("daily",),)
        assert reader.query("select distinct source from partitions").rows == (("daily",),)
        assert reader.query("select distinct source from coverage").rows == (("daily",),)
        runs = reader.query("select source, status, count(*) from runs where source <> 'daily' group by all").rows
        assert sorted(runs) == [(API, "loaded", 1), (OAI, "loaded", 4), (OAI, "refused", 1)]
        assert [row["source"] for row in reader.named("read_unhealed_runs").dicts] == [OAI]


def test_an_answer_that_was_refused_is_read_again_by_a_newer_reader(warehouse: Warehouse) -> None:
    good = ANSWERS[0]
    refused = AnswerBatch(run=good.run, service=OAI, version=1, page=good.page, answer=None, reason="misread")
    newer = AnswerBatch(run=new_run("replay", OAI, None), service=OAI, version=2, page=good.page, answer=good.answer)
    with loaded(warehouse, [refused, newer]).reader() as reader:
        rows = reader.query("select outcome, reason, facts_count, extractor_version from raw.fact_answers").rows
        assert reader.named("integrity").rows == ()
    assert rows == (("facts", None, 2, 2),)
