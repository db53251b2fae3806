"""The project's command line, and other programs of its environment, in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.patience import patient
from tests.support.places import ROOT
from tests.support.ready import is_ready_for, run_ready


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Done]
"""The command line with some environment: its arguments in, how it ended out."""


def paperlog_in(
    environment: Mapping[str, str], *arguments: object, seconds: float = 90, before: Callable[[], None] | None = None
) -> Done:
    """Run the command line and wait for its end; `before` is called in its process first."""
    if before is None and is_ready_for(environment):
        return Done(*run_ready(environment, [str(each) for each in arguments], patient(seconds)))
    return program(environment, "python", "-m", "flows", *arguments, seconds=seconds, before=before)


def program(
    environment: Mapping[str, str],
    name: str,
    *arguments: object,
    cwd: Path = ROOT,
    seconds: float = 90,
    before: Callable[[], None] | None = None,
) -> Done:
    """Run a program of this Python's environment, and wait for its end."""
    done = subprocess.run(
        [path_of(name), *map(str, arguments)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=patient(seconds),
        check=False,
        preexec_fn=before,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def path_of(name: str) -> str:
    """The path of a program of this Python's environment."""
    return sys.executable if name == "python" else str(Path(sys.executable).with_name(name))


def started(environment: Mapping[str, str], module: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a module as a program, in a process group of its own, and do not wait."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def rows_of(command: Command, query: str) -> list[dict[str, object]]:
    """The answer of `paperlog sql`, a row as a dictionary."""
    done = command("sql", "--json", query)
    assert done.code == 0, done.err
    rows: list[dict[str, object]] = json.loads(done.out)
    return rows


def digest_of(command: Command, folder: Path) -> str:
    """The digest of `paperlog export`."""
    done = command("export", folder)
    assert done.code == 0, done.err
    return done.out.split()[-1]
