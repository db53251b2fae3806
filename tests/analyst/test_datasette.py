"""Datasette over an SQLite export: tables, links between them, what it says of itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import program
from tests.support.environment import scrubbed
from warehouse import open_warehouse

pytestmark = [pytest.mark.analyst("datasette"), pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def exported(small_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "paperlog.sqlite"
    with open_warehouse(str(small_home)).reader(may_write_files=True) as reader:
        reader.export_sqlite(file)
    return file


def got(file: Path, path: str) -> str:
    done = program(scrubbed(), "datasette", file, "--get", path)
    assert done.code == 0, done.err
    return done.out


def test_a_paper_is_found_and_has_its_reviews(exported: Path) -> None:
    found: dict[str, Any] = json.loads(got(exported, "/paperlog/papers.json?arxiv_id=2603.00001&_shape=objects"))
    (paper,) = found["rows"]
    assert paper["title"] == "Tide Tables for Every Harbour"
    reviews = json.loads(got(exported, f"/paperlog/reviews.json?paper_key={paper['paper_key']}&_shape=array"))
    assert [review["primary_institution"] for review in reviews] == ["Massachusetts Institute of Technology"]


def test_a_page_links_to_the_paper_explains_its_columns_and_escapes_titles(exported: Path) -> None:
    page = got(exported, "/paperlog/sightings")
    assert '<a href="/paperlog/papers/p260302' in page
    assert "-- First day of the partition." in page
    assert "<b>Survey</b>" not in got(exported, "/paperlog/papers")
