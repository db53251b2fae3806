"""Prefect is imported by whoever reports to it, and plots by the report: both take seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import program
from tests.support.environment import scrubbed

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
