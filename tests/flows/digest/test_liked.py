"""Liked papers are looked up as everywhere else; one that is not there is told and stops nothing."""

from __future__ import annotations

from pathlib import Path

from flows.digest.liked import aliases_in, liked_of
from tests.support.small import SALT, TIDES, built
from transforms.digest.readers import DigestReader, Interests


def reader_of(name: str, *like: str) -> DigestReader:
    return DigestReader(name=name, title=name, interests=Interests(like=like))


def test_a_liked_paper_is_found_by_any_of_its_names(tmp_path: Path) -> None:
    warehouse, _ = built(tmp_path / "home")
    with warehouse.reader() as reader:
        names = ("2603.00001", "https://arxiv.org/abs/2603.00005v2", TIDES.title)
        found = liked_of(reader, [reader_of("anna", *names), reader_of("bo")])
    assert found.unknown == ()
    tides, salt, again = found.of_reader["anna"]
    assert (tides.name, tides.title, tides.abstract) == ("2603.00001", TIDES.title, TIDES.abstract)
    assert (salt.name, salt.title) == (names[1], SALT.title)
    assert again.paper_key == tides.paper_key
    assert found.of_reader["bo"] == ()


def test_an_unknown_one_is_told_in_a_line_and_the_others_are_found(tmp_path: Path) -> None:
    warehouse, _ = built(tmp_path / "home")
    with warehouse.reader() as reader:
        found = liked_of(reader, [reader_of("anna", "2603.99999", "2603.00001")])
    (line,) = found.unknown
    assert line.startswith("like of reader anna: 2603.99999: no paper has")
    assert "\n" not in line
    assert [each.name for each in found.of_reader["anna"]] == ["2603.00001"]


def test_other_names_of_institutions_are_in_every_snapshot(tmp_path: Path) -> None:
    warehouse, _ = built(tmp_path / "home")
    with warehouse.reader() as reader:
        assert ("MIT", "Massachusetts Institute of Technology") in aliases_in(reader)
