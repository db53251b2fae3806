"""The nouns of the resolver: what it may know of a sighting, what it finds out about a pair, what people decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """What the evidence says of a pair.

    Undecided pairs stay apart and are listed for review. A suspect pair bears one identifier on two clearly different
    papers: it stays apart, whatever else links its two sides, and is a `suspect_identifier` finding.
    """

    SAME = "same"
    UNDECIDED = "undecided"
    SUSPECT = "suspect_identifier"


class Rule(StrEnum):
    """The strongest kind of evidence behind a decision."""

    FOUNDED = "founded"
    ARXIV_ID = "arxiv_id"
    DOI = "doi"
    ABSTRACT = "abstract"
    TITLE = "title"
    TITLE_AUTHORS = "title_authors"
    EVIDENCE = "evidence"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the resolver may know of one sighting. `key` is its sighting_key.

    `description` is what a source says about the paper in its own words, never compared as an abstract.
    `urls` are addresses in one spelling each.
    """

    key: str
    source: str
    partition_on: date
    arxiv_id: str | None
    doi: str | None
    title: str | None
    abstract: str | None
    authors: tuple[str, ...]
    published_on: date | None
    institutions: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    author_count: int | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One reason for or against: `bits` is a log2 likelihood ratio, positive for the same paper."""

    field: str
    bits: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the evidence says about one pair of records; `left` sorts before `right`. `score` is the sum of the bits."""

    left: str
    right: str
    verdict: Verdict
    rule: Rule
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person's word about two records: `is_same` True joins them, False keeps them apart."""

    left: str
    right: str
    is_same: bool
