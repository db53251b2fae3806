"""arXiv's catchup pages served on 127.0.0.1, with a clock of its own: invented papers, announced as arXiv does."""

from __future__ import annotations

import hashlib
import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html import escape
from itertools import takewhile
from threading import Lock
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from extractors.source import working_days
from flows.demo.papers import InventedPaper, invented_paper
from tests.support.arxiv_pages import PER_PAGE, Counts, catchup_document, entry, refusal_page, subject
from tests.support.servers import Handler, serving

NEW_YORK = ZoneInfo("America/New_York")
REACH_DAYS = 90
RATE_EXCEEDED = b"Rate exceeded."
_CATCHUP = re.compile(r"/catchup/(?P<category>[A-Za-z_.-]+)/(?P<day>\d{4}-\d\d-\d\d)")
_LATE_COUNT = 2  # of the ids that are filled in later, in each category
_A_DAY_MAX = 100  # papers with one primary category


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What a request meets in place of its page."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A paper as one list has it."""

    paper: InventedPaper
    section: str
    categories: tuple[str, ...]


@dataclass(kw_only=True)
class ArxivSite:
    """Some categories from a first to a last day; every third new paper is also listed in the next category.

    Attributes:
        clock: the time of day by which the site announces; a test may set another.
        per_page: how many entries are on one page.
        new_count: papers with a category as their primary one, a day; `new_counts` says it for single categories.
        holidays: days without an announcement.
        quiet: days on which a category has nothing.
        late: when the announcement of a day is there at last; else 20:00 in New York on the evening before.
        filled: until when a day's lists lack some ids.
        meets: what the requests of a path meet before its pages, one after another.
        before_answer: called with the path of each request before it is answered.
        has_validators: whether pages have an ETag, so that a client may ask whether they are as before.
        robots: the text of robots.txt.
        asked: (seconds, path) of every request, in the order in which they came.
    """

    categories: Sequence[str]
    first: date
    last: date
    clock: Callable[[], datetime]
    per_page: int = PER_PAGE
    new_count: int = 6
    new_counts: Mapping[str, int] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    quiet: Mapping[str, frozenset[date]] = field(default_factory=dict)
    late: dict[date, datetime] = field(default_factory=dict)
    filled: dict[date, datetime] = field(default_factory=dict)
    meets: dict[str, deque[Met]] = field(default_factory=dict)
    before_answer: Callable[[str], None] = lambda _: None
    has_validators: bool = True
    robots: str = "User-agent: *\nAllow: /\n"
    asked: list[tuple[float, str]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def served(self) -> AbstractContextManager[str]:
        """The site on a free port, for as long as the block lasts; gives the base address."""
        return serving(_Handler, site=self)

    def at(self, text: str) -> None:
        """Stop the site's clock at this time, in UTC."""
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
        self.clock = lambda: moment

    @property
    def pages_asked(self) -> list[str]:
        """The paths of all requests but those of robots.txt, in order."""
        return [path for _, path in self.asked if path != "/robots.txt"]

    @property
    def days(self) -> list[date]:
        """The days that have an announcement, whether it was made or not."""
        return [day for day in working_days(self.first, self.last) if day not in self.holidays]

    def listed(self, category: str, day: date) -> list[Announced]:
        """The list of a category on a day as it is by the clock; empty for one without."""
        if not self._is_announced(day) or day in self.quiet.get(category, ()):
            return []
        return [*self._new(category, day), *self._crossed(category, day), *self._replaced(category, day)]

    def papers(self, category: str, days: Sequence[date] | None = None) -> set[str]:
        """The ids in the lists of a category."""
        found = (self.listed(category, day) for day in (self.days if days is None else days))
        return {each.paper.arxiv_id for announced in found for each in announced}

    def document(self, category: str, day: date, *, page: int = 1, with_abstracts: bool = True) -> str:
        """One page of a list."""
        listed = self.listed(category, day)
        entries = [
            (each.section, _markup(number, each, category, with_abstracts=with_abstracts))
            for number, each in enumerate(listed, start=1)
        ]
        counts = Counts(**{name: sum(each.section == name for each in listed) for name in ("new", "cross", "replaced")})
        skipped = (page - 1) * self.per_page
        return catchup_document(
            category,
            day,
            counts,
            entries[skipped : skipped + self.per_page],
            skipped,
            max(1, -(-len(entries) // self.per_page)),
            next((each for each in self.days if each > day and self._is_announced(each)), None),
            is_beyond=page > 1 and skipped >= len(entries),
        )

    def answer_to(self, path: str) -> tuple[int, bytes]:
        """The status and the page of a catchup path, or the site's own words why there is none."""
        address = urlsplit(path)
        found = _CATCHUP.fullmatch(address.path)
        if found is None:
            return 404, refusal_page("Not Found").encode()
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        said = self._refusal(found["category"], day := date.fromisoformat(found["day"]))
        if said:
            return 400, refusal_page(said).encode()
        page, with_abstracts = int(query.get("page", "1")), query.get("abs") == "True"
        return 200, self.document(found["category"], day, page=page, with_abstracts=with_abstracts).encode()

    def _refusal(self, category: str, day: date) -> str | None:
        today = self.clock().astimezone(NEW_YORK).date()
        if category not in self.categories:
            return "Invalid subject. Subject must be an archive, category or 'grp_physics'"
        if day < today - timedelta(days=REACH_DAYS):
            return f"Invalid date: {day}. Catchup only allowed for past {REACH_DAYS} days"
        return f"Invalid date: {day}. Can't request date later than today" if day > today else None

    def _is_announced(self, day: date) -> bool:
        evening = datetime(day.year, day.month, day.day, 20, tzinfo=NEW_YORK) - timedelta(days=1)
        return day in self.days and self.clock() >= self.late.get(day, evening)

    def _own(self, category: str, day: date) -> Iterator[tuple[InventedPaper, tuple[str, ...]]]:
        """The papers of a day with that primary category, and their categories."""
        if day in self.quiet.get(category, ()):
            return
        place = self.categories.index(category)
        beside = self.categories[(place + 1) % len(self.categories)]
        first = (self.days.index(day) * len(self.categories) + place) * _A_DAY_MAX + 1
        count = self.new_counts.get(category, self.new_count)
        count -= _LATE_COUNT if day in self.filled and self.clock() < self.filled[day] else 0
        for at in range(max(count, 0)):
            is_crossed = at % 3 == 0 and beside != category
            yield invented_paper(first + at, f"{day:%y%m}"), (category, beside) if is_crossed else (category,)

    def _new(self, category: str, day: date) -> Iterator[Announced]:
        for paper, categories in self._own(category, day):
            yield Announced(paper=paper, section="new", categories=categories)

    def _crossed(self, category: str, day: date) -> Iterator[Announced]:
        for other in self.categories:
            for paper, categories in self._own(other, day):
                if category in categories[1:]:
                    yield Announced(paper=paper, section="cross", categories=categories)

    def _replaced(self, category: str, day: date) -> Iterator[Announced]:
        """The first paper of the day before has a new version."""
        before = list(takewhile(lambda each: each < day, self.days))[-1:]
        for paper, categories in (each for earlier in before for each in list(self._own(category, earlier))[:1]):
            yield Announced(paper=paper, section="replaced", categories=categories)


class _Handler(Handler):
    site: ArxivSite

    def answer(self) -> None:
        """Answer by the path, after what this request is to meet."""
        site = self.site
        self.path = self.path[self.path.index("/", len("http://")) :] if "://" in self.path else self.path  # of a proxy
        with site.lock:
            site.asked.append((time.monotonic(), self.path))
            site.before_answer(self.path)
            met = site.meets[self.path].popleft() if site.meets.get(self.path) else None
        if self.path == "/robots.txt":
            self.send(200, site.robots.encode(), Content_Type="text/plain")
        elif met is None:
            self._send_page(*site.answer_to(self.path))
        elif met.hangs_up:
            self.close_connection = True
        else:
            self.send(met.status, met.body, **{"Content_Type": "text/plain", **met.headers})

    def _send_page(self, status: int, body: bytes) -> None:
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"' if self.site.has_validators and status == 200 else ""
        if tag and self.headers.get("If-None-Match") == tag:
            self.send(304, ETag=tag)
        else:
            self.send(status, body, ETag=tag)


def _markup(number: int, announced: Announced, category: str, *, with_abstracts: bool) -> str:
    paper, (primary, *others) = announced.paper, announced.categories
    code_of_primary = subject(primary).rpartition("(")[2].removesuffix(")")
    marks = {"cross": f"    (cross-list from {code_of_primary})\n", "replaced": "    (replaced)\n"}
    code = f"https://github.com/example-lab/paper-{paper.number}"
    return entry(
        number,
        paper.arxiv_id,
        paper.title,
        mark=marks.get(announced.section, ""),
        version=2 if announced.section == "replaced" else 1,
        authors=", ".join(
            f'<a href="https://arxiv.org/search/cs?searchtype=author">{name}</a>' for name in paper.authors
        ),
        comments=f'Code: <a href="{code}" class="link-external link-https">this https URL</a>'
        if paper.number % 3 == 0
        else None,
        primary=subject(primary),
        others=[subject(each) for each in others],
        abstract=escape(paper.abstract) if with_abstracts else None,
    )
