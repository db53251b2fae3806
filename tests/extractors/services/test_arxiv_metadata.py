"""The metadata of the whole archive as a file: what a line says, and what becomes of damaged ones."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from extractors.errors import LandingError, PageChanged
from extractors.landing import json_lines
from extractors.landing.json_lines import is_json_lines, parts_of
from extractors.services.arxiv_metadata import parse, told_by
from tests.support.arxiv_metadata import records
from transforms.records import Page

READ_AT = datetime(2026, 1, 1, tzinfo=UTC)
MakePage = Callable[..., Page]


def line(**changes: object) -> bytes:
    said = {
        "id": "0704.0001",
        "submitter": "Ida Example",
        "authors": "C. Bal\\'azs, E. L. Berger and P. M. Nadolsky",
        "title": "Calculation of prompt kites\n  at harbour energies",
        "comments": "37 pages, 15 figures; published version",
        "journal-ref": "Phys.Rev.D76:013009,2007",
        "doi": "10.1103/PhysRevD.76.013009",
        "report-no": "ANL-HEP-PR-07-12",
        "categories": "hep-ph cs.LG",
        "license": None,
        "abstract": "  A fully differential calculation of\nkites is presented.\n",
        "versions": [
            {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
            {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"},
        ],
        "update_date": "2008-11-26",
        "authors_parsed": [["Balázs", "C.", ""], ["Berger", "E. L.", ""], ["Nadolsky", "P. M.", ""]],
    }
    return json.dumps({name: value for name, value in (said | changes).items() if value != "left out"}).encode() + b"\n"


def page(make_page: MakePage, *lines: bytes) -> Page:
    return make_page("arxiv_metadata", b"".join(lines), url="file:arxiv.json#lines=1-9", fetched_at=READ_AT)


def test_a_line_gives_all_facts(make_page: MakePage) -> None:
    (facts,) = parse(page(make_page, line())).facts
    assert facts.title == "Calculation of prompt kites at harbour energies"
    assert facts.abstract == "A fully differential calculation of kites is presented."
    assert facts.authors == ("C. Balázs", "E. L. Berger", "P. M. Nadolsky")
    assert facts.categories == ("hep-ph", "cs.LG")
    assert (facts.doi, facts.report_no) == ("10.1103/physrevd.76.013009", "ANL-HEP-PR-07-12")
    assert [(each.number, each.created_at.isoformat()) for each in facts.versions] == [
        (1, "2007-04-02T19:18:42+00:00"),
        (2, "2007-07-24T20:10:27+00:00"),
    ]
    assert facts.changed_on == date(2008, 11, 26)


@pytest.mark.parametrize(
    ("changes", "authors"),
    [
        ({"authors_parsed": "left out"}, ("C. Balázs", "E. L. Berger", "P. M. Nadolsky")),
        ({"authors": None}, ("C. Balázs", "E. L. Berger", "P. M. Nadolsky")),
        ({"authors": None, "authors_parsed": [["Team Kite"]]}, ("Team Kite",)),
        ({"authors": None, "authors_parsed": [["King", "Ada", "Jr."]]}, ("Ada King Jr.",)),
        ({"authors": None, "authors_parsed": None}, ()),
    ],
)
def test_authors_come_from_what_is_there(
    make_page: MakePage, changes: dict[str, object], authors: tuple[str, ...]
) -> None:
    (facts,) = parse(page(make_page, line(**changes))).facts
    assert facts.authors == authors


def test_categories_of_old_files_are_a_list_of_one_text(make_page: MakePage) -> None:
    (facts,) = parse(page(make_page, line(categories=["hep-ph cs.LG"]))).facts
    assert facts.categories == ("hep-ph", "cs.LG")


@pytest.mark.parametrize(
    "broken",
    [
        b'{"id": "0704.0002", "title": "cut o',
        line(id="not an id"),
        line(id=7),
        line(update_date="yesterday"),
        line(versions=[{"version": "v2", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}]),
        line(versions=[{"version": "v1", "created": "once"}]),
        b'\xff\xfe{"id"\n',
        b"[]\n",
    ],
)
def test_a_damaged_line_is_told_and_the_others_are_read(make_page: MakePage, broken: bytes) -> None:
    answer = parse(page(make_page, line(), broken.rstrip(b"\n") + b"\n", line(id="0704.0003")))
    assert [each.arxiv_id for each in answer.facts] == ["0704.0001", "0704.0003"]
    (finding,) = answer.findings
    assert finding.check_name == "unreadable_record"
    assert finding.place == "file:arxiv.json#lines=1-9 record 2"


def test_a_repeated_id_holds_as_it_stands_last(make_page: MakePage) -> None:
    answer = parse(page(make_page, line(), line(comments="another"), line(id="0704.0003"), line(id="0704.0003")))
    assert next((each.arxiv_id, each.comments) for each in answer.facts) == ("0704.0001", "another")
    assert [each.check_name for each in answer.findings] == ["repeated_record"]  # the same line twice is no finding


def test_a_file_of_other_lines_is_refused(make_page: MakePage) -> None:
    with pytest.raises(PageChanged, match="30 of 31 lines"):
        parse(page(make_page, line(), *[b'{"paper": "of another kind"}\n'] * 30))


def test_parts_are_the_same_however_the_file_is_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "PART_RECORDS", 40)
    plain = tmp_path / "arxiv.json"
    plain.write_bytes(b"".join(records(100)))
    (tmp_path / "arxiv.json.gz").write_bytes(gzip.compress(plain.read_bytes()))
    with zipfile.ZipFile(tmp_path / "arxiv.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(plain, "arxiv-metadata-oai-snapshot.json")
    found = [
        [each.sha256 for each in parts_of(tmp_path / name, "arxiv_metadata", READ_AT)]
        for name in ("arxiv.json", "arxiv.json.gz", "arxiv.zip")
    ]
    assert len(found[0]) == 3
    assert found[0] == found[1] == found[2]
    assert b"".join(each.body for each in parts_of(plain, "arxiv_metadata", READ_AT)) == plain.read_bytes()
    assert all(is_json_lines(tmp_path / name) for name in ("arxiv.json", "arxiv.json.gz", "arxiv.zip"))


def test_only_chosen_lines_become_parts(tmp_path: Path) -> None:
    plain = tmp_path / "arxiv.json"
    plain.write_bytes(line() + line(id="0704.0002", categories="cs.CL") + b"no record\n")

    def is_wanted(each: bytes) -> bool:
        told = told_by(each)
        return told is None or "cs.CL" in told[0]

    (part,) = parts_of(plain, "arxiv_metadata", READ_AT, is_wanted=is_wanted)
    assert part.body.splitlines() == [line(id="0704.0002", categories="cs.CL").strip(), b"no record"]


def test_a_packed_file_that_breaks_off_gives_its_whole_parts_and_then_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_lines, "PART_RECORDS", 10)
    packed = gzip.compress(b"".join(records(200)), mtime=0)
    (tmp_path / "arxiv.json.gz").write_bytes(packed[: len(packed) // 2])
    parts: list[Page] = []
    with pytest.raises(LandingError, match=r"arxiv\.json\.gz: cannot be unpacked behind line \d+"):
        parts.extend(parts_of(tmp_path / "arxiv.json.gz", "arxiv_metadata", READ_AT))
    assert parts
    assert all(len(each.body.splitlines()) == 10 for each in parts)


def test_a_file_without_line_breaks_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_lines, "LINE_BYTES_MAX", 1000)
    (tmp_path / "arxiv.json").write_bytes(b"{" + b" " * 5000)
    with pytest.raises(LandingError, match="line 1 is longer than"):
        list(parts_of(tmp_path / "arxiv.json", "arxiv_metadata", READ_AT))
