"""What a digest says: papers as a snapshot has them, what is new about each, and the lists that could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from transforms.records import Link


class News(StrEnum):
    """What is new about a paper for a reader. A closed set.

    NEW: listed or reviewed for a day that no earlier issue looked at. LATE: for a day that an earlier issue did look
    at, when the paper was not there yet. ROSE: it gained so many upvotes that the reader wants to know. REVIEWED: a
    review came for a paper that is no longer new. VERSION: arXiv has a new version of a paper that the reader was told.
    """

    NEW = "new"
    LATE = "late"
    ROSE = "rose"
    REVIEWED = "reviewed"
    VERSION = "version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One list or review in which a paper stands; `partition_on` is the first of its `partition_days` days."""

    source: str
    series: str | None = None
    partition_on: date
    partition_days: int = 1
    section: str | None = None
    position: int
    is_review: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewNote:
    """What a review says in short; either text may be missing or not shown."""

    source: str
    partition_on: date
    summary: str | None = None
    verdict: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPaper:
    """A paper as a digest tells it.

    `record` is its smallest member record, which names it in every home, as `export` does. `places` are those lists and
    reviews that are within what the reader follows, in the order of days; `first_on` is the first day on which any
    source had it. `upvotes` are the last known ones; `latest_version` is arXiv's, submitted on `latest_version_on`.
    """

    paper_key: str
    record: str
    previous_keys: tuple[str, ...] = ()
    title: str | None = None
    abstract: str | None = None
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    institutions: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    arxiv_id: str | None = None
    doi: str | None = None
    links: tuple[Link, ...] = ()
    published_on: date | None = None
    venue: str | None = None
    is_withdrawn: bool = False
    latest_version: int | None = None
    latest_version_on: date | None = None
    upvotes: int | None = None
    first_on: date
    places: tuple[Place, ...] = ()
    reviews: tuple[ReviewNote, ...] = ()

    @property
    def has_code(self) -> bool:
        """Whether any source gave a link to code."""
        return any(each.kind == "code" for each in self.links)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a paper was chosen: `kind` is the key of the interests file that chose it, `text` says it in words."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to tell: what is new about which paper, and why this reader is told.

    `detail` says what came or changed, such as `v3 of 2 March 2026`; empty for a paper that is new. `entry_key` names
    the thing for ever: the ledger and the ids of feeds are made of it.
    """

    news: News
    paper: DigestPaper
    reasons: tuple[Reason, ...] = ()
    detail: str = ""
    entry_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A list that could not be looked at: `state` is `open`, `refused`, `missing`, `unrecoverable`, or `never`.

    `never`: the reader names a source of which no list was ever loaded; the day says nothing then.

    It may stand for several in a row of which the same is to be said: `lists_count` of them, the first on `since_on`,
    the last on `partition_on`. `last_good_on` is the last day before them of which the source has a whole list.
    """

    source: str
    series: str | None = None
    partition_on: date
    since_on: date | None = None
    lists_count: int = 1
    state: str
    reason: str | None = None
    last_good_on: date | None = None

    @property
    def entry_key(self) -> str:
        """What names it in feeds: its first day, so that a row that goes on stays the same."""
        return self._key(self.since_on or self.partition_on)

    @property
    def days_told(self) -> tuple[str, ...]:
        """What the ledger keeps of it: every day that it spans."""
        if self.state == "never":
            return (self.entry_key,)
        first = self.since_on or self.partition_on
        days = (first + timedelta(days=ahead) for ahead in range((self.partition_on - first).days + 1))
        return tuple(map(self._key, days))

    def _key(self, day: date) -> str:
        name = f"unread/{self.source}:{self.series or ''}"
        return f"{name}/never" if self.state == "never" else f"{name}/{day}/{self.state}"

    @property
    def is_trouble(self) -> bool:
        """Whether something went wrong: a list that is still open only goes on growing."""
        return self.state != "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Everything that one reader is told at one time, on one channel.

    `issue_id` stays the same when the issue is sent again. `since_on` and `until_on` are the first and the last day
    that it looked at. `items` are ordered: by kind of news, best first. `left_out_count` is how many more fitted,
    beyond what the reader wants at most.
    """

    issue_id: str
    reader: str
    title: str
    made_at: datetime
    since_on: date
    until_on: date
    items: tuple[Item, ...] = ()
    left_out_count: int = 0
    unread: tuple[Unread, ...] = ()

    @property
    def trouble(self) -> tuple[Unread, ...]:
        """The lists with which something went wrong."""
        return tuple(each for each in self.unread if each.is_trouble)
