"""The one layer of retries below a request: transient answers and lost connections, at the server's own pace."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import InvalidHeader
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from extractors.http.origin import origin_of
from extractors.http.pace import Pace

TRANSIENT_STATUSES = frozenset({429, 500, 502, 503, 504})
RETRY_AFTER_SECONDS_MAX = 120
_REMAINING = re.compile(r";\s*r=(\d{1,9})\b")
_RESET = re.compile(r";\s*t=(\d{1,9})\b")


class PoliteRetry(Retry):
    """Waits as `RateLimit` or `Retry-After` say (at most 120 s), else exponentially from the first retry on.

    What a host says about its pace holds for everybody who asks it: with a `pace`, others wait as long as this one, and
    a retry takes its turn like any request.
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
        """Wait as the host says, else exponentially; then for the host's next free moment."""
        pause = self.get_retry_after(response) if response is not None else None
        if self.pace is None:
            super().sleep(response)
            return
        if pause:
            self.pace.postpone(self.host, pause)
        else:
            time.sleep(self.get_backoff_time())
        self.pace.wait(self.host)

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Seconds to wait: the rate limit's, else Retry-After's, else None; a malformed header counts as none."""
        limited = exhausted_for(response.headers)
        if limited is not None:
            return limited
        try:
            return super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError, TypeError):
            return None

    def get_backoff_time(self) -> float:
        """1, 2, 4 … times the factor; urllib3's own first retry would come at once."""
        return float(min(self.backoff_max, self.backoff_factor * 2 ** max(0, len(self.history) - 1)))


def polite_retry(retries: int, backoff_seconds: float, pace: Pace | None = None) -> PoliteRetry:
    """Retries of GET requests; after the last one the answer is returned, not raised."""
    retry = PoliteRetry(
        total=retries,
        redirect=0,
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


def exhausted_for(headers: Mapping[str, str]) -> float | None:
    """Seconds until a `RateLimit: "api";r=0;t=12` that has nothing left opens again, plus one; None while it has."""
    limit = headers.get("RateLimit", "")
    remaining, reset = _REMAINING.search(limit), _RESET.search(limit)
    if remaining is None or reset is None or int(remaining[1]) > 0:
        return None
    return float(min(int(reset[1]) + 1, RETRY_AFTER_SECONDS_MAX))
