"""A page becomes batches: a listing, no list for that day, or a refusal that says why."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flows.demo.pages import hf_day_page
from flows.jobs.ingest import days_before, is_needed, wanted
from flows.pipeline.read import new_run
from tests.support.pages import batch_of, items_of, page_of
from transforms.records import Batch, Outcome, PartitionRow

DAY = date(2025, 3, 3)
READ_AT = datetime(2025, 3, 4, 12, tzinfo=UTC)
LATER = datetime(2025, 6, 1, tzinfo=UTC)


def read(body: str, asked_on: date | None = DAY) -> Batch:
    return batch_of(page_of("hf_daily", body, asked_on=asked_on, fetched_at=READ_AT))


def day_page(day: date, abstract: str | None = None) -> str:
    items = items_of(day, range(1, 13))
    for item in items if abstract else ():
        item["summary"] = item["paper"]["summary"] = abstract
    return hf_day_page(day, items, next_on=date(2025, 3, 10))


def test_a_listing_becomes_sightings() -> None:
    batch = read(day_page(DAY))
    assert (batch.outcome, batch.partition_on, len(batch.sightings)) == (Outcome.LISTING, DAY, 12)
    assert batch.is_closed


def test_an_adopted_page_says_itself_where_it_belongs() -> None:
    batch = read(day_page(DAY), asked_on=None)
    assert (batch.partition_on, batch.run.partition_on) == (DAY, DAY)


def test_another_days_page_is_no_list_for_the_day_asked_for() -> None:
    batch = read(day_page(date(2025, 3, 7)), asked_on=date(2025, 3, 8))
    assert (batch.outcome, batch.partition_on, batch.sightings) == (Outcome.NO_LIST, date(2025, 3, 8), ())
    assert batch.reason == "no list for 2025-03-08: the page says 2025-03-07"


def test_a_changed_page_is_refused_with_its_place() -> None:
    batch = read("<html><p>Under construction</p></html>")
    assert (batch.outcome, batch.partition_on) == (Outcome.REFUSED, DAY)
    assert [finding.check_name for finding in batch.findings] == ["page_changed"]
    assert str(DAY) in (batch.reason or "")


def test_a_changed_page_that_nobody_asked_for_has_no_day() -> None:
    assert read("<html></html>", asked_on=None).partition_on is None


def test_a_page_whose_content_is_not_believable_is_refused() -> None:
    batch = read(day_page(DAY, abstract="Nice work!"))
    assert (batch.outcome, batch.sightings, batch.rejections) == (Outcome.REFUSED, (), ())
    assert "12 entries were not loaded" in (batch.reason or "")


def test_run_ids_sort_by_their_start() -> None:
    runs = [new_run("ingest", "hf_daily", DAY) for _ in range(20)]
    assert len({run.run_id for run in runs}) == 20
    assert [run.run_id[:22] for run in runs] == sorted(run.run_id[:22] for run in runs)


def test_the_day_comes_from_the_schedule_and_skips_weekends() -> None:
    sunday = datetime(2025, 3, 9, 12, 30, tzinfo=UTC)
    assert days_before("hf_daily", sunday, [0]) == ()
    assert days_before("hf_daily", sunday, [3, 7, 14]) == (date(2025, 3, 6),)
    assert days_before("hf_daily", sunday, [2, 4, 3]) == (date(2025, 3, 5), date(2025, 3, 6), date(2025, 3, 7))


def test_one_day_is_asked_for_whatever_the_calendar_says() -> None:
    saturday = date(2025, 3, 8)
    assert wanted("hf_daily", saturday, saturday) == (saturday,)
    assert wanted("hf_daily", saturday, date(2025, 3, 10)) == (date(2025, 3, 10),)


def test_a_day_means_its_week_for_a_weekly_source() -> None:
    assert wanted("weekly_review", date(2025, 3, 9), date(2025, 3, 9)) == (date(2025, 3, 3),)


def test_a_backfill_doubts_a_missing_list_that_was_asked_for_too_early() -> None:
    def no_list(read_at: datetime) -> PartitionRow:
        return PartitionRow(state="no_list", entries_count=0, last_read_at=read_at)

    assert is_needed(DAY, no_list(datetime(2025, 3, 3, 6, tzinfo=UTC)), LATER)
    assert not is_needed(DAY, no_list(datetime(2025, 3, 5, 6, tzinfo=UTC)), LATER)


def test_a_backfill_leaves_what_is_final() -> None:
    assert not is_needed(DAY, PartitionRow(state="final", entries_count=9, last_read_at=READ_AT), LATER)
    assert is_needed(DAY, PartitionRow(state="refused", entries_count=0, last_read_at=READ_AT), LATER)
    assert is_needed(DAY, None, LATER)


def test_a_backfill_asks_again_for_what_was_read_in_the_future() -> None:
    for state in ("final", "no_list"):
        assert is_needed(
            DAY, PartitionRow(state=state, entries_count=9, last_read_at=LATER + timedelta(days=400)), LATER
        )
