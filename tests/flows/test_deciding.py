"""A person's word about a paper: recorded, explained, undone, and honoured by replay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.demo.site import FRIDAY, MONDAY
from tests.support.commands import Command

PAPERS = "select paper_key, sources from papers order by first_listed_on, paper_key"
BOTH = "select paper_key from papers where len(sources) = 2 order by paper_key limit 1"
LISTED = """
select sighting_key
from sightings
where source = 'hf_daily' and paper_key in (select min(paper_key) from papers where len(sources) = 2)
"""


@pytest.fixture
def loaded(paperlog: Command) -> Command:
    """A home with the demo's days and its weekly dump, which reviews a listed paper."""
    assert paperlog("ingest", "weekly_review", "--date", f"{MONDAY}").code == 0
    assert paperlog("ingest", "hf_daily", "--from", f"{MONDAY}", "--to", f"{FRIDAY}").code == 0
    return paperlog


def one(paperlog: Command, query: str) -> str:
    (row,) = json.loads(paperlog("sql", query, "--json").out)
    return str(next(iter(row.values())))


def test_resolve_explains_why_a_review_and_a_listing_are_one_paper(loaded: Command) -> None:
    key = one(loaded, BOTH)
    said = loaded("resolve", "--explain", key)
    assert said.code == 0
    assert "founded" in said.out
    assert "same abstract" in said.out
    as_json = json.loads(loaded("resolve", "--explain", key, "--json").out)
    assert as_json["paper_key"] == key
    assert len(as_json["sightings"]) >= 2


def test_an_unknown_key_is_an_error_in_one_line(loaded: Command) -> None:
    said = loaded("resolve", "--explain", "pnothing")
    assert (said.code, said.err) == (1, "paperlog: pnothing: no paper has or had this key\n")


def test_a_split_is_recorded_explained_replayed_and_undone_by_a_merge(
    loaded: Command, home: Path, tmp_path: Path
) -> None:
    key, before = one(loaded, BOTH), json.loads(loaded("sql", PAPERS, "--json").out)
    listed = one(loaded, LISTED)
    assert loaded("split", key, "--reason", "no").code == 2  # which sightings?
    split = loaded("split", key, "--sighting", listed, "--reason", "the review is about another paper")
    assert split.code == 0, split.err
    after = json.loads(loaded("sql", PAPERS, "--json").out)
    assert len(after) == len(before) + 1
    assert "another paper" in loaded("resolve", "--explain", key).out

    again = tmp_path / "again"
    assert loaded("replay", "--into", str(again)).code == 0
    manifests = [json.loads((each / "manifest.json").read_text()) for each in (home, again)]
    assert manifests[0]["digest"] == manifests[1]["digest"]

    (own,) = {row["paper_key"] for row in after} - {row["paper_key"] for row in before}
    assert loaded("merge", key, own, "--reason", "it is the same after all").code == 0
    assert json.loads(loaded("sql", PAPERS, "--json").out) == before
    assert one(loaded, "select previous_keys[1] from papers where len(previous_keys) = 1") == own
    assert loaded("split", own, "--reason", "by its old key").code == 0
    assert json.loads(loaded("sql", PAPERS, "--json").out) == after


def test_nothing_is_broken_after_all_that(loaded: Command) -> None:
    assert "integrity" not in loaded("audit").out
