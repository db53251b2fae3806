"""The steps as plain functions, a chunk of partitions at a time; the warehouse is open only while one writes."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from extractors.errors import LandingError
from extractors.landing.adopt import page_of_file
from extractors.landing.landing import Kept, Landing
from extractors.sources import source_named
from flows.pipeline.drift import with_drift
from flows.pipeline.fetch import fetch_chunk
from flows.pipeline.outcome import Result
from flows.pipeline.read import new_run, read_page
from flows.pipeline.steps import Had, Progress, Span, Steps
from flows.settings import Settings
from transforms.records import Batch, Cause, PartitionRow, RunOutcome
from warehouse import BatchRefusedError, Manifest, Writer, open_warehouse

CHUNK_PARTITIONS = 30

Item = TypeVar("Item")
Failure = tuple[Had, str, Cause | None]


def adopt_chunk(
    settings: Settings, source: str, files: tuple[Path, ...], fetched_at: datetime | None
) -> tuple[Had, ...]:
    """Keep each file; one that cannot be kept becomes a failed run, and the others still load."""
    landing = Landing(settings.landing)
    return tuple(_adopted(landing, source, file, fetched_at) for file in files)


def load_chunk(
    settings: Settings, flow: str, had: tuple[Had, ...], span: Span, progress: Progress
) -> tuple[Result, ...]:
    """Read each kept page and load all of them in one transaction; a page that is missing becomes a failed run.

    Listings outside `span` are left out: an adopted page is asked for nothing and may hold any partition.
    """
    landing = Landing(settings.landing)
    batches, failures = _read_all(landing, flow, had)
    batches = [batch for batch in batches if span.holds(batch.partition_on)]
    with writing(settings, f"{flow} {_label(had)}") as writer:
        batches = with_drift(writer, batches)
        outcomes = _loaded(writer, batches)
        for each, reason, cause in failures:
            outcomes.append(writer.record_failure(new_run(flow, each.source, each.asked_on), reason, cause))
    pages = {each.kept.sha256: landing.path_of(each.kept) for each in had if each.kept}
    read = {batch.run.run_id: batch for batch in batches}
    results = tuple(_result(each, read.get(each.run_id), pages) for each in outcomes)
    for result in results:
        progress.done(result.line)
    return results


def partition_states(settings: Settings, source: str, span: Span) -> dict[date, PartitionRow]:
    """What is loaded of a source, by partition."""
    with writing(settings, f"plan {source}") as writer:
        return dict(writer.partitions(source, span.first or date.min, span.last or date.max))


def publish_snapshot(settings: Settings, *, full: bool | None = None) -> Manifest:
    """Replace the published snapshot by what is loaded now; `full` None leaves it to the number of papers."""
    with writing(settings, "publish") as writer:
        return writer.publish(full=full, keep_days=settings.keep_snapshots)


DIRECT = Steps(
    fetch=fetch_chunk,
    adopt=adopt_chunk,
    load=load_chunk,
    partitions=partition_states,
    publish=publish_snapshot,
)


def writing(settings: Settings, label: str) -> AbstractContextManager[Writer]:
    """The warehouse of this home, for the one who may write; others wait and are told the label."""
    return open_warehouse(str(settings.home)).writer(label, lock_seconds=settings.lock_seconds)


def in_chunks(items: Sequence[Item], most: int = CHUNK_PARTITIONS) -> Iterator[tuple[Item, ...]]:
    """The items in groups of at most so many, in order."""
    return (tuple(items[at : at + most]) for at in range(0, len(items), most))


def _adopted(landing: Landing, source: str, file: Path, fetched_at: datetime | None) -> Had:
    try:
        return Had(source=source, asked_on=None, kept=landing.keep(page_of_file(file, source, fetched_at)))
    except LandingError as error:
        return Had(source=source, asked_on=None, reason=str(error), cause=Cause.PAGE_DAMAGED)


def _result(outcome: RunOutcome, batch: Batch | None, pages: Mapping[str, Path]) -> Result:
    if batch is None:
        return Result(outcome=outcome)
    return Result(outcome=outcome, findings=batch.findings, page=pages.get(batch.page.sha256))


def _read_all(landing: Landing, flow: str, had: Sequence[Had]) -> tuple[list[Batch], list[Failure]]:
    """What nobody asked for is not recorded: it is still missing, and why stands with those that were asked for."""
    batches: list[Batch] = []
    failures: list[Failure] = []
    for each in had:
        if each.kept is None:
            if not each.is_unasked:
                failures.append((each, each.reason or "no page", each.cause))
            continue
        try:
            batches += _read_one(landing, flow, each.kept)
        except LandingError as error:
            failures.append((each, str(error), Cause.PAGE_DAMAGED))
        except Exception as error:  # noqa: BLE001 - one page that breaks an extractor must not stop the other pages
            failures.append((each, _surprise(each.kept, error), Cause.EXTRACTOR_FAILED))
    return batches, failures


def _loaded(writer: Writer, batches: Sequence[Batch]) -> list[RunOutcome]:
    """One transaction; where one batch spoils it, each batch has its own, so that the others still load."""
    if not batches:
        return []
    try:
        return list(writer.load(batches))
    except BatchRefusedError as error:
        if len(batches) == 1:
            return [writer.record_failure(batches[0].run, str(error))]
    return [outcome for batch in batches for outcome in _loaded(writer, [batch])]


def _read_one(landing: Landing, flow: str, kept: Kept) -> tuple[Batch, ...]:
    run = new_run(flow, kept.source, kept.asked_on)
    return read_page(source_named(kept.source), landing.load(kept), run)


def _surprise(kept: Kept, error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}:{last.lineno}"
    return f"{kept.url}: the extractor failed at {where}: {type(error).__name__}: {error}"


def _label(had: Sequence[Had]) -> str:
    """What a waiting writer is told: sources and the days asked for."""
    sources = ", ".join(sorted({each.source for each in had}))
    days = sorted({each.asked_on for each in had if each.asked_on})
    if not days:
        return f"{sources}, {len(had)} files"
    return f"{sources} {days[0]}" if len(days) == 1 else f"{sources} {days[0]} to {days[-1]}"
