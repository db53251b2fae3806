"""A partition that a person takes back: what followed from it goes, and comes again with a later reading."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.cli.progress import working
from flows.demo.pages import hf_day_page
from flows.demo.site import FRIDAY, MONDAY, Answer
from flows.jobs.ingest import ingest
from flows.settings import from_environment
from tests.flows.conftest import Site
from tests.support.commands import Command, digest_of, rows_of
from tests.support.pages import items_of
from warehouse import open_warehouse

TUESDAY, THURSDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)
WEEK = ("ingest", "hf_daily", "--from", MONDAY, "--to", FRIDAY)
STATES = "select partition_on::varchar as day, state from partitions where source = 'hf_daily' order by all"
COUNTS = "select (select count(*) from papers) as papers, (select count(*) from sightings) as sightings"
REDIRECTS = "select count(*)::integer as broken from core.redirects as r anti join papers as p using (paper_key)"
MERGEABLE = """
select paper_key
from papers
where first_listed_on = '2025-03-04' and last_listed_on = '2025-03-04' and first_reviewed_on is null
order by paper_key
limit 2
"""
LISTED_TOGETHER = ("hf_daily/2025-03-03/-/2502.90001", "hf_daily/2025-03-03/-/2502.90002")
ONE_PAPER = """
select count(distinct paper_key) = 1 as is_one
from core.matches
where sighting_key in ('hf_daily/2025-03-03/-/2502.90001', 'hf_daily/2025-03-03/-/2502.90002')
"""
# A decision names the sightings that founded the papers: one of these was read first on Thursday.
FOUNDED_THAT_DAY = (
    "select count(*)::integer as decided from ops.decisions where left_key || right_key like '%/2025-03-06/%'"
)
KEYS = "select paper_key, previous_keys from papers order by all"


@pytest.fixture
def week(paperlog: Command, home: Path, home_after: Callable[..., Path]) -> Command:
    shutil.copytree(home_after(("ingest", "weekly_review", "--date", MONDAY), WEEK), home)
    return paperlog


@pytest.fixture
def same_as_its_replay(paperlog: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Whether the home has the digest of its own replay, in a new home and in its own place, and is whole."""

    def compared() -> bool:
        folder = tmp_path / "other"
        shutil.rmtree(folder, ignore_errors=True)
        digests = [digest_of(paperlog, tmp_path / "a")]
        paperlog("replay", "--into", folder)
        with open_warehouse(str(folder)).reader(may_write_files=True) as reader:
            digests.append(reader.export(tmp_path / "b"))
            assert reader.named("integrity").rows == ()
        paperlog("replay")
        digests.append(digest_of(paperlog, tmp_path / "c"))
        with open_warehouse(str(from_environment().home)).reader() as reader:
            assert reader.named("integrity").rows == ()
        return len(set(digests)) == 1

    return compared


def gap_days(paperlog: Command) -> list[str]:
    return [each["partition"] for each in json.loads(paperlog("status", "--gaps", "--json").out)["gaps"]]


def forget(paperlog: Command, day: date, *more: str, source: str = "hf_daily") -> None:
    done = paperlog("forget", source, day, "--reason", "it should not be", *more)
    assert done.code == 0, done.err


def test_days_of_the_future_go_with_the_gaps_that_they_made(
    week: Command, tmp_path: Path, same_as_its_replay: Callable[[], bool]
) -> None:
    before, facts = rows_of(week, STATES), digest_of(week, tmp_path / "before")
    gaps = gap_days(week)
    days = [date(2027, 3, 1) + timedelta(days=number) for number in range(3)]
    with working(from_environment()) as work:  # as a schedule with wrong parameters asked for them
        ingest(work, "hf_daily", days)
    assert len(rows_of(week, STATES)) == len(before) + 3
    for day in days:
        forget(week, day)
    assert rows_of(week, STATES) == before
    assert digest_of(week, tmp_path / "after") == facts
    assert gap_days(week) == gaps
    assert "2027" not in week("audit").out
    assert same_as_its_replay()


def test_a_list_that_a_wrong_page_claimed_goes_with_its_papers_and_its_false_gaps(
    week: Command, digest: Site, tmp_path: Path, same_as_its_replay: Callable[[], bool]
) -> None:
    facts, gaps = digest_of(week, tmp_path / "before"), gap_days(week)
    wrong = date(2024, 11, 5)
    page = tmp_path / "wrong__fetched_20250306T120000Z.html"
    page.write_text(hf_day_page(wrong, items_of(wrong, range(1, 13)), next_on=date(2024, 11, 6)), encoding="utf-8")
    assert week("adopt", "hf_daily", page).code == 0
    assert len(gap_days(week)) > 50
    forget(week, wrong)
    assert digest_of(week, tmp_path / "after") == facts
    assert gap_days(week) == gaps
    assert same_as_its_replay()
    assert week("adopt", "hf_daily", page).code == 0  # the inbox gives the same file every day
    assert digest_of(week, tmp_path / "again") == facts
    forget(week, wrong, "--undo")
    assert rows_of(week, "select count(*)::integer as n from papers where first_listed_on = '2024-11-05'") == [
        {"n": 12}
    ]
    assert same_as_its_replay()


def test_a_day_in_the_middle_goes_and_comes_again_when_it_is_asked_for(
    week: Command, tmp_path: Path, same_as_its_replay: Callable[[], bool]
) -> None:
    facts, counts = digest_of(week, tmp_path / "before"), rows_of(week, COUNTS)
    keys = rows_of(week, "select paper_key from papers order by all")
    forget(week, TUESDAY)
    assert {"day": "2025-03-04", "state": "final"} not in rows_of(week, STATES)
    assert rows_of(week, "select count(*)::integer as n from metrics as m join sightings as s using (paper_key) "
                   "where s.partition_on = '2025-03-04'") == [{"n": 0}]  # fmt: skip
    assert "2025-03-04" in week("status", "--gaps").out  # other days link to it: it is missing, and said to be
    assert same_as_its_replay()
    assert week("backfill", "hf_daily", "--from", MONDAY, "--to", FRIDAY).code == 0
    assert rows_of(week, COUNTS) == counts
    assert rows_of(week, "select paper_key from papers order by all") == keys
    assert digest_of(week, tmp_path / "after") != facts  # the day was read at another time
    assert same_as_its_replay()


def test_the_same_wish_again_changes_nothing(week: Command, home: Path, tmp_path: Path) -> None:
    forget(week, TUESDAY)
    facts = digest_of(week, tmp_path / "a")
    kept = sorted((home / "landing" / "forgotten_partitions").iterdir())
    done = week("forget", "hf_daily", TUESDAY, "--reason", "again")
    assert (done.code, "nothing to do" in done.out) == (0, True)
    assert digest_of(week, tmp_path / "b") == facts
    assert sorted((home / "landing" / "forgotten_partitions").iterdir()) == kept


def test_taken_back_twice_over_and_undone(
    week: Command, tmp_path: Path, same_as_its_replay: Callable[[], bool]
) -> None:
    facts = digest_of(week, tmp_path / "a")
    forget(week, TUESDAY)
    forget(week, TUESDAY, "--undo")
    assert digest_of(week, tmp_path / "b") == facts
    forget(week, TUESDAY)
    forget(week, THURSDAY)
    forget(week, TUESDAY, "--undo")
    forget(week, THURSDAY, "--undo")
    assert digest_of(week, tmp_path / "c") == facts
    assert same_as_its_replay()


def test_a_merged_paper_whose_two_sightings_go_leaves_no_redirect(
    week: Command, same_as_its_replay: Callable[[], bool]
) -> None:
    one, two = (row["paper_key"] for row in rows_of(week, MERGEABLE))
    assert week("merge", one, two, "--reason", "the same").code == 0
    keys = rows_of(week, KEYS)
    forget(week, TUESDAY)
    assert rows_of(week, REDIRECTS) == [{"broken": 0}]
    assert "integrity" not in week("audit").out
    assert same_as_its_replay()
    forget(week, TUESDAY, "--undo")
    assert rows_of(week, KEYS) == keys


def test_a_dumps_week_goes_and_its_papers_stay_as_the_lists_know_them(
    week: Command, same_as_its_replay: Callable[[], bool]
) -> None:
    assert rows_of(week, "select count(*) > 0 as any from reviews") == [{"any": True}]
    forget(week, MONDAY, source="weekly_review")
    assert rows_of(week, "select count(*) > 0 as any from reviews") == [{"any": False}]
    assert rows_of(week, "select distinct sources from papers") == [{"sources": ["hf_daily"]}]
    assert same_as_its_replay()


def test_attempts_that_failed_are_taken_back_too(paperlog: Command, digest: Site) -> None:
    digest.answers.pop(f"/papers/date/{TUESDAY}")
    paperlog("ingest", "hf_daily", "--date", TUESDAY)
    assert rows_of(paperlog, STATES) == [{"day": "2025-03-04", "state": "missing"}]
    forget(paperlog, TUESDAY)
    assert rows_of(paperlog, STATES) == []
    assert "2025-03-04" not in paperlog("audit").out
    paperlog("ingest", "hf_daily", "--date", TUESDAY)
    assert rows_of(paperlog, STATES) == [{"day": "2025-03-04", "state": "missing"}]


def test_a_refused_page_is_taken_back_and_no_longer_requeued(
    paperlog: Command, digest: Site, same_as_its_replay: Callable[[], bool]
) -> None:
    digest.answers[f"/papers/date/{TUESDAY}"] = Answer(media_type="text/html", body=b"<html>nothing</html>")
    paperlog("ingest", "hf_daily", "--from", MONDAY, "--to", TUESDAY)
    forget(paperlog, TUESDAY)
    assert "refused" not in paperlog("audit").out
    assert "nothing new" in paperlog("requeue").out
    assert same_as_its_replay()
    assert "refused" not in paperlog("audit").out  # the replay has read that page again


def test_what_was_kept_and_never_loaded_is_taken_back_too(
    paperlog: Command, same_as_its_replay: Callable[[], bool]
) -> None:
    assert paperlog("ingest", "hf_daily", "--date", MONDAY).code == 0
    assert paperlog("capture", "hf_daily", "--date", THURSDAY).code == 0
    forget(paperlog, THURSDAY)
    assert same_as_its_replay()
    assert {"day": "2025-03-06", "state": "final"} not in rows_of(paperlog, STATES)
    done = paperlog("backfill", "hf_daily", "--from", MONDAY, "--to", THURSDAY)
    assert "0 kept already" in done.out + done.err
    assert {"day": "2025-03-06", "state": "open"} in rows_of(paperlog, STATES) or {
        "day": "2025-03-06",
        "state": "final",
    } in rows_of(paperlog, STATES)


@pytest.mark.parametrize(
    ("day", "more", "said"),
    [
        ("2031-01-01", (), "nothing was ever read or asked for"),
        ("2025-02-28", (), "only other pages link to it"),
        ("2025-03-04", ("--undo",), "nothing of it was taken back"),
    ],
)
def test_an_unknown_day_is_refused(week: Command, day: str, more: tuple[str, ...], said: str) -> None:
    done = week("forget", "hf_daily", day, "--reason", "why", *more)
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    assert said in done.err
    assert f"hf_daily {day}" in done.err


def test_what_a_person_joined_by_a_sighting_that_goes_is_apart_until_it_comes_again(
    paperlog: Command, home: Path, home_after: Callable[..., Path], same_as_its_replay: Callable[[], bool]
) -> None:
    shutil.copytree(home_after(("ingest", "hf_daily", "--date", THURSDAY), WEEK), home)
    assert paperlog("merge", *LISTED_TOGETHER, "--reason", "a test").code == 0
    assert paperlog("publish").code == 0
    assert rows_of(paperlog, FOUNDED_THAT_DAY) == [{"decided": 1}]
    assert rows_of(paperlog, ONE_PAPER) == [{"is_one": True}]
    forget(paperlog, THURSDAY)
    assert rows_of(paperlog, ONE_PAPER) == [{"is_one": False}]
    assert same_as_its_replay()
    forget(paperlog, THURSDAY, "--undo")
    assert rows_of(paperlog, ONE_PAPER) == [{"is_one": True}]
    assert same_as_its_replay()
