"""Years of daily lists served on 127.0.0.1, with all that makes a backfill hard: reconstructed, invented papers."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from flows.demo.pages import hf_day_page
from tests.support.pages import items_of
from tests.support.servers import Handler, serving

PAPERS_A_DAY = 5
CHALLENGE = b"<html><head><title>Just a moment...</title></head><body></body></html>"
LASTING = ("404", "500", "cut", "challenge", "layout", "empty")
PASSING = ("429", "500 once", "cut once", "slow", "reset")


@dataclass
class Archive:
    """Weekdays from `first` on; one in 25 has no list, one in `hole_every` cannot be had, one in 4 takes patience."""

    first: date
    days_count: int
    hole_every: int = 29
    asked: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def weekdays(self) -> list[date]:
        """Every Monday to Friday of the archive."""
        days = (self.first + timedelta(days=offset) for offset in range(self.days_count * 2))
        return [day for day in days if day.isoweekday() <= 5][: self.days_count]

    @property
    def last(self) -> date:
        """The last of them."""
        return self.weekdays[-1]

    @cached_property
    def holidays(self) -> set[date]:
        """Days without a list: the site redirects, and the lists around link past them."""
        return set(self.weekdays[12:-12:25])

    @cached_property
    def holes(self) -> dict[date, str]:
        """Days that have a list which cannot be had, and why not."""
        days = [day for day in self.weekdays[4 : -4 : self.hole_every] if day not in self.holidays]
        return {day: LASTING[place % len(LASTING)] for place, day in enumerate(days)}

    @cached_property
    def lists(self) -> list[date]:
        """Days that have a list, whether it can be had or not."""
        return [day for day in self.weekdays if day not in self.holidays]

    @cached_property
    def places(self) -> dict[date, int]:
        """The number of each of them, from 0."""
        return {day: place for place, day in enumerate(self.lists)}

    @cached_property
    def passing(self) -> dict[date, str]:
        """Days that fail at the first request and answer later."""
        days = [day for day in self.lists[2::4] if day not in self.holes]
        return {day: PASSING[place % len(PASSING)] for place, day in enumerate(days)}

    def page(self, day: date) -> bytes:
        """The list of one day."""
        place = self.places[day]
        items = items_of(day, range(place * PAPERS_A_DAY, (place + 1) * PAPERS_A_DAY))
        before = self.lists[place - 1] if place else None
        after = self.lists[place + 1] if place + 1 < len(self.lists) else day + timedelta(days=3)
        return hf_day_page(day, items, previous_on=before, next_on=after).encode()

    def served(self) -> AbstractContextManager[str]:
        """The archive on a free port, for as long as the block lasts; gives the base address."""
        return serving(_Handler, archive=self)

    def trouble(self, path: str) -> str:
        """What this request meets; the request is counted."""
        with self.lock:
            self.asked[path] += 1
            is_first = self.asked[path] == 1
        day = date.fromisoformat(path.rsplit("/", 1)[1])
        if day in self.holes:
            return self.holes[day]
        return self.passing.get(day, "") if is_first else ""


class _Handler(Handler):
    archive: Archive

    def answer(self) -> None:
        """Answer by the path."""
        if not self.path.startswith("/papers/date/"):
            self.send(404)
            return
        trouble = self.archive.trouble(self.path)
        day = date.fromisoformat(self.path.rsplit("/", 1)[1])
        if day not in self.archive.places:
            before = max(each for each in self.archive.lists if each < day)
            self.send(302, Location=f"/papers/date/{before}")
        else:
            self._meet(trouble, day, self.archive.page(day))

    def _meet(self, trouble: str, day: date, body: bytes) -> None:
        half, whole = body[: len(body) // 2], str(len(body))
        meet: dict[str, Callable[[], None]] = {
            "404": lambda: self.send(404),
            # Told when to come back, a client tries sooner; how long it waits by itself is tested with the fetcher.
            "500": lambda: self.send(500, Retry_After="1"),
            "500 once": lambda: self.send(500, Retry_After="1"),
            "429": lambda: self.send(429, Retry_After="1"),
            "cut": lambda: self.send(200, half, Content_Length=whole),
            "cut once": lambda: self.send(200, half, Content_Length=whole),
            "reset": lambda: setattr(self, "close_connection", True),
            "challenge": lambda: self.send(200, CHALLENGE),
            "layout": lambda: self.send(200, body.replace(b"dailyPapers", b"papersOfTheDay")),
            "empty": lambda: self.send(200, hf_day_page(day, []).encode()),
            "slow": lambda: self._send_slowly(body),
            "": lambda: self.send(200, body),
        }
        meet[trouble]()

    def _send_slowly(self, body: bytes) -> None:
        time.sleep(0.8)
        self.send(200, body)
