"""A page that holds many partitions: each becomes a batch, and the one that was asked for keeps the run's own name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from extractors.source import Source, mondays
from extractors.sources import source_named
from flows.demo.pages import week_row, weeks_readme
from flows.pipeline.read import new_run, read_page
from tests.support.commands import Command, rows_of
from tests.support.pages import page_of
from transforms.records import Batch, Outcome, Run

FIRST, SECOND = date(2023, 5, 1), date(2023, 5, 8)
READ_AT = datetime(2023, 5, 16, 12, tzinfo=UTC)
WEEKS = source_named("ml_papers_week")
BY_CALENDAR = replace(WEEKS, partitions=mondays)


def readme(*, year: str = " - 2023") -> str:
    weeks = [
        (
            days,
            [
                week_row(
                    at,
                    f"**Paper {at} of {days[:5]}** - its text.",
                    f"[Paper](https://arxiv.org/abs/230{place}.{at:05})",
                )
                for at in range(1, 11)
            ],
        )
        for place, days in enumerate((f"May 8-14){year}", "May 1-7)"), start=1)
    ]
    return weeks_readme(weeks)


def read(asked_on: date | None, body: str, source: Source = BY_CALENDAR) -> tuple[Run, tuple[Batch, ...]]:
    url = "https://example.org/README.md"
    page = page_of("ml_papers_week", body, asked_on=asked_on, url=url, fetched_at=READ_AT)
    run = new_run("ingest", "ml_papers_week", asked_on)
    return run, read_page(source, page, run)


def test_the_partition_asked_for_is_loaded_under_the_runs_own_name() -> None:
    run, batches = read(FIRST, readme())
    assert [(batch.partition_on, batch.outcome) for batch in batches] == [
        (FIRST, Outcome.LISTING),
        (SECOND, Outcome.LISTING),
    ]
    assert [batch.run.run_id for batch in batches] == [run.run_id, f"{run.run_id}-1"]


def test_an_adopted_page_is_read_in_its_own_order() -> None:
    _, batches = read(None, readme())
    assert [batch.partition_on for batch in batches] == [SECOND, FIRST]


def test_a_partition_that_is_not_on_the_page_is_no_list_and_the_others_load() -> None:
    run, batches = read(date(2023, 5, 15), readme())
    assert [(batch.partition_on, batch.outcome) for batch in batches] == [
        (date(2023, 5, 15), Outcome.NO_LIST),
        (SECOND, Outcome.LISTING),
        (FIRST, Outcome.LISTING),
    ]
    assert batches[0].run.run_id == run.run_id
    assert len({batch.run.run_id for batch in batches}) == 3
    assert batches[0].reason == "no list for 2023-05-15: the page says 2023-05-08"


def test_a_damaged_page_is_one_refusal_with_its_line() -> None:
    _, (batch,) = read(FIRST, readme(year=""))
    assert (batch.outcome, batch.partition_on, batch.sightings) == (Outcome.REFUSED, FIRST, ())
    assert "README.md line 9: expected" in (batch.reason or "")


def test_without_a_calendar_a_page_is_read_alike_whatever_day_it_was_asked_for() -> None:
    for asked_on in (None, FIRST, date(2023, 5, 3), date(2023, 5, 22)):
        _, batches = read(asked_on, readme(), WEEKS)
        assert [(batch.partition_on, batch.outcome) for batch in batches] == [
            (SECOND, Outcome.LISTING),
            (FIRST, Outcome.LISTING),
        ]
        _, (refused,) = read(asked_on, readme(year=""), WEEKS)
        assert (refused.outcome, refused.partition_on, refused.run.partition_on) == (Outcome.REFUSED, None, None)


def test_adopting_the_same_page_again_changes_nothing(paperlog: Command, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(readme(), encoding="utf-8")
    for _ in range(2):
        assert (
            paperlog("adopt", "ml_papers_week", tmp_path / "README.md", "--fetched-at", READ_AT.isoformat()).code == 0
        )
    asked = "select status, count(*) as runs, sum(sightings_count) as sightings from runs group by all order by all"
    assert rows_of(paperlog, asked) == [
        {"status": "loaded", "runs": 2, "sightings": 20},
        {"status": "unchanged", "runs": 2, "sightings": 20},
    ]
