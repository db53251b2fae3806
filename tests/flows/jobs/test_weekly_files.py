"""A list whose weeks stand only on its pages: fetched through its index, gaps that are true, runs that heal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.demo.pages import (
    week_row,
    weeks_index,
    weeks_of_year,
    weeks_readme,
)
from flows.demo.site import Answer, serving
from flows.jobs.audit import audit
from flows.jobs.ingest import days_before
from flows.settings import from_environment
from tests.support.commands import Command, digest_of, rows_of
from tests.support.places import DATA

NAME = "ml_papers_week"
REAL = DATA / "other" / "dair"
JUNE = ("May 31 - June 7) - 2025", "May 24 - May 31) - 2025", "May 18 - May 24) - 2025")
HOLE = ("March 23 - March 29) - 2025", "March 9 - March 15) - 2025", "March 1 - March 8) - 2025")
pytestmark = pytest.mark.usefixtures("begun")


def week(days: str, *, said: str = "its text", count: int = 10) -> tuple[str, list[str]]:
    """Ten papers that no other week has."""
    number = sum(map(ord, days)) * 20 % 90_000
    return days, [
        week_row(at, f"**Paper {at} of {days[:9]}** - {said}.", f"[Paper](https://arxiv.org/abs/2301.{number + at:05})")
        for at in range(1, count + 1)
    ]


def markdown(text: str) -> Answer:
    return Answer(body=text.encode())


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch, paperlog: Command) -> Iterator[dict[str, Answer]]:
    """The paths of a site that is this source's address; answers may be changed while it serves."""
    answers: dict[str, Answer] = {}
    with serving(answers) as base:
        monkeypatch.setenv("PAPERLOG_ML_PAPERS_WEEK_URL", f"{base}/lists")
        yield answers


def year_files(*years: tuple[int, list[str]]) -> dict[str, Answer]:
    index = weeks_index({year: [days.split(")")[0] for days in weeks] for year, weeks in years})
    files = {f"/lists/years/{year}.md": weeks_of_year(year, [week(days) for days in weeks]) for year, weeks in years}
    return {path: markdown(text) for path, text in {"/lists/README.md": index, **files}.items()}


def gaps(paperlog: Command) -> dict[str, str]:
    found = json.loads(paperlog("status", "--gaps", "--json").out)["gaps"]
    return {each["partition"]: each["detail"] for each in found}


def loaded(paperlog: Command) -> list[object]:
    rows = rows_of(paperlog, "select partition_on from partitions where state = 'final' order by partition_on")
    return [row["partition_on"] for row in rows]


def states(paperlog: Command) -> set[object]:
    return {row["state"] for row in rows_of(paperlog, "select distinct state from partitions")}


@pytest.mark.slow
def test_a_day_means_the_file_with_its_week_and_all_weeks_there_are_loaded(
    paperlog: Command, lists: dict[str, Answer]
) -> None:
    lists |= year_files((2025, [*JUNE, "December 29 - January 4)"]), (2024, ["December 22 - December 28)"]))
    for day in ("2025-06-01", "2024-12-30"):
        done = paperlog("ingest", NAME, "--date", day)
        assert done.code == 0, done.err
        assert loaded(paperlog) == ["2024-12-29", "2025-05-18", "2025-05-24", "2025-05-31"]
    assert states(paperlog) == {"final"}
    assert paperlog("ingest", NAME, "--date", "2024-12-24").code == 0
    assert loaded(paperlog)[0] == "2024-12-22"


def test_a_readme_that_holds_the_weeks_itself_is_read_as_it_is(paperlog: Command, lists: dict[str, Answer]) -> None:
    lists["/lists/README.md"] = markdown(weeks_readme([week(days) for days in JUNE]))
    assert paperlog("ingest", NAME, "--date", "2025-06-01").code == 0
    assert loaded(paperlog) == ["2025-05-18", "2025-05-24", "2025-05-31"]
    assert gaps(paperlog) == {}


def test_a_range_is_asked_for_file_by_file_and_a_backfill_makes_no_week_without_a_list(
    paperlog: Command, lists: dict[str, Answer]
) -> None:
    lists |= year_files((2025, [*JUNE, *HOLE, "Dec 29 - Jan 4)"]), (2024, ["Dec 22-28)", "Dec 15-21)"]))
    for _ in range(2):
        done = paperlog("backfill", NAME, "--from", "2024-06-01", "--to", "2025-06-30")
        assert done.code == 0, done.err
        assert len(loaded(paperlog)) == 9
        assert states(paperlog) == {"final"}
    assert list(gaps(paperlog)) == ["2025-01-05", "2025-03-16", "2025-03-30"]


def test_a_day_after_the_newest_week_or_without_one_is_no_fault_and_leaves_no_trace(
    paperlog: Command, lists: dict[str, Answer]
) -> None:
    lists |= year_files((2025, [*HOLE]))
    for day in ("2025-03-18", "2025-04-20", "2025-07-05"):
        assert paperlog("ingest", NAME, "--date", day).code == 0
    assert rows_of(paperlog, "select count(*) as n from partitions") == [{"n": 3}]
    assert {row["status"] for row in rows_of(paperlog, "select status from runs")} == {"loaded", "unchanged"}


def test_a_week_without_an_issue_is_named_as_a_gap_until_a_person_gives_it_up(
    paperlog: Command, lists: dict[str, Answer]
) -> None:
    lists |= year_files((2025, [*HOLE]))
    assert paperlog("ingest", NAME, "--date", "2025-03-05").code == 0
    assert gaps(paperlog) == {
        "2025-03-16": "no issue between that of 2025-03-09 and that of 2025-03-23, as the page lists them"
    }
    done = paperlog("unrecoverable", NAME, "2025-03-16", "--reason", "there was none")
    assert (done.code, done.err) == (0, "")
    assert gaps(paperlog) == {}


def test_an_issue_that_is_put_in_later_closes_the_gap_on_whichever_day_it_begins(
    paperlog: Command, lists: dict[str, Answer]
) -> None:
    lists |= year_files((2025, [*HOLE]))
    assert paperlog("ingest", NAME, "--date", "2025-03-05").code == 0
    lists |= year_files((2025, [HOLE[0], "March 17 - March 22) - 2025", *HOLE[1:]]))
    assert paperlog("ingest", NAME, "--date", "2025-03-05").code == 0
    assert gaps(paperlog) == {}


def test_a_week_that_is_on_the_page_and_refused_is_a_gap_with_its_reason(
    paperlog: Command, lists: dict[str, Answer]
) -> None:
    lists["/lists/README.md"] = markdown(
        weeks_readme([week(JUNE[0]), week(JUNE[1], count=5), week(JUNE[2])]),
    )
    assert paperlog("ingest", NAME, "--date", "2025-06-01").code == 1
    (gap,) = gaps(paperlog).items()
    assert gap[0] == "2025-05-24"
    assert gap[1].startswith("refused, unexpected_content: entries_min: expected at least 10, observed 5 entries")


def test_weeks_of_years_that_nobody_read_are_one_gap(paperlog: Command, tmp_path: Path) -> None:
    for year, days in ((2025, "January 5 - January 11)"), (2023, "January 1 - January 7)")):
        path = tmp_path / f"{year}__fetched_20260629T000000Z.md"
        path.write_text(weeks_of_year(year, [week(days)]), encoding="utf-8")
        assert paperlog("adopt", NAME, path).code == 0
    assert gaps(paperlog) == {"2023-01-08": "never read: between that of 2023-01-01 and that of 2025-01-05"}


def test_a_file_that_cannot_be_had_leaves_no_false_week_and_is_healed_by_any_later_one(
    paperlog: Command, lists: dict[str, Answer]
) -> None:
    lists |= year_files((2025, [*JUNE]))
    del lists["/lists/years/2025.md"]
    done = paperlog("ingest", NAME, "--date", "2025-06-01")
    assert done.code == 1
    assert "/lists/years/2025.md: answered 404" in done.err
    assert rows_of(paperlog, "select partition_on, status, cause from runs") == [
        {"partition_on": None, "status": "failed", "cause": "not_found"}
    ]
    assert rows_of(paperlog, "select count(*) as n from partitions") == [{"n": 0}]
    assert ("failed", NAME) in concerns(paperlog)
    lists |= year_files((2025, [*JUNE]))
    assert paperlog("ingest", NAME, "--date", "2025-06-02").code == 0
    assert gaps(paperlog) == {}
    assert not {kind for kind, _ in concerns(paperlog)} & {"failed", "refused"}


def test_a_changed_file_is_refused_as_a_page_and_no_week_is_made_of_it(
    paperlog: Command, lists: dict[str, Answer]
) -> None:
    lists |= year_files((2025, [*JUNE]))
    whole = lists["/lists/years/2025.md"]
    lists["/lists/years/2025.md"] = Answer(body=whole.body.replace(b"| **Links** |", b"| **Notes** |"))
    done = paperlog("ingest", NAME, "--date", "2025-06-01")
    assert done.code == 1
    assert "years/2025.md line 10: expected the two opening lines" in done.err
    assert rows_of(paperlog, "select count(*) as n from partitions") == [{"n": 0}]
    lists["/lists/years/2025.md"] = whole
    assert paperlog("ingest", NAME, "--date", "2025-06-01").code == 0
    assert "refused" not in {kind for kind, _ in concerns(paperlog)}


def test_the_index_alone_is_refused_by_its_name(paperlog: Command, tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text(weeks_index({2025: ["June 7 - June 14"]}), encoding="utf-8")
    done = paperlog("adopt", NAME, path)
    assert done.code == 1
    assert "README.md: expected a page with weeks, found the index: the weeks are in years/*.md" in done.err
    assert rows_of(paperlog, "select status, cause from runs") == [{"status": "refused", "cause": "index_page"}]


def test_the_list_has_fallen_silent_after_three_weeks_that_are_over(
    paperlog: Command, lists: dict[str, Answer]
) -> None:
    lists |= year_files((2025, [*JUNE]))
    assert paperlog("ingest", NAME, "--date", "2025-06-01").code == 0
    for day, is_silent in ((27, False), (29, True)):
        found = audit(from_environment(), now=datetime(2025, 6, day, 16, tzinfo=UTC))
        assert ("silent" in {each.kind for each in found}) is is_silent


def test_a_schedule_asks_for_the_file_of_its_day() -> None:
    day = datetime(2025, 6, 29, 16, tzinfo=UTC)
    assert days_before(NAME, day, [0]) == (date(2025, 6, 29),)
    assert days_before(NAME, day, [0, 7]) == (date(2025, 6, 22),)


def concerns(paperlog: Command) -> set[tuple[str, str]]:
    return {(each["kind"], each["source"]) for each in json.loads(paperlog("audit", "--json").out)}


def digest_in(paperlog: Command, home: Path, files: list[tuple[str, Path]]) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAPERLOG_HOME", str(home))
        for read_at, path in files:
            done = paperlog("adopt", NAME, path, "--fetched-at", read_at)
            assert done.code == 0, done.err
        return digest_of(paperlog, home / "facts")


@pytest.mark.slow
def test_a_rewritten_week_is_one_sighting_with_the_later_text_in_any_order(paperlog: Command, tmp_path: Path) -> None:
    old, new = tmp_path / "README.md", tmp_path / "2025.md"
    rewritten = week(JUNE[0], said="another text:  <br>● A point")
    rewritten[1][3] = rewritten[1][3].replace("**Paper 4 of", "**The Fourth Paper of")
    rewritten[1][4] = rewritten[1][4].replace("https://arxiv.org/abs/", "https://labs.example.org/")
    before = week(JUNE[0])
    before[1][4] = (
        before[1][4].replace("https://arxiv.org/abs/", "https://labs.example.org/").replace("Paper 5", "Five")
    )
    old.write_text(weeks_readme([before, week(JUNE[1])]), encoding="utf-8")
    new.write_text(weeks_of_year(2025, [rewritten, week(JUNE[1])]), encoding="utf-8")
    files = [("2025-06-08T00:00:00Z", old), ("2025-06-29T00:00:00Z", new)]
    digests = {
        digest_in(paperlog, tmp_path / name, order) for name, order in (("a", files), ("b", files[::-1]))
    }  # fmt: skip
    assert len(digests) == 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAPERLOG_HOME", str(tmp_path / "b"))
        assert rows_of(paperlog, "select count(*) as n, bool_and(is_listed) as all_listed from sightings") == [
            {"n": 20, "all_listed": True}
        ]
        assert rows_of(paperlog, "select count(*) as n from reviews") == [{"n": 20}]
        query = "select count(*) as n from reviews where summary like 'another text:%● A point%'"
        assert rows_of(paperlog, query) == [{"n": 10}]


@pytest.mark.shared_data
@pytest.mark.timeout(300)
@pytest.mark.slow
def test_the_real_files_in_any_order_give_the_same_facts_and_the_one_true_gap(
    paperlog: Command, tmp_path: Path
) -> None:
    old = ("2026-05-25T00:00:00Z", REAL / "older" / "2026__read_20260525.md")
    new = ("2026-06-29T00:00:00Z", REAL / "years" / "2026.md")
    assert digest_in(paperlog, tmp_path / "a", [old, new]) == digest_in(paperlog, tmp_path / "b", [new, old])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAPERLOG_HOME", str(tmp_path / "a"))
        assert list(gaps(paperlog)) == ["2026-03-16"]
        assert rows_of(paperlog, "select count(*) as n from sightings where is_listed") == [{"n": 250}]
        assert rows_of(paperlog, "select count(*) as n from reviews") == [{"n": 250}]
        assert states(paperlog) == {"final"}


@pytest.mark.shared_data
@pytest.mark.timeout(300)
@pytest.mark.slow
def test_the_real_old_list_and_the_real_file_of_2023_are_520_sightings_in_any_order(
    paperlog: Command, tmp_path: Path
) -> None:
    old = ("2025-07-01T00:00:00Z", REAL / "README.md")
    new = ("2026-06-29T00:00:00Z", REAL / "years" / "2023.md")
    assert digest_in(paperlog, tmp_path / "a", [old, new]) == digest_in(paperlog, tmp_path / "b", [new, old])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAPERLOG_HOME", str(tmp_path / "a"))
        assert rows_of(paperlog, "select count(*) as n from sightings") == [{"n": 1300}]
        assert rows_of(paperlog, "select count(*) as n from reviews where partition_on < '2024-01-01'") == [{"n": 520}]
        assert gaps(paperlog) == {}
