"""What a service says about a paper by its id, apart from what a list said: records, and pure functions on them.

`Answer` is one answer of a service as it was read, `ArxivFacts` what it says about one id. Which facts are current is
decided by when they were read, never by when they were loaded: the warehouse does so, row by row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from transforms.records import Cause, Finding, Page, ReadingId, Run

BAD_TOKEN = "badResumptionToken"  # noqa: S105 - an error's code
NO_RECORDS = "noRecordsMatch"

# Written by authors: "This paper has been withdrawn by the author due to an error in Lemma 2", "Withdrawn. See …".
_WITHDRAWN = re.compile(
    r"\A\W*withdrawn\b|\b(?:is|are|was|were|been|being)\s+(?:now\s+|temporarily\s+|hereby\s+)?withdrawn\b"
    r"|\b(?:paper|article|manuscript|submission|preprint)\s+withdrawn\b",
    re.IGNORECASE,
)
# "Section 4 of v1 is withdrawn", "a claim was withdrawn": a part of the paper, not the paper.
_PART_WITHDRAWN = re.compile(
    r"\b(?:claims?|sections?|theorem|lemma|results?|part|appendix|figures?|statement|version|v\d+)\b[^.;]{0,40}\bwithdrawn",
    re.IGNORECASE,
)
_EMPTY_SIZE = re.compile(r"0\s*kb", re.IGNORECASE)


class AnswerOutcome(StrEnum):
    """What one answer of a service turned out to be."""

    FACTS = "facts"
    NOTHING = "nothing"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArxivVersion:
    """One version of a paper: its number from 1, when it was submitted (UTC), size and source type as printed."""

    number: int
    created_at: datetime
    size_text: str | None = None
    source_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArxivFacts:
    """What arXiv says about one id.

    `versions` ascend; where only some are known, `latest_version` is still the highest number. `changed_on` is the day
    on which arXiv last changed the record, None where the service does not say. A deleted record has no other facts.
    `renumbered_to` is the id that the record itself names, where it is another one than that it is filed under.
    """

    arxiv_id: str
    title: str | None = None
    abstract: str | None = None
    authors: tuple[str, ...] = ()
    authors_text: str | None = None
    categories: tuple[str, ...] = ()
    comments: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    doi_text: str | None = None
    report_no: str | None = None
    license: str | None = None
    submitter: str | None = None
    versions: tuple[ArxivVersion, ...] = ()
    changed_on: date | None = None
    is_deleted: bool = False
    renumbered_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an answer was asked for: changes since a day in a set, the next page by a token, or ids."""

    set_name: str | None = None
    from_on: date | None = None
    token: str | None = None
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of a service, read: facts in its order, and the ids that were asked for and are not in it.

    `response_at` is the service's own time. `error_code` is the protocol's own name for an answer without facts that is
    no failure: nothing new, or a token that it does not know any more. `findings` are records that could not be read.
    """

    asked: Asked
    response_at: datetime | None
    facts: tuple[ArxivFacts, ...] = ()
    missing: tuple[str, ...] = ()
    next_token: str | None = None
    token_expires_at: datetime | None = None
    error_code: str | None = None
    error_text: str | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def outcome(self) -> AnswerOutcome:
        """Whether it says anything about any id."""
        return AnswerOutcome.FACTS if self.facts or self.missing else AnswerOutcome.NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBatch:
    """What one run loads of one answer in one transaction; `answer` is None where it was refused, with the reason."""

    run: Run
    service: str
    version: int
    page: Page
    answer: Answer | None
    reason: str | None = None
    cause: Cause | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def outcome(self) -> AnswerOutcome:
        """What the answer turned out to be."""
        return AnswerOutcome.REFUSED if self.answer is None else self.answer.outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedAnswer:
    """The row of one loaded answer, as far as it tells how far a harvest came."""

    page_sha256: str
    fetched_at: datetime
    response_at: datetime | None
    outcome: AnswerOutcome
    error_code: str | None
    asked_set: str | None
    asked_from: date | None
    asked_token: str | None
    next_token: str | None
    token_expires_at: datetime | None

    @property
    def reading(self) -> ReadingId:
        """The reading of its page."""
        return ReadingId(page_sha256=self.page_sha256, fetched_at=self.fetched_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """How far the harvest of a set came.

    `from_on` is the day to ask from: that of the first answer of the last completed harvest, in the service's own time;
    of one that broke off, the day that it was asked from. None where there was none. `token` is the next page of one
    that broke off, until `expires_at`.
    """

    from_on: date | None = None
    token: str | None = None
    expires_at: datetime | None = None


def first_version_on(facts: ArxivFacts) -> date | None:
    """The day of version 1, in UTC; None where that version is not known."""
    return next((each.created_at.date() for each in facts.versions if each.number == 1), None)


def latest_version(facts: ArxivFacts) -> int | None:
    """The highest version; None where none is known."""
    return max((each.number for each in facts.versions), default=None)


def has_all_versions(facts: ArxivFacts) -> bool:
    """Whether every version up to the latest is known."""
    return bool(facts.versions) and len(facts.versions) == latest_version(facts)


def is_withdrawn(facts: ArxivFacts) -> bool:
    """Whether the authors say so in the comments, or the last version is empty, which is how arXiv withdraws."""
    last = max(facts.versions, key=lambda each: each.number, default=None)
    if last is not None and last.size_text is not None and _EMPTY_SIZE.fullmatch(last.size_text):
        return True
    said = facts.comments or ""
    return bool(_WITHDRAWN.search(said)) and not _PART_WITHDRAWN.search(said)


def harvest_of(answers: Iterable[LoadedAnswer], set_name: str) -> Harvest:
    """How far the harvest of a set came, given all loaded answers of the service in any order.

    The pages of one harvest are chained by their tokens. It is complete with the page that names no next one; one that
    began after the last completed one had ended leaves a hole, and so brings the harvest no further.
    """
    chains: dict[str, _Chain] = {}
    unfinished: _Chain | None = None
    done_on: date | None = None
    for each in sorted(answers, key=lambda each: (each.fetched_at, each.page_sha256)):
        if each.asked_from is not None and each.asked_set == set_name:
            chain = _Chain(asked_from=each.asked_from, response_at=each.response_at)
        elif each.asked_token in chains:
            chain = chains[each.asked_token]
        else:
            continue
        if each.error_code == BAD_TOKEN:
            unfinished = replace(chain, token=None)
        elif each.next_token is not None:
            unfinished = replace(chain, token=each.next_token, expires_at=each.token_expires_at)
            chains[each.next_token] = unfinished
        else:
            unfinished = None
            if done_on is None or chain.asked_from <= done_on:
                done_on = max(done_on or chain.reached_on, chain.reached_on)
    if unfinished is None:
        return Harvest(from_on=done_on)
    if done_on is not None and done_on < unfinished.asked_from:
        return Harvest(from_on=done_on)
    return Harvest(from_on=unfinished.asked_from, token=unfinished.token, expires_at=unfinished.expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chain:
    """The pages of one harvest: its first day, when its first page was answered, and the token of its next page."""

    asked_from: date
    response_at: datetime | None
    token: str | None = None
    expires_at: datetime | None = None

    @property
    def reached_on(self) -> date:
        return self.response_at.date() if self.response_at else self.asked_from


def absent(asked: Sequence[str], answered: Iterable[str]) -> tuple[str, ...]:
    """The ids that were asked for and not answered, in the order asked, each once."""
    there = frozenset(answered)
    return tuple(dict.fromkeys(each for each in asked if each not in there))
