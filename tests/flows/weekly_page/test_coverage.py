"""What is missing and the calendars are one account: the same days, up to the day on which it was published."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from flows.settings import from_environment
from flows.weekly_page.coverage.calendar import CalendarCell
from flows.weekly_page.coverage.missing import lacking
from flows.weekly_page.coverage.states import cells_of, states_of
from flows.weekly_page.write import write_page
from tests.support.small import MONDAY, built
from warehouse import Warehouse

# In the week Monday, Tuesday and Thursday have lists; Wednesday is linked.
WEDNESDAY, FRIDAY = MONDAY + timedelta(days=2), MONDAY + timedelta(days=4)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Warehouse]:
    path = tmp_path_factory.mktemp("coverage")
    return path, built(path)[0]


@pytest.mark.parametrize(
    ("until", "missing"),
    [
        (WEDNESDAY, set()),
        (FRIDAY, {WEDNESDAY}),
        (FRIDAY + timedelta(days=1), {WEDNESDAY, FRIDAY}),
        (FRIDAY + timedelta(days=4), {WEDNESDAY, FRIDAY, FRIDAY + timedelta(days=3)}),
    ],
)
def test_a_day_is_missing_once_it_has_passed_here_and_there(
    home: tuple[Path, Warehouse], until: date, missing: set[date]
) -> None:
    settings = from_environment({"PAPERLOG_HOME": str(home[0])})
    with home[1].reader() as reader:
        found = lacking(reader, settings, until)
        states = states_of(reader, settings, found, until)
    assert {each.partition_on for each in found.gaps} == missing
    assert {day for day, state in states["hf_daily"].items() if state == "missing"} == missing
    linked = CalendarCell(
        source="hf_daily", partition_days=1, partition_on=WEDNESDAY, state="missing", entries_count=None,
        last_read_at=None,
    )  # fmt: skip
    cells = cells_of([linked], states, MONDAY, MONDAY)
    assert {each.partition_on for each in cells} == {day for day in missing if day <= FRIDAY}


def test_the_page_says_the_same_days_in_words_in_months_and_in_weeks(home: tuple[Path, Warehouse]) -> None:
    written = write_page(from_environment({"PAPERLOG_HOME": str(home[0])}))
    page = BeautifulSoup(written.path.read_text(encoding="utf-8"), "lxml")
    days = [each.partition_on for each in written.page.missing.gaps]
    assert days == [WEDNESDAY, FRIDAY]
    for table in ("table.month", "table.calendar"):
        assert [str(each["title"])[:10] for each in page.select(f"{table} td.missing")] == [str(day) for day in days]
