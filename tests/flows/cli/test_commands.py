"""What the command line promises: exit codes, reasons, and that nothing is half done."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from flows.demo.pages import weekly_header
from flows.demo.site import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    Answer,
    early_pages,
)
from tests.flows.conftest import Site
from tests.support.commands import Command, digest_of, rows_of
from tests.support.pages import day_page

WEEK = ("--from", MONDAY, "--to", FRIDAY)
CORE = """
select
    (select count(*) from core.papers) as papers,
    (select count(*) from core.sightings) as sightings,
    (select count(*) from core.metrics) as metrics,
    (select count(*) from core.matches) as matches
"""


def test_ingest_loads_a_week_and_publishes_it(paperlog: Command, home: Path) -> None:
    done = paperlog("ingest", "hf_daily", *WEEK)
    assert (done.code, done.err) == (0, "")
    assert "ingest: 5 loaded" in done.out
    assert (home / "manifest.json").exists()
    rows = rows_of(paperlog, "select partition_on, entries_count from partitions where entries_count > 0 order by 1")
    assert [(row["partition_on"], row["entries_count"]) for row in rows] == [
        ("2025-03-03", 9),
        ("2025-03-04", 12),
        ("2025-03-05", 11),
        ("2025-03-06", 15),
        ("2025-03-07", 8),
    ]


def test_second_ingest_changes_nothing(paperlog: Command) -> None:
    paperlog("ingest", "hf_daily", *WEEK)
    before = rows_of(paperlog, CORE)
    done = paperlog("ingest", "hf_daily", *WEEK)
    assert done.code == 0
    assert "ingest: 5 unchanged" in done.out
    assert rows_of(paperlog, CORE) == before


def test_a_review_joins_the_paper_that_was_listed(paperlog: Command) -> None:
    paperlog("ingest", "hf_daily", *WEEK)
    assert paperlog("ingest", "weekly_review", "--date", FRIDAY).code == 0
    rows = rows_of(paperlog, "select count(*) as n from papers where title is not null and len(sources) = 2")
    assert rows == [{"n": 11}]


def test_a_day_without_a_list_is_no_failure(paperlog: Command) -> None:
    done = paperlog("ingest", "hf_daily", "--date", SATURDAY)
    assert (done.code, done.err) == (0, "")
    assert rows_of(paperlog, "select status, partition_on from runs") == [
        {"status": "no_list", "partition_on": str(SATURDAY)}
    ]


def test_a_missing_page_fails_its_own_day_only(paperlog: Command, digest: Site) -> None:
    del digest.answers[f"/papers/date/{MONDAY}"]
    done = paperlog("ingest", "hf_daily", *WEEK)
    assert done.code == 1
    assert done.err.splitlines()[0].startswith(f"hf_daily {MONDAY}: failed: http")
    assert done.err.splitlines()[-1] == (
        f"what was loaded stays; mend: paperlog backfill hf_daily --from {MONDAY} --to {MONDAY}"
    )
    assert "4 loaded, 1 failed (not_found)" in done.out


def test_a_site_that_lets_nobody_in_is_told_with_when_to_ask_again(paperlog: Command, digest: Site) -> None:
    for day in (MONDAY, "2025-03-04"):
        digest.answers[f"/papers/date/{day}"] = Answer(status=403)
    done = paperlog("ingest", "hf_daily", *WEEK)
    assert (done.code, "3 loaded, 2 failed (blocked)" in done.out) == (1, True)
    assert done.err.splitlines()[-1] == (
        "what was loaded stays; mend, once the site lets us in: "
        f"paperlog backfill hf_daily --from {MONDAY} --to 2025-03-04"
    )


def test_days_that_were_not_asked_for_are_left_to_the_same_command(paperlog: Command, digest: Site) -> None:
    for day in range(3, 17):
        digest.answers[f"/papers/date/2025-03-{day:02}"] = Answer(status=403)
    done = paperlog("ingest", "hf_daily", "--from", MONDAY, "--to", "2025-03-16")
    assert done.code == 1
    assert done.err.splitlines()[-1] == "the same command again asks for what was not asked for"


def test_a_page_cut_short_is_refused_as_a_whole(paperlog: Command, digest: Site) -> None:
    path = f"/papers/date/{MONDAY}"
    whole = digest.answers[path]
    digest.answers[path] = Answer(media_type=whole.media_type, body=whole.body[: len(whole.body) // 2])
    done = paperlog("ingest", "hf_daily", "--date", MONDAY)
    assert done.code == 1
    assert done.err.splitlines()[0].startswith(f"hf_daily {MONDAY}: refused: ")
    assert done.err.splitlines()[-1].startswith(
        "what was loaded stays, and the page is kept; mend: paperlog requeue --source hf_daily"
    )
    assert "1 refused (cut_off)" in done.out
    assert rows_of(paperlog, "select count(*) as n from papers") == [{"n": 0}]
    assert rows_of(paperlog, "select check_name, level from findings") == [
        {"check_name": "page_changed", "level": "error"}
    ]


def test_a_refused_day_heals_with_the_next_whole_page(paperlog: Command, digest: Site) -> None:
    path = f"/papers/date/{MONDAY}"
    whole = digest.answers[path]
    digest.answers[path] = Answer(media_type=whole.media_type, body=b"<html>nothing</html>")
    assert paperlog("ingest", "hf_daily", "--date", MONDAY).code == 1
    digest.answers[path] = whole
    assert paperlog("ingest", "hf_daily", "--date", MONDAY).code == 0
    assert paperlog("backfill", "hf_daily", *WEEK).code == 0
    concerns = json.loads(paperlog("audit", "--json").out)
    assert "refused" not in {each["kind"] for each in concerns}


def test_backfill_reads_what_is_missing_and_no_more(paperlog: Command, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    for name, body in early_pages().items():
        (saved / name).write_bytes(body)
    paperlog("adopt", "hf_daily", saved)
    first = paperlog("backfill", "hf_daily", *WEEK)
    assert "backfill: 5 loaded" in first.out
    second = paperlog("backfill", "hf_daily", *WEEK)
    assert second.code == 0
    assert "backfill: 1 unchanged" in second.out  # Friday alone is still open
    assert "backfill: 5 unchanged" in paperlog("backfill", "hf_daily", *WEEK, "--all").out


def test_adopting_a_folder_twice_gives_the_same_facts(paperlog: Command, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    for name, body in early_pages().items():
        (saved / name).write_bytes(body)
    assert "adopt: 4 loaded" in paperlog("adopt", "hf_daily", saved).out
    facts = digest_of(paperlog, tmp_path / "a")
    assert "adopt: 4 unchanged" in paperlog("adopt", "hf_daily", saved).out
    assert digest_of(paperlog, tmp_path / "b") == facts


def test_a_page_refused_for_the_time_of_its_file_is_adopted_again_with_another_one(
    paperlog: Command, tmp_path: Path
) -> None:
    page = tmp_path / "monday.html"
    page.write_text(day_page(MONDAY, range(12)), encoding="utf-8")
    os.utime(page, (1_700_000_000,) * 2)
    mend = "paperlog adopt hf_daily FILE… --fetched-at TIME"
    done = paperlog("adopt", "hf_daily", page)
    assert (done.code, "day_in_future" in done.err, mend in done.err) == (1, True, True)
    assert "requeue" not in done.err
    (line,) = [each for each in paperlog("check").out.splitlines() if each.startswith("refused: ")]
    assert f"; mend: {mend}" in line
    assert f"    mend: {mend}" in paperlog("audit").out
    assert paperlog("adopt", "hf_daily", page, "--fetched-at", f"{MONDAY}T20:00:00Z").code == 0
    assert "refused" not in paperlog("check").out + paperlog("audit").out
    written = paperlog("export", tmp_path / "facts").out
    assert "6 Parquet files and 2 that describe them, digest " in written
    assert len(list((tmp_path / "facts").iterdir())) == 8


def test_a_dump_of_another_shape_is_refused_with_its_line(paperlog: Command, tmp_path: Path) -> None:
    dump = tmp_path / "review.txt"
    dump.write_text(weekly_header(MONDAY) + "\nan abstract without a review\n", encoding="utf-8")
    done = paperlog("adopt", "weekly_review", dump)
    assert done.code == 1
    assert "review.txt line" in done.err.splitlines()[0]


def test_an_empty_folder_is_nothing_new(paperlog: Command, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    done = paperlog("adopt", "weekly_review", empty)
    assert (done.code, done.out.strip()) == (0, "adopt: nothing new")


def test_replay_into_another_home_gives_the_same_digest(
    paperlog: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paperlog("ingest", "hf_daily", *WEEK)
    paperlog("ingest", "weekly_review", "--date", MONDAY)
    facts = digest_of(paperlog, tmp_path / "a")
    assert paperlog("replay", "--into", tmp_path / "other").code == 0
    monkeypatch.setenv("PAPERLOG_HOME", str(tmp_path / "other"))
    assert digest_of(paperlog, tmp_path / "b") == facts


def test_captured_pages_load_with_replay(paperlog: Command) -> None:
    captured = paperlog("capture", "hf_daily", *WEEK)
    assert (captured.code, captured.out.splitlines()[-1]) == (0, "capture: 5 of 5 pages kept")
    assert "replay: 5 loaded" in paperlog("replay").out


def test_replay_of_nothing_says_so(paperlog: Command) -> None:
    done = paperlog("replay")
    assert done.code == 1
    assert done.err.startswith("paperlog: ")
    assert "no page kept" in done.err


def test_without_publishing_readers_keep_the_old_snapshot(paperlog: Command) -> None:
    paperlog("ingest", "hf_daily", "--date", MONDAY)
    paperlog("ingest", "hf_daily", "--date", FRIDAY, "--no-publish")
    assert rows_of(paperlog, "select count(*) as n from papers") == [{"n": 9}]
    assert paperlog("publish").code == 0
    assert rows_of(paperlog, "select count(*) as n from papers") == [{"n": 17}]


def test_status_names_the_gaps(paperlog: Command) -> None:
    paperlog("ingest", "hf_daily", "--date", MONDAY)
    paperlog("ingest", "hf_daily", "--date", FRIDAY)
    said = json.loads(paperlog("status", "--gaps", "--json").out)
    days = {each["partition"] for each in said["gaps"]}
    assert {"2025-03-04", "2025-03-05", "2025-03-06"} <= days


def test_audit_names_a_run_that_nothing_healed(paperlog: Command, digest: Site) -> None:
    digest.answers[f"/papers/date/{MONDAY}"] = Answer(media_type="text/html", body=b"<html>nothing</html>")
    paperlog("ingest", "hf_daily", "--date", MONDAY)
    concerns = json.loads(paperlog("audit", "--json").out)
    assert ("refused", str(MONDAY)) in {(each["kind"], each["partition"]) for each in concerns}


def test_parse_shows_a_file_and_loads_nothing(paperlog: Command, home: Path, tmp_path: Path) -> None:
    name, body = next(iter(early_pages().items()))
    (tmp_path / name).write_bytes(body)
    said = json.loads(paperlog("parse", "hf_daily", tmp_path / name).out)
    assert len(said[0]["listing"]["entries"]) == 9
    loaded = json.loads(paperlog("parse", "hf_daily", tmp_path / name, "--loaded").out)
    assert [len(loaded[0]["sightings"]), loaded[0]["rejections"]] == [9, []]
    assert not home.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("ingest", "no_such_source"),
        ("ingest", "hf_daily", "--date", "2025-02-30"),
        ("ingest", "hf_daily", "--date", "tomorrow"),
        ("ingest", "hf_daily", "--date", "2025-13"),
        ("ingest", "hf_daily", "--date", "-9999d", "--from", "today"),
        ("ingest", "hf_daily", "--date", "2999-01-01"),
        ("ingest", "hf_daily", "--from", "2025-03-07", "--to", "2025-03-03"),
        ("ingest", "hf_daily", "--to", "2025-03-03"),
        ("ingest", "hf_daily", "--date", "2025-03-03", "--from", "2025-03-03"),
        ("ingest", "hf_listing_text", "--date", "2025-03-03"),
        ("backfill", "hf_daily"),
        ("backfill", "hf_daily", "--from", "2025-13-01", "--to", "2025-03-03"),
        ("adopt", "hf_daily"),
        ("adopt", "hf_daily", "no/such/file.html"),
        ("adopt", "hf_daily", "README.md", "--fetched-at", "noon"),
        ("replay", "--from", "2025-03-07", "--to", "2025-03-03"),
        ("nonsense",),
    ],
)
def test_wrong_usage_is_exit_code_2_and_touches_nothing(
    paperlog: Command, home: Path, arguments: tuple[str, ...]
) -> None:
    done = paperlog(*arguments)
    assert done.code == 2
    assert "Error: " in done.err
    assert "Traceback" not in done.err
    assert not home.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAPERLOG_HF_DAILY_URL", "ftp://example.org"),
        ("PAPERLOG_REQUESTS_PER_SECOND", "fast"),
        ("PAPERLOG_LOCK_SECONDS", "-1"),
        ("PAPERLOG_CONTACT", "two\nlines"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named(
    paperlog: Command, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    done = paperlog("ingest", "hf_daily", "--date", MONDAY)
    assert done.code == 2
    assert done.err.startswith(f"paperlog: {name}")
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("command", [("status",), ("audit",), ("sql", "select 1"), ("export", "somewhere")])
def test_reading_before_anything_was_published_says_what_to_do(paperlog: Command, command: tuple[str, ...]) -> None:
    done = paperlog(*command)
    assert done.code == 1
    assert "does not exist yet" in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    "query",
    [
        "drop table core.papers",
        "create table t as select 1",
        "attach 'other.duckdb'",
        "copy (select 1) to 'x.csv'",
        "select * from read_text('README.md')",
        "select nonsense from papers",
        "selec",
    ],
)
def test_sql_cannot_write_or_reach_files(monday: Command, query: str) -> None:
    done = monday("sql", query)
    assert done.code == 1
    assert done.err.startswith("paperlog: ")
    assert "Traceback" not in done.err


def test_sql_gives_tabs_to_a_pipe(monday: Command) -> None:
    done = monday("sql", "select 1 as one, null as nothing, ['a', 'b'] as list, date '2025-03-03' as day")
    assert done.out == 'one\tnothing\tlist\tday\n1\t\t["a", "b"]\t2025-03-03\n'


def test_sql_gives_json_for_every_kind_of_value(monday: Command) -> None:
    query = "select 'nan'::double as n, 1.5::decimal(3, 1) as d, map {date '2025-03-03': 1} as m, {'a': [true]} as s"
    assert rows_of(monday, query) == [{"n": None, "d": 1.5, "m": {"2025-03-03": 1}, "s": {"a": [True]}}]
