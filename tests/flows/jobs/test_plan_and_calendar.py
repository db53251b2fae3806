"""Backfills of gaps, what a backfill would ask for, findings folded into ranges, and the calendar of day states."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows.demo.site import FRIDAY, MONDAY
from flows.jobs.month_grid import SourceCalendar, text_of
from flows.pipeline.folded import Said, folded
from tests.flows.conftest import Site
from tests.support.commands import Command, rows_of
from tests.support.pages import day_page

TUESDAY = MONDAY + timedelta(days=1)
ENDS = (("ingest", "hf_daily", "--date", MONDAY), ("ingest", "hf_daily", "--date", FRIDAY))


@pytest.fixture
def holed(paperlog: Command, home: Path, home_after: Callable[..., Path]) -> Command:
    """The command line with a home that holds Monday and Friday, and nothing in between."""
    shutil.copytree(home_after(*ENDS), home)
    return paperlog


def asked(digest: Site) -> set[str]:
    """The days that the site would answer 404 for from now on, so that only what is asked for fails."""
    paths = [path for path in digest.answers if path.startswith("/papers/date/")]
    for path in paths:
        del digest.answers[path]
    return {path[-10:] for path in paths}


def test_a_backfill_of_gaps_asks_only_for_what_status_names(holed: Command) -> None:
    named = {each["partition"] for each in json.loads(holed("status", "--gaps", "--json").out)["gaps"]}
    done = holed("backfill", "hf_daily", "--gaps", "--from", MONDAY, "--to", FRIDAY)
    assert done.code == 0, done.err
    assert "backfill: 3 loaded" in done.out
    left = {each["partition"] for each in json.loads(holed("status", "--gaps", "--json").out)["gaps"]}
    assert named - left >= {"2025-03-04", "2025-03-05", "2025-03-06"}


def test_a_backfill_of_all_gaps_needs_no_days(holed: Command) -> None:
    done = holed("backfill", "hf_daily", "--gaps")
    assert "3 loaded" in done.out
    assert rows_of(holed, "select count(*) as n from partitions where state in ('open', 'final')") == [{"n": 5}]


def test_a_backfill_of_no_gaps_asks_for_nothing(holed: Command) -> None:
    done = holed("backfill", "hf_daily", "--gaps", "--from", MONDAY, "--to", MONDAY)
    assert (done.code, done.out.splitlines()[-1]) == (0, "backfill: nothing new")


@pytest.mark.parametrize("options", [(), ("--gaps",), ("--all",)])
def test_a_dry_run_names_the_days_and_the_time_and_asks_nothing(
    holed: Command, monkeypatch: pytest.MonkeyPatch, digest: Site, options: tuple[str, ...]
) -> None:
    monkeypatch.setenv("PAPERLOG_REQUESTS_PER_SECOND", "0.1")
    asked(digest)
    before = rows_of(holed, "select count(*) as n from runs")
    done = holed("backfill", "hf_daily", "--from", MONDAY, "--to", "2025-03-06", *options, "--dry-run")
    assert (done.code, done.err) == (0, "")
    days, seconds = (
        ("2025-03-03 to 2025-03-06 (4)", "0:50") if options == ("--all",) else ("2025-03-04 to 2025-03-06 (3)", "0:40")
    )
    assert f"  {days}\n" in done.out
    assert f"about {seconds}; nothing was asked" in done.out
    assert rows_of(holed, "select count(*) as n from runs") == before


def test_a_dry_run_without_a_home_makes_none(paperlog: Command, home: Path) -> None:
    done = paperlog("backfill", "hf_daily", "--from", "2025-03", "--dry-run")
    assert "21 to ask for, 0 of 21 settled" in done.out
    assert not home.exists()


def test_failures_of_days_in_a_row_are_one_line(paperlog: Command, digest: Site) -> None:
    asked(digest)
    done = paperlog("ingest", "hf_daily", "--from", MONDAY, "--to", FRIDAY)
    assert done.code == 1
    line, step = done.err.splitlines()
    assert line.startswith("hf_daily 2025-03-03 to 2025-03-07 (5): failed: http")
    assert line.endswith("/papers/date/DAY: answered 404")
    assert step.endswith("mend: paperlog backfill hf_daily --from 2025-03-03 --to 2025-03-07")


def test_an_audit_folds_what_repeats_and_names_the_command_that_mends_it(paperlog: Command, digest: Site) -> None:
    asked(digest)
    paperlog("ingest", "hf_daily", "--from", MONDAY, "--to", FRIDAY)
    out = paperlog("audit").out
    assert "failed: hf_daily 2025-03-03 to 2025-03-07 (5)\n" in out
    assert "    mend: paperlog backfill hf_daily --from 2025-03-03 --to 2025-03-07\n" in out
    assert max(map(len, out.splitlines())) <= 80
    assert len([each for each in json.loads(paperlog("audit", "--json").out) if each["kind"] == "failed"]) == 5


def test_days_are_folded_over_a_weekend_and_a_hole_is_shown() -> None:
    days = [date(2025, 3, 6), FRIDAY, date(2025, 3, 10), date(2025, 3, 12)]
    (found,) = folded(Said(kind="gap", source="hf_daily", day=day, text=f"page {day}: gone") for day in days)
    assert found.days == "2025-03-06 to 2025-03-10 (3), 2025-03-12"
    assert found.text == "page DAY: gone"


def test_two_kinds_of_trouble_in_turn_are_two_lines() -> None:
    days = [MONDAY + timedelta(days=day) for day in range(0, 70, 2) if (MONDAY + timedelta(days=day)).weekday() < 5]
    texts = ("403", "a challenge page")
    said = [Said(kind="x", source="hf_daily", day=day, text=texts[at % 2]) for at, day in enumerate(days)]
    found = list(folded(said))
    assert [each.text for each in found] == list(texts)
    assert found[0].days == "2025-03-03, 2025-03-07, 2025-03-13 and 10 more until 2025-05-08"


def test_what_is_about_one_day_keeps_its_words() -> None:
    (found,) = folded([Said(kind="x", source="hf_daily", day=MONDAY, text=f"page {MONDAY}")] * 2)
    assert (found.days, found.text) == (str(MONDAY), f"page {MONDAY}")


def test_what_differs_is_not_folded() -> None:
    said = [
        Said(kind="gap", source="hf_daily", day=MONDAY, text="one"),
        Said(kind="gap", source="hf_daily", day=TUESDAY, text="two"),
        Said(kind="open", source="hf_daily", day=TUESDAY, text="one"),
        Said(kind="gap", source="weekly_review", day=TUESDAY, text="one"),
        Said(kind="gap", source="decisions", day=None, text="one"),
        Said(kind="gap", source="decisions", day=None, text="one"),
    ]
    assert len(list(folded(said))) == len(said)


def test_the_calendar_shows_each_state_in_eighty_columns(holed: Command) -> None:
    holed("unrecoverable", "hf_daily", "2025-03-05", "--reason", "lost")
    out = holed("status", "--calendar").out
    assert "3+  4?  5x  6?  7~  8   9" in out
    (row,) = json.loads(holed("status", "--json").out)["sources"]
    assert row["gaps"] == len(json.loads(holed("status", "--gaps", "--json").out)["gaps"]) > 0
    assert "missing" not in row
    assert "+ final   ~ open, may still change" in out
    assert max(map(len, out.splitlines()[:-1])) <= 80
    states = json.loads(holed("status", "--calendar", "--json").out)["calendar"]["hf_daily"]
    assert (states["2025-03-03"], states["2025-03-04"], states["2025-03-05"]) == ("final", "missing", "unrecoverable")


def test_the_calendar_shows_as_many_months_as_asked_for() -> None:
    days = {date(2024, 1, 1) + timedelta(days=day): "final" for day in range(700)}
    text = text_of([SourceCalendar(source="hf_daily", states=days)], 3)
    assert "September 2025" in text
    assert "November 2025" in text
    assert "August 2025" not in text
    assert text.splitlines()[0] == "hf_daily since September 2025: 91 final"


def test_a_day_that_has_not_come_is_no_gap(paperlog: Command, tmp_path: Path) -> None:
    """The last list of a day links the next one, which is due tomorrow."""
    now = datetime.now(UTC).date()
    page = tmp_path / f"{now}.html"
    page.write_text(day_page(now, range(12), next_on=now + timedelta(days=1)), encoding="utf-8")
    done = paperlog("adopt", "hf_daily", page, "--fetched-at", f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    assert done.code == 0, done.err
    gaps = json.loads(paperlog("status", "--gaps", "--json").out)["gaps"]
    assert [each["partition"] for each in gaps] == [str(now - timedelta(days=1))]  # which the page links too
    assert "1 to ask for" in paperlog("backfill", "hf_daily", "--gaps", "--dry-run").out
