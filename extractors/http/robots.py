"""The rules of a robots.txt, read within bounds."""

from __future__ import annotations

from protego import Protego

from extractors.http.exchange import AGENT

# RFC 9309 asks for 500 KiB at least.
BYTES_MAX = 512 * 1024
# A robots.txt may ask for any delay; a longer one would stop a backfill for good.
CRAWL_DELAY_SECONDS_MAX = 60.0
# Each rule is kept for each agent named above it: long lists of both take minutes.
_WORK_MAX = 3_000_000


class Rules:
    """What a host allows to this program."""

    def __init__(self, body: bytes) -> None:
        """Reads the rules; ValueError if they would take too long to weigh."""
        text = body[:BYTES_MAX].decode("utf-8", errors="replace")
        lines = text.lower().splitlines()
        agents = sum("agent" in line for line in lines)
        if agents * (len(lines) - agents) > _WORK_MAX or agents**2 > _WORK_MAX:
            raise ValueError(f"{agents} agents and {len(lines) - agents} other lines are too many")
        # Python's own robotparser reads wildcards wrongly.
        self._rules = Protego.parse(text)

    def allows(self, url: str) -> bool:
        """Whether the page may be asked for."""
        return bool(self._rules.can_fetch(url, AGENT))

    @property
    def crawl_delay(self) -> float:
        """Seconds that the host wants between two requests, within bounds."""
        return min(self._rules.crawl_delay(AGENT) or 0.0, CRAWL_DELAY_SECONDS_MAX)
