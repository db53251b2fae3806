"""How often a host is asked: its next free moment, shared by threads and processes.

A host gets one request at a time, never sooner than allowed, and none while it wants none.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from extractors.errors import HostClosed
from extractors.http.moments import CLOSED_MAX, Closed, InFiles, InMemory, Moments

# No wait is longer: a file with a later moment was written by another program or by another clock.
WAIT_SECONDS_MAX = 900.0
TOLD_FROM_SECONDS = 5.0  # a shorter wait is the usual pace and not worth a line
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
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Moments are shared by all processes that name the same `folder`; without one, by the threads of this object.

        `clock` is monotonic and the same for every process of a machine: setting the time of day changes nothing. Only
        what a host asks for by itself goes by the time of day, `now`. Raises PaceError if the folder cannot be used.
        """
        self._seconds_between = seconds_between
        self._clock = clock
        self._sleep = sleep
        self._now = now
        self._moments: Moments = InFiles(folder) if folder else InMemory()

    def wait(self, host: str, url: str, seconds_between: float = 0.0) -> None:
        """Return when the host may be asked, and reserve that moment; a longer distance may be asked for.

        Raises HostClosed for `url` if the host wants no request for now, also if it says so during the wait.
        """
        self.require_open(host, url)
        now = self._clock()
        distance = max(self._seconds_between, seconds_between)
        free_at = self._moments.change(host, lambda moment: _bounded(moment, now) + distance)
        pause = _bounded(free_at, now) - now
        tell_wait(f"waiting for the next free moment of {host}", pause)
        if pause > 0:
            self._sleep(pause)
            self.require_open(host, url)

    def postpone(self, host: str, seconds: float) -> None:
        """Ask the host nothing for so many seconds from now."""
        tell_wait(f"{host} asked for a pause", seconds)
        now = self._clock()
        self._moments.change(host, lambda moment: max(now + seconds, _bounded(moment, now)))
        tell_wait(f"{host} asked for a pause", seconds)

    def close(self, host: str, seconds: float) -> None:
        """Ask the host nothing for so many seconds, at most seven days; later commands keep to it as well."""
        now = self._now()
        pause = min(seconds, CLOSED_MAX.total_seconds())
        self._moments.close(host, Closed(said_at=now, until=now + timedelta(seconds=pause)))

    def require_open(self, host: str, url: str) -> None:
        """HostClosed for `url` if the host wants no request for now."""
        closed = self._moments.closed(host)
        if closed is not None and closed.holds(self._now()):
            raise HostClosed(url, closed.said_at, closed.until, closed.file)


def tell_wait(what: str, seconds: float) -> None:
    """Log a wait that is long enough to be wondered at, and its end."""
    if seconds >= TOLD_FROM_SECONDS:
        _log.info("%s, until %s UTC", what, f"{datetime.now(UTC) + timedelta(seconds=seconds):%H:%M:%S}")


def _bounded(moment: float, now: float) -> float:
    return max(now, min(moment, now + WAIT_SECONDS_MAX))
