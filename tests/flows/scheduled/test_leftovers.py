"""A flow run is dead once two looks in a row find no process of it; one that is starting, or works, is not."""

from __future__ import annotations

import os
import subprocess
import sys
from uuid import uuid4

from flows.scheduled.leftovers import Leftover, Watch


def run_named(identity: str) -> Leftover:
    return Leftover(id=identity, name="run", state_name="Pending", expected_start_time="2025-03-03T22:00:00Z")


def test_a_run_without_a_process_is_dead_at_the_second_look() -> None:
    watch, run = Watch(), run_named(str(uuid4()))
    assert watch.dead((run,)) == ()
    assert watch.dead((run,)) == (run,)


def test_a_run_that_a_process_works_on_is_never_dead() -> None:
    watch, run = Watch(), run_named(str(uuid4()))
    works = subprocess.Popen(
        [sys.executable, "-c", "input()"],
        stdin=subprocess.PIPE,
        env={**os.environ, "PREFECT__FLOW_RUN_ID": run.id},
    )
    try:
        assert [watch.dead((run,)) for _ in range(3)] == [(), (), ()]
    finally:
        works.kill()
        works.wait()
    assert watch.dead((run,)) == ()
    assert watch.dead((run,)) == (run,)


def test_a_run_that_ended_in_between_is_looked_at_anew() -> None:
    watch, run = Watch(), run_named(str(uuid4()))
    watch.dead((run,))
    watch.dead(())
    assert watch.dead((run,)) == ()
