"""A writer loses the lock's connection, and with it the lock: it or the next one commits, never both."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest

from tests.support.lakes import COMMIT, INDEX, Lake, day, digest_of, ended
from tests.support.patience import until

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]

LOST = "SurroundingsError: the lake: the writer's lock was lost with its connection"


def require_healed(lake: Lake, home: Path, digest: str) -> None:
    """A rerun ends well, every reading is loaded once, and the facts are those of an undisturbed home."""
    rerun = lake.load(home, 0, 1)
    assert rerun.code == 0, rerun.err
    assert digest_of(lake.opened(home)) == digest
    with lake.plain(read_only=True) as connection:
        twice = "select count(*) - count(distinct load_order) from lake.ops.runs"
        assert connection.execute(twice).fetchall() == [(0,)]


def test_a_writer_whose_lock_was_cut_loads_nothing(lake: Lake, home: Path, two_days: str) -> None:
    assert lake.load(home, 0).code == 0
    writer = lake.writer(home, 1)
    with lake.held_up(INDEX, writer):
        assert re.match(rf"day( {day(1)})?, process {writer.pid} ", lake.cut())  # PostgreSQL takes no longer name
    done = ended(writer)
    assert (done.code, done.out.split()) == (1, ["start", "load"])
    assert done.err.startswith(LOST)
    assert lake.days_loaded() == [day(0)] * 2
    require_healed(lake, home, two_days)


def test_of_two_writers_at_their_commits_one_is_refused(lake: Lake, home: Path, other: Path, two_days: str) -> None:
    assert lake.load(home, 0).code == 0
    first = lake.writer(home, 1)
    with lake.held_up(COMMIT, first):
        lake.cut()
        second = lake.writer(other, 1)
        until(lambda: second.poll() is not None or lake.waiting(COMMIT) == 2, 60)
        assert [name.split(", ")[1].split(" on ")[0] for _, name in lake.holders()] == [f"process {second.pid}"]
    ends = {"first": ended(first), "second": ended(second)}
    # Who committed could not publish without the lock; the other was refused at its commit.
    loaded = [name for name, each in ends.items() if "publish" in each.out]
    assert len(loaded) == 1, ends
    refused = ends["first" if loaded == ["second"] else "second"]
    assert (refused.code, refused.out.split()) == (1, ["start", "load"])
    assert refused.err.splitlines()[-1] == (
        "WarehouseBusyError: the lake: another process wrote to it at the same time; nothing was loaded"
    )
    assert lake.days_loaded() == [day(0)] * 2 + [day(1)] * 2
    require_healed(lake, home, two_days)


def test_a_writer_that_slept_through_the_load_of_another_is_refused(
    lake: Lake, home: Path, other: Path, two_days: str
) -> None:
    assert lake.load(home, 0).code == 0
    slept = lake.writer(home, 1)
    with lake.held_up(COMMIT, slept):
        slept.send_signal(signal.SIGSTOP)
        lake.cut()
        assert lake.end_waiting(COMMIT) == 1
    awake = lake.load(other, 1)
    assert awake.code == 0, awake.err
    slept.send_signal(signal.SIGCONT)
    done = ended(slept)
    assert (done.code, done.out.split()) == (1, ["start", "load"])
    assert done.err.startswith("SurroundingsError: the lake: the connection to its catalog was lost: "), done.err
    assert "it may be committed: the same command again completes it" in done.err
    assert len(done.err.splitlines()) == 1
    assert lake.days_loaded() == [day(0)] * 2 + [day(1)] * 2
    require_healed(lake, home, two_days)
