"""Search, and what changed between two publishes, through the command line."""

from __future__ import annotations

import json

import pytest

from flows.demo.site import FRIDAY, MONDAY
from tests.support.commands import Command


def test_search_finds_a_paper_by_a_word_of_its_title(paperlog: Command) -> None:
    assert paperlog("ingest", "hf_daily", "--from", f"{MONDAY}", "--to", f"{FRIDAY}").code == 0
    (paper,) = json.loads(paperlog("sql", "select paper_key, title from papers order by all limit 1", "--json").out)
    found = paperlog("search", paper["title"], "--limit", "5", "--json")
    assert found.code == 0, found.err
    assert paper["paper_key"] in [row["paper_key"] for row in json.loads(found.out)]


def test_nothing_changed_since_the_latest_run(paperlog: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERLOG_KEEP_SNAPSHOTS", "7")
    assert paperlog("ingest", "hf_daily", "--date", f"{MONDAY}").code == 0
    (run,) = json.loads(paperlog("sql", "select run_id from runs", "--json").out)
    unchanged = paperlog("changes", "--since", run["run_id"], "--json")
    assert (unchanged.code, json.loads(unchanged.out)) == (0, [])


def test_changes_without_a_kept_snapshot_says_so(paperlog: Command) -> None:
    assert paperlog("ingest", "hf_daily", "--date", f"{MONDAY}").code == 0
    said = paperlog("changes", "--since", "2020-01-01")
    assert said.code == 1
    assert said.err.startswith("paperlog: ")
    assert "Traceback" not in said.err


@pytest.mark.parametrize("since", ["today", "yesterday", "-7d", "2020-01-01"])
def test_changes_take_a_day_as_every_command_does(monday: Command, since: str) -> None:
    said = monday("changes", "--since", since)
    assert said.code == 1
    assert "no kept snapshot is as old as" in said.err
    assert "PAPERLOG_KEEP_SNAPSHOTS" in said.err
