"""Killed at any moment, a writer leaves a lake that readers read and a rerun completes."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.services.kills import kills
from tests.support.lakes import COMMIT, Lake, day, digest_of, ended

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]

KILLS = 6


def test_six_kills_at_random_moments_leave_what_an_undisturbed_run_leaves(s3_lake: Lake, tmp_path: Path) -> None:
    toll = kills(s3_lake, KILLS, tmp_path)
    assert toll.broken == []
    assert toll.stages.total() == KILLS
    assert toll.read.opens > 0


@pytest.mark.parametrize("where", ["folder", "s3"])
def test_files_of_a_killed_writer_are_found_and_can_be_deleted(
    where: str, request: pytest.FixtureRequest, home: Path, two_days: str
) -> None:
    lake: Lake = request.getfixturevalue("lake" if where == "folder" else "s3_lake")
    assert lake.load(home, 0).code == 0
    assert lake.orphans() == []
    writer = lake.writer(home, 1)
    with lake.held_up(COMMIT, writer):
        writer.send_signal(signal.SIGKILL)
        assert ended(writer).code == -signal.SIGKILL
    assert lake.days_loaded() == [day(0)] * 2
    left = lake.orphans()
    assert left
    assert all(path.startswith(lake.data) and path.endswith(".parquet") for path in left)

    rerun = lake.load(home, 1)
    assert rerun.code == 0, rerun.err
    assert lake.orphans() == left
    with lake.plain() as connection:
        connection.execute("from ducklake_delete_orphaned_files('lake', cleanup_all => true)")
    assert lake.orphans() == []
    assert digest_of(lake.opened(home)) == two_days
