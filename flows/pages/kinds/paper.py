"""The page of a paper: every source's words, its upvotes, reviews and versions, why it is one paper, and its pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Protocol, TypeVar

from extractors.landing.landing import file_of
from flows.design.charts import Chart, curve
from flows.design.names import addresses_of, is_web_address, name_of, shortened
from flows.pages import links
from flows.pages.asked import Asked, MovedPage, NoSuchPage
from transforms.citing.bibtex import bibtex_of
from transforms.citing.citation import NotCitable, citation_of
from transforms.citing.records import Citation, CitedPaper
from transforms.citing.tags import coins_of, head_tags
from transforms.fields import identifiers
from transforms.records import REVIEW_SECTIONS, Link
from warehouse import FoundPaper, Reader, cited_papers

COMPARISONS_SHOWN = 40
METRICS = ("upvotes", "comments", "github_stars")


class _HasKey(Protocol):
    @property
    def paper_key(self) -> str: ...


_OfPaper = TypeVar("_OfPaper", bound=_HasKey)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewText:
    """A review as printed, by its sections; `derived` names those that were split off by wording."""

    summary: str | None
    verdict: str | None
    methodology: str | None
    experiments: str | None
    reproducibility: str | None
    limitations: str | None
    impact: str | None
    primary_institution: str | None
    unassigned: tuple[str, ...] | None = None
    derived: tuple[str, ...] | None = None

    @property
    def sections(self) -> Mapping[str, str]:
        """Its sections by name, in their order; empty ones and those that repeat the summary left out."""
        texts = {name: getattr(self, name) for name in REVIEW_SECTIONS if getattr(self, name)}
        return {name: text for name, text in texts.items() if text != self.summary}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSighting:
    """One place at which a source lists or reviews it: what it said, why it is this paper, and the kept page."""

    sighting_key: str
    source: str
    series: str | None
    list_name: str
    partition_days: int
    is_archive: bool
    partition_on: date
    section: str | None
    position: int
    first_line: int | None
    is_listed: bool
    title: str | None
    abstract: str | None
    authors: tuple[str, ...] = ()
    author_count: int | None
    arxiv_id: str | None
    arxiv_version: int | None
    doi: str | None
    published_on: date | None
    submitted_by: str | None
    organization: str | None
    site_summary: str | None
    site_keywords: tuple[str, ...] = ()
    topic_keys: tuple[str, ...] = ()
    comments: str | None
    journal_ref: str | None
    categories: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    institutions: tuple[str, ...] = ()
    review: ReviewText | None
    rule: str
    score: float
    evidence: str
    decided_at_run: str
    page_sha256: str
    run_id: str
    media_type: str | None
    fetched_at: datetime | None
    url: str | None

    @property
    def kept_page(self) -> str | None:
        """The file with the page, below the landing; None if nothing is known of the page."""
        return str(file_of(self.list_name, self.page_sha256, self.media_type)) if self.media_type else None

    @property
    def web_address(self) -> str | None:
        """Where the page was read, if that is on the web."""
        return self.url if self.url and is_web_address(self.url) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number that a source printed, at a time (UTC)."""

    source: str
    metric: str
    observed_at: datetime
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What one field of a pair shows, in bits."""

    field: str
    bits: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two sightings that were compared; `other_key` is the paper of the one that is not of this paper."""

    left_key: str
    right_key: str
    verdict: str
    rule: str
    score: float
    is_one_paper: bool
    other_key: str | None
    evidence: tuple[Weighed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A person's decision about two sightings."""

    kind: str
    left_key: str
    right_key: str
    reason: str
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version at arXiv."""

    number: int
    created_at: datetime | None = None
    size_text: str | None = None
    source_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArxivFacts:
    """What arXiv says of its id, when it was read last."""

    title: str | None
    categories: tuple[str, ...] = ()
    comments: str | None
    venue: str | None
    venue_words: str | None
    journal_ref: str | None
    doi: str | None
    license: str | None
    submitter: str | None
    first_version_on: date | None
    latest_version: int | None
    versions: tuple[Version, ...] = ()
    has_all_versions: bool | None
    is_withdrawn: bool | None
    is_deleted: bool | None
    renumbered_to: str | None
    changed_on: date | None
    service: str
    read_at: datetime
    page_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    paper_key: str
    title: str | None
    abstract: str | None
    authors: tuple[str, ...] = ()
    author_keys: tuple[str, ...] = ()
    author_count: int | None
    arxiv_id: str | None
    doi: str | None
    published_on: date | None
    published_on_source: str | None
    published_certainty: str | None
    institutions: tuple[str, ...] = ()
    institution_keys: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    sources: tuple[str, ...] = ()
    first_listed_on: date | None
    last_listed_on: date | None
    first_reviewed_on: date | None
    previous_keys: tuple[str, ...] = ()
    venue: str | None
    venue_words: str | None
    journal_ref: str | None
    arxiv_categories: tuple[str, ...] = ()
    license: str | None
    is_withdrawn: bool | None
    is_named_by_arxiv: bool
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPage(_Facts):
    """Everything that is known of a paper."""

    sightings: tuple[PaperSighting, ...]
    numbers: tuple[Number, ...]
    comparisons: tuple[Compared, ...]
    decisions: tuple[Decided, ...]
    arxiv: ArxivFacts | None
    citation: Citation | None

    @property
    def heading(self) -> str:
        """Its name."""
        return name_of(self.title, self.abstract) or self.paper_key

    @property
    def addresses(self) -> tuple[Link, ...]:
        """Where to read it; only web addresses, each once."""
        return addresses_of(self.arxiv_id, self.doi, self.links)

    @property
    def upvotes(self) -> tuple[Number, ...]:
        """Its upvotes, oldest first."""
        found = (each for each in self.numbers if each.metric == "upvotes")
        return tuple(sorted(found, key=lambda each: each.observed_at))

    @property
    def chart(self) -> Chart | None:
        """Its upvotes over time; None for fewer than two readings."""
        return curve("Upvotes over time", "upvotes", [(each.observed_at, each.value) for each in self.upvotes])

    @property
    def latest(self) -> Mapping[str, Number]:
        """The last known number of each metric."""
        last = {each.metric: each for each in sorted(self.numbers, key=lambda each: each.observed_at)}
        return {name: last[name] for name in METRICS if name in last}

    @property
    def reviews(self) -> tuple[PaperSighting, ...]:
        """The sightings that are reviews; the same text in two sections of one page is one."""
        found = {(each.source, each.partition_on, each.review): each for each in self.sightings if each.review}
        return tuple(found.values())

    @property
    def keywords(self) -> Mapping[str, str]:
        """The sites' own keywords by what names their topic."""
        pairs = [zip(each.topic_keys, each.site_keywords, strict=True) for each in self.sightings]
        return dict(chain.from_iterable(pairs))

    @property
    def site_summaries(self) -> tuple[PaperSighting, ...]:
        """Sightings with a summary of the site's own, each text once."""
        return tuple({each.site_summary: each for each in self.sightings if each.site_summary}.values())

    @property
    def bibtex(self) -> str:
        """Its entry for a bibliography; empty where it cannot be cited, because no source gave a title."""
        return bibtex_of([self.citation]) if self.citation else ""

    @property
    def head_tags(self) -> tuple[tuple[str, str], ...]:
        """Names and contents of tags by which programs know what the page is about."""
        return tuple(head_tags(self.citation)) if self.citation else ()

    @property
    def coins(self) -> str:
        """The same as a context object."""
        return coins_of(self.citation) if self.citation else ""

    @property
    def summary(self) -> str:
        """What is known of it in a sentence or two."""
        parts = []
        lists = [each for each in self.sightings if not each.review]
        if lists:
            names = " and ".join(dict.fromkeys(each.source for each in lists))
            on = self.first_listed_on or lists[0].partition_on
            parts.append(f"Listed by {names}, first on {on.day} {on:%B %Y}.")
        if self.reviews:
            names = " and ".join(dict.fromkeys(each.source for each in self.reviews))
            parts.append(f"Reviewed by {names}.")
        if self.upvotes:
            parts.append(f"{self.upvotes[-1].value:,} upvotes when it was read last.")
        return " ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    paper_key: str
    sighting: PaperSighting


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    paper_key: str
    number: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed:
    paper_key: str
    compared: Compared


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    paper_key: str
    decided: Decided


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    paper_key: str
    facts: ArxivFacts


def paper_page(reader: Reader, asked: Asked) -> PaperPage:
    """The page of a paper. MovedPage for a key that it had before, and for its arXiv id."""
    (page,) = paper_pages(reader, [asked])
    if page is None:
        raise _elsewhere(reader, asked.text("key"))
    return page


def paper_pages(reader: Reader, asked: Sequence[Asked]) -> tuple[PaperPage | None, ...]:
    """The pages of many papers, which takes hardly longer than of one; None for a key that no paper has now."""
    keys = [each.text("key") for each in asked]
    of: dict[str, object] = {"keys": keys}
    sightings = _grouped(reader.records("pages/paper_sightings", _Placed, of))
    numbers = _grouped(reader.records("pages/paper_metrics", _Counted, of))
    compared = _grouped(reader.records("pages/paper_comparisons", _Weighed, of | {"most": COMPARISONS_SHOWN}))
    decided = _grouped(reader.records("pages/paper_decisions", _Judged, of))
    known = {each.paper_key: each.facts for each in reader.records("pages/paper_facts", _Known, of)}
    citations = {each.paper_key: _citation_of(each) for each in cited_papers(reader, keys)}
    found = {each.paper_key: each for each in reader.records("pages/paper", _Facts, of)}
    return tuple(
        PaperPage(
            **{name: getattr(found[key], name) for name in _Facts.__slots__},
            sightings=tuple(each.sighting for each in sightings.get(key, ())),
            numbers=tuple(each.number for each in numbers.get(key, ())),
            comparisons=tuple(each.compared for each in compared.get(key, ())),
            decisions=tuple(each.decided for each in decided.get(key, ())),
            arxiv=known.get(key),
            citation=citations.get(key),
        )
        if key in found
        else None
        for key in keys
    )


def _citation_of(paper: CitedPaper) -> Citation | None:
    with suppress(NotCitable):
        return citation_of(paper)
    return None


def _grouped(rows: Iterable[_OfPaper]) -> dict[str, list[_OfPaper]]:
    groups: dict[str, list[_OfPaper]] = {}
    for each in rows:
        groups.setdefault(each.paper_key, []).append(each)
    return groups


def _elsewhere(reader: Reader, key: str) -> MovedPage | NoSuchPage:
    """Where the paper is that is meant by an earlier key or an arXiv id."""
    redirected = reader.named("pages/paper_redirect", {"key": key}).rows
    if redirected:
        return MovedPage(links.paper(str(redirected[0][0])))
    found: tuple[FoundPaper, ...] = ()
    with suppress(ValueError):
        arxiv_id, _ = identifiers.arxiv_id(key)
        found = reader.records("lookup_identifier", FoundPaper, {"arxiv_id": arxiv_id, "doi": None})
    if len(found) == 1:
        return MovedPage(links.paper(found[0].paper_key))
    return NoSuchPage(f"no paper has or had the key {shortened(key, 60)!r}: search for its title or arXiv id")
