"""The library that fails one call of a program: built with the system's compiler, told by variables, heard by a log."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("faults.c")
# What differs from run to run in the name of a file: instants, a temporary file's letters, a process's number.
_VARYING = re.compile(r"\d{8}T\d{6}[_\d]*Z|(?<=\.)[a-z0-9_]{8}(?=\.tmp$)|(?<=\.)\d+(?=\.new$)")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Point:
    """One call of one command: the `nth` of its kind on paths that match `path`; `role` is command or child."""

    stage: str
    role: str
    call: str
    path: str
    nth: int

    @property
    def line(self) -> str:
        """The point in one line."""
        who = " by a child" if self.role == "child" else ""
        return f"{self.stage}: {self.call} no. {self.nth} on {self.path}{who}"


def built(folder: Path) -> Path | None:
    """The library made anew in `folder`; None where the system has no C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    library = folder / "faults.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True, timeout=60)
    return library


def counting(home: Path, log: Path) -> dict[str, str]:
    """Variables for a program whose calls are written down."""
    return {"FAULTS_HOME": str(home), "FAULTS_LOG": str(log)}


def failing(home: Path, log: Path, point: Point, number: int, *, is_lasting: bool = False) -> dict[str, str]:
    """Variables for a program of which one call fails with the error `number`; if lasting, all later ones as well."""
    chosen = {"FAULTS_ROLE": point.role, "FAULTS_CALL": point.call, "FAULTS_PATH": point.path}
    numbers = {"FAULTS_NTH": str(point.nth), "FAULTS_ERRNO": str(number)}
    lasting = {"FAULTS_LASTING": "1"} if is_lasting else {}
    return {**counting(home, log), **chosen, **numbers, **lasting}


def points_of(stage: str, log: Path) -> list[Point]:
    """Every call in the log of a counted run, in the order in which they came."""
    seen: Counter[tuple[str, str, str]] = Counter()
    points = []
    for line in log.read_text(encoding="utf-8").splitlines():
        role, call, path = line.split("\t")
        key = role, call, pattern_of(path)
        seen[key] += 1
        points.append(Point(stage=stage, role=role, call=call, path=key[2], nth=seen[key]))
    return points


def pattern_of(path: str) -> str:
    """A pattern that stands for the same file in every run."""
    return _VARYING.sub("*", path.translate({ord(each): f"[{each}]" for each in "*?["}))


def has_failed(log: Path) -> bool:
    """Whether the call that was to fail came."""
    return log.exists() and log.read_text(encoding="utf-8").startswith("failed\t")
