"""`resolve`: a paper by whatever names it, why two are not one, and what a person should look at first."""

from __future__ import annotations

import json

import pytest

from tests.support.commands import Command

ANY = "select paper_key, arxiv_id, title from papers where arxiv_id is not null and title is not null order by all"


@pytest.fixture
def papers(reviewed_week: Command) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(reviewed_week("sql", ANY, "--json").out)
    return found


def test_a_paper_is_found_by_whatever_names_it(reviewed_week: Command, papers: list[dict[str, str]]) -> None:
    paper = papers[0]
    sightings = json.loads(reviewed_week("sql", "select paper_key, sighting_key from sightings", "--json").out)
    sighting = next(row["sighting_key"] for row in sightings if row["paper_key"] == paper["paper_key"])
    for name in (
        paper["paper_key"],
        sighting,
        paper["arxiv_id"],
        f"arXiv:{paper['arxiv_id']}v2",
        f"https://arxiv.org/abs/{paper['arxiv_id']}",
        f"https://huggingface.co/papers/{paper['arxiv_id']}",
        f"10.48550/arXiv.{paper['arxiv_id']}",
        paper["title"],
        paper["title"].upper(),
    ):
        said = reviewed_week("resolve", "--explain", name, "--json")
        assert said.code == 0, said.err
        assert json.loads(said.out)["paper_key"] == paper["paper_key"]


def test_words_of_a_title_name_no_paper_but_bring_it_to_mind(
    reviewed_week: Command, papers: list[dict[str, str]]
) -> None:
    words = " ".join(papers[0]["title"].split()[:3])
    for command in (("resolve", "--explain", words), ("merge", words, papers[1]["paper_key"], "--reason", "no")):
        said = reviewed_week(*command)
        assert said.code == 1
        assert "did you mean one of these?" in said.err
        assert papers[0]["paper_key"] in said.err


def test_two_papers_are_told_apart_by_their_reason(reviewed_week: Command, papers: list[dict[str, str]]) -> None:
    one, other = papers[0], papers[1]
    said = reviewed_week("resolve", "--explain", one["arxiv_id"], "--explain", other["arxiv_id"])
    assert said.code == 0, said.err
    assert f"different identifiers: {one['arxiv_id']} and {other['arxiv_id']}" in said.out
    assert "prior -20.0" in said.out
    same = reviewed_week("resolve", "--explain", one["arxiv_id"], "--explain", one["paper_key"])
    assert same.code == 2
    assert "are one paper" in same.err


def test_undecided_pairs_fit_a_terminal_and_say_what_to_type(reviewed_week: Command) -> None:
    said = reviewed_week("resolve", "--undecided")
    assert said.code == 0
    assert "no pair is undecided" in said.out or "paperlog merge LEFT RIGHT --reason TEXT" in said.out
    assert max(map(len, said.out.splitlines())) <= 80


def test_a_decision_needs_a_reason_and_a_day_that_has_been(reviewed_week: Command) -> None:
    for command in ("forget", "unrecoverable"):
        said = reviewed_week(command, "hf_daily", "2025-03-04", "--reason", " . ")
        assert (said.code, "write why, in words" in said.err) == (2, True)
    said = reviewed_week("unrecoverable", "hf_daily", "9999-12-31", "--reason", "not yet")
    assert (said.code, "in the future" in said.err) == (2, True)
