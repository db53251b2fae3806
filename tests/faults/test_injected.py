"""A sample of `make faults`: one call fails, and the command ends clearly, loses nothing, and heals when run again."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.demo.site import serving, site
from tests.faults.judge import judged
from tests.faults.library import Point, built
from tests.faults.stages import Program, Stage, prepared

EIO, ENOSPC, EACCES = errno.EIO, errno.ENOSPC, errno.EACCES
# Error, command, call, start of the path, and which of the points that these leave: -1 is the last.
SAMPLE = [
    (EIO, "first", "write", ".warehouse.duckdb.new", 0),
    (ENOSPC, "ingest", "write", "landing/pages", 1),
    (EIO, "ingest", "sync", "landing/readings", 0),
    (EIO, "ingest", "lock", "writer.lock", 0),
    (EIO, "ingest", "send", "socket", 1),
    (EACCES, "adopt", "rename", "landing/readings", 0),
    (ENOSPC, "adopt", "write", "resolver.sqlite-wal", 3),
    (EIO, "adopt", "write", "warehouse.duckdb.wal", 3),
    (EIO, "publish", "write", ".publishing/paperlog.duckdb", -1),
    (ENOSPC, "publish", "write", ".publishing/warehouse.duckdb", 0),
    (EIO, "publish", "rename", "manifest.json", 0),
    (ENOSPC, "publish", "link", "snapshots", 0),
    (EIO, "publish", "unlink", "snapshots", 1),
    (EACCES, "replay", "open", "landing/pages", 0),
    (EACCES, "status", "open", "paperlog.duckdb", 0),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Everything that is the same for all points."""

    folder: Path
    base: str
    program: Program
    stages: dict[str, Stage]
    points: list[Point]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("faults")
    library = built(folder)
    if library is None:
        pytest.skip("there is no C compiler `cc` here, with which the library that fails calls is built")
    with serving(site()) as base, Program(library) as program:
        stages, points = prepared(folder, base, program)
        yield Ground(
            folder=folder, base=base, program=program, stages={each.name: each for each in stages}, points=points
        )


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize(("number", "stage", "call", "start", "place"), SAMPLE)
def test_one_call_fails_and_nothing_is_lost(
    ground: Ground, number: int, stage: str, call: str, start: str, place: int
) -> None:
    points = [
        each for each in ground.points if (each.stage, each.call) == (stage, call) and each.path.startswith(start)
    ]
    point = points[place]
    verdict = judged(ground.stages[stage], point, number, ground.program, ground.folder, ground.base)
    assert verdict.is_met, point.line
    assert (verdict.unclear, verdict.broken) == ((), ()), f"{point.line}: {verdict.said}"
