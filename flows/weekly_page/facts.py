"""What the report page says about one week: every fact asked once of the published snapshot, as one frozen record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from flows.jobs.questions import MANIFEST, UNHEALED_RUNS, records
from flows.weekly_page.calendar import (
    WEEKS_SHOWN,
    Calendar,
    Read,
    calendars,
)
from warehouse import Reader, Warehouse

WEEK = timedelta(days=7)
RISERS_SHOWN = 10
NAME_LENGTH = 110

Row = TypeVar("Row")


class NoSuchWeek(Exception):
    """The snapshot lists no paper in that week, or none at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address and what it leads to."""

    kind: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A paper as any part of the page names it."""

    paper_key: str
    title: str | None
    abstract: str | None
    arxiv_id: str | None
    doi: str | None
    links: tuple[Link, ...]
    upvotes: int | None
    listed_on: date | None

    @property
    def name(self) -> str:
        """Its title, else the first words of its abstract, else its key."""
        return self.title or shortened(self.abstract or "", NAME_LENGTH) or self.paper_key

    @property
    def addresses(self) -> tuple[Link, ...]:
        """Where to read it, best first; only web addresses, each once."""
        said = [
            *([Link(kind="arxiv", url=f"https://arxiv.org/abs/{self.arxiv_id}")] if self.arxiv_id else []),
            *([Link(kind="doi", url=f"https://doi.org/{self.doi}")] if self.doi else []),
            *(each for each in self.links if each.kind != "media"),
        ]
        return tuple({each.url: each for each in said if is_web_address(each.url)}.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Named):
    """A paper that some source lists in the week. `is_new` says that nobody listed it before that week's list."""

    authors: tuple[str, ...]
    author_count: int | None
    institutions: tuple[str, ...]
    organization: str | None
    week_sources: tuple[str, ...]
    first_listed_on: date
    is_new: bool
    gained: int | None
    comments: int | None
    stars: int | None

    @property
    def by(self) -> str:
        """Who wrote it, in a few words: at most three authors, and where they work."""
        shown = ", ".join(self.authors[:3])
        count = self.author_count or len(self.authors)
        authors = f"{shown} and {count - 3} more" if self.authors and count > 3 else shown
        return " · ".join(each for each in (authors, self.organization or ", ".join(self.institutions[:2])) if each)

    @property
    def excerpt(self) -> str:
        """The first lines of its abstract, where its title does not already stand for them."""
        return shortened(self.abstract or "", 260) if self.title else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The upvotes of a paper as one page printed them."""

    paper_key: str
    listed_on: date
    observed_at: datetime
    upvotes: int

    @property
    def days(self) -> float:
        """Days since its list day began (UTC)."""
        start = datetime.combine(self.listed_on, datetime.min.time(), tzinfo=UTC)
        return (self.observed_at.replace(tzinfo=UTC) - start) / timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Named):
    """A paper of a week's review, or one that readers put high in that week and no reviewer took up."""

    source: str
    partition_on: date
    week_on: date
    top_position: int | None
    list_position: int | None
    upvotes_rank: int | None
    institution: str | None
    verdict: str | None
    summary: str | None
    methodology: str | None
    experiments: str | None
    reproducibility: str | None
    limitations: str | None
    impact: str | None

    @property
    def is_reviewed(self) -> bool:
        """Whether a reviewer took it up."""
        return self.top_position is not None or self.list_position is not None

    @property
    def said(self) -> str:
        """The review in a sentence or two."""
        return shortened(self.verdict or self.summary or "", 320)

    @property
    def sections(self) -> tuple[tuple[str, str], ...]:
        """Its sections by name, in the order of the review; empty ones left out."""
        names = ("summary", "verdict", "methodology", "experiments", "reproducibility", "limitations", "impact")
        return tuple((name, getattr(self, name)) for name in names if getattr(self, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """An earlier snapshot, and what the published one says otherwise: kinds of change with their numbers."""

    published_at: datetime
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One week's page. Tables of run health are rows as the questions name them."""

    week_on: date
    weeks: tuple[tuple[date, int], ...]
    manifest: Mapping[str, object]
    papers: tuple[Listed, ...]
    readings: tuple[Reading, ...]
    reviews: tuple[Review, ...]
    calendars: tuple[Calendar, ...]
    runs: tuple[Mapping[str, object], ...]
    unhealed: tuple[Mapping[str, object], ...]
    findings: tuple[Mapping[str, object], ...]
    quarantine: tuple[Mapping[str, object], ...]
    before: Before | None = None

    @property
    def ends_on(self) -> date:
        """The week's last day."""
        return self.week_on + WEEK - timedelta(days=1)

    @property
    def latest_on(self) -> date | None:
        """The last day of the week that has a daily list."""
        return max((each.listed_on for each in self.papers if each.listed_on), default=None)

    @property
    def newest(self) -> tuple[Listed, ...]:
        """Papers first listed on the week's last list day; in a week without daily lists, all new ones."""
        return tuple(each for each in self.papers if each.is_new and each.listed_on == self.latest_on)

    @property
    def again(self) -> tuple[Listed, ...]:
        """Papers of the week that were listed before it."""
        return tuple(each for each in self.papers if not each.is_new)

    @property
    def risers(self) -> tuple[Listed, ...]:
        """Papers with the most upvotes gained between their last two readings."""
        rising = sorted((each for each in self.papers if each.gained), key=lambda each: -(each.gained or 0))
        return tuple(each for each in rising if (each.gained or 0) > 0)[:RISERS_SHOWN]


def page_of(reader: Reader, day: date | None = None, before: Before | None = None) -> Page:
    """The page of the week in which `day` lies, or of the latest week with a paper.

    A week runs from Monday; a partition of several days counts to the week in which most of them lie. Raises
    NoSuchWeek, naming the weeks that there are.
    """
    weeks = tuple((row[0], row[1]) for row in reader.named("report_weeks").rows)
    known = msgspec.convert(weeks, tuple[tuple[date, int], ...])
    week = {"week_on": _week_of(day, known)}
    since = {"first_week_on": week["week_on"] - (WEEKS_SHOWN - 1) * WEEK}
    return Page(
        week_on=week["week_on"],
        weeks=known,
        manifest=records(reader.query(MANIFEST))[0],
        papers=_rows(reader, "report_papers", Listed, week),
        readings=_rows(reader, "report_readings", Reading, week),
        reviews=_rows(reader, "report_reviews", Review, week),
        calendars=calendars(_rows(reader, "report_calendar", Read, week | since), week["week_on"]),
        runs=tuple(records(reader.named("report_runs"))),
        unhealed=tuple(records(reader.query(UNHEALED_RUNS))),
        findings=tuple(records(reader.named("report_findings"))),
        quarantine=tuple(records(reader.named("report_quarantine"))),
        before=before,
    )


def snapshot_before(warehouse: Warehouse, reader: Reader) -> Before | None:
    """The newest kept snapshot that is older than the published one, and what changed since; None if none is kept."""
    manifest = records(reader.query(MANIFEST))[0]
    published_at = msgspec.convert(manifest["published_at"], datetime).replace(tzinfo=UTC)
    older = [each.manifest.published_at for each in warehouse.snapshots() if each.manifest.published_at < published_at]
    if not older:
        return None
    counts = Counter(str(change) for change, *_ in warehouse.changes(older[-1]).rows)
    return Before(published_at=older[-1], counts=tuple(counts.most_common()))


def shortened(text: str, length: int) -> str:
    """The text in one line, cut between words, with an ellipsis where something is missing."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[:length].rsplit(' ', 1)[0].rstrip(',;:.')}\N{NO-BREAK SPACE}…"


def is_web_address(url: str) -> bool:
    """Whether a link may stand on the page: http or https with a host, and nothing else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _week_of(day: date | None, weeks: tuple[tuple[date, int], ...]) -> date:
    if not weeks:
        raise NoSuchWeek("the snapshot lists no paper yet: ingest or adopt something first")
    if day is None:
        return weeks[0][0]
    week_on = day - timedelta(days=day.weekday())
    if week_on not in {each for each, _ in weeks}:
        known = ", ".join(str(each) for each, _ in weeks[:8])
        raise NoSuchWeek(f"no paper is listed in the week of {week_on}; the latest weeks that have some: {known}")
    return week_on


def _rows(reader: Reader, question: str, kind: type[Row], parameters: Mapping[str, object]) -> tuple[Row, ...]:
    return tuple(msgspec.convert(row, kind) for row in records(reader.named(question, parameters)))
