"""Prefect is imported by whoever reports to it, and plots by the report: both take seconds.

Most tests of the command line fork a process that imported it (tests/support/ready.py): that must not show.
"""

from __future__ import annotations

import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.commands import paperlog_in, program
from tests.support.environment import scrubbed
from tests.support.ready import is_ready_for, run_ready
from tests.support.small import built

SCRIPT = """
import sys
sys.argv = ["paperlog", *sys.argv[1:]]
SLOW = {"prefect", "sqlalchemy", "fastapi", "matplotlib", "jinja2"}
from flows.__main__ import main
try:
    main()
finally:
    loaded = sorted(name for name in sys.modules if name.split(".")[0] in SLOW)
    print(f"loaded={loaded[:3]}", file=sys.stderr)
"""
SEARCHES = """
import sys
sys.argv = ["paperlog", *sys.argv[1:]]

class Counted:
    found = []
    def find_spec(self, name, path=None, target=None):
        self.found += [name] if name == "pandas" else []

sys.meta_path.insert(0, Counted())
from flows.__main__ import main
try:
    main()
finally:
    print(f"searches={len(Counted.found)}", file=sys.stderr)
"""


@pytest.mark.parametrize(
    "command",
    [
        ("--help",),
        ("ingest", "--help"),
        ("status",),
        ("audit",),
        ("sql", "select 1"),
        ("replay", "--no-prefect"),
        ("publish",),
    ],
)
def test_no_server_no_prefect_and_no_plots_without_need(command: tuple[str, ...], tmp_path: Path) -> None:
    done = program(scrubbed(PAPERLOG_HOME=str(tmp_path)), "python", "-c", SCRIPT, *command)
    assert done.err.splitlines()[-1] == "loaded=[]"


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("nosuch",), ("sql", "select 1 as one"), ("sql", "--json", "select 'é' as text"), ("status",)],
)
def test_a_fork_of_the_ready_process_says_what_a_start_says(arguments: tuple[str, ...], tmp_path: Path) -> None:
    environment = scrubbed(PAPERLOG_HOME=str(tmp_path))
    built(tmp_path)
    assert is_ready_for(environment)
    assert paperlog_in(environment, *arguments) == program(environment, "python", "-m", "flows", *arguments)


def test_a_fork_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        run_ready(scrubbed(PAPERLOG_HOME=str(tmp_path)), ["--help"], seconds=0)


def test_other_variables_than_ours_need_a_start(tmp_path: Path) -> None:
    assert not is_ready_for(scrubbed(PAPERLOG_HOME=str(tmp_path), LC_ALL="C"))


@pytest.mark.skipif(find_spec("pandas") is not None, reason="there is a pandas, which DuckDB imports once")
def test_a_pandas_that_is_not_there_is_looked_for_once(tmp_path: Path) -> None:
    built(tmp_path)
    done = program(scrubbed(PAPERLOG_HOME=str(tmp_path)), "python", "-c", SEARCHES, "publish")
    assert done.err.splitlines()[-1] == "searches=1"
