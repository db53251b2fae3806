"""The nouns of matching: what is known of a sighting, what a comparison of two finds, what a person decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """The result of comparing a pair.

    Undecided pairs stay apart and are listed for review. In a suspect pair two clearly different papers have one
    identifier: its sides stay apart, whatever else links them, and it is a `suspect_identifier` finding. A pair that
    agrees in all but its identifiers is one paper where one side's identifier is suspect, and else listed for review.
    """

    SAME = "same"
    UNDECIDED = "undecided"
    SUSPECT = "suspect_identifier"
    OTHER_IDENTIFIER = "other_identifier"


class Rule(StrEnum):
    """The strongest kind of evidence behind a match."""

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

    `description` is a source's own text about the paper, never compared as an abstract. `urls` have one spelling each.
    `is_named_by_arxiv`: the source printed no title and no id; they are arXiv's, under whose id alone this abstract is.
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
    is_named_by_arxiv: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One reason for or against: `bits` is a log2 likelihood ratio, positive for the same paper."""

    field: str
    bits: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The evidence about one pair of records; `left` sorts before `right`. `score` is the sum of the bits."""

    left: str
    right: str
    verdict: Verdict
    rule: Rule
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairDecision:
    """A person's decision about two records: `is_same` True joins them, False keeps them apart."""

    left: str
    right: str
    is_same: bool
