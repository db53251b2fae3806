"""Pages and dumps that somebody already has: kept in the landing like fetched ones, then read and loaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from flows.jobs.ingest import EVERYTHING
from flows.pipeline.chunks import in_chunks
from flows.pipeline.outcome import Report, Result
from flows.pipeline.steps import Progress, Steps
from flows.settings import Settings


def adopt(
    settings: Settings,
    source: str,
    files: Sequence[Path],
    steps: Steps,
    progress: Progress,
    *,
    fetched_at: datetime | None = None,
    publish: bool = True,
) -> Report:
    """Keep and load the files, one run per listing. A name ending in `__fetched_<time>` outweighs `fetched_at`."""
    progress.expect(len(files))
    results: list[Result] = []
    for chunk in in_chunks(files):
        had = steps.adopt(settings, source, chunk, fetched_at)
        results += steps.load(settings, "adopt", had, EVERYTHING, progress)
    manifest = steps.publish(settings) if publish and results else None
    return Report(flow="adopt", results=tuple(results), manifest=manifest)


def files_of(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files themselves, and for each directory the files in it, by name; hidden ones are left out."""
    files = [file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    return tuple(file for file in files if file.is_file() and not file.name.startswith("."))
