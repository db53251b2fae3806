"""Partitions from the network: those asked for, those still needed, or only their pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain

from extractors.landing.landing import Kept
from extractors.source import OnPages
from extractors.sources import source_named
from flows.jobs.spread import Crew, fetched_by
from flows.pipeline.outcome import FetchedPartition, JobResult
from flows.pipeline.run import fetched_lists, in_chunks, partition_states, run
from flows.pipeline.words import id_of
from flows.pipeline.work import Span, Work, writing
from flows.places.landing import landing_of
from transforms.records import PartitionRow

SETTLED = frozenset({"final", "unrecoverable"})
# A day that has no list yet redirects like a day that never gets one, so a backfill asks again until the day is over.
NO_LIST_BELIEVED_AFTER = timedelta(days=2)
# What a stopped backfill kept so lately is loaded as it is; what is older is asked for again.
KEPT_IS_FRESH_FOR = timedelta(days=1)


def ingest(work: Work, source: str, partitions: Sequence[date], *, answer: bool = False) -> JobResult:
    """Fetch and load the partitions. One that cannot be fetched or read is recorded, and the others still load.

    If a host fails again and again, the partitions that are left are skipped. With `answer` the source's API is asked
    in place of its pages: what it answers adds to lists, and never closes one.
    """
    return run(work, "ingest", fetched=_asked(work, source, partitions, answer=answer))


def backfill(
    work: Work, source: str, first: date, last: date, *, everything: bool = False, crew: Crew | None = None
) -> JobResult:
    """Ingest the partitions of the range that are missing, open, refused or doubtful; all of them with `everything`.

    Stopped anywhere, a second call goes on: pages that were kept and never loaded are not asked for again. If only the
    pages tell which partitions there are, all of them are asked for: what is missing shows once they are read. With a
    `crew` pages are fetched by its machines.
    """
    partitions, kept, missing = wanted(source, first, last), list[FetchedPartition](), dict[str, Sequence[date]]()
    for name in work.settings.lists_of(source):
        own, asked = ((), partitions) if everything else _split(work, name, partitions, Span(first=first, last=last))
        work.progress.expect(len(own) + len(asked))
        kept += own
        missing[name] = asked
    return run(work, "backfill", at_hand=in_chunks(kept), fetched=fetched_by(work, crew, missing.items()))


def _split(
    work: Work, source: str, partitions: Sequence[date], span: Span
) -> tuple[Sequence[FetchedPartition], Sequence[date]]:
    """What of the partitions is kept and only to be loaded, and what is to be asked for."""
    if isinstance(source_named(source).partitions, OnPages):
        return (), partitions
    states, now = work.step(partition_states)(work.settings, source, span), work.clock.now()
    needed = tuple(day for day in partitions if is_needed(day, states.get(day), now))
    kept = tuple(_kept_unloaded(work, source, needed, states))
    missing = tuple(day for day in needed if day not in {each.asked_on for each in kept})
    counts = f"{len(partitions)} partitions, {len(kept)} kept already, {len(missing)} to ask for"
    work.progress.note(f"backfill {source}: {counts}")
    return kept, missing


def capture(
    work: Work, source: str, partitions: Sequence[date], *, answer: bool = False
) -> tuple[FetchedPartition, ...]:
    """Fetch pages, or with `answer` what the source's API answers, and keep them without reading them."""
    return tuple(chain.from_iterable(_asked(work, source, partitions, answer=answer)))


def _asked(
    work: Work, source: str, partitions: Sequence[date], *, answer: bool
) -> Iterator[tuple[FetchedPartition, ...]]:
    """The partitions of each list of the source, fetched and kept."""
    names = work.settings.lists_of(source)
    work.progress.expect(len(names) * len(partitions))
    return fetched_lists(work, ((name, partitions) for name in names), answer=answer)


def wanted(source: str, first: date, last: date) -> tuple[date, ...]:
    """The partitions of the source's calendar in the range, both ends included, ascending.

    A single day stands for the partition that it belongs to: its week for a weekly source, else the day itself, even if
    it is not in the calendar, so that asking for a Saturday asks the site. If only the pages tell which partitions
    there are, it is a day for each page that may hold some of the range.
    """
    digest = source_named(source)
    if first < last or isinstance(digest.partitions, OnPages):
        return tuple(digest.partitions(first, last))
    if digest.partition_days == 1:
        return (first,)
    return tuple(digest.partitions(first - timedelta(days=digest.partition_days - 1), first))[-1:]


def days_before(source: str, scheduled_at: datetime, days_back: Sequence[int]) -> tuple[date, ...]:
    """The partitions that are so many days before a schedule's own time, in the source's calendar, ascending."""
    days = {scheduled_at.astimezone(UTC).date() - timedelta(days=back) for back in days_back}
    partitions = source_named(source).partitions
    if isinstance(partitions, OnPages):
        return tuple(partitions(min(days), max(days)))
    return tuple(day for day in sorted(days) if partitions(day, day))


def is_needed(day: date, row: PartitionRow | None, now: datetime) -> bool:
    """Whether another reading of the partition may bring something new.

    One that was read in the future, by a clock that was wrong, is asked for again whatever its state.
    """
    if row is None or (row.last_read_at is not None and row.last_read_at > now):
        return True
    if row.state == "no_list":
        return row.last_read_at is not None and row.last_read_at.date() < day + NO_LIST_BELIEVED_AFTER
    return row.state not in SETTLED


def _kept_unloaded(
    work: Work, source: str, partitions: Sequence[date], states: dict[date, PartitionRow]
) -> Iterator[FetchedPartition]:
    """The latest fresh page of each partition that was kept and never loaded, because that run was stopped before.

    An answer of the API stands for no page.
    """
    latest: dict[date, Kept] = {}
    now = work.clock.now()
    for kept in landing_of(work.settings).asked(source, partitions):
        is_fresh = now - KEPT_IS_FRESH_FOR <= kept.fetched_at <= now  # one from the future is not
        if kept.asked_on and is_fresh and not kept.is_answer and not _is_loaded(kept, states.get(kept.asked_on)):
            latest[kept.asked_on] = kept
    if latest:
        with writing(work.settings, f"plan {source}") as writer:
            forgotten = writer.forgotten(source)
        latest = {day: kept for day, kept in latest.items() if (day, id_of(kept)) not in forgotten}
    return (FetchedPartition(source=source, asked_on=day, kept=kept) for day, kept in latest.items())


def _is_loaded(kept: Kept, row: PartitionRow | None) -> bool:
    return row is not None and row.last_read_at is not None and row.last_read_at >= kept.fetched_at
