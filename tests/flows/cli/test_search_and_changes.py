"""Search, and what changed between two publishes, through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.demo.site import FRIDAY, MONDAY
from tests.support.commands import Command
from transforms.search.query import FORMS


def test_search_finds_a_paper_by_a_word_of_its_title_and_says_where_it_is(paperlog: Command) -> None:
    assert paperlog("ingest", "hf_daily", "--from", f"{MONDAY}", "--to", f"{FRIDAY}").code == 0
    wanted = "select paper_key, title, arxiv_id from papers order by all limit 1"
    (paper,) = json.loads(paperlog("sql", wanted, "--json").out)
    found = json.loads(paperlog("search", f"title:{paper['title'].split()[0]}", "--limit", "5", "--json").out)
    (hit,) = [each for each in found["hits"] if each["paper_key"] == paper["paper_key"]]
    assert hit["link"] == f"https://arxiv.org/abs/{paper['arxiv_id']}"
    assert hit["snippet"]
    assert found["total"] >= len(found["hits"])
    assert found["facets"]["sources"] == {"hf_daily": found["total"]}
    for text in (paper["paper_key"], f"arXiv:{paper['arxiv_id']}", hit["link"]):
        (named,) = json.loads(paperlog("search", text, "--json").out)["hits"]
        assert named["paper_key"] == paper["paper_key"]
    lines = paperlog("search", "source:hf_daily", "-hidden", "--limit", "2", "--offset", "1").out.splitlines()
    assert lines[0].split("\t")[:3] == ["score", "title", "arxiv_id"]
    assert len(lines) == 3


@pytest.mark.parametrize(
    "query", ["colour:red", '"open', "from:soon", "has:video", "…", "from:2026-03-02 to:2026-03-01"]
)
def test_a_query_that_cannot_be_meant_is_wrong_usage_and_names_its_part(monday: Command, query: str) -> None:
    done = monday("search", query)
    assert (done.code, done.out) == (2, "")
    assert query.split(maxsplit=1)[0] in done.err
    assert "Traceback" not in done.err


def test_the_help_explains_every_form_of_a_query(monday: Command) -> None:
    printed = " ".join(monday("search", "--help").out.split())
    assert all(form in printed for form, _ in FORMS)


def test_an_index_that_is_missing_is_told(monday: Command, home: Path) -> None:
    for path in (home / "search").iterdir():
        path.unlink()
    done = monday("search", "lantern")
    assert (done.code, done.out) == (1, "")
    assert "`paperlog publish` makes" in done.err
    assert any("search index" in each["detail"] for each in json.loads(monday("check", "--json").out)["findings"])
    assert monday("publish").code == 0
    assert monday("search", "lantern").code == 0


def test_nothing_changed_since_the_latest_run(paperlog: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERLOG_KEEP_SNAPSHOTS", "7")
    assert paperlog("ingest", "hf_daily", "--date", f"{MONDAY}").code == 0
    (run,) = json.loads(paperlog("sql", "select run_id from runs", "--json").out)
    unchanged = paperlog("changes", "--since", run["run_id"], "--json")
    assert (unchanged.code, json.loads(unchanged.out)) == (0, [])
    told = paperlog("changes", "--since", run["run_id"])
    assert (told.err, len(told.out.splitlines())) == ("no changes\n", 1)
    missed = paperlog("search", "zyzzyva")
    assert (missed.err, len(missed.out.splitlines())) == ("no paper fits\n", 1)
    assert paperlog("search", "source:hf_daily", "--offset", "500").err == "no more papers\n"


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
