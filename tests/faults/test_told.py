"""What the surroundings do to a home is told as what it is: which file, which cause, and never as damage."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.demo.site import FRIDAY, MONDAY, serving, site
from tests.faults.library import Point, built, failing
from tests.support.commands import Command, Done, paperlog_in, rows_of
from tests.support.environment import environment_of

WEEK = ("ingest", "hf_daily", "--from", MONDAY, "--to", FRIDAY, "--no-prefect")
Disturbed = Callable[..., Done]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that fails calls."""
    found = built(tmp_path_factory.mktemp("library"))
    if found is None:
        pytest.skip("there is no C compiler `cc` here, with which the library that fails calls is built")
    return found


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose home has a week of lists."""
    folder = tmp_path_factory.mktemp("loaded")
    with serving(site()) as base:
        assert paperlog_in(environment_of(folder, base), *WEEK).code == 0
    return folder


@pytest.fixture
def environment(tmp_path: Path, loaded: Path) -> dict[str, str]:
    """The variables of a process with a copy of that home; its site is gone."""
    shutil.copytree(loaded / "home", tmp_path / "home")
    return environment_of(tmp_path, "http://127.0.0.1:9")


@pytest.fixture
def paperlog(environment: dict[str, str]) -> Command:
    """The command line, undisturbed."""
    return lambda *arguments: paperlog_in(environment, *arguments)


@pytest.fixture
def disturbed(environment: dict[str, str], library: Path, tmp_path: Path) -> Disturbed:
    """The command line with one kind of call failing on a path of the home, from its first time on."""

    def run(number: int, call: str, path: str, *arguments: object) -> Done:
        point = Point(stage="", role="command", call=call, path=path, nth=1)
        fault = failing(tmp_path / "home", tmp_path / "log", point, number, is_lasting=True)
        done = paperlog_in({**environment, **fault, "LD_PRELOAD": str(library)}, *arguments)
        assert (tmp_path / "log").read_text(encoding="utf-8").startswith("failed")
        assert "Traceback" not in done.err
        return done

    return run


def test_a_page_without_the_right_to_read_it_is_no_damaged_page_and_the_others_are_read(
    paperlog: Command, disturbed: Disturbed, tmp_path: Path
) -> None:
    page = min((tmp_path / "home" / "landing" / "pages").rglob("*.zst"))
    inside = str(page.relative_to(tmp_path / "home"))
    done = disturbed(errno.EACCES, "open", inside, "replay")
    assert done.code == 1
    assert f"{page.name}: cannot be read now: Permission denied" in done.err
    (row,) = rows_of(paperlog, "select status, cause from runs where reason like '%cannot be read now%'")
    assert row == {"status": "failed", "cause": None}
    assert page.name in paperlog("status", "--gaps").out + paperlog("audit").out
    assert paperlog("replay").code == 0


@pytest.mark.parametrize("call", ["open", "opendir"])
def test_readings_without_the_right_to_read_them_stop_a_replay(
    paperlog: Command, disturbed: Disturbed, tmp_path: Path, call: str
) -> None:
    path = "landing/readings/hf_daily" if call == "opendir" else "landing/readings/hf_daily/*.json"
    done = disturbed(errno.EACCES, call, path, "replay")
    assert done.code == 1
    assert "Permission denied" in done.err.splitlines()[0]
    assert "landing/readings/hf_daily" in done.err.splitlines()[0]
    assert "not a reading" not in done.err
    assert paperlog("replay").code == 0


def test_a_file_system_without_locks_is_named_with_the_lock(disturbed: Disturbed) -> None:
    done = disturbed(errno.ENOLCK, "lock", "writer.lock", "publish")
    assert done.code == 1
    assert "writer.lock" in done.err.splitlines()[0]
    assert "No locks available" in done.err.splitlines()[0]


@pytest.mark.parametrize("name", ["warehouse.duckdb", "paperlog.duckdb"])
def test_a_database_without_the_right_to_read_it_is_not_to_be_rebuilt(disturbed: Disturbed, name: str) -> None:
    done = disturbed(errno.EACCES, "open", name, "publish" if name == "warehouse.duckdb" else "status")
    assert done.code == 1
    assert name in done.err
    assert "Permission denied" in done.err
    assert "replay" not in done.err
    assert "damaged" not in done.err
