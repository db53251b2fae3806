"""A digest site on 127.0.0.1: a week of daily lists and a weekly review, reconstructed pages about invented papers."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from flows.demo.pages import hf_day_page, weekly_dump
from flows.demo.papers import InventedPaper, invented_paper, invented_review, listed_item

MONDAY = date(2025, 3, 3)
FRIDAY = MONDAY + timedelta(days=4)
SATURDAY = MONDAY + timedelta(days=5)
PAPERS_A_DAY = (9, 12, 11, 14, 8)
# Above every number that arXiv gave out in that month.
FIRST_NUMBER = 90_001
STOPS_WITHIN_SECONDS = 0.02
HTML, TEXT = "text/html; charset=utf-8", "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a path answers: a body, a redirect to another path, or a status without a body."""

    media_type: str = TEXT
    body: bytes = b""
    location: str | None = None
    status: int = 200

    @property
    def etag(self) -> str:
        """The same bytes have the same tag."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


def site() -> dict[str, Answer]:
    """Every path of the demo: Monday to Friday, the last day still open, a weekend that redirects, and a review."""
    lists = papers_by_day()
    answers = {
        _day_path(day): Answer(media_type=HTML, body=_day_page(day, papers).encode()) for day, papers in lists.items()
    }
    for day in (SATURDAY, SATURDAY + timedelta(days=1)):
        answers[_day_path(day)] = Answer(location=_day_path(FRIDAY))
    answers[f"/weekly/{MONDAY}.txt"] = Answer(body=_weekly(lists).encode())
    answers["/robots.txt"] = Answer(body=b"User-agent: *\nAllow: /\n")
    return answers


@contextmanager
def serving(answers: dict[str, Answer]) -> Iterator[str]:
    """Serve the answers on a free port of 127.0.0.1 for as long as the block lasts; gives the base address."""
    handler = type("Handler", (_Handler,), {"answers": answers})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": STOPS_WITHIN_SECONDS}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def early_pages() -> dict[str, bytes]:
    """The closed days as they were saved at noon of the day after, with fewer upvotes; by file name."""
    return {
        f"{day}__fetched_{day + timedelta(days=1):%Y%m%d}T120000Z.html": _day_page(day, papers, upvoted=0.5).encode()
        for day, papers in papers_by_day().items()
        if day != FRIDAY
    }


def papers_by_day() -> dict[date, tuple[InventedPaper, ...]]:
    """The papers of each day that has a list; one of Monday's is listed again on Thursday."""
    numbers = itertools.count(FIRST_NUMBER)
    papers = [tuple(invented_paper(next(numbers), "2502") for _ in range(count)) for count in PAPERS_A_DAY]
    papers[3] = (*papers[3], papers[0][0])
    return {MONDAY + timedelta(days=offset): each for offset, each in enumerate(papers)}


class _Handler(BaseHTTPRequestHandler):
    answers: dict[str, Answer]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        answer = self.answers.get(self.path, Answer(status=404))
        if answer.status != 200:
            self._send(answer.status, b"", **{"Retry-After": "1"})  # sooner than a client would try without it
        elif answer.location:
            self._send(302, Location=answer.location)
        elif self.headers.get("If-None-Match") == answer.etag:
            self._send(304, ETag=answer.etag)
        else:
            self._send(200, answer.body, ETag=answer.etag, **{"Content-Type": answer.media_type})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        """Print nothing: the fetcher reports what it fetched."""

    def _send(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _day_path(day: date) -> str:
    return f"/papers/date/{day}"


def _day_page(day: date, papers: tuple[InventedPaper, ...], *, upvoted: float = 1) -> str:
    before = day - timedelta(days=3 if day == MONDAY else 1)
    after = None if day == FRIDAY else day + timedelta(days=1)
    places = sorted(enumerate(papers), key=lambda each: -_upvotes(each[1]))
    items = [listed_item(paper, day, place, int(_upvotes(paper) * upvoted)) for place, paper in places]
    return hf_day_page(day, items, previous_on=before, next_on=after)


def _upvotes(paper: InventedPaper) -> int:
    return (paper.number * 37) % 120 + 2


def _weekly(lists: dict[date, tuple[InventedPaper, ...]]) -> str:
    """Fifteen reviews: eleven of listed papers, known by their abstracts alone, and four of papers listed nowhere."""
    listed = [paper for papers in lists.values() for paper in papers[:2]] + [lists[FRIDAY][2]]
    others = [invented_paper(number, "2502") for number in range(95_001, 95_005)]
    reviews = [invented_review(paper, is_long=place < 10) for place, paper in enumerate((*listed, *others))]
    return weekly_dump(MONDAY, reviews[:3], reviews[3:])
