"""A source of several lists against a served arXiv: each has states, gaps and keys of its own, and one paper is one."""

from __future__ import annotations

import json
import shutil
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.cli.progress import PlainProgress
from flows.jobs import ingest as fetching
from flows.jobs.plan import backfill
from flows.pipeline.outcome import JobResult
from flows.pipeline.work import Clock, Span, Work
from flows.settings import from_environment
from tests.support.arxiv_site import RATE_EXCEEDED, ArxivSite, Met
from tests.support.commands import Command, digest_of, paperlog_in, rows_of, started
from tests.support.environment import environment_of
from tests.support.patience import patient

CATEGORIES = ("cs.LG", "cs.CV", "econ.EM")
FIRST, LAST = date(2026, 8, 7), date(2026, 9, 18)  # 31 weekdays, one of which has no list by published dates
UNPUBLISHED_HOLIDAY = date(2026, 9, 3)
QUIET = frozenset({date(2026, 9, 10), date(2026, 9, 11)})
LATE, FILLED = date(2026, 9, 17), date(2026, 9, 16)
DAYS_COUNT = 29  # with a list
BEYOND = date(2026, 6, 15)
STATES = "select series, state, cause, count(*) as days from partitions group by all order by all"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Arxiv:
    """A served arXiv with a home; what is fetched is fetched at a time of both their clocks."""

    site: ArxivSite
    base: str
    folder: Path
    changes: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        own = {"PAPERLOG_ARXIV_ANNOUNCED_URL": self.base, "PAPERLOG_ARXIV_ANNOUNCED_SERIES": " ".join(CATEGORIES)}
        return environment_of(self.folder, "http://127.0.0.1:9", **own | self.changes)

    def work(self, at: str) -> Work:
        self.site.at(at)
        self.site.asked.clear()
        return Work(settings=from_environment(self.environment), progress=PlainProgress(), clock=Clock.at(utc(at)))

    def backfill(self, at: str, first: date = FIRST, last: date = LAST, source: str = "arxiv_announced") -> JobResult:
        return backfill(self.work(at), source, Span(first=first, last=last))

    def ingest(self, at: str, *days: date, source: str = "arxiv_announced") -> JobResult:
        return fetching.ingest(self.work(at), source, days)

    def command(self, *arguments: object) -> object:
        return paperlog_in(self.environment, *arguments)


def site_of(**changes: object) -> ArxivSite:
    of: dict[str, object] = {
        "categories": CATEGORIES,
        "first": date(2026, 6, 1),
        "last": date(2026, 12, 31),
        "clock": lambda: utc("2026-09-18T12:00"),
        "per_page": 5,
    }
    return ArxivSite(**of | changes)  # type: ignore[arg-type]


@pytest.fixture
def arxiv(tmp_path: Path) -> Iterator[Arxiv]:
    site = site_of()
    with site.served() as base:
        yield Arxiv(site, base, tmp_path)


@pytest.fixture
def environment(arxiv: Arxiv) -> dict[str, str]:
    return arxiv.environment


def summary_of(result: JobResult) -> str:
    return result.summary.removeprefix(f"{result.job}: ")


@dataclass(frozen=True, slots=True)
class Season:
    """Six weeks of three lists, and what the backfills that loaded them said and asked for."""

    home: Path
    said: Mapping[str, str]
    asked: Mapping[str, int]
    papers: Mapping[str, set[str]]


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Season:
    site = site_of(
        holidays=frozenset({UNPUBLISHED_HOLIDAY, date(2026, 9, 8)}),
        quiet={"econ.EM": QUIET},
        late={LATE: utc("2026-09-17T15:00")},
        filled={FILLED: utc("2026-09-16T14:00")},
    )
    said, asked = {}, {}
    with site.served() as base:
        arxiv = Arxiv(site, base, tmp_path_factory.mktemp("season"))
        moments = ("2026-09-16T05:00", "2026-09-17T06:00", "2026-09-18T06:20", "2026-09-18T18:30", "2026-09-19T07:00")
        for at in moments:
            said[at] = summary_of(arxiv.backfill(at, last=min(LAST, date.fromisoformat(at[:10]))))
            asked[at] = len(site.pages_asked)
        said["beyond"] = summary_of(arxiv.ingest("2026-09-19T07:05", BEYOND))
        asked["beyond"] = len(site.pages_asked)
        said["again"] = summary_of(arxiv.backfill("2026-09-19T07:10", first=BEYOND, last=BEYOND))
        asked["again"] = len(site.asked)
        said["final"] = summary_of(arxiv.backfill("2026-09-19T07:15"))
        asked["final"] = len(site.asked)
        papers = {
            category: site.papers(category, [day for day in site.days if day >= FIRST]) for category in CATEGORIES
        }
    return Season(arxiv.folder / "home", said, asked, papers)


@pytest.fixture
def loaded(season: Season, home: Path, paperlog: Command) -> Command:
    """The command line with a home of the season of its own."""
    shutil.copytree(season.home, home)
    return paperlog


@pytest.mark.slow
def test_a_backfill_of_all_lists_gives_each_day_its_state(season: Season, loaded: Command) -> None:
    assert season.said == {}
    assert rows_of(loaded, STATES) == []
