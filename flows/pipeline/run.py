"""A page's whole way, from request to publish.

Every job gives `run` its pages, chunk by chunk. They pass these steps:

* fetch and keep: `fetch_chunk` asks hosts for pages, `adopt_chunk` takes files; the landing keeps them unread
* read: `read_one` parses, normalises and checks a kept page into batches; of many pages `Ahead` has other processes do
  it while others are loaded
* compare: `with_order` refuses readings at times that cannot be, by the other readings of their partition; `with_drift`
  adds a warning for everything in which a page differs from its neighbours in time
* load: the writer loads the batches of a chunk in one transaction, and records why the other pages are missing
* publish: `publish_snapshot` replaces the file that readers open

A step is a plain function for a whole chunk; `work.step` may run it as a Prefect task.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, groupby
from typing import TypeVar

from extractors.landing.landing import Landing
from extractors.services import SERVICES
from extractors.sources import source_named
from flows.pipeline.ahead import CHUNKS_AHEAD, Ahead
from flows.pipeline.answers import loaded_answer
from flows.pipeline.fetch import FAILURES_IN_A_ROW, HOSTS_FAULT, fetch_chunk
from flows.pipeline.left_over import left_over, read_left, still_wanted
from flows.pipeline.order import with_order
from flows.pipeline.outcome import FetchedPartition, FetchIncomplete, JobResult, RunResult
from flows.pipeline.read import Read, new_run
from flows.pipeline.words import record_kept
from flows.pipeline.work import EVERYTHING, Progress, Span, Work, writing
from flows.places.landing import landing_of
from flows.settings import Settings
from flows.shown import counted
from transforms.listing.drift import Shape, drift
from transforms.records import Batch, Outcome, PartitionRow, RunOutcome
from warehouse import BatchRefusedError, Manifest
from warehouse.writer import Writer

# Prefect's server copes with few tasks: after 3,000, one a day, the next flow took 35 to 68 s (3.8.8 on SQLite).
CHUNK_PARTITIONS = 30
# How far away in time a page may be that another is compared with.
NEIGHBOURS_WITHIN = timedelta(days=120)

# Jobs that read every kept page, so that none of them is left over.
READING_EVERYTHING = frozenset({"replay"})

Item = TypeVar("Item")
Chunks = Iterable[Sequence[FetchedPartition]]


def run(work: Work, job: str, *, at_hand: Chunks = (), fetched: Chunks = ()) -> JobResult:
    """Load the chunks (see `loaded`), then publish."""
    return published(work, loaded(work, job, at_hand=at_hand, fetched=fetched))


def loaded(work: Work, job: str, *, at_hand: Chunks = (), fetched: Chunks = (), span: Span = EVERYTHING) -> JobResult:
    """Load the chunks in their order: the loop that every job shares.

    Args:
        work: where and how.
        job: the name under which runs are recorded.
        at_hand: chunks that wait for nobody: they are read ahead.
        fetched: chunks that come from hosts, each loaded once it came.
        span: listings outside of it are left out: an adopted page may hold any partition.
    """
    results: list[RunResult] = []
    skipped_count = 0
    with Ahead(work.settings, job) as ahead:
        for chunk in chain(ahead.chunks(at_hand, CHUNKS_AHEAD), ahead.chunks(fetched)):
            if chunk:
                results += work.step(load_chunk)(work.settings, job, tuple(chunk), span, work.progress, ahead)
            skipped_count += sum(each.is_skipped for each in chunk)
    return JobResult(job=job, results=tuple(results), skipped_count=skipped_count)


def published(work: Work, result: JobResult, *, is_any_file: bool = False) -> JobResult:
    """The result with the manifest, if the job is to publish; without a run there is nothing to publish."""
    if not work.publish or not result.results:
        return result
    return replace(result, manifest=work.step(publish_snapshot)(work.settings, is_any_file=is_any_file))


def fetched(
    work: Work, source: str, partitions: Sequence[date], *, answer: bool = False
) -> Iterator[tuple[FetchedPartition, ...]]:
    """Fetch and keep the pages of the partitions, or with `answer` what the source's API answers, chunk by chunk.

    After a chunk with skipped ones the rest is skipped.

    Each partition has an outcome, whatever became of it once the retries of the step are used up.
    """
    since = work.clock.now()
    for chunk in (chunks := in_chunks(partitions)):
        try:
            pages = work.step(fetch_chunk)(
                work.settings, source, chunk, since, work.progress, answer=answer, clock=work.clock
            )
        except FetchIncomplete as error:
            pages = error.pages
        if skipped := next((each for each in pages if each.is_skipped), None):
            pages += tuple(replace(skipped, asked_on=day) for rest in chunks for day in rest)
        yield pages


def fetched_lists(
    work: Work, lists: Iterable[tuple[str, Sequence[date]]], *, answer: bool = False
) -> Iterator[tuple[FetchedPartition, ...]]:
    """Fetch and keep the partitions of one list after another: they are on one host.

    Once it failed so often in a row that the rest of a list is skipped, the lists behind it are skipped too.
    """
    failures: list[FetchedPartition] = []
    for name, partitions in lists:
        if len(failures) >= FAILURES_IN_A_ROW:
            last = replace(failures[-1], source=name, is_skipped=True)
            yield tuple(replace(last, asked_on=day) for day in partitions)
            continue
        for chunk in fetched(work, name, partitions, answer=answer):
            is_down = all(each.is_skipped or each.cause in HOSTS_FAULT for each in chunk)
            failures = [*failures, *chunk] if is_down else []
            yield chunk


def load_chunk(
    settings: Settings,
    job: str,
    pages: tuple[FetchedPartition, ...],
    span: Span,
    progress: Progress,
    ahead: Ahead,
) -> tuple[RunResult, ...]:
    """Read each kept page and load all of them in one transaction; a page that is missing becomes a failed run.

    What an earlier command kept and could not load, because it was stopped, comes first: people's decisions, and
    readings of the same partitions. What services answered (a replay reads it too) is loaded between the pages, where
    it was kept: a paper's key depends on what came first.
    """
    landing = landing_of(settings)
    kinds = groupby(pages, lambda each: each.source in SERVICES)
    groups = [(tuple(group), is_answer) for is_answer, group in kinds]
    read = [Read() if is_answer else ahead.read(group) for group, is_answer in groups]
    results: list[RunResult] = []
    with writing(settings, f"{job} {label_of(pages)}", is_any_file=job in READING_EVERYTHING) as writer:
        kept_at = min((each.kept.kept_at for each in pages if each.kept), default=None)
        record_kept(settings, writer, job, before=kept_at)
        for (group, is_answer), found in zip(groups, read, strict=True):
            if is_answer:
                loaded = tuple(loaded_answer(writer, landing, job, each)[1] for each in group)
            else:
                loaded = _load_pages(writer, landing, job, group, found, span)
            results += loaded
            for result in loaded:
                progress.done(result.line)
    return tuple(results)


def _load_pages(
    writer: Writer,
    landing: Landing,
    job: str,
    pages: tuple[FetchedPartition, ...],
    read: Read,
    span: Span,
) -> tuple[RunResult, ...]:
    """Load what was read of the pages, and what an earlier command left of the same partitions before it."""
    left = () if job in READING_EVERYTHING else left_over(writer, landing, pages)
    batches = _within(span, (*read_left(landing, job, left), *read.batches))
    batches = with_drift(writer, with_order(writer, batches))
    outcomes = _loaded(writer, batches)
    for each in still_wanted(writer, read.failed):
        run = new_run(job, each.source, source_named(each.source).partition_of(each.asked_on))
        outcomes.append(writer.record_failure(run, each.reason or "no page", each.cause))
    paths = {each.kept.sha256: landing.shown(each.kept) for each in (*left, *pages) if each.kept}
    by_run = {batch.run.run_id: batch for batch in batches}
    return tuple(_result(each, by_run.get(each.run_id), paths) for each in outcomes)


def partition_states(settings: Settings, source: str, span: Span) -> dict[date, PartitionRow]:
    """What is loaded of a source, by partition."""
    with writing(settings, f"plan {source}") as writer:
        return dict(writer.partitions(source, span.first or date.min, span.last or date.max))


def publish_snapshot(
    settings: Settings, *, full: bool | None = None, is_file: bool = False, is_any_file: bool = False
) -> Manifest:
    """Replace the published snapshot by what is loaded now (see `Choice` of warehouse/engine.py)."""
    with writing(settings, "publish", is_any_file=is_any_file) as writer:
        record_kept(settings, writer, "publish")
        return writer.publish(full=full, keep_days=settings.keep_snapshots, is_file=is_file)


def in_chunks(items: Sequence[Item], most: int = CHUNK_PARTITIONS) -> Iterator[tuple[Item, ...]]:
    """The items in groups of at most so many, in order."""
    return (tuple(items[at : at + most]) for at in range(0, len(items), most))


def _within(span: Span, batches: Sequence[Batch]) -> list[Batch]:
    return [batch for batch in batches if span.holds(batch.partition_on)]


def with_drift(writer: Writer, batches: Sequence[Batch]) -> list[Batch]:
    """The same batches in the same order, each compared with what is loaded of its source and with those before it."""
    history = {source: _history(writer, source, batches) for source in {batch.source.name for batch in batches}}
    return [_compared(batch, history[batch.source.name]) for batch in batches]


def _history(writer: Writer, source: str, batches: Sequence[Batch]) -> dict[date, Shape]:
    days = [batch.partition_on for batch in batches if batch.source.name == source and batch.partition_on]
    if not days:
        return {}
    # An adopted page may claim any day of the calendar, also its first and its last.
    first = max(min(days), date.min + NEIGHBOURS_WITHIN) - NEIGHBOURS_WITHIN
    last = min(max(days), date.max - NEIGHBOURS_WITHIN) + NEIGHBOURS_WITHIN
    return {shape.partition_on: shape for shape in writer.history(source, first, last)}


def _compared(batch: Batch, history: dict[date, Shape]) -> Batch:
    if batch.outcome is not Outcome.LISTING or batch.is_degraded or batch.is_partial or batch.partition_on is None:
        return batch
    now = Shape(partition_on=batch.partition_on, entries_count=batch.entries_count, numbers=dict(batch.shape))
    found = drift(now, history.values(), batch.sightings)
    history[batch.partition_on] = now
    return replace(batch, findings=(*batch.findings, *found))


def _loaded(writer: Writer, batches: Sequence[Batch]) -> list[RunOutcome]:
    """One transaction; if one batch is refused by the warehouse, each gets its own, so that the others still load."""
    if not batches:
        return []
    try:
        return list(writer.load(batches))
    except BatchRefusedError as error:
        if len(batches) == 1:
            return [writer.record_failure(batches[0].run, str(error))]
    return [outcome for batch in batches for outcome in _loaded(writer, [batch])]


def _result(outcome: RunOutcome, batch: Batch | None, paths: Mapping[str, str]) -> RunResult:
    if batch is None:
        return RunResult(outcome=outcome)
    return RunResult(outcome=outcome, findings=batch.findings, page=paths.get(batch.page.sha256))


def label_of(pages: Sequence[FetchedPartition]) -> str:
    """What other writers see while they wait: sources, the days asked for, and how many files are of none."""
    sources = ", ".join(sorted({each.source for each in pages}))
    days = sorted({each.asked_on for each in pages if each.asked_on})
    dateless_count = sum(each.asked_on is None for each in pages)
    said = [f"{days[0]} to {days[-1]}" if len(days) > 1 else str(days[0])] if days else []
    said += [counted(dateless_count, "file without a day", "files without a day")] if dateless_count else []
    return f"{sources} {' and '.join(said)}"
