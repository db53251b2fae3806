"""Processes beside this one: they answer, one that ends is one answer less, and none is left when this one ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest

from flows.parallel.processes import ENDS_MAX, WorkerEnded, Workers
from tests.support.environment import scrubbed
from tests.support.patience import patient, until

UPPER, END_OR_ECHO, SLEEP = (f"{__name__}:{name}" for name in ("upper", "end_or_echo", "sleep"))
STARTS_ONE = f"""
import time
from flows.parallel.processes import Workers
with Workers(1, "{SLEEP}") as workers:
    workers.submit(b"3600")
    while not workers.process_ids:
        time.sleep(0.01)
    print(workers.process_ids[0], flush=True)
    time.sleep(3600)
"""


def upper(request: bytes) -> bytes:
    """Work: what a library prints meanwhile is no answer."""
    print("printed by a library")  # noqa: T201
    if not request:
        raise ValueError("nothing to do")
    return request.upper()


def end_or_echo(request: bytes) -> bytes:
    """Work that ends its process if it is told so."""
    if request == b"end":
        os.kill(os.getpid(), signal.SIGKILL)
    return request


def sleep(request: bytes) -> bytes:
    """Work that takes so many seconds."""
    time.sleep(float(request))
    return request


def result(future: Future[bytes]) -> bytes:
    return future.result(patient(60))


def is_running(process_id: int) -> bool:
    """Whether a process is there that is no remains."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_each_request_has_its_answer() -> None:
    with Workers(2, UPPER) as workers:
        futures = [workers.submit(b"request %d" % number) for number in range(50)]
        assert [result(each) for each in futures] == [b"REQUEST %d" % number for number in range(50)]
        assert len(workers.process_ids) <= 2


def test_large_answers_come_whole() -> None:
    with Workers(1, UPPER) as workers:
        assert result(workers.submit(b"a" * 5_000_000)) == b"A" * 5_000_000


def test_an_error_is_told_and_the_process_goes_on() -> None:
    with Workers(1, UPPER) as workers:
        with pytest.raises(WorkerEnded, match="could not do it"):
            result(workers.submit(b""))
        before = workers.process_ids
        assert result(workers.submit(b"more")) == b"MORE"
        assert workers.process_ids == before


def test_a_process_that_ends_is_one_answer_less(caplog: pytest.LogCaptureFixture) -> None:
    with Workers(1, END_OR_ECHO) as workers:
        futures = [workers.submit(each) for each in (b"one", b"end", b"two")]
        assert result(futures[0]) == b"one"
        with pytest.raises(WorkerEnded):
            result(futures[1])
        assert result(futures[2]) == b"two"
    assert "ended (-9): this one does its work" in caplog.text


def test_one_that_was_killed_while_it_waited_is_noticed() -> None:
    with Workers(1, UPPER) as workers:
        assert result(workers.submit(b"one")) == b"ONE"
        os.kill(workers.process_ids[0], signal.SIGKILL)
        with pytest.raises(WorkerEnded):
            result(workers.submit(b"two"))
        assert result(workers.submit(b"three")) == b"THREE"


def test_where_all_end_none_is_started_any_more() -> None:
    with Workers(1, END_OR_ECHO) as workers:
        for _ in range(ENDS_MAX):
            with pytest.raises(WorkerEnded):
                result(workers.submit(b"end"))
        with pytest.raises(WorkerEnded, match="no process is started any more"):
            result(workers.submit(b"one"))


def test_work_that_cannot_be_found_is_told() -> None:
    with Workers(1, f"{__name__}:nothing") as workers, pytest.raises(WorkerEnded):
        result(workers.submit(b"one"))


def test_at_the_end_they_end_whatever_they_are_at() -> None:
    with Workers(2, SLEEP) as workers:
        waiting = [workers.submit(b"3600") for _ in range(5)]
        ids = until(lambda: workers.process_ids, 60, lambda found: len(found) == 2)
        assert all(map(is_running, ids))
    assert not any(map(is_running, ids))
    assert all(each.cancelled() or isinstance(each.exception(), WorkerEnded) for each in waiting)


@pytest.mark.parametrize(
    "end", [subprocess.Popen.kill, subprocess.Popen.terminate, lambda process: process.send_signal(signal.SIGINT)]
)
def test_none_outlives_the_process_that_started_it(end: Callable[[subprocess.Popen[str]], None]) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTS_ONE],
        env=scrubbed(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        assert is_running(worker)
        end(process)
        process.wait(patient(60))
    until(lambda: not is_running(worker), 60)
