"""One request at a time to each host, and never sooner than it allows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """Gives each host its next free moment. Threads may share one; each waits for its own moment."""

    def __init__(
        self,
        seconds_between: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._seconds_between = seconds_between
        self._clock = clock
        self._sleep = sleep
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str, seconds_between: float = 0.0) -> None:
        """Return when the host may be asked, and reserve that moment; a longer distance may be asked for."""
        with self._lock:
            now = self._clock()
            moment = max(now, self._free_at.get(host, now))
            self._free_at[host] = moment + max(self._seconds_between, seconds_between)
        if moment > now:
            self._sleep(moment - now)

    def postpone(self, host: str, seconds: float) -> None:
        """Ask the host nothing for so many seconds from now."""
        with self._lock:
            self._free_at[host] = max(self._clock() + seconds, self._free_at.get(host, 0.0))
