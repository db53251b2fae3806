"""What the tools of `paperlog mcp` answer, and what they refuse; the protocol itself is tried in tests/analyst."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.mcp_server.answers import Answers
from flows.settings import from_environment
from tests.support.commands import paperlog_in
from tests.support.environment import scrubbed
from tests.support.small import built
from transforms.errors import PaperlogError


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    home = tmp_path_factory.mktemp("small")
    built(home)
    return Answers(settings=from_environment({"PAPERLOG_HOME": str(home)}), seconds=2)


def test_a_query_is_answered_and_says_when_it_was_cut(answers: Answers) -> None:
    found = answers.query("select title from papers where title is not null order by title", rows=2)
    assert found["columns"] == ["title"]
    assert [row["title"] for row in found["rows"]] == ["Clocks Without Hands", "Kites | a <b>Survey</b>"]
    assert found["is_cut"] is True
    assert answers.query("select 1 as one, 2 as one")["rows"] == [{"one": 1, "one_2": 2}]


def test_an_endless_answer_is_cut_and_an_endless_query_is_interrupted(answers: Answers) -> None:
    endless = answers.query("select range from range(1000000000000)", rows=3)
    assert ([row["range"] for row in endless["rows"]], endless["is_cut"]) == ([0, 1, 2], True)
    with pytest.raises(PaperlogError, match="interrupted after 2 s"):
        answers.query("select count(*) from range(10000000) as a, range(10000000) as b where a.range % 7 = b.range % 5")


def test_a_long_text_is_cut_and_all_texts_together_too(answers: Answers) -> None:
    (row,) = answers.query("select repeat('x', 100000) as long, [repeat('y', 3000)] as list")["rows"]
    assert (len(row["long"]), len(row["list"][0])) == (2002, 2002)
    many = answers.query("select repeat('x', 1900) as long from range(500)", rows=500)
    assert 0 < len(many["rows"]) < 200
    assert many["is_cut"] is True


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "select 1; select 2",
        "create table t as select 1",
        "set threads = 1",
        "attach 'other.duckdb'",
        "copy papers to 'papers.csv'",
        "install httpfs",
        "from read_csv('/etc/passwd')",
        "from '/etc/passwd'",
        "select content from read_text('/etc/passwd')",
        "from glob('/*')",
        "from duckdb_secrets()",
        "select getenv('PATH')",
        "from sqlite_scan('a', 'b')",
        "select nonsense from papers",
        "selec 1",
    ],
)
def test_nothing_but_one_query_of_the_snapshot_is_answered(answers: Answers, sql: str) -> None:
    with pytest.raises(PaperlogError):
        answers.query(sql)


def test_a_day_has_the_state_of_its_lists_also_where_it_has_no_papers(answers: Answers) -> None:
    monday = answers.list_day("2026-03-02")
    assert monday["papers"][0]["title"] == "Tide Tables for Every Harbour"
    assert {each["source"]: each["state"] for each in monday["lists"]}["hf_daily"] == "open"
    wednesday = answers.list_day("2026-03-04")
    assert wednesday["papers"] == []
    assert [each["state"] for each in wednesday["lists"]] == ["missing"]
    assert answers.list_day()["day"] == "2026-03-05"
    with pytest.raises(PaperlogError):
        answers.list_day("someday")


def test_a_paper_is_found_and_shown(answers: Answers) -> None:
    found = answers.search_papers("tide harbour")["hits"]
    paper = answers.show_paper(found[0]["paper_key"])
    assert paper["title"] == "Tide Tables for Every Harbour"
    with pytest.raises(PaperlogError, match="no paper has or had this key"):
        answers.show_paper("2603.99999")


def test_gaps_and_states_are_told(answers: Answers) -> None:
    status = answers.status()
    assert {each["source"] for each in status["sources"]} == {"hf_daily", "hf_listing_text", "weekly_review"}
    assert any("2026-03-04" in str(gap) for gap in status["gaps"])


def test_the_dictionary_is_that_of_the_views(answers: Answers) -> None:
    text = answers.data_dictionary()
    assert "### `marts.papers`" in text
    assert "### `core." not in text


def test_a_home_without_a_snapshot_is_said_to_be_one(tmp_path: Path) -> None:
    empty = Answers(settings=from_environment({"PAPERLOG_HOME": str(tmp_path)}))
    with pytest.raises(PaperlogError, match="does not exist yet"):
        empty.query("select 1")


def test_a_snapshot_that_is_replaced_is_read_at_the_next_question(tmp_path: Path) -> None:
    here = Answers(settings=from_environment({"PAPERLOG_HOME": str(tmp_path)}))
    warehouse, manifest = built(tmp_path)
    assert here.query("select published_at from ops.manifest")["rows"][0]["published_at"] is not None
    with warehouse.writer("again") as writer:
        writer.publish()
    (row,) = here.query("select published_at from ops.manifest")["rows"]
    assert row["published_at"] > manifest.published_at.replace(tzinfo=None).isoformat()


def test_without_its_extra_the_command_says_what_to_install(tmp_path: Path) -> None:
    hidden = tmp_path / "mcp.py"
    hidden.write_text("raise ModuleNotFoundError('hidden', name='mcp')\n", encoding="utf-8")
    own = scrubbed(PAPERLOG_HOME=str(tmp_path))
    done = paperlog_in({**own, "PYTHONPATH": f"{tmp_path}:{own['PYTHONPATH']}"}, "mcp")
    assert (done.code, done.err) == (1, "paperlog: `paperlog mcp` needs an extra: pip install 'paperlog[mcp]'\n")
