"""How often a host is asked: the time of its last request, shared by threads and processes.

A host gets one request at a time, never sooner than allowed after the last one, and none while it wants none.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from extractors.errors import HostClosed
from transforms.hosts import CLOSED_MAX, Moment, Moments

# No wait is longer: a later moment was written by another program or by another clock, or its clock was set back.
WAIT_SECONDS_MAX = 900.0
TOLD_FROM_SECONDS = 5.0  # a shorter wait is the usual pace and not worth a line
_log = logging.getLogger(__name__)


class Pace:
    """Lets each host be asked at its free moments; all that share the moments wait for one another."""

    def __init__(
        self, seconds_between: float, moments: Moments, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._seconds_between = seconds_between
        self._moments = moments
        self._sleep = sleep
        self._told: dict[str, float] = {}

    def wait(self, host: str, url: str, seconds_between: float = 0.0) -> None:
        """Return when the host may be asked, which counts as a request; a longer distance may be asked for.

        Nothing is reserved: who waits is not in the way of one with a shorter distance, not even if it is killed.
        Raises HostClosed for `url` if the host wants no request for now, also if it says so during the wait.
        """
        self.require_open(host, url)
        distance = max(self._seconds_between, seconds_between)
        free_at = -math.inf

        def ask(moment: Moment) -> tuple[float, float]:
            """Count a request if the host is free; the time, and when the host is free."""
            now = max(moment.now, free_at)  # until then was slept
            _bound(moment, now, distance)
            is_free_at = max(moment.asked_at + distance, moment.paused_until)
            if is_free_at <= now:
                moment.asked_at = now
            return now, is_free_at

        while True:
            now, free_at = self._moments.held(host, ask)
            if free_at <= now:
                return
            if free_at - self._told.get(host, 0.0) >= 1.0:  # kept moments are rounded
                tell_wait(f"waiting for the next free moment of {host}", free_at - now)
            self._sleep(free_at - now)
            self.require_open(host, url)

    def postpone(self, host: str, seconds: float, *, why: str = "") -> None:
        """Ask the host nothing for so many seconds from now; `why` is what it answered."""
        tell_wait(f"{host} {f'{why} and ' if why else ''}asked for a pause", seconds)

        def pause(moment: Moment) -> float:
            _bound(moment, moment.now)
            moment.paused_until = max(moment.now + seconds, moment.paused_until)
            return moment.paused_until

        self._told[host] = self._moments.held(host, pause)  # who waits for it has its line already

    def close(self, host: str, seconds: float) -> None:
        """Ask the host nothing for so many seconds, at most seven days; later commands keep to it as well."""
        self._moments.close(host, min(seconds, CLOSED_MAX.total_seconds()))

    def require_open(self, host: str, url: str) -> None:
        """HostClosed for `url` if the host wants no request for now."""
        if (closed := self._moments.closed(host)) is not None:
            raise HostClosed(url, closed.said_at, closed.until, closed.sooner)

    def disconnect(self) -> None:
        """Let go of what is held open to share the moments."""
        self._moments.disconnect()


def tell_wait(what: str, seconds: float) -> None:
    """Log a wait that is long enough to be wondered at, and its end."""
    if seconds >= TOLD_FROM_SECONDS:
        _log.info("%s, until %s UTC", what, f"{datetime.now(UTC) + timedelta(seconds=seconds):%H:%M:%S}")


def _bound(moment: Moment, now: float, distance: float = 0.0) -> None:
    """Kept with the moment: else each look at it would move the end of the wait further away."""
    moment.asked_at = min(moment.asked_at, now + WAIT_SECONDS_MAX - distance)
    moment.paused_until = min(moment.paused_until, now + WAIT_SECONDS_MAX)
