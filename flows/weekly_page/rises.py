"""How fast this week's papers rose in the day after they were read first, beside what is usual for their list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flows.weekly_page.shown_papers import ListedPaper

# What is usual is taken from so many weeks before the page's, and from at least so many papers.
HISTORY = timedelta(weeks=26)
USUAL_LEAST = 30
RISES_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """Upvotes that a paper gained between its first reading and one 12 to 36 hours later, the nearest to a day.

    `usual_…` are the 10th, 50th and 90th percentile of the same list in the half year before, of `usual_count` papers.
    """

    paper_key: str
    source: str
    gained: int
    upvotes: int
    hours: float
    usual_count: int
    usual_low: float | None
    usual_middle: float | None
    usual_high: float | None

    @property
    def has_usual(self) -> bool:
        """Whether there is enough to tell what is usual."""
        return self.usual_count >= USUAL_LEAST

    @property
    def is_unusual(self) -> bool:
        """Whether it rose more than nine in ten papers of its list."""
        return self.has_usual and self.usual_high is not None and self.gained > self.usual_high


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualAge:
    """The 10th, 50th and 90th percentile of upvotes at an age, of papers of the half year before."""

    half_day: int
    papers_count: int
    hours: float
    low: float
    middle: float
    high: float

    @property
    def is_enough(self) -> bool:
        """Whether there are enough papers to tell what is usual."""
        return self.papers_count >= USUAL_LEAST


@dataclass(frozen=True, slots=True, kw_only=True)
class Rises:
    """The rises of a week's papers, strongest first, with the papers that they are of."""

    papers: Mapping[str, ListedPaper]
    all: tuple[Rise, ...]

    @property
    def risen(self) -> tuple[Rise, ...]:
        """Those that gained something."""
        return tuple(each for each in self.all if each.gained > 0)

    @property
    def shown(self) -> tuple[Rise, ...]:
        """The strongest of them."""
        return self.risen[:RISES_SHOWN]

    @property
    def strongest(self) -> Rise | None:
        """The strongest rise; None if no paper was read twice in time, or none gained anything."""
        return self.shown[0] if self.shown else None

    @property
    def unusual_count(self) -> int:
        """How many rose more than nine in ten papers of their list did."""
        return sum(each.is_unusual for each in self.all)

    @property
    def usual(self) -> Rise | None:
        """A rise whose list has a usual range, if there is one."""
        return next((each for each in self.all if each.has_usual), None)

    @property
    def scale(self) -> float:
        """What the longest bar stands for."""
        ends = [float(each.gained) for each in self.shown]
        ends += [each.usual_high for each in self.shown if each.has_usual and each.usual_high]
        return max(ends, default=1.0) or 1.0

    @property
    def hours(self) -> tuple[int, int]:
        """The shortest and the longest time between two readings, rounded."""
        found = [round(each.hours) for each in self.all]
        return min(found), max(found)


def rises_of(found: Iterable[Rise], papers: Sequence[ListedPaper]) -> Rises:
    """The rises of these papers."""
    known = {each.paper_key: each for each in papers}
    return Rises(papers=known, all=tuple(each for each in found if each.paper_key in known))
