"""Papers as the weekly page shows them: their names, addresses, upvotes and reviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flows.design.names import NamedPaper, shortened

SECTIONS = ("summary", "verdict", "methodology", "experiments", "reproducibility", "limitations", "impact")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPaper(NamedPaper):
    """A paper that some source lists or reviews in the week; `is_new` if none did before that week's list."""

    authors: tuple[str, ...] = ()
    author_count: int | None
    institutions: tuple[str, ...] = ()
    organization: str | None
    week_sources: tuple[str, ...] = ()
    first_listed_on: date | None
    first_known_on: date
    is_new: bool
    gained: int | None
    comments: int | None
    stars: int | None

    @property
    def known_since(self) -> str:
        """How it was known first, for a paper that is not new."""
        return f"{'listed' if self.first_listed_on == self.first_known_on else 'reviewed'} since {self.first_known_on}"

    @property
    def byline(self) -> str:
        """Who wrote it, in a few words: at most three authors, and where they work."""
        shown = ", ".join(self.authors[:3])
        count = self.author_count or len(self.authors)
        authors = f"{shown} and {count - 3} more" if self.authors and count > 3 else shown
        return " · ".join(each for each in (authors, self.organization or ", ".join(self.institutions[:2])) if each)

    @property
    def excerpt(self) -> str:
        """The first lines of its abstract, unless they are its name already."""
        return shortened(self.abstract or "", 260) if self.title else ""


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
