"""How often a host is asked: the time of its last request, shared by threads and processes.

A host gets one request at a time, never sooner than allowed after the last one, and none while it wants none.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from extractors.errors import HostClosed
from extractors.http.moments import CLOSED_MAX, Closed, InFiles, InMemory, Moment, Moments

# No wait is longer: a file with a later moment was written by another program or by another clock.
WAIT_SECONDS_MAX = 900.0
TOLD_FROM_SECONDS = 5.0  # a shorter wait is the usual pace and not worth a line
_log = logging.getLogger(__name__)


class Pace:
    """Lets each host be asked at its free moments; all that share the moments wait for one another."""

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
        self._told: dict[str, float] = {}

    def wait(self, host: str, url: str, seconds_between: float = 0.0) -> None:
        """Return when the host may be asked, which counts as a request; a longer distance may be asked for.

        Nothing is reserved: who waits is not in the way of one with a shorter distance, not even if it is killed.
        Raises HostClosed for `url` if the host wants no request for now, also if it says so during the wait.
        """
        self.require_open(host, url)
        distance = max(self._seconds_between, seconds_between)
        free_at = 0.0
        while True:
            with self._moments.held(host) as moment:
                now = max(self._clock(), free_at)
                _bound(moment, now)
                free_at = max(moment.asked_at + distance, moment.closed_until)
                if free_at <= now:
                    moment.asked_at = now
                    return
            if free_at - self._told.get(host, 0.0) >= 1.0:  # files keep rounded moments
                tell_wait(f"waiting for the next free moment of {host}", free_at - now)
            self._sleep(free_at - now)
            self.require_open(host, url)

    def postpone(self, host: str, seconds: float, *, why: str = "") -> None:
        """Ask the host nothing for so many seconds from now; `why` is what it answered."""
        tell_wait(f"{host} {f'{why} and ' if why else ''}asked for a pause", seconds)
        with self._moments.held(host) as moment:
            now = self._clock()
            _bound(moment, now)
            moment.closed_until = max(now + seconds, moment.closed_until)
            self._told[host] = moment.closed_until  # who waits for it has its line already

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


def _bound(moment: Moment, now: float) -> None:
    """Kept with the moment: else each look at it would move the end of the wait further away."""
    moment.asked_at = min(moment.asked_at, now + WAIT_SECONDS_MAX)
    moment.closed_until = min(moment.closed_until, now + WAIT_SECONDS_MAX)
