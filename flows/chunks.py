"""The steps as plain functions, a chunk of partitions at a time; the warehouse is open only while one writes."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from extractors.adoption import page_of_file
from extractors.errors import FetchError, TransientFetchError
from extractors.fetch import Fetcher
from extractors.landing import Kept, Landing, LandingError
from extractors.source import Source
from extractors.sources import source_named
from flows.reading import new_run, read_page
from flows.report import Progress, Result
from flows.settings import Settings, SettingsError
from flows.steps import FetchIncomplete, Had, Span, Steps
from transforms.records import Batch, RunOutcome
from warehouse import BatchRefusedError, Manifest, PartitionRow, Writer, open_warehouse

CHUNK_PARTITIONS = 30

Item = TypeVar("Item")


def fetch_chunk(
    settings: Settings, source: str, partitions: tuple[date, ...], since: datetime, progress: Progress
) -> tuple[Had, ...]:
    """Fetch and keep one page per partition. A page read since `since` is not asked for again, so a retry is cheap."""
    asker = _Asker(settings, source_named(source), since, progress)
    token = settings.token if source.startswith("hf_") else None
    with Fetcher(settings.contact, token=token, requests_per_second=settings.requests_per_second) as fetcher:
        had = tuple(asker.ask(fetcher, day) for day in partitions)
    if any(each.is_transient for each in had):
        raise FetchIncomplete(had)
    return had


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
    batches, failures = _read_all(Landing(settings.landing), flow, had)
    batches = [batch for batch in batches if span.holds(batch.partition_on)]
    findings = {batch.run.run_id: batch.findings for batch in batches}
    with writing(settings, f"{flow} {_label(had)}") as writer:
        outcomes = _loaded(writer, batches)
        for each, reason in failures:
            outcomes.append(writer.record_failure(new_run(flow, each.source, each.asked_on), reason))
    results = tuple(Result(outcome=each, findings=findings.get(each.run_id, ())) for each in outcomes)
    for result in results:
        progress.done(result.line)
    return results


def partition_states(settings: Settings, source: str, span: Span) -> dict[date, PartitionRow]:
    """What is loaded of a source, by partition."""
    with writing(settings, f"plan {source}") as writer:
        return dict(writer.partitions(source, span.first or date.min, span.last or date.max))


def publish_snapshot(settings: Settings) -> Manifest:
    """Replace the published snapshot by what is loaded now."""
    with writing(settings, "publish") as writer:
        return writer.publish()


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


def in_chunks(items: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    """The items in groups of at most CHUNK_PARTITIONS, in order."""
    return (tuple(items[at : at + CHUNK_PARTITIONS]) for at in range(0, len(items), CHUNK_PARTITIONS))


class _Asker:
    """Asks for the pages of one source, and keeps each before anybody reads it."""

    def __init__(self, settings: Settings, source: Source, since: datetime, progress: Progress) -> None:
        if source.request is None:
            raise SettingsError(f"{source.name} cannot be fetched: adopt files of it instead")
        if source.name not in settings.urls:
            raise SettingsError(f"PAPERLOG_{source.name.upper()}_URL is not set: {source.name} has no public address")
        self._source = source.name
        self._request = source.request
        self._base_url = settings.urls[source.name]
        self._landing = Landing(settings.landing)
        self._since = since
        self._progress = progress

    def ask(self, fetcher: Fetcher, day: date) -> Had:
        known = self._landing.latest(self._source, day)
        if known and known.fetched_at >= self._since:
            return Had(source=self._source, asked_on=day, kept=known)
        try:
            page = fetcher.fetch(self._request(day, self._base_url), known)
        except FetchError as error:
            self._progress.note(f"{self._source} {day}: not fetched: {error}")
            is_transient = isinstance(error, TransientFetchError)
            return Had(source=self._source, asked_on=day, reason=str(error), is_transient=is_transient)
        self._progress.note(f"{self._source} {day}: fetched, {len(page.body):,} bytes")
        return Had(source=self._source, asked_on=day, kept=self._landing.keep(page))


def _adopted(landing: Landing, source: str, file: Path, fetched_at: datetime | None) -> Had:
    try:
        return Had(source=source, asked_on=None, kept=landing.keep(page_of_file(file, source, fetched_at)))
    except LandingError as error:
        return Had(source=source, asked_on=None, reason=str(error))


def _read_all(landing: Landing, flow: str, had: Sequence[Had]) -> tuple[list[Batch], list[tuple[Had, str]]]:
    batches: list[Batch] = []
    failures: list[tuple[Had, str]] = []
    for each in had:
        if each.kept is None:
            failures.append((each, each.reason or "no page"))
            continue
        try:
            batches += _read_one(landing, flow, each.kept)
        except LandingError as error:
            failures.append((each, str(error)))
        except Exception as error:  # noqa: BLE001 - one page that breaks an extractor must not stop the other pages
            failures.append((each, _surprise(each.kept, error)))
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
