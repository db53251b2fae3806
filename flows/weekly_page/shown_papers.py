"""Papers as the weekly page shows them: their names, addresses, upvotes and reviews."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flows.design.names import DescribedPaper, NamedPaper, shortened
from transforms.records import REVIEW_SECTIONS

READERS_SHOWN = 10
SECTIONS = ("summary", *REVIEW_SECTIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPaper(DescribedPaper):
    """A paper that some list of the week has; `is_new` if none had it before, `reviewed_since` if a review had."""

    week_sources: tuple[str, ...] = ()
    first_listed_on: date | None
    reviewed_since: date | None
    is_new: bool
    comments: int | None
    stars: int | None

    @property
    def known_since(self) -> str:
        """How it was known before; empty if it was not."""
        if not self.is_new:
            return f"listed since {self.first_listed_on}"
        return f"reviewed since {self.reviewed_since}" if self.reviewed_since else ""

    @property
    def whose(self) -> str:
        """Where it comes from, in a name; empty if nobody says."""
        return self.organization or next(iter(self.institutions), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpedPaper(NamedPaper):
    """A paper of a dump: a page of search results as somebody kept it, of papers of any age."""

    source: str
    partition_on: date
    published_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """One dump of a listing, in its order. It is no day's list: what is counted of the week leaves it out."""

    source: str
    partition_on: date
    papers: tuple[DumpedPaper, ...]

    @property
    def ages(self) -> str:
        """The years in which its papers were published; empty if none is known."""
        years = sorted({each.published_on.year for each in self.papers if each.published_on})
        return f"{years[0]} to {years[-1]}" if len(years) > 1 else "".join(map(str, years))


@dataclass(frozen=True, slots=True, kw_only=True)
class UpvoteReading:
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
class ReviewedPaper(NamedPaper):
    """A paper of a week's review, or one with many upvotes in that week that no reviewer chose."""

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
        """Whether a reviewer chose it."""
        return self.top_position is not None or self.list_position is not None

    @property
    def excerpt(self) -> str:
        """The review in a sentence or two."""
        return shortened(self.verdict or self.summary or "", 320)

    @property
    def sections(self) -> dict[str, str]:
        """Its sections by name, in the order of the review; empty ones left out."""
        return {name: getattr(self, name) for name in SECTIONS if getattr(self, name)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewGroup:
    """One review of a week: the papers that it chose, and those that readers upvoted most in the same days."""

    source: str
    partition_on: date
    week_on: date
    papers: tuple[ReviewedPaper, ...]

    @property
    def reviewed(self) -> tuple[ReviewedPaper, ...]:
        """What reviewers chose, in their order."""
        return tuple(each for each in self.papers if each.is_reviewed)

    @property
    def top(self) -> tuple[ReviewedPaper, ...]:
        """Those that they put on top."""
        return tuple(each for each in self.reviewed if each.top_position is not None)

    @property
    def rest(self) -> tuple[ReviewedPaper, ...]:
        """The others."""
        return tuple(each for each in self.reviewed if each.top_position is None)

    @property
    def readers(self) -> tuple[ReviewedPaper, ...]:
        """The readers' first ten of those days, most upvotes first."""
        ranked = (each for each in self.papers if each.upvotes_rank is not None and each.upvotes_rank <= READERS_SHOWN)
        return tuple(sorted(ranked, key=lambda each: (each.upvotes_rank or 0, each.paper_key)))

    @property
    def agreement(self) -> str:
        """How many of the readers' first ten the reviewers chose, in a sentence."""
        chosen = sum(each.is_reviewed for each in self.readers)
        return f"Reviewers chose {chosen or 'none'} of the {len(self.readers)} papers that readers upvoted most."


def groups_of(reviews: Iterable[ReviewedPaper]) -> tuple[ReviewGroup, ...]:
    """The reviews by source and partition, in the order in which they come."""
    found: dict[tuple[str, date], list[ReviewedPaper]] = {}
    for each in reviews:
        found.setdefault((each.source, each.partition_on), []).append(each)
    return tuple(
        ReviewGroup(source=source, partition_on=on, week_on=papers[0].week_on, papers=tuple(papers))
        for (source, on), papers in found.items()
    )


def dumps_of(found: Iterable[DumpedPaper]) -> tuple[Dump, ...]:
    """The dumps by source and day, in the order in which they come."""
    groups: dict[tuple[str, date], list[DumpedPaper]] = {}
    for each in found:
        groups.setdefault((each.source, each.partition_on), []).append(each)
    return tuple(Dump(source=source, partition_on=on, papers=tuple(papers)) for (source, on), papers in groups.items())
