"""Kept pages read again, without network: all of a range, or those of which something is not loaded."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from extractors.errors import LandingError
from extractors.landing.landing import Kept, Landing
from flows.home import FEEDS, INTERESTS, usable_home
from flows.pipeline.outcome import FetchedPartition, JobResult
from flows.pipeline.run import in_chunks, loaded, published, run
from flows.pipeline.words import copy_decisions, kept_decisions, record_kept
from flows.pipeline.work import EVERYTHING, Span, Work, writing
from flows.places.landing import landing_of
from flows.places.warehouse import warehouse_of
from flows.settings import Settings
from transforms.errors import PaperlogError
from warehouse import LEDGER, copy_ledger, still_ledger

# Nothing waits for a network here, and each chunk opens and closes the warehouse, which costs .15 s.
CHUNK_KEPT = 60


class NothingKept(PaperlogError):
    """There is no kept page to replay."""


def replay(work: Work, *, source: str | None = None, span: Span = EVERYTHING, into: Path | None = None) -> JobResult:
    """Read kept pages again, in the order in which they were kept, with people's decisions where they were taken.

    Into the same home it heals what a page can heal and changes nothing else, also where the warehouse is an older one
    than the published snapshot's: but only if every page is read. Another home gets copies of the pages, in the same
    order, and then stands on its own.
    """
    landing = landing_of(work.settings)
    kept = landing.readings(source, span.first, span.last)
    if not kept:
        raise NothingKept(f"{landing.address}: no page kept{f' of {source}' if source else ''} in that range")
    target = work if into is None else replace(work, settings=_of_home(work.settings, usable_home(into)))
    other = None if into is None else landing_of(target.settings)
    is_all = source is None and span == EVERYTHING
    if not is_all:
        with writing(target.settings, "replay"):  # a part of the pages makes no right warehouse of a wrong one
            pass
    work.progress.expect(len(kept))
    if into is not None:
        copy_decisions(work.settings, target.settings)
        _copy_readers(work.settings, target.settings)
    chunks = ([_copied(landing, each, other) for each in chunk] for chunk in in_chunks(kept, CHUNK_KEPT))
    result = loaded(target, "replay", at_hand=chunks, span=span)
    kept_decisions(target.settings)  # a file that cannot be read ends a replay, which would lack a decision
    with writing(target.settings, "replay", is_any_file=is_all) as writer:
        record_kept(target.settings, writer, "replay")
    return published(target, result, is_any_file=is_all)


def _of_home(settings: Settings, home: Path) -> Settings:
    """The settings of another home, with pages and a warehouse of its own: never those that the first one shares."""
    return replace(settings, home=home, warehouse=None, bucket=None)


def _copy_readers(settings: Settings, target: Settings) -> None:
    """Let the readers of the one home be those of the other: who was told what, their feeds, and what they wish for.

    A home that has a ledger keeps its own.
    """
    if (target.home / LEDGER).exists() or not (settings.home / LEDGER).exists():
        return
    target.home.mkdir(parents=True, exist_ok=True)
    with still_ledger(settings.home, "replay", wait_seconds=settings.lock_seconds):
        if (settings.home / FEEDS).is_dir():
            shutil.copytree(settings.home / FEEDS, target.home / FEEDS, dirs_exist_ok=True)
        if (settings.home / INTERESTS).is_file():
            shutil.copyfile(settings.home / INTERESTS, target.home / INTERESTS)
        copy_ledger(settings.home, target.home / LEDGER)  # at last: without it a second call begins again


def requeue(work: Work, *, source: str | None = None) -> JobResult:
    """Read again what has open rows in quarantine, was refused, or made an extractor fail.

    After a repair this empties the quarantine: a rejected entry stays there as history, with the time at which a later
    reading accepted it.
    """
    pages = _unread_pages(work.settings, source)
    work.progress.expect(len(pages))
    return run(work, "requeue", at_hand=in_chunks(pages))


def _copied(landing: Landing, kept: Kept, other: Landing | None) -> FetchedPartition:
    page = FetchedPartition(source=kept.source, asked_on=kept.asked_on)
    try:
        return replace(page, kept=landing.copy_to(other, kept) if other else kept)
    except LandingError as error:
        return replace(page, reason=str(error), cause=error.cause)


@dataclass(frozen=True, slots=True, kw_only=True)
class _UnreadPage:
    """A page of which something is not loaded, by its hash, or all pages that were asked for a day."""

    source: str
    partition_on: date | None
    page_sha256: str | None


def _unread_pages(settings: Settings, source: str | None) -> list[FetchedPartition]:
    """The latest reading of each such page, in the order in which they were kept."""
    with warehouse_of(settings).reader() as reader:
        unread = reader.records("read_unread_pages", _UnreadPage)
    hashes = {(each.source, each.page_sha256) for each in unread if each.page_sha256}
    days = {(each.source, each.partition_on) for each in unread if not each.page_sha256}
    latest: dict[tuple[str, str], Kept] = {}
    for kept in landing_of(settings).readings(source):
        if (kept.source, kept.sha256) in hashes or (kept.source, kept.asked_on) in days:
            latest[kept.source, kept.sha256] = kept
    ordered = sorted(latest.values(), key=lambda kept: kept.order)
    return [FetchedPartition(source=each.source, asked_on=each.asked_on, kept=each) for each in ordered]
