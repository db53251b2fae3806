"""Years of daily lists served on 127.0.0.1, with all that makes a backfill hard: reconstructed, invented papers."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from flows.demo.pages import hf_day_page, hf_item
from flows.demo.papers import invented_paper

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
        items = [_item(day, place * PAPERS_A_DAY + number, number) for number in range(PAPERS_A_DAY)]
        before = self.lists[place - 1] if place else None
        after = self.lists[place + 1] if place + 1 < len(self.lists) else day + timedelta(days=3)
        return hf_day_page(day, items, previous_on=before, next_on=after).encode()

    def trouble(self, path: str) -> str:
        """What this request meets; the request is counted."""
        with self.lock:
            self.asked[path] += 1
            is_first = self.asked[path] == 1
        day = date.fromisoformat(path.rsplit("/", 1)[1])
        if day in self.holes:
            return self.holes[day]
        return self.passing.get(day, "") if is_first else ""


@contextmanager
def serving(archive: Archive) -> Iterator[str]:
    """The archive on a free port, for as long as the block lasts; gives the base address."""
    handler = type("Handler", (_Handler,), {"archive": archive})
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up, because it was killed, is what some tests want."""


class _Handler(BaseHTTPRequestHandler):
    archive: Archive
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if not self.path.startswith("/papers/date/"):
            self._send(404)
            return
        trouble = self.archive.trouble(self.path)
        day = date.fromisoformat(self.path.rsplit("/", 1)[1])
        if day not in self.archive.places:
            self._send(302, location=f"/papers/date/{max(each for each in self.archive.lists if each < day)}")
        else:
            self._meet(trouble, day, self.archive.page(day))

    def _meet(self, trouble: str, day: date, body: bytes) -> None:
        half, whole = body[: len(body) // 2], len(body)
        meet: dict[str, Callable[[], None]] = {
            "404": lambda: self._send(404),
            "500": lambda: self._send(500),
            "500 once": lambda: self._send(500),
            "429": lambda: self._send(429, retry_after="1"),
            "cut": lambda: self._send(200, half, announced=whole),
            "cut once": lambda: self._send(200, half, announced=whole),
            "reset": lambda: setattr(self, "close_connection", True),
            "challenge": lambda: self._send(200, CHALLENGE),
            "layout": lambda: self._send(200, body.replace(b"dailyPapers", b"papersOfTheDay")),
            "empty": lambda: self._send(200, hf_day_page(day, []).encode()),
            "slow": lambda: self._send(200, body, seconds=0.8),
            "": lambda: self._send(200, body),
        }
        meet[trouble]()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def _send(
        self,
        status: int,
        body: bytes = b"",
        *,
        announced: int | None = None,
        location: str = "",
        retry_after: str = "",
        seconds: float = 0,
    ) -> None:
        self.send_response(status)
        named = {"Content-Type": "text/html; charset=utf-8", "Location": location, "Retry-After": retry_after}
        for name, value in named.items():
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if announced is None else announced))
        self.end_headers()
        for part in (body[: len(body) // 2], body[len(body) // 2 :]):
            time.sleep(seconds / 2)
            self.wfile.write(part)
        self.close_connection = announced is not None


def _item(day: date, number: int, place: int) -> dict[str, object]:
    paper = invented_paper(number, f"{day:%y%m}")
    published = f"{day - timedelta(days=2)}T00:00:00.000Z"
    return hf_item(
        paper.arxiv_id,
        paper.title,
        paper.abstract,
        authors=paper.authors,
        published=published,
        upvotes=40 - place,
        organization=("example-lab", "Example Lab") if number % 2 else None,
        project=f"https://example-lab.example/{number}",
        code=f"https://github.com/example-lab/paper-{number}",
        stars=number % 900,
    )
