"""Pages and dumps from files: kept in the landing like fetched ones, then read and loaded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from extractors.landing.adopt import files_of
from flows.pipeline.fetch import adopt_chunk
from flows.pipeline.outcome import JobResult
from flows.pipeline.run import in_chunks, run
from flows.pipeline.work import Work


def adopt(work: Work, source: str, files: Sequence[Path], *, fetched_at: datetime | None = None) -> JobResult:
    """Keep and load the files, one run per listing. A name ending in `__fetched_<time>` overrides `fetched_at`."""
    work.progress.expect(len(files))
    return run(
        work,
        "adopt",
        (work.step(adopt_chunk)(work.settings, source, chunk, fetched_at) for chunk in in_chunks(files)),
    )


def adopt_inbox(work: Work, source: str) -> JobResult:
    """Adopt the files in the source's inbox. They stay there; the same files again change nothing."""
    inbox = work.settings.inbox / source
    inbox.mkdir(parents=True, exist_ok=True)
    return adopt(work, source, files_of([inbox]))
