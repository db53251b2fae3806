"""Processes that work for this one: each takes bytes and gives bytes back, one piece of work after the other.

They are programs of their own, started by this Python, and not those of `multiprocessing`: its `spawn` imports the
main module again in each of them, under Prefect 3.8.8 for 1.2 CPU-seconds and 70 MB each, and `fork` would copy an open
database and locks that threads hold. Pipes are all that connects them, so none outlives this process, however it ends:
its input then ends too.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from queue import SimpleQueue
from threading import Lock, Thread, local
from types import TracebackType
from typing import IO, Self, cast

from flows.settings import inherited
from transforms.errors import PaperlogError

# After so many ends that nobody asked for, no other process is started: something is wrong with this machine.
ENDS_MAX = 3
_LENGTH_BYTES = 8

_log = logging.getLogger("paperlog.processes")


class WorkerEnded(PaperlogError):
    """A process ended before it answered, or could not do the work; whoever asked does it without."""


class Workers:
    """Up to so many processes, each started once there is work for it. A context manager: at its end they end."""

    def __init__(self, count: int, work: str) -> None:
        """`work` names the function that they call, as `package.module:function`: bytes in, bytes out."""
        self._work = work
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="paperlog-worker")
        self._own = local()
        self._lock = Lock()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._ends_count = 0
        self._is_closed = False

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all processes at once, whatever they are at: they only read."""
        with self._lock:
            self._is_closed = True
            for each in self._processes:
                each.kill()
        self._threads.shutdown(cancel_futures=True)
        for each in self._processes:
            _ended(each)

    @property
    def process_ids(self) -> tuple[int, ...]:
        """Of those that were started and did not end."""
        with self._lock:
            return tuple(sorted(each.pid for each in self._processes))

    def submit(self, request: bytes) -> Future[bytes]:
        """Have it done by the next process that is free. The future raises WorkerEnded if that one ends before."""
        return self._threads.submit(self._answer, request)

    def _answer(self, request: bytes) -> bytes:
        """In a thread, which has a process of its own."""
        process: subprocess.Popen[bytes] = getattr(self._own, "process", None) or self._started()
        try:
            _write(cast("IO[bytes]", process.stdin), request)
            answer = _read(cast("IO[bytes]", process.stdout))
        except OSError:  # it reads no more
            answer = None
        if answer is None:
            self._forget(process)
            raise WorkerEnded(f"process {process.pid} ended while it worked")
        if not answer:
            raise WorkerEnded(f"process {process.pid} could not do it")
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._is_closed or self._ends_count >= ENDS_MAX:
                raise WorkerEnded("no process is started any more")
            try:
                process = subprocess.Popen(  # noqa: S603 - our own program
                    [sys.executable, "-P", "-m", __name__, self._work],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    env=inherited(PYTHONPATH=os.pathsep.join(sys.path)),
                    process_group=0,  # Ctrl-C at a terminal is for the one that started it
                )
            except OSError as error:
                self._ends_count += 1
                raise WorkerEnded(f"no process can be started: {error.strerror}") from error
            self._processes.add(process)
        self._own.process = process
        return process

    def _forget(self, process: subprocess.Popen[bytes]) -> None:
        self._own.process = None
        with self._lock:
            if self._is_closed:
                return
            self._processes.discard(process)
            self._ends_count += 1
        process.kill()
        _log.warning("a process beside this one ended (%d): this one does its work", _ended(process))


def _ended(process: subprocess.Popen[bytes]) -> int:
    """Its exit code; the pipes are closed."""
    with suppress(BrokenPipeError), process:  # a request that it never read
        pass
    return process.wait()


def _write(stream: IO[bytes], content: bytes) -> None:
    stream.write(len(content).to_bytes(_LENGTH_BYTES) + content)
    stream.flush()


def _read(stream: IO[bytes]) -> bytes | None:
    """What the other side wrote; None if it ended."""
    head = stream.read(_LENGTH_BYTES)
    if len(head) < _LENGTH_BYTES:
        return None
    content = stream.read(int.from_bytes(head))
    return content if len(content) == int.from_bytes(head) else None


def work_named(name: str) -> Callable[[bytes], bytes]:
    """The function that is named as `package.module:function`."""
    module, _, function = name.partition(":")
    work: Callable[[bytes], bytes] = getattr(import_module(module), function)
    return work


def main(name: str) -> None:
    """In such a process: answer until the input ends. An answer without bytes says that the work could not be done."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what a library prints is no answer
    requests: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_receive, args=(sys.stdin.buffer, requests), daemon=True).start()
    work = work_named(name)
    while True:
        request = requests.get()
        try:
            answer = work(request)
        except Exception:  # noqa: BLE001 - whoever asked does the same, and meets the same error where it is told
            answer = b""
        _write(answers, answer)


def _receive(stream: IO[bytes], requests: SimpleQueue[bytes]) -> None:
    """At the end of the input the process ends at once: the one that started it is gone."""
    while (request := _read(stream)) is not None:
        requests.put(request)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
