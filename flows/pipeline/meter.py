"""How far a run is: done, expected, how fast, and how long it will still take."""

from __future__ import annotations

import time
from collections.abc import Callable


class Meter:
    """Counts what is expected, fetched and done. What is fetched is not loaded yet, but shows the speed already."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.expected = 0
        self._done_count = 0
        self._noted_count = 0
        self._since = clock()

    @property
    def steps(self) -> int:
        """How many are fetched or done, whichever is further."""
        return max(self._done_count, min(self._noted_count, self.expected))

    def expect(self, count: int) -> None:
        """Add to the number that is to come."""
        if not self.expected:
            self._since, self._noted_count = self.clock(), 0
        self.expected += count

    def note(self) -> None:
        """Count one more as fetched."""
        self._noted_count += 1

    def done(self) -> None:
        """Count one more as done; a page may hold several listings, so there may be more than expected."""
        self._done_count += 1
        self.expected = max(self.expected, self._done_count)

    def __str__(self) -> str:
        """Such as `12/30, 58/min, 0:18 left`."""
        counted, seconds = f"{self.steps}/{self.expected}", self.clock() - self._since
        left_count = self.expected - self.steps
        if not (self.steps and left_count and seconds > 0):
            return counted
        rate = self.steps / seconds
        return f"{counted}, {60 * rate:.0f}/min, {duration(left_count / rate)} left"


def duration(seconds: float) -> str:
    """A duration as a clock shows it: `0:18`, `1:05:00`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
