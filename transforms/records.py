"""The nouns that cross a room's border: frozen records without behaviour.

Instants are timezone-aware UTC datetimes, dates are plain dates, text is `str` already decoded.
A field that ends in `_raw` is as printed; its twin in `_text` is normalised for storage.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Self


class Level(StrEnum):
    """How serious a finding is: an error stops the load, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Metric(StrEnum):
    """A number about a paper, seen at a time."""

    UPVOTES = "upvotes"
    COMMENTS = "comments"
    GITHUB_STARS = "github_stars"


class Reason(StrEnum):
    """Why an entry could not become a sighting: the closed set of `quarantine.reason`."""

    UNREADABLE_ENTRY = "unreadable_entry"
    MISSING_IDENTIFIER = "missing_identifier"
    BAD_IDENTIFIER = "bad_identifier"
    MISSING_TITLE = "missing_title"
    MISSING_ABSTRACT = "missing_abstract"
    BAD_DATE = "bad_date"
    BAD_NUMBER = "bad_number"
    BAD_SECTIONS = "bad_sections"
    DUPLICATE_ENTRY = "duplicate_entry"


class Cause(StrEnum):
    """Why a run brought no list, by its evidence: the closed set of `runs.cause` and `partitions.cause`."""

    WRONG_DAY = "wrong_day"
    EMPTY_LIST = "empty_list"
    LAYOUT_CHANGED = "layout_changed"
    INDEX_PAGE = "index_page"
    UNEXPECTED_CONTENT = "unexpected_content"
    LIST_SHRUNK = "list_shrunk"
    BLOCKED = "blocked"
    FORBIDDEN_BY_ROBOTS = "forbidden_by_robots"
    RATE_LIMITED = "rate_limited"
    HOST_DOWN = "host_down"
    CUT_OFF = "cut_off"
    NOT_FOUND = "not_found"
    BAD_ANSWER = "bad_answer"
    NOT_ANNOUNCED = "not_announced"
    TOO_EARLY = "too_early"
    OUT_OF_REACH = "out_of_reach"
    PAGE_DAMAGED = "page_damaged"
    EXTRACTOR_FAILED = "extractor_failed"
    DEGRADED_CARDS_ONLY = "degraded_cards_only"


class Certainty(StrEnum):
    """How sure a date is: printed in full, or with its year inferred from the day of reading."""

    STATED = "stated"
    INFERRED_YEAR = "inferred_year"


class Outcome(StrEnum):
    """What one reading of one page turned out to be."""

    LISTING = "listing"
    NO_LIST = "no_list"
    REFUSED = "refused"
    OUT_OF_REACH = "out_of_reach"


class Closing(StrEnum):
    """When a closed partition is final: at its first read, or after two agreeing reads 12 h apart or one a week on."""

    FIRST_READ = "first_read"
    TWO_READS = "two_reads"


class TimeFrom(StrEnum):
    """How the time of a reading is known: by the clock when it was fetched, stated by somebody, or only guessed."""

    CLOCK = "clock"
    STATED = "stated"
    NAME = "name"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """A page without its body, of which only the length is told (see `Page`)."""

    source: str
    asked_on: date | None
    url: str
    final_url: str
    fetched_at: datetime
    media_type: str
    byte_count: int
    sha256: str
    etag: str | None
    last_modified: str | None
    time_from: TimeFrom


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One response or adopted file, verbatim.

    `asked_on` is the partition that was asked for; None where the text alone tells: an adopted file, or a page of many
    partitions. `sha256` is the lower-case hex digest of `body`, the decompressed bytes. `time_from` is how `fetched_at`
    is known.
    """

    source: str
    asked_on: date | None
    url: str
    final_url: str
    fetched_at: datetime
    media_type: str
    body: bytes
    sha256: str
    etag: str | None = None
    last_modified: str | None = None
    time_from: TimeFrom = TimeFrom.CLOCK

    @property
    def facts(self) -> PageFacts:
        """The page without its body: once it was read, nobody needs to hold it."""
        return PageFacts(
            source=self.source,
            asked_on=self.asked_on,
            url=self.url,
            final_url=self.final_url,
            fetched_at=self.fetched_at,
            media_type=self.media_type,
            byte_count=len(self.body),
            sha256=self.sha256,
            etag=self.etag,
            last_modified=self.last_modified,
            time_from=self.time_from,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewText:
    """A review as printed: `sections` are the lines between the summary and the closing impact line, in order."""

    summary: str
    primary: str | None = None
    all_institutions: str | None = None
    sections: tuple[str, ...] = ()
    impact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorClaim:
    """An author whom an account of the site claims to be, and what the site has made of the claim, in its own word."""

    name: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One paper as printed on a page: uninterpreted text, with its place.

    `position` counts from 1 within `section`. `place` is for people: `dailyPapers[3]`, `line 17`.
    `links` are (kind, address as printed); `metrics` are (metric, number as printed). `said` is the entry verbatim
    (JSON or text) and becomes the quarantine's `entry_text`. `site_` fields are the site's own words about the paper.
    `categories` are the archive's, the primary one first; `comments` and `journal_ref` are the authors' own lines.
    """

    position: int
    place: str
    said: str
    section: str | None = None
    first_line: int | None = None
    arxiv_id: str | None = None
    doi: str | None = None
    title: str | None = None
    abstract: str | None = None
    authors: tuple[str, ...] = ()
    author_count: str | None = None
    published: str | None = None
    submitted_by: str | None = None
    organization: str | None = None
    links: tuple[tuple[str, str], ...] = ()
    review: ReviewText | None = None
    metrics: tuple[tuple[Metric, str], ...] = ()
    site_summary: str | None = None
    site_keywords: tuple[str, ...] = ()
    thumbnail: str | None = None
    author_claims: tuple[AuthorClaim, ...] = ()
    categories: tuple[str, ...] = ()
    comments: str | None = None
    journal_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result of a check that did not hold; `place` names file, line or selector, if there is one."""

    check_name: str
    level: Level
    observed: str
    expected: str
    place: str | None = None

    @classmethod
    def error(cls, check_name: str, observed: str, expected: str, place: str | None = None) -> Self:
        """One that stops the load."""
        return cls(check_name=check_name, level=Level.ERROR, observed=observed, expected=expected, place=place)

    @classmethod
    def warning(cls, check_name: str, observed: str, expected: str, place: str | None = None) -> Self:
        """One that is kept with the run."""
        return cls(check_name=check_name, level=Level.WARNING, observed=observed, expected=expected, place=place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """An entry that could not become a sighting: one row of the quarantine."""

    position: int
    section: str | None
    reason: Reason
    detail: str
    entry_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a page has about one partition.

    `is_closed` is the page's own sign that the list will not grow any more (for `hf_daily`: a next day exists).
    `is_degraded` marks a fallback reading without some of the usual fields, `is_partial` one that may lack
    entries: it adds to the list and never takes from it. `rejections` are entries that the extractor itself could not
    read: entries + rejections is everything on the page.
    `fields` are (the page's own name of a field, how many objects have it, of how many), for drift.
    """

    source: str
    page_sha256: str
    partition_on: date
    is_closed: bool
    entries: tuple[Entry, ...]
    rejections: tuple[Rejection, ...] = ()
    findings: tuple[Finding, ...] = ()
    is_degraded: bool = False
    is_partial: bool = False
    previous_on: date | None = None
    next_on: date | None = None
    fields: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One address: `kind` is `arxiv`, `doi`, `code`, `project`, `paper`, `media`, `post` or `mention`."""

    kind: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """One institution, cleaned, with the text it came from."""

    name: str
    raw: str


REVIEW_SECTIONS = ("verdict", "methodology", "experiments", "reproducibility", "limitations", "impact")
"""The parts of a review but its summary, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review with its sections named; `unassigned` are texts whose section is not known, in page order.

    `derived` names the fields that were not printed apart, but split off by wording or by a leaked marker.
    """

    summary: str
    verdict: str | None = None
    methodology: str | None = None
    experiments: str | None = None
    reproducibility: str | None = None
    limitations: str | None = None
    impact: str | None = None
    unassigned: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    primary_institution: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One paper seen in one source and partition, normalised.

    `entry_key` names the entry within its source, partition and section, whatever page it was read from: an arXiv id,
    or a hash of its paper's address, else of the letters and digits of its title or abstract. `author_count` may be
    known without names.
    """

    source: str
    partition_on: date
    section: str | None
    position: int
    entry_key: str
    first_line: int | None = None
    arxiv_id: str | None = None
    arxiv_version: int | None = None
    doi: str | None = None
    title_raw: str | None = None
    title_text: str | None = None
    abstract_raw: str | None = None
    abstract_text: str | None = None
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    published_on: date | None = None
    published_at: datetime | None = None
    published_certainty: Certainty | None = None
    submitted_by: str | None = None
    organization: str | None = None
    links: tuple[Link, ...] = ()
    institutions: tuple[Institution, ...] = ()
    review: Review | None = None
    metrics: tuple[tuple[Metric, int], ...] = ()
    site_summary: str | None = None
    site_keywords: tuple[str, ...] = ()
    thumbnail_url: str | None = None
    author_claims: tuple[AuthorClaim, ...] = ()
    categories: tuple[str, ...] = ()
    comments: str | None = None
    journal_ref: str | None = None

    @property
    def sighting_key(self) -> str:
        """`source/partition/section/entry_key`: the same for every reading of the same entry."""
        return f"{self.source}/{self.partition_on.isoformat()}/{self.section or '-'}/{self.entry_key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A sighting ready to be compared, as `warehouse.papers.indexrows` packs it: its block keys, and what is compared.

    It follows from the sighting alone, so another process may make it while the writer loads.
    """

    sighting_key: str
    blocks: bytes
    record: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectations:
    """What a source's listing must look like: a broken minimum is an error, a broken maximum a warning.

    `filled` maps a Sighting field to the least share (0..1) of sightings in which it has a value.
    `abstract_characters` is the (shortest, longest) believable abstract, `abstract_median_min` what half of a page's
    abstracts must reach (None: twice the shortest), `days_since_published` the (least, most) days
    that believably lie between the middle entry's date and the partition; None if the source's papers may be old.
    """

    entries_min: int
    entries_max: int
    filled: tuple[tuple[str, float], ...] = ()
    abstract_characters: tuple[int, int] = (100, 6000)
    rejected_share_max: float = 0.2
    abstract_median_min: int | None = None
    days_since_published: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """What the warehouse needs to know about a source: `trust` 1 is believed first where sources disagree.

    `partition_days` is how many days a partition stands for: 1 for a daily list, 7 for a week. `is_archive`: it lists
    all that is announced, and nobody chose.
    """

    name: str
    trust: int
    closing: Closing
    extractor_version: int
    partition_days: int = 1
    is_archive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One attempt at one partition, named before it starts."""

    run_id: str
    flow: str
    source: str
    partition_on: date | None
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one run loads in one transaction: one reading of one partition from one page, with everything found on it.

    `partition_on` is None only for a refused page whose day is not known. `shape` is the page in numbers
    (`transforms.listing.drift`), with which later pages are compared. `packed` are the sightings ready to be compared,
    in their order, or nothing: the writer then packs those that it needs.
    """

    run: Run
    source: SourceFacts
    page: PageFacts
    partition_on: date | None
    outcome: Outcome
    is_closed: bool = False
    is_degraded: bool = False
    is_partial: bool = False
    previous_on: date | None = None
    next_on: date | None = None
    sightings: tuple[Sighting, ...] = field(default=())
    rejections: tuple[Rejection, ...] = field(default=())
    findings: tuple[Finding, ...] = field(default=())
    reason: str | None = None
    cause: Cause | None = None
    shape: tuple[tuple[str, float], ...] = field(default=())
    packed: tuple[Packed, ...] = field(default=())

    @property
    def entries_count(self) -> int:
        """Everything on the page: entries = sightings + rejections."""
        return len(self.sightings) + len(self.rejections)


class Status(StrEnum):
    """How a run ended."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"
    NO_LIST = "no_list"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """How one run ended, as recorded in `ops.runs`."""

    run_id: str
    source: str
    partition_on: date | None
    status: Status
    entries_count: int = 0
    sightings_count: int = 0
    rejections_count: int = 0
    papers_added_count: int = 0
    reason: str | None = None
    cause: Cause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanDecision:
    """A person's decision about two sightings: `is_same` True joins their papers, False keeps them apart."""

    left: str
    right: str
    is_same: bool
    reason: str
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionDecision:
    """A person's decision that a partition is unrecoverable (`is_lost`), or that it should be asked for again."""

    source: str
    partition_on: date
    is_lost: bool
    reason: str
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ReadingId:
    """One time at which a page was read for a partition."""

    page_sha256: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingDecision:
    """A person's decision that these readings of a partition do not count (`is_forgotten`), or count again."""

    source: str
    partition_on: date
    is_forgotten: bool
    readings: tuple[ReadingId, ...]
    reason: str
    decided_at: datetime


class Content(StrEnum):
    """What is not a fact and belongs to somebody: a text, or a name. A closed set.

    ABSTRACT, REVIEW and SUMMARY are texts about a paper; a summary is a reviewer's line or a site's own words. AUTHOR
    is the name of an author of it, ACCOUNT that of a site's user.
    """

    ABSTRACT = "abstract"
    REVIEW = "review"
    SUMMARY = "summary"
    AUTHOR = "author"
    ACCOUNT = "account"


TEXTS = (Content.ABSTRACT, Content.REVIEW, Content.SUMMARY)
"""Those that are texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithholdDecision:
    """A person's decision that contents are not published (`is_withheld`), or are again.

    Texts and authors are of a paper, named by records of it in `sightings`: the paper that any of them belongs to is
    meant. An account is named by `source`, a source or service, and exact `name`; an author by `name`. `decision_id` is
    made by chance: what is published of the decision must not tell a name.
    """

    decision_id: str
    contents: tuple[Content, ...]
    sightings: tuple[str, ...] = ()
    source: str | None = None
    name: str | None = None
    is_withheld: bool
    reason: str
    decided_at: datetime


Decision = HumanDecision | PartitionDecision | ReadingDecision | WithholdDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionRow:
    """What the warehouse knows of a partition: its state, how many entries its list has, and when it was last read."""

    state: str
    entries_count: int | None
    last_read_at: datetime | None
