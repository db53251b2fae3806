"""What went wrong is listed, explained, read again and given up; every step leaves its history."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from extractors.sources import SOURCES
from flows.demo.site import (
    FRIDAY,
    MONDAY,
    SATURDAY,
    Answer,
)
from tests.flows.conftest import Site
from tests.support.commands import Command, digest_of, rows_of
from transforms.records import Entry, Listing, Page

ChangeEntries = Callable[[Callable[[Entry], Entry]], None]

WEEK = ("--from", MONDAY, "--to", FRIDAY)
PATH = f"/papers/date/{MONDAY}"
TUESDAY = "2025-03-04"
pytestmark = pytest.mark.usefixtures("begun")


def gap_days(paperlog: Command) -> dict[str, str]:
    said = json.loads(paperlog("status", "--gaps", "--json").out)
    return {each["partition"]: each["detail"] for each in said["gaps"]}


@pytest.fixture
def one_bad_entry(digest: Site) -> None:
    """The first paper of Monday has a number of upvotes that is none."""
    page = digest.answers[PATH]
    first, mark, rest = page.body.partition(b"&quot;upvotes&quot;: ")
    number, comma, end = rest.partition(b",")
    digest.answers[PATH] = replace(page, body=first + mark + b"-" + number + comma + end)


@pytest.fixture
def change_entries(monkeypatch: pytest.MonkeyPatch) -> ChangeEntries:
    """From now on, another version of the extractor gives other entries."""

    def changed(change: Callable[[Entry], Entry]) -> None:
        before = SOURCES["hf_daily"]

        def parse(page: Page) -> tuple[Listing, ...]:
            listings = before.parse(page)
            return tuple(replace(listing, entries=tuple(map(change, listing.entries))) for listing in listings)

        monkeypatch.setitem(SOURCES, "hf_daily", replace(before, parse=parse, version=before.version + 1))

    return changed


@pytest.mark.usefixtures("one_bad_entry")
def test_a_rejected_entry_is_listed_and_explained_with_its_page(paperlog: Command) -> None:
    assert paperlog("ingest", "hf_daily", "--date", MONDAY).code == 0
    (row,) = json.loads(paperlog("quarantine", "--json").out)
    assert (row["number"], row["reason"], row["resolved_at"]) == (1, "bad_number", None)
    said = json.loads(paperlog("quarantine", "--explain", "1", "--json").out)
    assert '"upvotes":-' in said["entry_text"]
    assert Path(said["kept_as"]).exists()
    assert paperlog("quarantine", "--explain", "9").code == 2


@pytest.mark.usefixtures("one_bad_entry")
def test_requeue_before_a_repair_changes_nothing(paperlog: Command, tmp_path: Path) -> None:
    paperlog("ingest", "hf_daily", "--date", MONDAY)
    before = digest_of(paperlog, tmp_path / "a")
    done = paperlog("requeue")
    assert done.code == 0
    assert [line.split(" ")[0] for line in done.out.splitlines()[-2:]] == ["requeue:", "published"]
    assert "requeue: 1 unchanged" in done.out
    assert digest_of(paperlog, tmp_path / "b") == before
    assert len(json.loads(paperlog("quarantine", "--json").out)) == 1


@pytest.mark.usefixtures("one_bad_entry")
def test_requeue_after_a_repair_empties_the_quarantine_and_keeps_its_history(
    paperlog: Command, change_entries: ChangeEntries
) -> None:
    def without_sign(entry: Entry) -> Entry:
        return replace(entry, metrics=tuple((name, number.lstrip("-")) for name, number in entry.metrics))

    paperlog("ingest", "hf_daily", "--date", MONDAY)
    change_entries(without_sign)
    diff = paperlog("replay", "--diff")
    assert diff.code == 0
    assert "sightings: 1 added" in diff.out
    assert rows_of(paperlog, "select count(*) as n from sightings") == [{"n": 8}]  # told, not written
    assert "requeue: 1 loaded" in paperlog("requeue").out
    assert rows_of(paperlog, "select count(*) as n from sightings") == [{"n": 9}]
    assert json.loads(paperlog("quarantine", "--json").out) == []
    (row,) = json.loads(paperlog("quarantine", "--all", "--json").out)
    assert row["resolved_at"]
    assert "requeue: nothing new" in paperlog("requeue").out


def test_requeue_reads_a_refused_page_again(paperlog: Command, digest: Site) -> None:
    digest.answers[PATH] = Answer(media_type="text/html", body=b"<html>nothing</html>")
    paperlog("ingest", "hf_daily", "--date", MONDAY)
    done = paperlog("requeue")
    assert done.code == 1
    assert "1 refused" in done.out


def test_an_extractor_that_changes_nothing_gives_no_difference(paperlog: Command) -> None:
    paperlog("ingest", "hf_daily", *WEEK)
    paperlog("ingest", "weekly_review", "--date", MONDAY)
    done = paperlog("replay", "--diff")
    assert (done.code, done.out.splitlines()[-1]) == (0, "nothing would change")
    assert paperlog("replay", "--diff", "--source", "hf_daily").code == 2


def test_a_changed_field_is_told_with_what_it_was_and_would_be(
    paperlog: Command, change_entries: ChangeEntries
) -> None:
    paperlog("ingest", "hf_daily", "--date", MONDAY)
    change_entries(lambda entry: replace(entry, submitted_by="somebody"))
    out = paperlog("replay", "--diff").out
    assert "sightings.submitted_by: 9 changed" in out
    assert "was example-reader" in out
    assert "now somebody" in out


def test_a_partition_that_is_lost_is_no_gap_and_is_not_asked_for(paperlog: Command, digest: Site) -> None:
    whole = digest.answers.pop(f"/papers/date/{TUESDAY}")
    paperlog("backfill", "hf_daily", *WEEK)
    assert "not_found" in gap_days(paperlog)[TUESDAY]
    said = paperlog("unrecoverable", "hf_daily", TUESDAY, "--reason", "the site answers 404 for good")
    assert said.code == 0, said.err
    rows = rows_of(paperlog, "select state, reason from partitions where partition_on = '2025-03-04'")
    assert rows == [{"state": "unrecoverable", "reason": "the site answers 404 for good"}]
    assert TUESDAY not in gap_days(paperlog)
    again = paperlog("backfill", "hf_daily", *WEEK)
    assert TUESDAY not in again.out
    digest.answers[f"/papers/date/{TUESDAY}"] = whole
    paperlog("unrecoverable", "hf_daily", TUESDAY, "--undo", "--reason", "it is back")
    assert TUESDAY in gap_days(paperlog)
    assert paperlog("backfill", "hf_daily", *WEEK).code == 0
    assert TUESDAY not in gap_days(paperlog)


def test_a_list_that_comes_after_all_outweighs_the_word(paperlog: Command) -> None:
    paperlog("ingest", "hf_daily", "--date", MONDAY)
    paperlog("unrecoverable", "hf_daily", TUESDAY, "--reason", "gone")
    paperlog("ingest", "hf_daily", "--date", TUESDAY)
    assert rows_of(paperlog, "select state from partitions where partition_on = '2025-03-04'") != [
        {"state": "unrecoverable"}
    ]


def test_a_replay_elsewhere_honours_the_word(
    paperlog: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paperlog("ingest", "hf_daily", "--date", MONDAY)
    paperlog("unrecoverable", "hf_daily", TUESDAY, "--reason", "gone")
    before = digest_of(paperlog, tmp_path / "a")
    assert paperlog("replay", "--into", tmp_path / "other").code == 0
    monkeypatch.setenv("PAPERLOG_HOME", str(tmp_path / "other"))
    assert digest_of(paperlog, tmp_path / "b") == before
    assert rows_of(paperlog, "select partition_on from partitions where state = 'unrecoverable'") == [
        {"partition_on": TUESDAY}
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "cause"), [(403, "blocked"), (404, "not_found"), (429, "rate_limited"), (503, "host_down")]
)
def test_a_refusing_host_is_never_a_day_without_a_list(
    paperlog: Command, digest: Site, status: int, cause: str
) -> None:
    digest.answers[PATH] = Answer(status=status)
    done = paperlog("ingest", "hf_daily", "--date", MONDAY)
    assert done.code == 1
    rows = rows_of(
        paperlog, "select p.state, p.cause, r.status from partitions p join runs r on r.run_id = p.last_run_id"
    )
    assert rows == [{"state": "missing", "cause": cause, "status": "failed"}]


def test_a_challenge_with_status_200_is_blocked(paperlog: Command, digest: Site) -> None:
    body = b"<html><head><title>Just a moment...</title></head></html>"
    digest.answers[PATH] = Answer(media_type="text/html", body=body)
    paperlog("ingest", "hf_daily", "--date", MONDAY)
    assert rows_of(paperlog, "select state, cause from partitions") == [{"state": "missing", "cause": "blocked"}]


@pytest.mark.slow
def test_a_failure_never_shrinks_or_unlists_a_loaded_day(paperlog: Command, digest: Site) -> None:
    paperlog("ingest", "hf_daily", "--date", MONDAY)
    before = rows_of(paperlog, "select state, entries_count from partitions where entries_count > 0")
    for answer in (Answer(status=503), Answer(location=f"/papers/date/{FRIDAY}"), Answer(media_type="text/html")):
        digest.answers[PATH] = answer
        paperlog("ingest", "hf_daily", "--date", MONDAY)
        assert rows_of(paperlog, "select state, entries_count from partitions where entries_count > 0") == before


def test_a_day_to_which_a_page_links_is_never_believed_to_have_no_list(paperlog: Command, digest: Site) -> None:
    digest.answers[f"/papers/date/{TUESDAY}"] = Answer(location=f"/papers/date/{FRIDAY}")
    paperlog("ingest", "hf_daily", *WEEK)
    assert rows_of(paperlog, "select state, cause from partitions where partition_on = '2025-03-04'") == [
        {"state": "missing", "cause": "wrong_day"}
    ]
    assert TUESDAY in gap_days(paperlog)


def test_a_day_between_two_linked_ones_is_no_gap(paperlog: Command) -> None:
    paperlog("ingest", "hf_daily", "--date", MONDAY)
    paperlog("ingest", "hf_daily", "--date", SATURDAY)
    assert str(SATURDAY) not in gap_days(paperlog)


def test_a_host_that_fails_again_and_again_is_left_alone(paperlog: Command, digest: Site) -> None:
    for back in range(80):
        digest.answers[f"/papers/date/{FRIDAY - timedelta(days=back)}"] = Answer(status=403)
    done = paperlog("backfill", "hf_daily", "--from", "2025-01-01", "--to", "2025-03-07")
    assert done.code == 1
    assert "not asked for: their host failed" in done.out
    assert len(rows_of(paperlog, "select 1 as one from runs")) <= 12


@pytest.mark.slow
def test_a_day_that_failed_but_that_links_pass_over_has_no_list(paperlog: Command, digest: Site) -> None:
    digest.answers[f"/papers/date/{SATURDAY}"] = Answer(status=503)
    assert paperlog("ingest", "hf_daily", "--date", SATURDAY).code == 1
    monday_after = SATURDAY + timedelta(days=2)
    assert gap_days(paperlog) != {}
    body = digest.answers[PATH].body.replace(str(MONDAY).encode(), str(monday_after).encode())
    body = body.replace(str(MONDAY - timedelta(days=3)).encode(), str(FRIDAY).encode())
    body = body.replace(str(MONDAY + timedelta(days=1)).encode(), str(monday_after + timedelta(days=1)).encode())
    digest.answers[f"/papers/date/{monday_after}"] = Answer(media_type="text/html; charset=utf-8", body=body)
    assert paperlog("ingest", "hf_daily", "--date", monday_after).code == 0
    assert rows_of(paperlog, "select state from partitions where partition_on = '2025-03-08'") == [{"state": "no_list"}]
    assert str(SATURDAY) not in gap_days(paperlog)
