"""Programs that run beside this process and never outlive it: shown, restarted, stopped with all that they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Thread
from typing import IO

from flows.logs import LOG
from flows.settings import inherited

STOP_SECONDS = 15
PAUSE_SECONDS_MAX = 60.0
# One that ran so long had started well: the next pause is the shortest again.
STEADY_SECONDS = 120.0

# A child would live on after `kill -9` of its parent, and hold the port and the database. Linux can end it instead;
# asked for in a process between, because nothing may run between fork and exec where there are threads. SIGKILL: asked
# to end by SIGTERM, a worker of Prefect 3.8.8 whose server ends too waits for it for ever (2026-11).
_ENDS_WITH_PARENT = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
os.getppid() == int(sys.argv[1]) or os._exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


def started(command: list[str], variables: Mapping[str, str], output: IO[bytes] | int) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own, which ends with this process, however this one ends."""
    between = [sys.executable, "-I", "-S", "-c", _ENDS_WITH_PARENT, str(os.getpid())]
    return subprocess.Popen(  # noqa: S603 - our own commands
        [*between, *command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=inherited(**variables),
        start_new_session=True,  # one group to stop
    )


def stopped(process: subprocess.Popen[bytes], seconds: float = STOP_SECONDS) -> None:
    """Stop a program with everything that it started: asked first, forced after so many seconds."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(seconds)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


class Child:
    """A program that is kept running: its lines are logged under its name; one that ends is started again."""

    def __init__(self, name: str, command: list[str], variables: Mapping[str, str]) -> None:
        self.name = name
        self._command = command
        self._variables = variables
        self._log = LOG.getChild(name)
        self._process: subprocess.Popen[bytes] | None = None
        self._pause = 1.0
        self._started_at = self._start_again_at = 0.0

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The running program; None between its end and its next start."""
        return self._process

    def start(self) -> None:
        """Start it, and log what it prints from a thread."""
        self._process = started(self._command, self._variables, subprocess.PIPE)
        self._started_at = time.monotonic()
        self._log.info("started, process %d", self._process.pid)
        Thread(target=self._log_lines, args=(self._process,), daemon=True).start()

    def watch(self) -> None:
        """Start it again if it ended: after one second, and after twice as long each time, up to a minute."""
        if self._process is None:
            if time.monotonic() >= self._start_again_at:
                self.start()
            return
        code = self._process.poll()
        if code is None:
            return
        stopped(self._process)  # what it started may still be there
        now = time.monotonic()
        self._pause = 1.0 if now - self._started_at > STEADY_SECONDS else self._pause
        self._log.error("ended with exit code %d; it is started again in %.0f s", code, self._pause)
        self._process, self._start_again_at = None, now + self._pause
        self._pause = min(2 * self._pause, PAUSE_SECONDS_MAX)

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Stop it with everything that it started."""
        if self._process is not None:
            stopped(self._process, seconds)
            self._log.info("stopped")
            self._process = None

    def _log_lines(self, process: subprocess.Popen[bytes]) -> None:
        if process.stdout is not None:
            for line in process.stdout:
                text = line.decode("utf-8", "replace").rstrip()
                if text:
                    self._log.info("%s", text, extra={"is_verbatim": True})


def program_beside(name: str) -> str:
    """The path of a program of this Python's environment."""
    return str(Path(sys.executable).with_name(name))
