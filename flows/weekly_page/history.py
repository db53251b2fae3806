"""A week beside the eight before it: what was listed, which topics and institutions came up, and what is unusual.

Weeks are compared by what a list or a paper of them has, never by totals: one week was read on two days, another on
five.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from math import sqrt

WEEK = timedelta(days=7)
WEEKS_BEFORE = 8
TRENDS_SHOWN = 10
# A share is unusual if it is so many standard deviations from that of the weeks before (test of two proportions).
DEVIATIONS = 3.5
COUNT_LEAST = 4
# So many papers of the weeks before are needed to expect anything.
PAPERS_LEAST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekCounts:
    """What lists and reviews of one week hold. Upvotes are those read in the four days after a list day began."""

    week_on: date
    papers_count: int = 0
    new_count: int = 0
    lists_count: int = 0
    reviewed_count: int = 0
    upvotes_median: float | None = None
    upvotes_most: int | None = None

    @property
    def papers_a_list(self) -> float | None:
        """Papers of the week for each list that was read; None without one."""
        return self.papers_count / self.lists_count if self.lists_count else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCount:
    """In how many papers of one week a topic or an institution stands, of so many that have any.

    The row without a key is about all of them: there a week has a row whatever its papers have in common.
    """

    key: str
    name: str
    week_on: date
    papers_count: int
    of_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A topic or institution in nine weeks, the last one being the page's; None where no paper of a week has any."""

    name: str
    counts: tuple[int | None, ...]
    of_counts: tuple[int, ...]

    @property
    def count(self) -> int:
        """Papers of this week."""
        return self.counts[-1] or 0

    @property
    def shares(self) -> tuple[float | None, ...]:
        """The part of each week's papers, from 0 to 1."""
        pairs = zip(self.counts, self.of_counts, strict=True)
        return tuple(None if count is None else count / of_count for count, of_count in pairs)

    @property
    def share(self) -> float:
        """The part of this week's papers."""
        return self.shares[-1] or 0.0

    @property
    def usual_share(self) -> float | None:
        """The part of the papers of all weeks before; None if those are too few to tell."""
        papers = sum(self.of_counts[:-1])
        return sum(each or 0 for each in self.counts[:-1]) / papers if papers >= PAPERS_LEAST else None

    @property
    def excess(self) -> float:
        """Standard deviations by which its share is above that of the weeks before; 0 where they tell nothing."""
        papers, papers_before = self.of_counts[-1], sum(self.of_counts[:-1])
        if self.usual_share is None or not papers:
            return 0.0
        both = (self.count + self.usual_share * papers_before) / (papers + papers_before)
        spread = sqrt(both * (1 - both) * (1 / papers + 1 / papers_before))
        return (self.share - self.usual_share) / spread if spread else 0.0

    @property
    def is_rising(self) -> bool:
        """Whether it is in more papers than chance explains."""
        return self.excess >= DEVIATIONS and self.count >= COUNT_LEAST

    @property
    def is_falling(self) -> bool:
        """Whether it is in fewer papers than chance explains."""
        return self.excess <= -DEVIATIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Trends:
    """All topics, or all institutions, of nine weeks. `of_counts` are the papers of each week that have any."""

    weeks: tuple[date, ...]
    of_counts: tuple[int, ...]
    all: tuple[Trend, ...]

    @property
    def of_count(self) -> int:
        """This week's papers that have any."""
        return self.of_counts[-1]

    @property
    def most(self) -> tuple[Trend, ...]:
        """Those in most papers of this week; one paper alone is no trend."""
        return tuple(each for each in self.all if each.count > 1)[:TRENDS_SHOWN]

    @property
    def rising(self) -> tuple[Trend, ...]:
        """Those that are in unusually many papers, the most unusual first."""
        return tuple(sorted((each for each in self.all if each.is_rising), key=lambda each: -each.excess))

    @property
    def falling(self) -> tuple[Trend, ...]:
        """Those that are in unusually few papers, the most unusual first."""
        return tuple(sorted((each for each in self.all if each.is_falling), key=lambda each: each.excess))

    @property
    def before(self) -> int | None:
        """The place of the last week before this one that has any; None if none of the eight has."""
        return next((place for place in range(WEEKS_BEFORE - 1, -1, -1) if self.of_counts[place]), None)

    @property
    def is_compared(self) -> bool:
        """Whether the weeks before tell what is usual."""
        return self.of_count > 0 and sum(self.of_counts[:-1]) >= PAPERS_LEAST

    @property
    def highest(self) -> float:
        """The greatest part of a week's papers among those that are shown."""
        return max((share for each in self.most for share in each.shares if share), default=0.0)


def nine_weeks(week_on: date) -> tuple[date, ...]:
    """The Mondays of the eight weeks before, and of this one."""
    return tuple(week_on - back * WEEK for back in range(WEEKS_BEFORE, -1, -1))


def counts_of(found: Iterable[WeekCounts], week_on: date) -> tuple[WeekCounts, ...]:
    """Nine weeks of counts; a week of which nothing is loaded has none."""
    known = {each.week_on: each for each in found}
    return tuple(known.get(week) or WeekCounts(week_on=week) for week in nine_weeks(week_on))


def trends_of(found: Sequence[NamedCount], week_on: date) -> Trends:
    """Topics or institutions, those in most papers of this week first."""
    weeks = nine_weeks(week_on)
    papers = {each.week_on: each.of_count for each in found}
    of_counts = tuple(papers.get(week, 0) for week in weeks)
    trends = []
    for key, group in groupby(sorted(found, key=lambda each: each.key), key=lambda each: each.key):
        if not key:
            continue
        rows = {each.week_on: each for each in group}
        counts = tuple(
            (rows[week].papers_count if week in rows else 0) if of_count else None
            for week, of_count in zip(weeks, of_counts, strict=True)
        )
        name = next(iter(rows.values())).name
        trends.append(Trend(name=name, counts=counts, of_counts=of_counts))
    ordered = sorted(trends, key=lambda each: (-each.count, -each.excess, each.name))
    return Trends(weeks=weeks, of_counts=of_counts, all=tuple(ordered))
