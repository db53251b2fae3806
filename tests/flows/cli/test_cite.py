"""`cite`: papers as bibliographies have them, through the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.services import SERVICES
from flows.pipeline.answers import read_answer
from flows.pipeline.read import new_run
from tests.support.arxiv import OAI, OAI_URL, answer_page, listed, record
from tests.support.commands import Command, paperlog_in, rows_of
from tests.support.hostile import HostileHome, hostile_home
from tests.support.small import built
from tests.transforms.citing.reading import csl_items, parsed_entries, pybtex_entries, ris_entries
from warehouse import open_warehouse

TIDES = "orn2026-2603.00001"
FACTS_OF_TIDES = {"comments": "Accepted at ICML 2026", "doi": "10.1000/Tides.7"}


@pytest.fixture
def small(paperlog: Command, home: Path) -> Command:
    """A home of a week, and what arXiv says of one of its papers."""
    warehouse, _ = built(home)
    said = record("2603.00001", versions=2, **FACTS_OF_TIDES)
    page = answer_page(OAI, f"{OAI_URL}?verb=ListRecords&metadataPrefix=arXivRaw&from=2026-11-24", listed([said]))
    with warehouse.writer("facts") as writer:
        writer.load_facts(read_answer(SERVICES[OAI], page, new_run("facts", OAI, None)))
        writer.publish()
    return paperlog


def test_a_paper_is_cited_by_whatever_names_it(small: Command) -> None:
    (row,) = rows_of(small, "select paper_key from papers where arxiv_id = '2603.00001'")
    printed = {
        small("cite", text).out
        for text in (
            "2603.00001",
            "arXiv:2603.00001v7",
            "https://huggingface.co/papers/2603.00001",
            "https://doi.org/10.1000/tides.7",
            "tide tables for every harbour",
            row["paper_key"],
        )
    }
    (text,) = printed
    (entry,) = pybtex_entries(text).values()
    assert (entry.key, entry.type, dict(entry.fields)) == (
        TIDES,
        "inproceedings",
        {
            "title": "Tide Tables for Every Harbour",
            "booktitle": "ICML 2026",
            "year": "2026",
            "eprint": "2603.00001",
            "archiveprefix": "arXiv",
            "primaryclass": "cs.LG",
            "doi": "10.1000/tides.7",
            "url": "https://arxiv.org/abs/2603.00001",
        },
    )
    assert [str(each) for each in entry.persons["author"]] == [r"{\"O}rn, Ada", "Sample, Bo"]


def test_several_papers_are_one_output_in_the_order_asked_for_each_once(small: Command) -> None:
    arguments = ("2603.00005", "2603.00001", "Tide Tables for Every Harbour")
    keys = ["proof2026-2603.00005", TIDES]
    assert list(parsed_entries(small("cite", *arguments).out)) == keys
    assert [each["id"] for each in ris_entries(small("cite", *arguments, "--ris").out)] == keys
    assert [each["id"] for each in csl_items(small("cite", *arguments, "--csl").out)] == keys
    assert small("cite", "2603.00001").out in small("cite", *arguments).out


def test_a_version_is_cited_with_its_day(small: Command) -> None:
    (item,) = csl_items(small("cite", "2603.00001", "--version", 2, "--csl").out)
    assert (item["id"], item["number"], item["issued"]) == (
        f"{TIDES}v2",
        "arXiv:2603.00001v2",
        {"date-parts": [[2025, 9, 2]]},
    )
    assert "DOI" not in item


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("2603.00001", "no such paper"), 1, "no such paper: no paper has or had this key"),
        (("2603.00001", "tide"), 1, "tide: no paper has or had this key"),
        (("2603.00001", "--version", 3), 1, "2603.00001: no version 3 is known; known are 1, 2"),
        (("2603.00005", "--version", 1), 1, "nothing is known of its versions"),
        (("2603.00001", "2603.00005", "--version", 1), 2, "--version is the version of one paper"),
        (("2603.00001", "--version", 0), 2, "--version"),
        ((), 2, "Missing argument"),
    ],
)
def test_what_cannot_be_cited_is_told_and_nothing_is_written(
    small: Command, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    for more in ((), ("--out", tmp_path / "references.bib")):
        done = small("cite", *arguments, *more)
        assert (done.code, done.out) == (code, "")
        assert words in " ".join(done.err.split())
    assert not (tmp_path / "references.bib").exists()


def test_a_paper_without_a_title_is_told(small: Command) -> None:
    (row,) = rows_of(small, "select paper_key from papers where title is null limit 1")
    done = small("cite", row["paper_key"])
    assert (done.code, done.out) == (1, "")
    assert "no source gave a title, so it cannot be cited" in done.err


def test_a_file_is_replaced_whole_and_says_what_the_output_would(small: Command, tmp_path: Path) -> None:
    file = tmp_path / "new" / "references.ris"
    for _ in range(2):
        assert small("cite", "2603.00001", "--ris", "--out", file).out == f"{file}: 1 paper\n"
    assert file.read_bytes() == small("cite", "2603.00001", "--ris").out.encode()
    assert [each.name for each in file.parent.iterdir()] == ["references.ris"]


def test_a_withheld_author_is_in_no_form(small: Command) -> None:
    done = small("withhold", "2603.00001", "--author", "Ada Örn", "--reason", "the author asked")
    assert done.code == 0, done.err
    for form in ("--bibtex", "--ris", "--csl"):
        printed = small("cite", "2603.00001", form).out
        assert "rn, Ada" not in printed
        assert "(name withheld)" in printed
        assert "anon2026-2603.00001" in printed
    (entry,) = pybtex_entries(small("cite", "2603.00001").out).values()
    assert len(entry.persons["author"]) == 2


def test_arxiv_names_the_authors_that_no_list_names(paperlog: Command, home: Path) -> None:
    warehouse, _ = built(home)
    with warehouse.writer("facts") as writer:
        page = answer_page(OAI, f"{OAI_URL}?verb=ListRecords&metadataPrefix=arXivRaw", listed([record("2603.00004")]))
        writer.load_facts(read_answer(SERVICES[OAI], page, new_run("facts", OAI, None)))
        writer.publish()
    (item,) = csl_items(paperlog("cite", "2603.00004", "--csl").out)
    assert [each["family"] for each in item["author"]] == ["Example", "Sample"]


@pytest.fixture
def hostile(paperlog: Command, home: Path) -> HostileHome:
    """A home whose every text tries something."""
    return hostile_home(home)


def test_hostile_texts_are_one_entry_and_move_no_cursor(hostile: HostileHome, paperlog: Command) -> None:
    text = paperlog("cite", hostile.paper_key, "2603.00001").out
    assert list(pybtex_entries(text)) == list(parsed_entries(text)) == ["script2026-2603.00066", TIDES]
    printed = [text, *(paperlog("cite", hostile.paper_key, form).out for form in ("--ris", "--csl"))]
    assert len(ris_entries(printed[1])) == len(csl_items(printed[2])) == 1
    for each in printed:
        assert not {"\x1b", "\x07", "\u202e", "\u2066"} & set(each)


def test_a_merged_paper_keeps_its_key(hostile: HostileHome, paperlog: Command) -> None:
    assert paperlog("cite", hostile.former_key).out == paperlog("cite", hostile.merged_key).out
    with open_warehouse(str(hostile.folder)).reader() as reader:
        (arxiv_id,) = reader.query("select arxiv_id from papers where paper_key = ?", [hostile.merged_key]).rows[0]
    assert f"-{arxiv_id}," in paperlog("cite", hostile.former_key).out


def test_a_terminal_of_ascii_gets_csl_that_is_json(small: Command, environment: dict[str, str]) -> None:
    done = paperlog_in(environment | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}, "cite", "2603.00001", "--csl")
    (item,) = csl_items(done.out)
    assert done.out.isascii()
    assert item["author"][0]["family"] == "Örn"
