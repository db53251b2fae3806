"""When a host is asked again: what its answer says about it, and our own patience where it says nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from extractors.errors import TransientFetchError
from extractors.http.connection import TookTooLong
from transforms.records import Cause

TRANSIENT_STATUSES = frozenset({429, 500, 502, 503, 504})
# A longer wait is not waited for: the host is left alone until then, by later commands too.
WAITED_SECONDS_MAX = 300.0
BACKOFF_SECONDS_MAX = 60.0
CUT_BODIES_MAX = 2
_REMAINING = re.compile(r";\s*r=(\d{1,9})\b")
_RESET = re.compile(r";\s*t=(\d{1,9})\b")
_SECONDS = re.compile(r"\s*(\d+)\s*", re.ASCII)
# A number of more digits is more seconds than anybody waits.
_DIGITS_MAX = 12


@dataclass(slots=True)
class Patience:
    """How often one address is asked again, and after how many seconds: 1, 2, 4 … times the first pause."""

    retries: int
    pause: float
    cuts: int = CUT_BODIES_MAX

    def after(self, error: TransientFetchError) -> float | None:
        """Seconds until the next attempt; None if there is to be none. A body that was cut off is asked for at once."""
        if isinstance(error, TookTooLong):
            return None
        if error.cause is Cause.CUT_OFF:
            self.cuts -= 1
            return 0.0 if self.cuts >= 0 else None
        return self.next()

    def next(self) -> float | None:
        """The same where only the number of attempts matters."""
        self.retries -= 1
        if self.retries < 0:
            return None
        now, self.pause = self.pause, min(2 * self.pause, BACKOFF_SECONDS_MAX)
        return min(now, BACKOFF_SECONDS_MAX)


def seconds_to_wait(status: int, headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until the host wants to be asked again: by its rate limit, else by Retry-After; None if it says nothing.

    `Retry-After` counts with a transient status only. A malformed header says nothing.
    """
    limited = seconds_until_reset(headers)
    if limited is not None or status not in TRANSIENT_STATUSES:
        return limited
    return _retry_after(headers, now) or None


def seconds_until_reset(headers: Mapping[str, str]) -> float | None:
    """Seconds until a used-up `RateLimit: "api";r=0;t=12` opens again, plus one; None while requests remain."""
    limit = headers.get("RateLimit", "")
    remaining, reset = _REMAINING.search(limit), _RESET.search(limit)
    if remaining is None or reset is None or int(remaining[1]) > 0:
        return None
    return float(int(reset[1]) + 1)


def _retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    text = headers.get("Retry-After", "")
    if seconds := _SECONDS.fullmatch(text):
        return float(seconds[1]) if len(seconds[1]) <= _DIGITS_MAX else float("inf")
    until = _date(text)
    if until is None:
        return None
    # By the host's own clock, if it tells: ours may be wrong.
    return max(0.0, (until - (_date(headers.get("Date", "")) or now)).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
