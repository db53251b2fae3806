"""The kept pages of which something is not loaded, read again: after a repair, this empties the quarantine."""

from __future__ import annotations

from extractors.landing.landing import Kept, Landing
from flows.jobs.ingest import EVERYTHING
from flows.jobs.questions import UNREAD_PAGES, records
from flows.pipeline.chunks import in_chunks
from flows.pipeline.outcome import Report, Result
from flows.pipeline.steps import Had, Progress, Steps
from flows.settings import Settings
from warehouse import open_warehouse


def requeue(
    settings: Settings, steps: Steps, progress: Progress, *, source: str | None = None, publish: bool = True
) -> Report:
    """Read again what has open rows in quarantine, was refused, or made an extractor fail; no network.

    What an entry was rejected for stays in quarantine as history, with the time at which a reading accepted it.
    """
    pages = kept_pages(settings, source)
    progress.expect(len(pages))
    results: list[Result] = []
    for chunk in in_chunks(pages):
        had = tuple(Had(source=each.source, asked_on=each.asked_on, kept=each) for each in chunk)
        results += steps.load(settings, "requeue", had, EVERYTHING, progress)
    manifest = steps.publish(settings) if publish and results else None
    return Report(flow="requeue", results=tuple(results), manifest=manifest)


def kept_pages(settings: Settings, source: str | None) -> list[Kept]:
    """One reading of each such page, in the order in which they were kept."""
    with open_warehouse(str(settings.home)).reader() as reader:
        rows = records(reader.query(UNREAD_PAGES))
    hashes = {(row["source"], row["page_sha256"]) for row in rows if row["page_sha256"]}
    days = {(row["source"], row["partition_on"]) for row in rows if not row["page_sha256"]}
    latest: dict[tuple[str, str], Kept] = {}
    for kept in Landing(settings.landing).readings(source):
        if (kept.source, kept.sha256) in hashes or (kept.source, kept.asked_on) in days:
            latest[kept.source, kept.sha256] = kept
    return sorted(latest.values(), key=lambda kept: kept.order)
