"""How often a host is asked: its next free moment, shared by threads and processes, and retries at the host's own pace.

A host gets one request at a time, never sooner than allowed.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import InvalidHeader
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from extractors.http.origin import origin_of

# No wait is longer: a file with a later moment was written by another program or by another clock.
WAIT_SECONDS_MAX = 900.0
RETRY_AFTER_SECONDS_MAX = 120  # a longer wait is left to the next run
TRANSIENT_STATUSES = frozenset({429, 500, 502, 503, 504})
TOLD_FROM_SECONDS = 5.0  # a shorter wait is the usual pace and not worth a line
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_REMAINING = re.compile(r";\s*r=(\d{1,9})\b")
_RESET = re.compile(r";\s*t=(\d{1,9})\b")
_log = logging.getLogger(__name__)


class Pace:
    """Gives each host its next free moment; all that share the moments wait in turn."""

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
        self._moments = _InFiles(folder) if folder else _InMemory()

    def wait(self, host: str, seconds_between: float = 0.0) -> None:
        """Return when the host may be asked, and reserve that moment; a longer distance may be asked for."""
        now = self._clock()
        distance = max(self._seconds_between, seconds_between)
        free_at = self._moments.change(host, lambda moment: _bounded(moment, now) + distance)
        pause = _bounded(free_at, now) - now
        _tell(f"waiting for the next free moment of {host}", pause)
        if pause > 0:
            self._sleep(pause)

    def postpone(self, host: str, seconds: float) -> None:
        """Ask the host nothing for so many seconds from now."""
        _tell(f"{host} asked for a pause", seconds)
        now = self._clock()
        self._moments.change(host, lambda moment: max(now + seconds, _bounded(moment, now)))


class PoliteRetry(Retry):
    """Waits as `RateLimit` or `Retry-After` ask (at most 120 s), else exponentially from the first retry on.

    A host's limit is for all requests: with a `pace`, others wait as long as this one, and a retry takes its turn.
    """

    pace: Pace | None = None
    host = ""

    def new(self, **changes: Any) -> Self:
        """The next state of these retries, with the same pace."""
        other = super().new(**changes)
        other.pace, other.host = self.pace, self.host
        return other

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """Close the answer first: urllib3 would read it to its end, however long that takes."""
        if response is not None:
            response.close()
        if _pool is not None:
            self.host = str(origin_of(f"{_pool.scheme}://{_pool.host}:{_pool.port or ''}"))
        return super().increment(method, url, response, error, _pool, _stacktrace)

    def sleep(self, response: BaseHTTPResponse | None = None) -> None:
        """Wait as long as the host asks, else exponentially; then for the host's next free moment."""
        if self.pace is None:
            super().sleep(response)
            return
        pause = self.get_retry_after(response) if response is not None else None
        if pause:
            self.pace.postpone(self.host, pause)
        else:
            pause = self.get_backoff_time()
            _tell(f"{self.host} failed: asked again later", pause)
            time.sleep(pause)
        self.pace.wait(self.host)

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Seconds to wait: the rate limit's, else Retry-After's, else None; a malformed header counts as none."""
        limited = seconds_until_reset(response.headers)
        if limited is not None:
            return limited
        try:
            return super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError, TypeError):
            return None  # urllib3 raises for a malformed header

    def get_backoff_time(self) -> float:
        """1, 2, 4 … times the factor; urllib3's own first retry would come at once."""
        return float(min(self.backoff_max, self.backoff_factor * 2 ** max(0, len(self.history) - 1)))


def polite_retry(retries: int, backoff_seconds: float, pace: Pace | None = None) -> PoliteRetry:
    """Retries of GET requests; after the last one the answer is returned, not raised."""
    retry = PoliteRetry(
        total=retries,
        redirect=0,  # followed by hand: each hop is checked
        allowed_methods=frozenset({"GET"}),
        status_forcelist=TRANSIENT_STATUSES,
        backoff_factor=backoff_seconds,
        backoff_max=60,
        raise_on_status=False,
        respect_retry_after_header=True,
        retry_after_max=RETRY_AFTER_SECONDS_MAX,
    )
    retry.pace = pace
    return retry


def seconds_until_reset(headers: Mapping[str, str]) -> float | None:
    """Seconds until a used-up `RateLimit: "api";r=0;t=12` opens again, plus one; None while requests remain."""
    limit = headers.get("RateLimit", "")
    remaining, reset = _REMAINING.search(limit), _RESET.search(limit)
    if remaining is None or reset is None or int(remaining[1]) > 0:
        return None
    return float(min(int(reset[1]) + 1, RETRY_AFTER_SECONDS_MAX))


def _tell(what: str, seconds: float) -> None:
    if seconds >= TOLD_FROM_SECONDS:
        _log.info("%s, until %s UTC", what, f"{datetime.now(UTC) + timedelta(seconds=seconds):%H:%M:%S}")


def _bounded(moment: float, now: float) -> float:
    return max(now, min(moment, now + WAIT_SECONDS_MAX))


class _InMemory:
    """Where each host's next free moment is kept: here, in a dictionary."""

    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def change(self, host: str, change: Callable[[float], float]) -> float:
        """Replace the host's free moment by `change(moment)` under a lock; returns the old one, 0 for none."""
        with self._lock:
            before = self._free_at.get(host, 0.0)
            self._free_at[host] = change(before)
            return before


class _InFiles:
    """The same in one small file per host, locked while it is changed; valid until the machine restarts."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid != os.getuid():
            raise PermissionError(f"{folder} belongs to another user: name another folder in PAPERLOG_PACE")
        self._folder = folder
        # The monotonic clock starts again at each boot: moments of an earlier one mean nothing.
        self._boot = _BOOT_ID.read_text(encoding="ascii").strip() if _BOOT_ID.exists() else "-"

    def change(self, host: str, change: Callable[[float], float]) -> float:
        """As `_InMemory.change`."""
        with self._locked(host) as descriptor:
            before = self._moment_in(os.pread(descriptor, 200, 0))
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

    def _moment_in(self, content: bytes) -> float:
        """The moment in the file; 0 if it is new, damaged, or from before the machine was started."""
        words = content.decode("ascii", "replace").split()
        try:
            return float(words[1]) if words and words[0] == self._boot else 0.0
        except (IndexError, ValueError):
            return 0.0
