"""What writers that wait are told of the one who loads: whole words, and no empty part."""

from __future__ import annotations

from datetime import date

import pytest

from flows.pipeline.outcome import FetchedPartition
from flows.pipeline.run import label_of

MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((None,), "hf_daily 1 file without a day"),
        ((None, None), "hf_daily 2 files without a day"),
        ((MONDAY,), "hf_daily 2026-03-02"),
        ((FRIDAY, MONDAY, None), "hf_daily 2026-03-02 to 2026-03-06 and 1 file without a day"),
    ],
)
def test_days_and_files_without_one(days: tuple[date | None, ...], said: str) -> None:
    assert label_of([FetchedPartition(source="hf_daily", asked_on=day) for day in days]) == said


def test_each_source_once() -> None:
    pages = [FetchedPartition(source=each, asked_on=MONDAY) for each in ("weekly_review", "hf_daily", "hf_daily")]
    assert label_of(pages) == "hf_daily, weekly_review 2026-03-02"
