"""Killed at any moment, nothing is half loaded and a rerun heals."""

from __future__ import annotations

import random
import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.commands import started
from tests.support.environment import scrubbed
from tests.support.patience import patient
from warehouse import open_warehouse

PROGRAM = "tests.warehouse.load.killed_program"
KILLS = 10
AS_PUBLISHED = "select (select count(*) from papers) = (select row_counts['papers'] from ops.manifest)"


def start(home: Path) -> subprocess.Popen[str]:
    return started(scrubbed(), PROGRAM, home)


def finish(home: Path) -> str:
    with start(home) as process:
        out, err = process.communicate(timeout=patient(120))
    assert process.returncode == 0, err
    return out.split()[-1]


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_ten_kills_at_random_moments_leave_what_an_undisturbed_run_leaves(tmp_path: Path) -> None:
    chance = random.Random(20260302)
    killed = tmp_path / "killed"
    for _ in range(KILLS):
        with start(killed) as process:
            assert process.stdout is not None
            process.stdout.readline()
            try:
                process.wait(timeout=chance.uniform(0.0, 1.2))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        if (killed / "paperlog.duckdb").exists():
            with open_warehouse(str(killed)).reader() as reader:
                assert reader.named("integrity").rows == ()
                assert reader.query(AS_PUBLISHED).rows == ((True,),)
    assert finish(killed) == finish(tmp_path / "undisturbed")
    with open_warehouse(str(killed)).reader() as reader:
        assert reader.query("select count(*) from papers").rows == ((300,),)  # every reviewed paper is also listed
