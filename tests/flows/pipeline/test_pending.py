"""What a stopped command left behind is done by the next one: people's decisions, and readings that were kept."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from extractors.http.fetcher import Fetcher
from extractors.landing.decisions import (
    paper_decisions,
    partition_decisions,
    reading_decisions,
    withhold_decisions,
)
from extractors.landing.landing import Landing
from extractors.landing.storage import Folder
from extractors.sources import source_named
from flows.demo.site import FRIDAY, MONDAY, Answer
from tests.flows.conftest import Site
from tests.support.commands import Command, digest_of, rows_of, started
from tests.support.patience import until
from transforms.records import (
    TEXTS,
    HumanDecision,
    PartitionDecision,
    ReadingDecision,
    ReadingId,
    WithholdDecision,
)
from warehouse import open_warehouse

TUESDAY, THURSDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)
NOW = datetime(2026, 11, 26, tzinfo=UTC)
FOUNDERS = "select founding_key from core.founders order by founded_order limit 2"
DECISIONS = """
select
    (select count(*) from ops.decisions)::integer as papers,
    (select count(*) from ops.lost_partitions)::integer as partitions,
    (select count(*) from ops.forgotten_partitions)::integer as readings,
    (select count(*) from ops.withholdings)::integer as contents
"""
READING = "select page_sha256, fetched_at from raw.readings where partition_on = '2025-03-06'"


@pytest.fixture
def same_as_its_replay(paperlog: Command, tmp_path: Path) -> Callable[[], bool]:
    """Whether the home has the digest of its own replay in a new home."""

    def compared() -> bool:
        folder = tmp_path / "other"
        shutil.rmtree(folder, ignore_errors=True)
        mine = digest_of(paperlog, tmp_path / "a")
        paperlog("replay", "--into", folder)
        with open_warehouse(str(folder)).reader(may_write_files=True) as reader:
            return reader.export(tmp_path / "b") == mine

    return compared


def keep_one_of_each(paperlog: Command, home: Path) -> None:
    """Decisions whose commands were killed before they recorded them: nothing but the files."""
    left, right = (str(row["founding_key"]) for row in rows_of(paperlog, FOUNDERS))
    (reading,) = rows_of(paperlog, READING)
    read_at = datetime.fromisoformat(str(reading["fetched_at"])).replace(tzinfo=UTC)
    about: dict[str, object] = {"source": "hf_daily", "reason": "why", "decided_at": NOW}
    lost = {"partition_on": date(2025, 3, 11), "is_lost": True}
    ids = (ReadingId(page_sha256=str(reading["page_sha256"]), fetched_at=read_at),)
    forgotten = {"partition_on": THURSDAY, "is_forgotten": True, "readings": ids}
    paper_decisions(Folder(home / "landing")).keep(
        [HumanDecision(left=left, right=right, is_same=True, reason="why", decided_at=NOW)]
    )
    partition_decisions(Folder(home / "landing")).keep([PartitionDecision(**about, **lost)])  # type: ignore[arg-type]
    reading_decisions(Folder(home / "landing")).keep([ReadingDecision(**about, **forgotten)])  # type: ignore[arg-type]
    withheld = {"decision_id": "one", "contents": TEXTS, "sightings": (left,), "is_withheld": True}
    withhold_decisions(Folder(home / "landing")).keep(
        [WithholdDecision(reason="why", decided_at=NOW, **withheld)]  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("command", [("publish",), ("ingest", "hf_daily", "--date", FRIDAY), ("replay",), ("requeue",)])
def test_every_load_and_publish_records_what_was_only_kept(
    reviewed_week: Command, home: Path, same_as_its_replay: Callable[[], bool], command: tuple[object, ...]
) -> None:
    keep_one_of_each(reviewed_week, home)
    audited = json.loads(reviewed_week("audit", "--json").out)
    assert sum(each["kind"] == "decision" for each in audited) == 4
    assert reviewed_week(*command).code == 0
    if command == ("requeue",):  # there was nothing to read again, so nothing was opened
        assert reviewed_week("publish").code == 0
    assert rows_of(reviewed_week, DECISIONS) == [{"papers": 1, "partitions": 1, "readings": 1, "contents": 1}]
    assert "decision" not in {each["kind"] for each in json.loads(reviewed_week("audit", "--json").out)}
    assert rows_of(reviewed_week, "select count(*)::integer as n from sightings where partition_on = '2025-03-06'") == [
        {"n": 0}
    ]
    assert same_as_its_replay()


@pytest.mark.parametrize(
    ("command", "folder"),
    [
        (("merge",), "decisions"),
        (("unrecoverable", "hf_daily", "2025-03-11", "--reason", "gone"), "lost_partitions"),
        (("forget", "hf_daily", "2025-03-06", "--reason", "wrong"), "forgotten_partitions"),
        (("withhold", "2502.90001", "--reason", "asked"), "withheld"),
    ],
)
def test_a_command_killed_once_its_decision_is_kept_is_finished_by_the_next_load(
    reviewed_week: Command,
    environment: dict[str, str],
    home: Path,
    same_as_its_replay: Callable[[], bool],
    command: tuple[str, ...],
    folder: str,
) -> None:
    if command == ("merge",):
        keys = rows_of(reviewed_week, "select paper_key from papers order by paper_key limit 2")
        command = ("merge", *(str(row["paper_key"]) for row in keys), "--reason", "the same")
    with started(environment, "flows", *command) as process:
        until(lambda: any((home / "landing" / folder).glob("*.json")) or process.poll() is not None, 60)
        os.killpg(process.pid, signal.SIGKILL)
    reviewed_week("ingest", "hf_daily", "--date", FRIDAY)
    assert sum(rows_of(reviewed_week, DECISIONS)[0].values()) == 1  # type: ignore[arg-type]
    assert same_as_its_replay()


def test_a_decision_that_cannot_be_recorded_is_not_kept_either(reviewed_week: Command, home: Path) -> None:
    (home / "resolver.sqlite").rename(home / "aside")
    (home / "resolver.sqlite").mkdir()
    done = reviewed_week("forget", "hf_daily", "2025-03-06", "--reason", "wrong")
    assert (done.code, "nothing was decided" in done.err) == (1, True)
    assert list((home / "landing").glob("forgotten_partitions/*.json")) == []


def test_a_damaged_decision_holds_up_no_load_and_is_named_by_the_audit(monday: Command, home: Path) -> None:
    folder = home / "landing" / "decisions"
    folder.mkdir()
    (folder / "20261126T000000000000Z__0123456789abcdef.json").write_bytes(b"\xff{")
    assert monday("ingest", "hf_daily", "--date", TUESDAY).code == 0
    assert "0123456789abcdef.json: not a decision that can be read" in monday("audit", "--json").out


def test_a_restored_landing_has_the_same_keys_after_its_replay(
    reviewed_week: Command, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (row["paper_key"] for row in rows_of(reviewed_week, "select paper_key from papers order by 1 limit 2"))
    assert reviewed_week("merge", one, two, "--reason", "the same").code == 0
    assert reviewed_week("ingest", "hf_daily", "--date", FRIDAY).code == 0
    papers = rows_of(reviewed_week, "select paper_key, previous_keys from papers order by all")
    shutil.copytree(home / "landing", tmp_path / "restored" / "landing")
    monkeypatch.setenv("PAPERLOG_HOME", str(tmp_path / "restored"))
    assert reviewed_week("replay").code == 0
    assert rows_of(reviewed_week, "select paper_key, previous_keys from papers order by all") == papers


def kept_only(home: Path, digest: Site, day: date, minutes_ago: int) -> None:
    """A page that a stopped command kept."""
    landing = Landing(Folder(home / "landing"), now=lambda: datetime.now(UTC) - timedelta(minutes=minutes_ago))
    request = source_named("hf_daily").request
    assert request is not None
    with Fetcher("test", now=lambda: datetime.now(UTC) - timedelta(minutes=minutes_ago)) as fetcher:
        landing.keep(fetcher.fetch(request(day, digest.base)))


def test_a_page_that_was_kept_and_not_loaded_is_loaded_first(
    monday: Command, home: Path, digest: Site, same_as_its_replay: Callable[[], bool]
) -> None:
    kept_only(home, digest, TUESDAY, 9)
    kept_only(home, digest, FRIDAY, 5)
    assert monday("ingest", "hf_daily", "--from", MONDAY, "--to", FRIDAY).code == 0
    assert same_as_its_replay()


def test_a_kept_page_is_loaded_although_its_day_cannot_be_had_now(
    monday: Command, home: Path, digest: Site, same_as_its_replay: Callable[[], bool]
) -> None:
    kept_only(home, digest, TUESDAY, 2000)
    digest.answers[f"/papers/date/{TUESDAY}"] = Answer(status=404)
    monday("ingest", "hf_daily", "--date", TUESDAY)
    assert rows_of(monday, "select count(*) > 0 as loaded from sightings where partition_on = '2025-03-04'") == [
        {"loaded": True}
    ]
    assert same_as_its_replay()


def test_a_damaged_reading_does_not_hold_up_the_day(monday: Command, home: Path) -> None:
    for reading in (home / "landing" / "readings" / "hf_daily").iterdir():
        reading.write_bytes(b"\xff{")
    assert monday("ingest", "hf_daily", "--date", MONDAY).code == 0


def test_a_left_over_page_that_cannot_be_read_is_no_failure_of_the_day(
    monday: Command, home: Path, digest: Site
) -> None:
    kept_only(home, digest, TUESDAY, 9)
    for page in (home / "landing" / "pages").rglob("*.zst"):
        page.write_bytes(b"damaged")
    done = monday("ingest", "hf_daily", "--date", TUESDAY)
    assert done.code == 0, done.err


def test_a_reading_of_the_future_is_not_fresh(monday: Command, home: Path, digest: Site) -> None:
    kept_only(home, digest, TUESDAY, -60 * 24 * 900)
    asked = rows_of(monday, "select count(*)::integer as n from runs")
    done = monday("backfill", "hf_daily", "--from", MONDAY, "--to", TUESDAY)
    assert "0 kept already" in done.out + done.err
    assert rows_of(monday, "select count(*)::integer as n from runs") != asked
