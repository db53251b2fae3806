"""Takedown from the command line: decided, listed, taken back, repeated by every replay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extractors.landing.decisions import withhold_decisions
from extractors.landing.storage import Folder
from flows.demo.site import FRIDAY
from tests.support.commands import Command, digest_of, paperlog_in, rows_of
from tests.support.environment import scrubbed
from warehouse import open_warehouse

REVIEWED = """
select p.paper_key, p.arxiv_id, p.abstract, p.authors[1] as author, r.summary, r.verdict
from papers as p
join reviews as r using (paper_key)
where p.first_listed_on is not null and p.title is not null
order by p.paper_key
limit 1
"""
FIRST_AUTHOR = """
select arxiv_id, authors[1] as author
from papers
where arxiv_id is not null and len(authors) > 1
order by arxiv_id
limit 1
"""
ACCOUNTS = "select submitted_by as name, count(*)::integer as papers from sightings group by 1 order by 2 desc limit 1"


def paper_of(paperlog: Command) -> dict[str, str]:
    (row,) = rows_of(paperlog, REVIEWED)
    return {name: str(value) for name, value in row.items()}


def withhold(paperlog: Command, *arguments: object) -> str:
    done = paperlog("withhold", *arguments, "--reason", "the author asked")
    assert done.code == 0, done.err
    return done.out


def test_a_paper_is_withheld_from_everything_that_is_made_of_the_snapshot(
    reviewed_week: Command, home: Path, tmp_path: Path
) -> None:
    paper, digest = paper_of(reviewed_week), digest_of(reviewed_week, tmp_path / "before")
    assert "abstract, review, summary withheld" in withhold(reviewed_week, paper["arxiv_id"])
    assert reviewed_week("report", "--out", tmp_path / "week.html").code == 0
    page = (tmp_path / "week.html").read_text(encoding="utf-8")
    exported = digest_of(reviewed_week, tmp_path / "after")
    assert exported != digest
    printed = [
        page,
        reviewed_week("resolve", "--explain", paper["paper_key"], "--json").out,
        reviewed_week("search", *paper["abstract"].split()[:12], "--json").out,
        reviewed_week("sql", "--json", "from sightings").out,
        reviewed_week("sql", "--json", "from reviews").out,
    ]
    for text in (paper["abstract"][:60], paper["summary"], paper["verdict"]):
        assert [text in each for each in printed] == [False] * 5
    assert paper["arxiv_id"] in page
    assert "a text or name is withheld" in page
    published = json.loads(reviewed_week("status", "--json").out)
    assert published["withheld"] == {"withheld": 3, "papers": 1}
    assert "withheld: 3 texts and names of 1 paper\n" in reviewed_week("status").out
    assert json.loads(reviewed_week("check", "--json").out)["withheld"] == 3
    assert "integrity" not in reviewed_week("audit").out


def test_what_was_written_before_is_named_and_show_says_what_is_withheld(reviewed_week: Command, home: Path) -> None:
    key = paper_of(reviewed_week)["paper_key"]
    said = withhold(reviewed_week, key, "--text", "review").splitlines()
    assert said[-1].endswith("make them again, or delete them")
    assert reviewed_week("report").code == 0
    said = withhold(reviewed_week, key, "--text", "abstract").splitlines()
    assert f"{home / 'report.html'} is one, which `paperlog report` makes again" in said[-1]
    shown = reviewed_week("show", key).out.splitlines()
    assert [" ".join(each.split()) for each in shown if "withheld" in each] == [
        "abstract withheld",
        "withheld review, summary",
    ]
    assert any(each.startswith("arXiv page ") for each in shown)
    assert len(withhold(reviewed_week, key, "--undo").splitlines()) == 1


def test_every_replay_repeats_it_and_a_back_up_has_it(
    reviewed_week: Command, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (account,) = rows_of(reviewed_week, ACCOUNTS)
    assert account["papers"]
    withhold(reviewed_week, paper_of(reviewed_week)["paper_key"], "--text", "abstract")
    withhold(reviewed_week, "--account", "hf_daily", account["name"])
    assert reviewed_week("ingest", "hf_daily", "--date", FRIDAY).code == 0
    digest = digest_of(reviewed_week, tmp_path / "mine")
    assert reviewed_week("replay", "--into", tmp_path / "other").code == 0
    with open_warehouse(str(tmp_path / "other")).reader(may_write_files=True) as reader:
        assert reader.export(tmp_path / "its") == digest
    assert reviewed_week("backup", tmp_path / "saved").code == 0
    there = scrubbed(PAPERLOG_HOME=str(tmp_path / "there"))
    assert paperlog_in(there, "restore", tmp_path / "saved").code == 0
    monkeypatch.setenv("PAPERLOG_HOME", str(tmp_path / "there"))
    assert reviewed_week("replay").code == 0
    assert digest_of(reviewed_week, tmp_path / "theirs") == digest
    accounts = rows_of(reviewed_week, "select distinct submitted_by as name from sightings")
    assert account["name"] not in [each["name"] for each in accounts]


def test_what_is_withheld_is_listed_with_its_reason_and_taken_back(
    reviewed_week: Command, home: Path, tmp_path: Path
) -> None:
    digest, paper = digest_of(reviewed_week, tmp_path / "before"), paper_of(reviewed_week)
    assert reviewed_week("withhold").out == "nothing is withheld\n"
    withhold(reviewed_week, paper["paper_key"])
    assert "nothing to do" in withhold(reviewed_week, paper["paper_key"])
    (listed,) = json.loads(reviewed_week("withhold", "--json").out)
    assert (listed["papers"], listed["reason"]) == ([paper["paper_key"]], "the author asked")
    assert "abstract, summary published again" in withhold(
        reviewed_week, paper["paper_key"], "--text", "abstract", "--text", "summary", "--undo"
    )
    assert paper_of(reviewed_week)["abstract"] == paper["abstract"]
    (listed,) = json.loads(reviewed_week("withhold", "--json").out)
    assert listed["contents"] == ["review"]
    assert ": review published again, " in withhold(reviewed_week, paper["paper_key"], "--undo")
    assert reviewed_week("withhold").out == "nothing is withheld\n"
    assert digest_of(reviewed_week, tmp_path / "after") == digest
    assert len(withhold_decisions(Folder(home / "landing")).all()) == 3


def test_a_decision_that_the_landing_lost_is_named(reviewed_week: Command, home: Path) -> None:
    paper = paper_of(reviewed_week)
    withhold(reviewed_week, paper["paper_key"], "--author", paper["author"])
    (path,) = (home / "landing" / "withheld").iterdir()
    kept = path.read_bytes()
    path.unlink()
    assert "decisions on record are not in it" in reviewed_week("audit").out
    path.write_bytes(kept)
    assert "decisions on record" not in reviewed_week("audit").out


def test_an_author_comes_back_in_whatever_spelling_is_typed(monday: Command) -> None:
    ((paper, name),) = [tuple(map(str, row.values())) for row in rows_of(monday, FIRST_AUTHOR)]
    withhold(monday, paper, "--author", name.upper())
    assert "nothing to do" in withhold(monday, paper, "--author", f"{name.lower()}.")
    (listed,) = json.loads(monday("withhold", "--json").out)
    assert listed["name"] == name.upper()
    assert "author published again" in withhold(monday, paper, "--author", name.replace(" ", "  "), "--undo")
    assert monday("withhold").out == "nothing is withheld\n"
    assert [tuple(row.values()) for row in rows_of(monday, FIRST_AUTHOR)] == [(paper, name)]


def test_an_author_whom_only_arxiv_names_is_withheld(monday: Command, tmp_path: Path) -> None:
    (paper,) = [str(row["arxiv_id"]) for row in rows_of(monday, FIRST_AUTHOR)]
    said = {
        "id": paper,
        "submitter": "Cy Only",
        "authors": "Bo Sample, Cy Only",
        "authors_parsed": [["Sample", "Bo", ""], ["Only", "Cy", ""]],
        "title": "Looms",
        "comments": "Cy Only drew them",
        "categories": "cs.LG",
        "abstract": "Looms, by C. Only and Cy  Only.",
        "versions": [{"version": "v1", "created": "Wed, 12 Feb 2025 17:57:02 GMT"}],
        "update_date": "2025-02-13",
    }
    (tmp_path / "facts.json").write_text(json.dumps(said) + "\n", encoding="utf-8")
    assert monday("facts", tmp_path / "facts.json").code == 0
    assert "Cy Only" in monday("sql", "--json", "from raw.arxiv_facts").out
    withhold(monday, paper, "--author", "cy only")
    facts = monday("sql", "--json", "from raw.arxiv_facts").out
    assert "(name withheld)" in facts
    assert "Cy" not in facts


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("2502.90001", "--author", "", "--reason", "why"), 2, "names nothing"),
        (("2502.90001", "--author", " . ", "--reason", "why", "--undo"), 2, "names nothing"),
        (("2502.90001", "--text", "", "--reason", "why"), 2, "--text"),
        (("2502.90001", "--reason", ""), 2, "write why"),
        (("", "--reason", "why"), 2, "names nothing"),
        (("--account", "hf_daily", "", "--reason", "why"), 2, "names nothing"),
        (("--reason", "why"), 2, "name a PAPER"),
        (("p", "--account", "hf_daily", "x", "--reason", "why"), 2, "not both"),
        (("--account", "hf_daily", "x", "--text", "all", "--reason", "why"), 2, "are of a paper"),
        (("--account", "nowhere", "x", "--reason", "why"), 2, "no source or service"),
        (("--account", "hf_daily", "nobody", "--reason", "why"), 1, "the name must be exact"),
        (("--account", "hf_daily", "nobody", "--reason", "why", "--undo"), 1, "nothing of that is withheld"),
        (("2502.90001", "--author", "Nobody", "--reason", "why"), 1, "no source names"),
        (("2502.90001",), 2, "--reason"),
        (("2599.00000", "--reason", "why"), 1, "no paper has or had this key"),
    ],
)
def test_what_would_do_nothing_is_refused(monday: Command, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = monday("withhold", *arguments)
    assert (done.code, said in done.err) == (code, True), done.err
