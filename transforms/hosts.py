"""What is known of hosts that are asked: when each was asked last, and until when it wants no request."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from transforms.errors import PaperlogError

# No host closes itself for longer: whoever says so has sent a wrong number.
CLOSED_MAX = timedelta(days=7)
# A clock that was set back by more shows that the kept times mean nothing now.
CLOCK_DIFFERENCE_MAX = timedelta(minutes=5)

Found = TypeVar("Found")


class PaceError(PaperlogError):
    """The rate cannot be shared, so nothing is asked; the message names what is in the way and what to do."""


@dataclass(slots=True, kw_only=True)
class Moment:
    """A host, in seconds of one clock: the time `now`, its last request, and until when a pause holds for everybody."""

    now: float
    asked_at: float = -math.inf
    paused_until: float = -math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A host that asked to be left alone; `sooner` is what a person does who knows better."""

    said_at: datetime
    until: datetime
    sooner: str | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it still wants no request; never for longer than CLOSED_MAX, whatever the clock says."""
        return self.said_at - CLOCK_DIFFERENCE_MAX <= now < min(self.until, self.said_at + CLOSED_MAX)


class Moments(Protocol):
    """What a pace needs to know of each host. All times are by clocks that whoever shares the moments has in common."""

    def held(self, host: str, use: Callable[[Moment], Found]) -> Found:
        """What `use` finds in the host's moment, which nobody else has meanwhile; what it changes in it is kept.

        It is called again if what it changed could not be kept.
        """

    def close(self, host: str, seconds: float) -> None:
        """Remember that the host wants no request for so many seconds from now."""

    def closed(self, host: str) -> Closed | None:
        """What the host asked for, if that holds now."""

    def disconnect(self) -> None:
        """Let go of what is held open for this; it is opened again where it is needed."""


def closed_between(said_at: float, until: float, sooner: str) -> Closed | None:
    """The closing that was kept as seconds since 1970; None if they are no times."""
    try:
        start, end = (datetime.fromtimestamp(seconds, UTC) for seconds in (said_at, until))
    except (ValueError, OverflowError, OSError):
        return None
    return Closed(said_at=start, until=end, sooner=sooner)
