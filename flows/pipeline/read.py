"""From kept pages to batches that may be loaded: parse, normalise, check; a page that is refused ends in one too."""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from extractors.errors import LandingError, NoList, OutOfReach, PageChanged, WrongPartition
from extractors.landing.landing import Landing
from extractors.source import Source
from extractors.sources import source_named
from flows.pipeline.outcome import FetchedPartition
from transforms.listing.checks import check
from transforms.listing.drift import shape_of
from transforms.listing.normalize import normalize_all
from transforms.listing.origin import check_origin
from transforms.listing.read_time import check_read_time
from transforms.records import (
    Batch,
    Cause,
    Finding,
    Level,
    Listing,
    Outcome,
    Page,
    Run,
)

_DEGRADED = "read from its cards alone: no abstracts, names of authors or dates; mend the extractor, then replay"


def new_run(flow: str, source: str, partition_on: date | None) -> Run:
    """A run that starts now, with an id that sorts by its start."""
    now = datetime.now(UTC)
    run_id = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
    return Run(run_id=run_id, flow=flow, source=source, partition_on=partition_on, started_at=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What came of pages: their batches, and the partitions without a page that can be read, each with its reason."""

    batches: tuple[Batch, ...] = ()
    failed: tuple[FetchedPartition, ...] = ()


def read_one(landing: Landing, page: FetchedPartition, run: Run) -> Read:
    """What came of a page.

    Nothing of a skipped partition: it stays missing, and those that were asked for before it have the reason.
    """
    if page.kept is None:
        return Read() if page.is_skipped else Read(failed=(page,))
    try:
        return Read(batches=read_page(source_named(page.source), landing.load(page.kept), run))
    except LandingError as error:
        return Read(failed=(replace(page, reason=str(error), cause=error.cause),))
    except Exception as error:  # noqa: BLE001 - one page that breaks an extractor must not stop the other pages
        reason = defect(page.kept.url, error)
        return Read(failed=(replace(page, reason=reason, cause=Cause.EXTRACTOR_FAILED),))


def read_page(source: Source, page: Page, run: Run) -> tuple[Batch, ...]:
    """One batch per listing on the page, the one asked for under `run`, the others under ids derived from it.

    A page of another shape or another partition gives one batch with the reason; this never raises PageChanged or
    WrongPartition. The partition of a refused page is the one asked for, None for an adopted page. A page of many
    listings without the one asked for gives a batch for that one too, before the others.
    """
    page = replace(page, asked_on=source.partition_of(page.asked_on))
    try:
        listings = source.parse(page)
    except WrongPartition as error:
        return (_no_list(source, page, run, error),)
    except NoList as error:
        return (_nothing(source, page, run, error, Outcome.NO_LIST, error.cause),)
    except OutOfReach as error:
        return (_nothing(source, page, run, error, Outcome.OUT_OF_REACH, Cause.OUT_OF_REACH),)
    except PageChanged as error:
        return (_changed(source, page, run, error),)
    absent = _absent(source, page, run, listings)
    ordered = sorted(listings, key=lambda each: each.partition_on != page.asked_on)
    read = (_read(source, page, _run_of(run, at, each), each) for at, each in enumerate(ordered, start=len(absent)))
    return (*absent, *read)


def _read(source: Source, page: Page, run: Run, listing: Listing) -> Batch:
    sightings, rejections = normalize_all(listing, read_on=page.fetched_at.date())
    doubts = (
        *check_read_time(listing, page, source.closing, source.partition_days),
        *check_origin(page, source.default_url),
    )
    findings = (*check(listing, sightings, rejections, source.expectations), *doubts)
    batch = Batch(
        run=run,
        source=source.facts,
        page=page.facts,
        partition_on=listing.partition_on,
        outcome=Outcome.LISTING,
        is_closed=listing.is_closed,
        is_degraded=listing.is_degraded,
        is_partial=listing.is_partial,
        cause=Cause.DEGRADED_CARDS_ONLY if listing.is_degraded else None,
        reason=_DEGRADED if listing.is_degraded else None,
        previous_on=listing.previous_on,
        next_on=listing.next_on,
        sightings=sightings,
        rejections=rejections,
        findings=findings,
        shape=shape_of(listing, sightings, rejections),
    )
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    if any(finding.level is Level.ERROR for finding in doubts):
        return refused_reading(batch, errors)
    return _refused(batch, errors) if errors else batch


def refused_reading(batch: Batch, errors: list[Finding]) -> Batch:
    """The page may have been read well at another time: this reading alone is refused, so it is filed nowhere."""
    return _refused(replace(batch, partition_on=None), errors)


def _refused(batch: Batch, errors: list[Finding]) -> Batch:
    """Nothing of a page that breaks an expectation is loaded, not even its links to its neighbours."""
    first = errors[0]
    place = f" at {first.place}" if first.place else ""
    reason = f"{first.check_name}{place}: expected {first.expected}, observed {first.observed}"
    if len(errors) > 1:
        reason += f" (and {len(errors) - 1} more errors)"
    return replace(
        batch,
        outcome=Outcome.REFUSED,
        cause=Cause.UNEXPECTED_CONTENT,
        shape=(),
        reason=f"{reason}; {batch.entries_count} entries were not loaded",
        sightings=(),
        rejections=(),
        previous_on=None,
        next_on=None,
    )


def _absent(source: Source, page: Page, run: Run, listings: Sequence[Listing]) -> tuple[Batch, ...]:
    """A batch that records that the page lacks the partition asked for, with the nearest that it has."""
    asked_on, days = page.asked_on, [each.partition_on for each in listings]
    if asked_on is None or asked_on in days:
        return ()
    nearest = min(days, key=lambda day: (abs(day - asked_on), day))
    return (_no_list(source, page, run, WrongPartition(asked_on, nearest)),)


def _no_list(source: Source, page: Page, run: Run, error: WrongPartition) -> Batch:
    return Batch(
        run=replace(run, partition_on=error.asked_on),
        source=source.facts,
        page=page.facts,
        partition_on=error.asked_on,
        outcome=Outcome.NO_LIST,
        next_on=error.next_on,
        cause=Cause.WRONG_DAY,
        reason=f"no list for {error.asked_on}: the page says {error.found_on}",
    )


def _nothing(source: Source, page: Page, run: Run, error: NoList | OutOfReach, outcome: Outcome, cause: Cause) -> Batch:
    """The site's own word that it has no such list, has none yet, or gives it no more."""
    return Batch(
        run=replace(run, partition_on=error.asked_on),
        source=source.facts,
        page=page.facts,
        partition_on=error.asked_on,
        outcome=outcome,
        cause=cause,
        reason=" ".join(str(error).splitlines()),
    )


def _changed(source: Source, page: Page, run: Run, error: PageChanged) -> Batch:
    finding = Finding(
        check_name="page_changed",
        level=Level.ERROR,
        observed=error.observed,
        expected=error.expected,
        place=error.where,
    )
    return Batch(
        run=replace(run, partition_on=page.asked_on),
        source=source.facts,
        page=page.facts,
        partition_on=page.asked_on,
        outcome=Outcome.REFUSED,
        findings=(finding,),
        cause=error.cause,
        reason=" ".join(str(error).splitlines()),
    )


def _run_of(run: Run, number: int, listing: Listing) -> Run:
    run_id = f"{run.run_id}-{number}" if number else run.run_id
    return replace(run, run_id=run_id, partition_on=listing.partition_on)


def defect(url: str, error: Exception) -> str:
    """Where an extractor failed: the line is enough to find the defect, and a traceback does not fit into a reason."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}:{last.lineno}"
    return f"{url}: the extractor failed at {where}: {type(error).__name__}: {error}"
