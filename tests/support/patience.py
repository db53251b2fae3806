"""Time-outs that tell a slow machine from a hang: every limit is multiplied by how slow this machine is now.

    factor = slowness x crowding, from 1 to LARGEST

Slowness is the CPU time of a fixed piece of work by what it took where the limits were chosen. Crowding is how many
processes want each core: the wall time of that work by its CPU time, or the load average by the number of cores,
whichever is more. The work is timed once a session; the load average is read again at each limit, because others may
start their work later than we did.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

REFERENCE_CPU_SECONDS = 0.22
LARGEST = 12.0
SUMS, STARTS = 5_000_000, 5
LOOK_EVERY_SECONDS = 0.05

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Machine:
    """How the fixed work went: its CPU time by the reference, and its wall time by its CPU time."""

    slowness: float
    crowding: float


class TookTooLong(AssertionError):
    """What a test waited for did not come."""


_known: list[Machine] = []


def machine() -> Machine:
    """This machine as it was at the session's start."""
    if not _known:
        _known.append(_timed())
    return _known[0]


def know(found: Machine) -> None:
    """Take over what another process of this session found out."""
    _known[:] = [found]


def factor() -> float:
    """How many times longer than on a quiet machine of today something may take now."""
    crowding = max(machine().crowding, os.getloadavg()[0] / (os.cpu_count() or 1))
    return min(LARGEST, max(1.0, machine().slowness * crowding))


def patient(seconds: float) -> float:
    """A limit that was chosen on a quiet machine, for this one."""
    return seconds * factor()


def until(look: Callable[[], Seen], seconds: float, is_enough: Callable[[Seen], object] = bool) -> Seen:
    """Look again and again until it is enough; TookTooLong after so many patient seconds, with what was seen last."""
    began = time.monotonic()
    while not is_enough(seen := look()):
        if time.monotonic() - began > patient(seconds):
            raise TookTooLong(f"not enough after {patient(seconds):.0f} s: {seen!r}")
        time.sleep(LOOK_EVERY_SECONDS)
    return seen


def is_time_out(error: BaseException) -> bool:
    """Whether a test failed because something took too long."""
    return isinstance(error, TookTooLong | subprocess.TimeoutExpired) or "from pytest-timeout" in str(error)


def advice(test: str) -> str:
    """What to do about a time-out of that test."""
    return (
        f"It took too long. The load average is {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, limits are "
        f"multiplied by {factor():.1f}: load may be the cause. Alone: .venv/bin/python -m pytest '{test}'"
    )


def _timed() -> Machine:
    """Time the fixed work: sums in this process, and processes that start and end."""
    wall, cpu = time.perf_counter(), _cpu_seconds()
    sum(number * number for number in range(SUMS))
    for _ in range(STARTS):
        subprocess.run([sys.executable, "-I", "-c", "pass"], check=True)
    wall, cpu = time.perf_counter() - wall, _cpu_seconds() - cpu
    return Machine(slowness=cpu / REFERENCE_CPU_SECONDS, crowding=wall / cpu)


def _cpu_seconds() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)
