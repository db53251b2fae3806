"""Facts from files, by the command: metadata in any order with answers, resumed, renewed, chosen, replayed."""

from __future__ import annotations

import json
import shutil
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from flows.demo.pages import week_row, weekly_dump, weeks_of_year
from flows.demo.papers import invented_paper, invented_review
from tests.support.arxiv_metadata import changed, records
from tests.support.commands import paperlog_in
from tests.support.environment import environment_of
from tests.support.places import DATA

READ_AT, LATER = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
TRUTH = "select * from arxiv_facts order by arxiv_id"
CHOSEN = """
    select count(*) > 0 as is_some, bool_and(
        list_has_any(categories, ['stat.ML', 'math.CO']) and changed_on >= date '2015-01-08'
    ) as is_all
    from arxiv_facts"""
COUNT = 400
DAY = date(2026, 1, 5)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return environment_of(tmp_path, "http://127.0.0.1:9")


@pytest.fixture
def editions(tmp_path: Path) -> tuple[Path, Path]:
    """Two editions of a metadata file."""
    for edition in (1, 2):
        (tmp_path / f"edition{edition}.json").write_bytes(b"".join(records(COUNT, edition=edition)))
    return tmp_path / "edition1.json", tmp_path / "edition2.json"


def facts(environment: dict[str, str], *arguments: object) -> str:
    done = paperlog_in(environment, "facts", *arguments)
    assert done.code == 0, done.err
    return done.out + done.err


def asked(environment: dict[str, str], query: str) -> str:
    done = paperlog_in(environment, "sql", query, "--json")
    assert done.code == 0, done.err
    return done.out


def test_two_editions_give_the_same_in_any_order_and_replayed(
    tmp_path: Path, environment: dict[str, str], editions: tuple[Path, Path]
) -> None:
    first, second = editions
    facts(environment, first, "--fetched-at", READ_AT)
    facts(environment, second, "--fetched-at", LATER)
    other = environment | {"PAPERLOG_HOME": str(tmp_path / "other")}
    facts(other, second, "--fetched-at", LATER)
    facts(other, first, "--fetched-at", READ_AT)
    assert paperlog_in(environment, "replay", "--into", tmp_path / "again").code == 0
    again = environment | {"PAPERLOG_HOME": str(tmp_path / "again")}
    told = asked(environment, TRUTH)
    assert asked(other, TRUTH) == told
    assert asked(again, TRUTH) == told
    stated = asked(environment, "select count(*) as n from raw.arxiv_facts")
    assert f'"n": {COUNT + changed(COUNT)}' in stated


def test_the_same_file_again_reads_nothing(environment: dict[str, str], editions: tuple[Path, Path]) -> None:
    facts(environment, editions[0], "--fetched-at", READ_AT)
    assert "parts are loaded already" in facts(environment, editions[0], "--fetched-at", READ_AT)


def test_categories_and_days_choose(environment: dict[str, str], editions: tuple[Path, Path]) -> None:
    facts(environment, editions[0], "--fetched-at", READ_AT, "--categories", "stat math.CO", "--since", "2015-01-08")
    found = asked(environment, CHOSEN)
    assert '"is_some": true' in found
    assert '"is_all": true' in found


def test_what_cannot_be_read_fails_with_the_name_of_the_file(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no facts at all\n", encoding="utf-8")
    done = paperlog_in(environment, "facts", tmp_path / "notes.txt")
    assert done.code == 1
    assert "notes.txt" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("wrong", [["--since", "2026-01-01"], ["--categories", "cs"], ["FILE", "--only-missing"]])
def test_options_that_do_not_fit_are_refused(environment: dict[str, str], tmp_path: Path, wrong: list[str]) -> None:
    file = tmp_path / "arxiv.json"
    file.write_bytes(b"".join(records(1)))
    assert paperlog_in(environment, "facts", *[str(file) if each == "FILE" else each for each in wrong]).code == 2


@pytest.mark.shared_data
def test_a_folder_of_saved_answers_is_read(environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    folder.mkdir()
    for name in ("get_1101.0600_arXivRaw_200.xml", "listrecords_raw_200.xml"):
        shutil.copy(DATA / "other" / "arxiv" / "oai_2026" / name, folder)
    facts(environment, folder, "--fetched-at", READ_AT)
    assert '"latest_version": 25' in asked(
        environment, "select latest_version from arxiv_facts where arxiv_id = '1101.0600'"
    )


def test_papers_have_the_same_keys_replayed_wherever_a_fact_came_between(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    """A nameless review, the list that has its paper, and arXiv, which tells that they are one."""
    paper, *others = (invented_paper(number) for number in range(1, 16))
    reviews = [invented_review(each) for each in (paper, *others)]
    rows = [
        week_row(place, f"**{each.title}** - of kites.", f"[Paper](https://arxiv.org/abs/{each.arxiv_id})")
        for place, each in enumerate([paper, *map(invented_paper, range(30, 39))], start=1)
    ]
    versions = [{"version": "v1", "created": "Mon, 5 Jan 2026 10:00:00 GMT"}]
    fact = {"id": paper.arxiv_id, "title": paper.title, "abstract": paper.abstract, "authors": "Ada Example"}
    fact |= {"categories": "cs.LG", "update_date": "2026-01-05"}
    texts = {
        "review": ("weekly_review", weekly_dump(DAY, reviews[:3], reviews[3:])),
        "list": ("ml_papers_week", weeks_of_year(2026, [("January 5 - January 11) - 2026", rows)])),
        "facts": ("", json.dumps({**fact, "versions": versions}) + "\n"),
    }
    for place, order in enumerate(permutations(texts)):
        homes = [environment | {"PAPERLOG_HOME": str(tmp_path / f"{place}{name}")} for name in ("home", "again")]
        for name in order:
            source, text = texts[name]
            file = tmp_path / f"{place} {name}"
            file.write_text(text)
            done = paperlog_in(homes[0], *(("adopt", source) if source else ("facts",)), file, "--fetched-at", LATER)
            assert done.code == 0, done.err
        assert paperlog_in(homes[0], "replay", "--into", homes[1]["PAPERLOG_HOME"]).code == 0
        keys, again = (
            asked(each, "select paper_key, previous_keys, sources from papers order by all") for each in homes
        )
        assert keys == again
        (joined,) = [each for each in json.loads(keys) if each["sources"] == ["ml_papers_week", "weekly_review"]]
        assert len(joined["previous_keys"]) == (order[2] == "facts")
