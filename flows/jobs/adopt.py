"""Pages and dumps from files: kept in the landing like fetched ones, then read and loaded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from extractors.landing.adopt import files_of
from extractors.sources import source_named
from flows.pipeline.fetch import adopt_chunk
from flows.pipeline.outcome import JobResult
from flows.pipeline.run import in_chunks, run
from flows.pipeline.work import Work
from flows.settings import SettingsError
from transforms.series import list_of


def adopt(work: Work, source: str, files: Sequence[Path], *, fetched_at: datetime | None = None) -> JobResult:
    """Keep and load the files, one run per listing. A name ending in `__fetched_<time>` overrides `fetched_at`.

    Raises SettingsError for a source of several lists without the one that the files are of.
    """
    require_list(source)
    work.progress.expect(len(files))
    return run(
        work,
        "adopt",
        at_hand=(work.step(adopt_chunk)(work.settings, source, chunk, fetched_at) for chunk in in_chunks(files)),
    )


def require_list(source: str) -> None:
    """SettingsError for a source of several lists: whoever has a file of it knows which list it is of."""
    if source_named(source).is_several:
        raise SettingsError(f"{source} has several lists: name one, as {list_of(source, 'NAME')}")


def adopt_inbox(work: Work, source: str) -> JobResult:
    """Adopt the files in the source's inbox. They stay there; the same files again change nothing."""
    inbox = work.settings.inbox / source
    inbox.mkdir(parents=True, exist_ok=True)
    return adopt(work, source, files_of([inbox]))
