"""`export` in each of its forms: what is asked for, and the digest as its last word."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.__main__ import cli
from tests.support.commands import paperlog_in
from tests.support.environment import scrubbed
from tests.support.small import built

Export = Callable[..., Result]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("small")
    built(home)
    return home


@pytest.fixture
def export(home: Path) -> Export:
    def exported(*arguments: object) -> Result:
        return CliRunner().invoke(cli, ["export", *map(str, arguments)], env={"PAPERLOG_HOME": str(home)})

    return exported


def test_every_form_says_the_same_digest_last(export: Export, tmp_path: Path) -> None:
    forms = ((tmp_path / "plain",), (tmp_path / "months", "--partitioned"), ("--sqlite", tmp_path / "one.sqlite"))
    said = [export(*form) for form in forms]
    assert [each.exit_code for each in said] == [0, 0, 0]
    assert len({each.stdout.split()[-1] for each in said}) == 1
    assert len(said[0].stdout.split()[-1]) == 64
    assert said[2].stdout.startswith(f"{tmp_path / 'one.sqlite'}: 11 tables, ")


def test_a_program_gets_the_rows_of_each_table(export: Export, tmp_path: Path) -> None:
    said = json.loads(export("--sqlite", tmp_path / "one.sqlite", "--json").stdout)
    assert said["row_counts"]["papers"] == 6
    assert said["file"] == str(tmp_path / "one.sqlite")


@pytest.mark.parametrize(
    "arguments", [(), ("a", "--sqlite", "b"), ("--partitioned", "--sqlite", "b"), ("--partitioned",)]
)
def test_what_is_to_be_written_must_be_said_once(export: Export, arguments: tuple[str, ...]) -> None:
    said = export(*arguments)
    assert said.exit_code == 2
    assert "give DIRECTORY, with --partitioned or without, or --sqlite FILE" in said.output


def test_the_snapshot_is_not_taken_for_an_earlier_export(export: Export, home: Path) -> None:
    before = (home / "paperlog.duckdb").read_bytes()
    said = export("--sqlite", home / "paperlog.duckdb")
    assert said.exit_code == 1
    assert "no earlier export" in str(said.exception)
    assert (home / "paperlog.duckdb").read_bytes() == before


def test_one_that_fails_leaves_what_was_there(export: Export, home: Path, tmp_path: Path) -> None:
    full = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (1000, 1000))
    arguments = (scrubbed(PAPERLOG_HOME=str(home)), "export", tmp_path / "facts")
    failed = paperlog_in(*arguments, before=full)
    assert failed.code == 1
    assert len(failed.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []

    assert export(tmp_path / "facts").exit_code == 0
    (tmp_path / "facts" / "notes.txt").write_text("mine", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in (tmp_path / "facts").iterdir()}
    assert paperlog_in(*arguments, before=full).code == 1
    assert {path.name: path.read_bytes() for path in (tmp_path / "facts").iterdir()} == before
    assert export(tmp_path / "facts").exit_code == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "facts").iterdir()} == before
