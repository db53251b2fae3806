"""`show`: everything about one paper, readable on a terminal of 80 columns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from extractors.services import SERVICES
from flows.__main__ import cli
from flows.cli.commands.show import sparkline
from flows.pipeline.answers import read_answer
from flows.pipeline.read import new_run
from tests.support.arxiv import OAI, OAI_URL, answer_page, listed, record
from tests.support.small import built

TIDES = "Tide Tables for Every Harbour"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of a week in which one paper was listed twice and reviewed."""
    home = tmp_path_factory.mktemp("small")
    built(home)
    return home


def shown(home: Path, *arguments: str) -> str:
    done = CliRunner().invoke(cli, ["show", *arguments], env={"PAPERLOG_HOME": str(home)})
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_paper_is_shown_with_all_that_is_known_of_it(small: Path) -> None:
    text = shown(small, "2603.00001")
    assert text.splitlines()[0] == TIDES
    for words in (
        "Ada Örn, Bo Sample",
        "Massachusetts Institute of Technology",
        "2026-02-27 (hf_daily, stated)",
        "2026-03-02 to 2026-03-03",
        "2026-03-02 hf_daily, place 1",
        "2026-03-02 weekly_review, place 1 of top",
        "first 40 on 2026-03-02 22:00, last 60 on 2026-03-03 22:00, most 60 on 2026-03-03 22:00",
        "▁▆█",
        "This paper is about tide and lighthouses.",
        "Buoys.",
        "hf_daily/2026-03-02/-/2603.00001: founded the paper",
        "paperlog resolve --explain ",
    ):
        assert words in " ".join(text.split())
    assert max(map(len, text.splitlines())) < 80


def test_what_arxiv_says_stands_apart_with_every_version(tmp_path: Path) -> None:
    warehouse, _ = built(tmp_path)
    said = record("2603.00001", versions=2, comments="Accepted at ICML 2026")
    page = answer_page(OAI, f"{OAI_URL}?verb=ListRecords&metadataPrefix=arXivRaw&from=2026-11-24", listed([said]))
    with warehouse.writer("facts") as writer:
        writer.load_facts(read_answer(SERVICES[OAI], page, new_run("facts", OAI, None)))
        writer.publish()
    text = shown(tmp_path, "2603.00001")
    for words in ("version 2 2025-09-02 10:00 UTC, 2kb", "venue ICML 2026", "comments Accepted at ICML 2026"):
        assert words in " ".join(text.split())
    assert max(map(len, text.splitlines())) < 80


def test_a_paper_that_only_a_weekly_list_has_is_shown_with_that_list(small: Path) -> None:
    query = "select paper_key from papers where first_listed_on is null limit 1"
    done = CliRunner().invoke(cli, ["sql", query], env={"PAPERLOG_HOME": str(small)})
    assert "listed 2026-03-02 (weekly_review)" in " ".join(shown(small, done.stdout.split()[-1]).split())


def test_one_reading_is_not_several_and_labels_differ(small: Path) -> None:
    lines = [" ".join(each.split()) for each in shown(small, "2603.00005").splitlines()]
    assert any(each.startswith("upvotes in hf_daily, 1 reading, UTC") for each in lines), lines
    assert "arXiv id 2603.00005" in lines


def test_a_program_gets_every_reading_and_every_source(small: Path) -> None:
    paper = json.loads(shown(small, TIDES, "--json"))
    upvotes = next(each for each in paper["numbers"] if each["metric"] == "upvotes")
    assert [each["value"] for each in upvotes["readings"]] == [40, 55, 60]
    assert {each["source"] for each in paper["sightings"]} == {"hf_daily", "weekly_review"}
    assert [each["partition_on"] for each in paper["reviews"]] == ["2026-03-02"]
    assert paper["arxiv_facts"] is None


def test_whatever_names_a_paper_shows_the_same(small: Path) -> None:
    paper = json.loads(shown(small, TIDES, "--json"))
    for name in (paper["paper_key"], "arXiv:2603.00001v2", "https://arxiv.org/abs/2603.00001", TIDES.upper()):
        assert json.loads(shown(small, name, "--json")) == {**paper, "asked": name}


def test_markup_and_a_missing_title_are_shown_as_they_are(small: Path) -> None:
    assert "Kites | a <b>Survey</b>" in shown(small, "2603.00003")
    (untitled,) = {
        row["paper_key"]
        for row in json.loads(
            CliRunner()
            .invoke(
                cli,
                ["sql", "select paper_key from papers where title is null", "--json"],
                env={"PAPERLOG_HOME": str(small)},
            )
            .stdout
        )
    }
    assert shown(small, untitled).startswith("(no source gave a title)")


def test_a_paper_that_is_not_there_is_said_to_be_so(small: Path) -> None:
    done = CliRunner().invoke(cli, ["show", "2603.99999"], env={"PAPERLOG_HOME": str(small)})
    assert done.exit_code == 1
    assert "no paper has or had this key" in str(done.exception)


@pytest.mark.parametrize(
    ("values", "marks"), [([3], "▁"), ([5, 5], "▁▁"), ([0, 7], "▁█"), ([7, 0, 3], "█▁▄"), ([*range(400)], None)]
)
def test_a_curve_has_a_mark_a_reading_and_at_most_forty(values: list[int], marks: str | None) -> None:
    drawn = sparkline(values)
    assert drawn == marks if marks else (len(drawn), drawn[0], drawn[-1]) == (40, "▁", "█")
