"""A person's word about a paper: recorded, explained, undone, and honoured by replay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.commands import Command

PAPERS = "select paper_key, sources from papers order by first_listed_on, paper_key"
BOTH = "select paper_key from papers where len(sources) = 2 order by paper_key limit 1"
LISTED = """
select sighting_key
from sightings
where source = 'hf_daily' and paper_key in (select min(paper_key) from papers where len(sources) = 2)
"""


def one(paperlog: Command, query: str) -> str:
    (row,) = json.loads(paperlog("sql", query, "--json").out)
    return str(next(iter(row.values())))


def test_resolve_explains_why_a_review_and_a_listing_are_one_paper(reviewed_week: Command) -> None:
    key = one(reviewed_week, BOTH)
    said = reviewed_week("resolve", "--explain", key)
    assert said.code == 0
    assert "founded" in said.out
    assert "same abstract" in said.out
    as_json = json.loads(reviewed_week("resolve", "--explain", key, "--json").out)
    assert as_json["paper_key"] == key
    assert len(as_json["sightings"]) >= 2


def test_an_unknown_key_is_an_error_in_one_line(reviewed_week: Command) -> None:
    said = reviewed_week("resolve", "--explain", "pnothing")
    assert (said.code, len(said.err.splitlines())) == (1, 1)
    assert said.err.startswith("paperlog: pnothing: no paper has or had this key")


@pytest.mark.parametrize("command", ["resolve", "merge"])
def test_a_mistyped_key_or_title_is_answered_with_the_nearest_papers(reviewed_week: Command, command: str) -> None:
    papers = json.loads(reviewed_week("sql", PAPERS, "--json").out)
    told = "select title, arxiv_id, paper_key from papers where title is not null and arxiv_id is not null limit 1"
    (paper,) = json.loads(reviewed_week("sql", told, "--json").out)
    key, title = paper["paper_key"], paper["title"]
    for slip in (
        f"{key[:8]}0{key[9:]}" if key[8] != "0" else f"{key[:8]}1{key[9:]}",
        key[:13],
        f"{key[:10]}{key[11]}{key[10]}{key[12:]}x",
        f"{title[1]}{title[0]}{title[2:]}",
        title.upper().replace("E", "EE", 1) + "!",
        paper["arxiv_id"].replace(".", ""),
    ):
        asked = ("--explain", slip) if command == "resolve" else (slip, papers[0]["paper_key"], "--reason", "x")
        said = reviewed_week(command, *asked)
        assert said.code == 1, slip
        first, *near = said.err.splitlines()
        assert first.endswith("did you mean one of these?"), slip
        assert 1 <= len(near) <= 3
        assert any(line == f"  {key}  {title}" for line in near), (slip, said.err)


@pytest.mark.parametrize("text", ["zeppelin", "x" * 5000, "%", "' or zzz --", "🛶", "9999.99999"])
def test_what_is_like_no_paper_is_answered_without_a_guess(reviewed_week: Command, text: str) -> None:
    said = reviewed_week("resolve", "--explain", text)
    assert said.code == 1
    assert "did you mean" not in said.err


def test_a_split_is_recorded_explained_replayed_and_undone_by_a_merge(
    reviewed_week: Command, home: Path, tmp_path: Path
) -> None:
    key, before = one(reviewed_week, BOTH), json.loads(reviewed_week("sql", PAPERS, "--json").out)
    listed = one(reviewed_week, LISTED)
    assert reviewed_week("split", key, "--reason", "no").code == 2  # which sightings?
    split = reviewed_week("split", key, "--sighting", listed, "--reason", "the review is about another paper")
    assert split.code == 0, split.err
    after = json.loads(reviewed_week("sql", PAPERS, "--json").out)
    assert len(after) == len(before) + 1
    assert "another paper" in reviewed_week("resolve", "--explain", key).out

    again = tmp_path / "again"
    assert reviewed_week("replay", "--into", str(again)).code == 0
    manifests = [json.loads((each / "manifest.json").read_text()) for each in (home, again)]
    assert manifests[0]["digest"] == manifests[1]["digest"]

    (own,) = {row["paper_key"] for row in after} - {row["paper_key"] for row in before}
    assert reviewed_week("merge", key, own, "--reason", "it is the same after all").code == 0
    assert json.loads(reviewed_week("sql", PAPERS, "--json").out) == before
    assert one(reviewed_week, "select previous_keys[1] from papers where len(previous_keys) = 1") == own
    assert reviewed_week("split", own, "--reason", "by its old key").code == 0
    assert json.loads(reviewed_week("sql", PAPERS, "--json").out) == after


def test_nothing_is_broken_after_all_that(reviewed_week: Command) -> None:
    assert "integrity" not in reviewed_week("audit").out
