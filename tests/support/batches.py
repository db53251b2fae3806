"""Batches from tiny literals: a digest `daily` whose entries are numbered papers.

Their abstracts are words that nothing else holds, so that only what a test makes equal is ever one paper.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count

from tests.support.pages import page_of
from transforms.records import (
    Batch,
    Closing,
    Content,
    Link,
    Metric,
    Outcome,
    Page,
    Rejection,
    Review,
    Run,
    Sighting,
    SourceFacts,
    WithholdDecision,
)

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAILY = SourceFacts(name="daily", trust=1, closing=Closing.TWO_READS, extractor_version=1)
WEEKLY = SourceFacts(name="weekly", trust=4, closing=Closing.FIRST_READ, extractor_version=1)
_runs = count(1)


def hours(number: float) -> datetime:
    """So many hours after noon of the first day."""
    return NOON + timedelta(hours=number)


def abstract_of(name: str) -> str:
    """An abstract that no other name shares, long enough to be a key."""
    words = [hashlib.sha256(f"{name}{place}".encode()).hexdigest()[:7] for place in range(60)]
    return " ".join(words)


def sighting(
    number: int, *, day: date = DAY, upvotes: int = 5, position: int | None = None, title: str | None = None
) -> Sighting:
    """One listed paper of the daily digest."""
    return Sighting(
        source="daily",
        partition_on=day,
        section=None,
        position=position or number,
        entry_key=f"2603.{number:05}",
        arxiv_id=f"2603.{number:05}",
        title_raw=title or f"Invented title number {number} about looms",
        title_text=title or f"Invented title number {number} about looms",
        abstract_raw=abstract_of(str(number)),
        abstract_text=abstract_of(str(number)),
        authors=(f"Ada Example{number}", "Bo Sample"),
        author_count=2,
        published_on=day - timedelta(days=3),
        links=(Link(kind="arxiv", url=f"https://arxiv.org/abs/2603.{number:05}"),),
        metrics=((Metric.UPVOTES, upvotes), (Metric.COMMENTS, 1)),
    )


def review(number: int, *, day: date = DAY, abstract: str | None = None) -> Sighting:
    """One reviewed paper of the weekly digest: an abstract and no title."""
    text = abstract or abstract_of(str(number))
    return Sighting(
        source="weekly",
        partition_on=day,
        section="list",
        position=number,
        entry_key=f"a-{number}",
        first_line=number * 2,
        abstract_raw=text,
        abstract_text=text,
        review=Review(summary=f"Paper {number} does something.", verdict=f"Paper {number} does something."),
    )


def listing_page(source: str, contents: Iterable[object], fetched_at: datetime, asked_on: date | None = None) -> Page:
    """A page whose bytes stand for its contents."""
    body, url = repr([source, *contents]), "https://digest.example/day"
    return page_of(source, body, asked_on=asked_on, url=url, fetched_at=fetched_at, media_type="text/html")


def batch(
    sightings: Sequence[Sighting],
    *,
    at: datetime = NOON,
    day: date = DAY,
    facts: SourceFacts = DAILY,
    is_closed: bool = False,
    is_degraded: bool = False,
    rejections: tuple[Rejection, ...] = (),
    next_on: date | None = None,
) -> Batch:
    """One reading that gave a listing."""
    return Batch(
        run=run(facts.name, day),
        source=facts,
        page=listing_page(facts.name, [*sightings, *rejections, is_closed, is_degraded], at).facts,
        partition_on=day,
        outcome=Outcome.LISTING,
        is_closed=is_closed,
        is_degraded=is_degraded,
        next_on=next_on,
        sightings=tuple(sightings),
        rejections=rejections,
    )


def without_list(outcome: Outcome, *, at: datetime = NOON, day: date | None = DAY, reason: str = "why") -> Batch:
    """One reading that gave no listing."""
    return Batch(
        run=run("daily", day),
        source=DAILY,
        page=listing_page("daily", [outcome, day, reason], at, asked_on=day).facts,
        partition_on=day,
        outcome=outcome,
        reason=reason,
    )


def run(source: str, day: date | None) -> Run:
    """A new run."""
    return Run(run_id=f"run-{next(_runs):06}", flow="test", source=source, partition_on=day, started_at=NOON)


def withheld_abstract(sighting_key: str, *, number: int = 1, is_withheld: bool = True) -> WithholdDecision:
    """A person's word, at an hour of that number, that the abstract of a record is not published, or is again."""
    return WithholdDecision(
        decision_id=f"decision-{number}",
        contents=(Content.ABSTRACT,),
        sightings=(sighting_key,),
        source=None,
        name=None,
        is_withheld=is_withheld,
        reason="the authors asked",
        decided_at=datetime(2026, 3, 9, number, tzinfo=UTC),
    )
