"""One request at a time to each host, never sooner than allowed: shared by threads, and through files by processes."""

from __future__ import annotations

import fcntl
import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# Whatever a file says, nobody waits longer for a turn: a moment beyond this was not written by us, or by another clock.
WAIT_SECONDS_MAX = 900.0


class Moments(Protocol):
    """Where each host's next free moment is kept."""

    def change(self, host: str, change: Callable[[float], float]) -> float:
        """Replace the host's free moment by `change(moment)`, nobody in between; returns the old one, 0 for none."""


class Pace:
    """Gives each host its next free moment; whoever shares the same moments waits for a moment of its own."""

    def __init__(
        self,
        seconds_between: float,
        *,
        folder: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Moments are shared by all processes that name the same `folder`; without one, by the threads of this object.

        The clock is monotonic and the same for every process of a machine: setting the time of day changes nothing.
        """
        self._seconds_between = seconds_between
        self._clock = clock
        self._sleep = sleep
        self._moments: Moments = _InFiles(folder) if folder else _InMemory()

    def wait(self, host: str, seconds_between: float = 0.0) -> None:
        """Return when the host may be asked, and reserve that moment; a longer distance may be asked for."""
        now = self._clock()
        distance = max(self._seconds_between, seconds_between)
        free_at = self._moments.change(host, lambda moment: _bounded(moment, now) + distance)
        pause = _bounded(free_at, now) - now
        if pause > 0:
            self._sleep(pause)

    def postpone(self, host: str, seconds: float) -> None:
        """Ask the host nothing for so many seconds from now."""
        now = self._clock()
        self._moments.change(host, lambda moment: max(now + seconds, _bounded(moment, now)))


def _bounded(moment: float, now: float) -> float:
    return max(now, min(moment, now + WAIT_SECONDS_MAX))


class _InMemory:
    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def change(self, host: str, change: Callable[[float], float]) -> float:
        with self._lock:
            before = self._free_at.get(host, 0.0)
            self._free_at[host] = change(before)
            return before


class _InFiles:
    """One small file a host, locked while it is changed; what it says counts until the machine is started anew."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid != os.getuid():
            raise PermissionError(f"{folder} belongs to somebody else: name another folder in PAPERLOG_PACE")
        self._folder = folder
        self._boot = _BOOT_ID.read_text(encoding="ascii").strip() if _BOOT_ID.exists() else "-"

    def change(self, host: str, change: Callable[[float], float]) -> float:
        with self._locked(host) as descriptor:
            before = self._said(os.pread(descriptor, 200, 0))
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{self._boot} {change(before):.6f} {host}\n".encode(), 0)
            return before

    @contextmanager
    def _locked(self, host: str) -> Iterator[int]:
        name = hashlib.sha256(host.encode()).hexdigest()[:16]
        descriptor = os.open(self._folder / name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def _said(self, content: bytes) -> float:
        """The moment in the file; 0 where it is new, damaged, or from before the machine was started."""
        words = content.decode("ascii", "replace").split()
        try:
            return float(words[1]) if words and words[0] == self._boot else 0.0
        except (IndexError, ValueError):
            return 0.0
