"""The API's answer, fetched where a person asks for it: a part of a day's list, which closes and loses nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.demo.papers import InventedPaper, invented_paper, listed_item
from flows.demo.site import FIRST_NUMBER, FRIDAY, MONDAY, PAPERS_A_DAY, SATURDAY, Answer, papers_by_day
from tests.flows.conftest import Site
from tests.support.commands import Command, rows_of

TUESDAY = MONDAY + timedelta(days=1)
STATE = "select state, entries_count from partitions where source = 'hf_daily' and partition_on = date '{}'"
RUNS = "select status, cause from runs where partition_on = date '{}' order by load_order"
LOST = "select count(*) as lost from sightings where not is_listed"


def path_of(day: date) -> str:
    return f"/api/daily_papers?date={day}&limit=100"


def answered(day: date, count: int, *, submitted_on: date | None = None) -> Answer:
    """An answer with the first papers of a demo's day."""
    return of_papers(papers_by_day()[day][:count], submitted_on or day)


def of_papers(papers: Sequence[InventedPaper], day: date) -> Answer:
    items = [listed_item(paper, day, place, 300 - place) for place, paper in enumerate(papers)]
    for item in items:
        item["paper"]["submittedOnDailyAt"] = f"{day}T04:00:00.000Z"
    return said_of(json.dumps(items))


def said_of(body: str, media_type: str = "application/json") -> Answer:
    return Answer(media_type=media_type, body=body.encode())


def test_an_answer_adds_to_a_day_and_leaves_it_open_until_its_page_is_read(
    paperlog: Command, digest: Site, home: Path, tmp_path: Path
) -> None:
    digest.answers[path_of(MONDAY)] = answered(MONDAY, 4)
    done = paperlog("ingest", "hf_daily", "--date", MONDAY, "--answer")
    assert done.code == 0, done.err
    assert rows_of(paperlog, STATE.format(MONDAY)) == [{"state": "open", "entries_count": 4}]
    assert len(list((home / "landing" / "pages" / "hf_daily").rglob("*.json.zst"))) == 1

    assert paperlog("ingest", "hf_daily", "--date", MONDAY).code == 0
    assert rows_of(paperlog, STATE.format(MONDAY)) == [{"state": "final", "entries_count": PAPERS_A_DAY[0]}]
    digest.answers[path_of(MONDAY)] = answered(MONDAY, 2)
    assert paperlog("ingest", "hf_daily", "--date", MONDAY, "--answer").code == 0
    assert rows_of(paperlog, STATE.format(MONDAY)) == [{"state": "final", "entries_count": PAPERS_A_DAY[0]}]
    assert rows_of(paperlog, LOST) == [{"lost": 0}]

    again = tmp_path / "again"
    assert paperlog("replay", "--into", again).code == 0
    manifests = [json.loads((each / "manifest.json").read_text()) for each in (home, again)]
    assert manifests[0]["digest"] == manifests[1]["digest"]


def test_an_unchanged_answer_is_only_confirmed(paperlog: Command, digest: Site, home: Path) -> None:
    digest.answers[path_of(MONDAY)] = answered(MONDAY, 4)
    for _ in range(2):
        assert paperlog("ingest", "hf_daily", "--date", MONDAY, "--answer").code == 0
    assert [row["status"] for row in rows_of(paperlog, RUNS.format(MONDAY))] == ["loaded", "unchanged"]
    assert len(list((home / "landing" / "pages").rglob("*.zst"))) == 1


def test_without_the_option_no_answer_is_asked_for_and_json_is_no_page(paperlog: Command, digest: Site) -> None:
    digest.answers[f"/papers/date/{MONDAY}"] = answered(MONDAY, 4)
    done = paperlog("ingest", "hf_daily", "--date", MONDAY)
    assert done.code == 1
    assert "blocked: answered with JSON instead of the page" in done.err


@pytest.mark.parametrize(
    ("answer", "told", "cause"),
    [
        (said_of("[]"), "answered with an empty list", "empty_list"),
        (Answer(status=404), "answered 404", "not_found"),
        (Answer(status=400), "answered 400", "bad_answer"),
        (Answer(status=403), "blocked: answered 403", "blocked"),
        (Answer(location="/login?next=/api"), "blocked: redirects to a login", "blocked"),
        (
            said_of("<!doctype html><html><head><title>Just a moment...</title></head></html>", "text/html"),
            "blocked: answered with a page titled 'just a moment...' instead of JSON",
            "blocked",
        ),
        (said_of("<html><body>x</body></html>"), "blocked: answered with text/html instead of JSON", "blocked"),
        (said_of("%PDF-1.7 \n%%EOF"), "blocked: answered with a PDF instead of JSON", "blocked"),
        (said_of("Too busy"), "blocked: answered with text instead of JSON", "blocked"),
        (answered(MONDAY, 3, submitted_on=TUESDAY), f"answered with the items of {TUESDAY}", "wrong_day"),
    ],
)
def test_what_is_no_answer_about_the_day_is_told_and_says_nothing_about_it(
    paperlog: Command, digest: Site, home: Path, answer: Answer, told: str, cause: str
) -> None:
    digest.answers[path_of(MONDAY)] = answer
    done = paperlog("ingest", "hf_daily", "--date", MONDAY, "--answer")
    assert done.code == 1
    assert told in done.err
    assert rows_of(paperlog, RUNS.format(MONDAY)) == [{"status": "failed", "cause": cause}]
    assert rows_of(paperlog, STATE.format(MONDAY)) == [{"state": "missing", "entries_count": None}]
    assert not (home / "landing" / "pages").exists()
    assert paperlog("ingest", "hf_daily", "--date", MONDAY).code == 0
    assert rows_of(paperlog, STATE.format(MONDAY)) == [{"state": "final", "entries_count": PAPERS_A_DAY[0]}]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('[{"paper": {"id": "2502.90001", "tit', "the file seems to be cut off"),
        ('{"error": "Rate limited"}', "the site's refusal 'Rate limited'"),
        ("[" * 100_000, "brackets within brackets without end"),
        ("[\"{'paper': 1}\"]", "strings as Python prints objects"),
    ],
)
def test_an_answer_of_another_shape_is_kept_and_refused_and_leaves_a_loaded_day_alone(
    monday: Command, digest: Site, body: str, told: str
) -> None:
    before = rows_of(monday, STATE.format(MONDAY))
    digest.answers[path_of(MONDAY)] = said_of(body)
    done = monday("ingest", "hf_daily", "--date", MONDAY, "--answer")
    assert done.code == 1
    assert told in done.err
    assert rows_of(monday, STATE.format(MONDAY)) == before
    assert rows_of(monday, LOST) == [{"lost": 0}]


def test_the_advice_about_a_failed_answer_of_a_final_day_mends_it(monday: Command) -> None:
    assert rows_of(monday, STATE.format(MONDAY))[0]["state"] == "final"
    assert monday("ingest", "hf_daily", "--date", MONDAY, "--answer").code == 1
    said = monday("audit").out
    mend = f"backfill hf_daily --from {MONDAY} --to {MONDAY} --all"
    assert "(its list is final already)" in " ".join(said.split())
    assert f"mend: paperlog {mend}" in said
    assert monday(*mend.split()).code == 0
    assert "failed: hf_daily" not in monday("audit").out


def test_robots_rules_hold_for_the_api_alone(paperlog: Command, digest: Site) -> None:
    digest.answers[path_of(MONDAY)] = answered(MONDAY, 4)
    digest.answers["/robots.txt"] = Answer(body=b"User-agent: *\nDisallow: /api/\n")
    done = paperlog("ingest", "hf_daily", "--date", MONDAY, "--answer")
    assert (done.code, "forbidden by robots.txt" in done.err) == (1, True)
    assert paperlog("ingest", "hf_daily", "--date", MONDAY).code == 0


def test_a_captured_answer_stands_for_no_page_and_is_loaded_with_the_next_one(paperlog: Command, digest: Site) -> None:
    digest.answers[path_of(MONDAY)] = answered(MONDAY, 4)
    done = paperlog("capture", "hf_daily", "--date", MONDAY, "--answer")
    assert (done.code, done.out.splitlines()[-1]) == (0, "capture: 1 of 1 pages kept")
    assert paperlog("backfill", "hf_daily", "--from", MONDAY, "--to", MONDAY).code == 0
    assert rows_of(paperlog, STATE.format(MONDAY)) == [{"state": "final", "entries_count": PAPERS_A_DAY[0]}]
    assert [row["status"] for row in rows_of(paperlog, RUNS.format(MONDAY))] == ["loaded", "loaded"]


def test_answers_of_many_days_are_kept_though_one_is_missing(paperlog: Command, digest: Site) -> None:
    for day in (MONDAY, FRIDAY):
        digest.answers[path_of(day)] = answered(day, 3)
    done = paperlog("ingest", "hf_daily", "--from", MONDAY, "--to", FRIDAY, "--answer")
    assert done.code == 1
    assert "ingest: 2 loaded, 3 failed" in done.out
    assert rows_of(paperlog, STATE.format(FRIDAY)) == [{"state": "open", "entries_count": 3}]


def test_an_answer_as_long_as_the_limit_may_be_cut(paperlog: Command, digest: Site) -> None:
    papers = [invented_paper(FIRST_NUMBER + at, "2502") for at in range(100)]
    digest.answers[path_of(MONDAY)] = of_papers(papers, MONDAY)
    done = paperlog("ingest", "hf_daily", "--date", MONDAY, "--answer")
    assert done.code == 0, done.err
    assert "may_be_cut" in done.err


@pytest.mark.parametrize("command", ["ingest", "capture"])
def test_a_source_without_an_api_says_so_before_anything_is_asked(paperlog: Command, home: Path, command: str) -> None:
    done = paperlog(command, "weekly_review", "--date", MONDAY, "--answer")
    assert done.code == 2
    assert "weekly_review has no API that could answer: its pages can be fetched" in done.err
    assert not home.exists()


def test_a_weekend_is_asked_for_if_it_is_named(paperlog: Command, digest: Site) -> None:
    digest.answers[path_of(SATURDAY)] = said_of("[]")
    done = paperlog("ingest", "hf_daily", "--date", SATURDAY, "--answer")
    assert (done.code, "answered with an empty list" in done.err) == (1, True)
