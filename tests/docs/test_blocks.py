"""Every shell, Python and SQL block of every page runs, and every generated part is current."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from flows.__main__ import cli
from tests.docs.conftest import Desk
from tests.docs.make import PARTS, Part
from tests.docs.pages import (
    PAGES,
    Fence,
    fences,
    fences_of,
)
from tests.support.environment import scrubbed
from tests.support.patience import patient
from tests.support.places import ROOT

START_EMPTY = {"README.md", "operate.md"}
KINDS = {"", "not run", "file", "analyst"}
SQL = [each for each in fences("sql") if not each.kind]


@pytest.mark.parametrize("part", PARTS, ids=str)
def test_a_generated_part_is_current(part: Part) -> None:
    assert part.current == part.make(), "run `make docs`"


def test_every_generated_part_of_a_page_is_made_by_make_docs() -> None:
    marked = {
        (page, name)
        for page in PAGES
        for name in re.findall(r"^<!-- (\S+): begin \(generated\) -->$", page.read_text("utf-8"), flags=re.MULTILINE)
    }
    assert marked == {(part.path, part.name) for part in PARTS if part.name}


def test_a_block_is_run_unless_a_note_says_why_not() -> None:
    assert {fence.kind for fence in fences("sh", "python", "sql", "ini", "text")} <= KINDS
    assert all(fence.note for fence in fences("sh", "python", "sql", "ini") if fence.kind)


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_shell_and_python_block_runs(page: Path, desk: Callable[[bool], Desk]) -> None:
    here = desk(page.name not in START_EMPTY)
    for fence in fences_of(page):
        if fence.language in {"sh", "python"} and not fence.kind:
            here.run(fence)


def test_the_python_blocks_of_a_page_run_in_one_session(demo_home: Path, tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(demo_home)
    blocks = [each.text for each in fences_of(ROOT / "docs/analyse.md") if each.language == "python" and not each.kind]
    assert len(blocks) > 1
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(blocks)],
        cwd=tmp_path,
        env=scrubbed(PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        timeout=patient(60),
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.analyst("duckdb_cli", "datasette", "pandas", "polars")
@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("fence", [each for each in fences("sh", "python") if each.kind == "analyst"], ids=str)
def test_a_block_for_programs_beside_paperlog_runs(fence: Fence, desk: Callable[[bool], Desk]) -> None:
    desk(fence.page.name not in START_EMPTY).run(fence)


@pytest.mark.parametrize("fence", SQL, ids=str)
def test_a_query_gives_the_same_rows_in_paperlog_and_in_any_client(
    fence: Fence, demo_home: Path, small_home: Path
) -> None:
    home = demo_home if fence.page.name == "README.md" else small_home
    ours = CliRunner().invoke(cli, ["sql", fence.text, "--json"], env={"PAPERLOG_HOME": str(home)})
    assert ours.exit_code == 0, ours.output
    with duckdb.connect(str(home / "paperlog.duckdb"), read_only=True) as plain:
        rows = plain.execute(fence.text).fetchall()
    assert len(json.loads(ours.stdout)) == len(rows)


def test_the_line_for_the_command_line_of_sqlite_finds_papers(small_home: Path) -> None:
    (line,) = (fence.text for fence in fences("sh") if fence.text.startswith("sqlite3 "))
    (query,) = re.findall(r'"(select [^"]+)"', line)
    with closing(sqlite3.connect(max((small_home / "search").glob("*.sqlite")))) as index:
        assert index.execute(query).fetchall()


def rows_in(zone: str, home: Path, query: str) -> list[tuple[object, ...]]:
    """The answer of a plain client whose clock is in that zone."""
    with duckdb.connect(str(home / "paperlog.duckdb"), read_only=True) as plain:
        plain.execute(f"set TimeZone = '{zone}'")
        return plain.execute(query).fetchall()


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Kolkata"])
def test_an_analyst_in_another_time_zone_gets_the_same_rows(zone: str, demo_home: Path, small_home: Path) -> None:
    in_python = [query for fence in fences("python") for query in re.findall(r'\.sql\(\s*"([^"]+)"', fence.text)]
    assert any("now()" in query for query in in_python)
    for query in (*(fence.text for fence in SQL), *in_python):
        for home in (demo_home, small_home):
            here, there = (sorted(rows_in(each, home, query), key=repr) for each in (zone, "UTC"))
            assert here == there, query


def test_now_in_the_examples_is_the_hour_of_the_readings(demo_home: Path) -> None:
    (query,) = {query for fence in fences("python") for query in re.findall(r'"(select[^"]+now\(\)[^"]+)"', fence.text)}
    assert len(rows_in("America/Los_Angeles", demo_home, query)) == len(rows_in("UTC", demo_home, query)) > 0


def test_the_first_query_of_the_readme_has_the_answer_that_stands_there(demo_home: Path) -> None:
    query, answer = [fence.text for fence in fences_of(ROOT / "README.md") if fence.language in {"sql", "text"}][:2]
    with duckdb.connect(str(demo_home / "paperlog.duckdb"), read_only=True) as plain:
        found = plain.execute(query)
        heads = [column[0] for column in found.description or ()]
        rows = [[str(value) for value in row] for row in found.fetchall()]
    assert [heads, *rows] == [re.split(r" {2,}", line) for line in answer.splitlines()]
