"""An address of a warehouse that is none makes no folder, is told with the forms that there are, and is not printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import Done, paperlog_in
from tests.support.environment import scrubbed
from tests.support.places import ROOT

NONE = (
    "mysql:foo",
    "sqlite:x.db",
    "postgres:dbname=papers",
    "DuckLake:postgres:dbname=papers?data=/files",
    "lake:postgres:dbname=papers password=hush?data=/files",
    "dbname=papers password=hush",
    "postgresql://writer:hush@host/papers",
    "ducklake:postgres:dbname=papers password=hush?data=/files",
)


def run(folder: Path, *arguments: str, **changes: str) -> Done:
    """A command with a home that is not made yet."""
    return paperlog_in(scrubbed(PAPERLOG_HOME=str(folder / "home"), **changes), *arguments)


def is_folder_made(address: str) -> bool:
    """Whether one is where commands run, as if the address were its name."""
    return (ROOT / address.split("/", maxsplit=1)[0]).exists()


@pytest.mark.parametrize("address", NONE)
def test_as_a_setting(address: str, tmp_path: Path) -> None:
    for command in ("publish", "status"):
        done = run(tmp_path, command, PAPERLOG_WAREHOUSE=address)
        assert done.code == 2
        assert "PAPERLOG_WAREHOUSE: " in done.err
        assert "ducklake:postgres:dbname=NAME" in done.err
        assert "hush" not in done.err + done.out
    assert not is_folder_made(address)
    assert "hush" not in run(tmp_path, "config", PAPERLOG_WAREHOUSE=address).out


@pytest.mark.parametrize("address", NONE)
def test_as_the_target_of_a_move(address: str, tmp_path: Path) -> None:
    done = run(tmp_path, "move", "--to", address)
    assert (done.code, done.out) == (2, "")
    assert "ducklake:postgres:dbname=NAME" in done.err
    assert "hush" not in done.err
    assert not is_folder_made(address)


def test_another_home_than_the_settings_name_is_none(tmp_path: Path) -> None:
    for address in (f"{tmp_path}/other", f"duckdb://{tmp_path}/other"):
        done = run(tmp_path, "publish", PAPERLOG_WAREHOUSE=address)
        assert done.code == 2
        assert "PAPERLOG_HOME names another one" in done.err
    assert list(tmp_path.iterdir()) == []
