"""The commands that are disturbed, each with the home that it finds, and the line of commands that heals it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Self
from unittest import mock

import msgspec

from flows.__main__ import main
from flows.demo.site import FRIDAY, MONDAY, site
from tests.faults.library import Point, counting, points_of
from tests.support.environment import scrubbed
from tests.support.places import ROOT

SECONDS_MAX = 60
REVIEW = "review__fetched_20250310T120000Z.txt"
_MONDAY = ("ingest", "hf_daily", "--date", str(MONDAY))
_WEEK = ("ingest", "hf_daily", "--from", str(MONDAY), "--to", str(FRIDAY), "--no-publish")
_REVIEW = ("adopt", "weekly_review", REVIEW, "--no-publish")
_PUBLISH = ("publish",)
# Each stage finds the home as the stages before it left it.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "first": _MONDAY,
    "ingest": _WEEK,
    "adopt": _REVIEW,
    "publish": _PUBLISH,
    "replay": ("replay",),
    "report": ("report",),
    "status": ("status",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One command, the home that it finds, and the rows of each exported table after it and a publish."""

    name: str
    home: Path
    row_counts: Mapping[str, int]

    @property
    def command(self) -> tuple[str, ...]:
        """The command line's arguments."""
        return COMMANDS[self.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a command ended; `code` is None where it had to be stopped."""

    code: int | None
    said: str


def environment_of(home: Path, base: str) -> dict[str, str]:
    """Nothing but the home and the site is set; one request at a time, so that their order is always the same."""
    return scrubbed(
        PAPERLOG_HOME=str(home),
        PAPERLOG_PACE=str(home / "pace"),
        PAPERLOG_HF_DAILY_URL=base,
        PAPERLOG_REQUESTS_PER_SECOND="100",
        PAPERLOG_FETCHES_AT_ONCE="1",
        PAPERLOG_KEEP_SNAPSHOTS="2",
        PAPERLOG_LOCK_SECONDS="20",
    )


def prepared(folder: Path, base: str, program: Program) -> tuple[list[Stage], list[Point]]:
    """Every stage, and every point of it, found by one undisturbed run."""
    stages, points = [], []
    home = folder / "home"
    (folder / REVIEW).write_bytes(site()[f"/weekly/{MONDAY}.txt"].body)
    home.mkdir()
    for name, command in COMMANDS.items():
        shutil.copytree(home, folder / name)
        log = folder / f"{name}.log"
        variables = {**environment_of(home, base), **counting(home, log)}
        done = program.run(command, variables, folder, folder / f"{name}.err")
        if done.code != 0:
            raise RuntimeError(f"{name}, undisturbed, ended with {done.code}: {done.said}")
        points += points_of(name, log)
        stages.append(Stage(name=name, home=folder / name, row_counts=_published_counts(home, folder, base)))
    return stages, points


def _published_counts(home: Path, folder: Path, base: str) -> Mapping[str, int]:
    """Of a copy, so that the next stage finds what was not published yet."""
    copy = folder / "counted"
    shutil.copytree(home, copy)
    called(_PUBLISH, environment_of(copy, base), folder)
    counts = counts_of(copy)
    shutil.rmtree(copy)
    return counts


def counts_of(home: Path) -> Mapping[str, int]:
    """Rows by table as manifest.json says; how many metrics depends on how often one reads."""
    counts = msgspec.json.decode((home / "manifest.json").read_bytes())["row_counts"]
    return {table: count for table, count in counts.items() if table != "metrics"}


class Program:
    """Processes of the command line under the library, one after another; see program.py. A context manager."""

    def __init__(self, library: Path) -> None:
        """Imports everything, which takes a second or two."""
        self._library = str(library)
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.program"],
            cwd=ROOT,
            env={**os.environ, "LD_PRELOAD": self._library, "SLURM_CPUS_ON_NODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._server.communicate()

    def run(self, command: tuple[str, ...], environment: Mapping[str, str], folder: Path, said: Path) -> Done:
        """Run the command line in a process of its own; what it says on standard error goes into the file `said`."""
        variables = {**environment, "LD_PRELOAD": self._library}
        order = {"arguments": command, "environment": variables, "folder": str(folder), "said": str(said)}
        if self._server.stdin is None or self._server.stdout is None:
            raise RuntimeError("the program was started without pipes")
        self._server.stdin.write(json.dumps(order) + "\n")
        self._server.stdin.flush()
        stop = Timer(SECONDS_MAX, os.killpg, (int(self._server.stdout.readline()), signal.SIGKILL))
        stop.start()
        code = int(self._server.stdout.readline())
        stop.cancel()
        return Done(said=said.read_text(encoding="utf-8"), code=None if code == -signal.SIGKILL else code)


def called(command: tuple[str, ...], environment: Mapping[str, str], folder: Path) -> Done:
    """Run the command line in this process, which has everything imported already, with one thread of DuckDB's."""
    said = io.StringIO()
    with _as_if_alone({**environment, "SLURM_CPUS_ON_NODE": "1"}, folder, command), contextlib.redirect_stderr(said):
        try:
            main()
        except SystemExit as ended:
            return Done(code=int(ended.code or 0), said=said.getvalue())
    return Done(code=0, said=said.getvalue())


@contextlib.contextmanager
def _as_if_alone(environment: Mapping[str, str], folder: Path, command: tuple[str, ...]) -> Iterator[None]:
    with (
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch.object(sys, "argv", ["paperlog", *command]),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.chdir(folder),
    ):
        yield
