"""Makes pages in several processes: each has its own reader of the same snapshot, and writes what it made."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flows.parallel.processes import WorkerEnded, Workers
from flows.pipeline.work import Progress
from flows.settings import Settings
from flows.site.folder import Writing, Written
from flows.site.pages import Pages, Place
from warehouse import open_warehouse

PLACES_A_BATCH = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a process needs: the settings, the home with the copy of the snapshot, the names that have a page."""

    settings: Settings
    home: Path
    named: frozenset[str]
    writing: Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What became of some places: the files, and the pages that they link to."""

    written: Mapping[str, Written]
    leads_to: frozenset[Place]


Makes = Callable[[Sequence[Sequence[Place]]], Iterable[Batch]]
"""Makes batches of pages, in any order."""


class Maker:
    """Makes batches of pages and writes them."""

    def __init__(self, job: Job) -> None:
        self._stack = ExitStack()
        reader = self._stack.enter_context(open_warehouse(str(job.home)).reader(threads=1))
        self._pages, self._writing = Pages(job.settings, reader, job.named), job.writing

    def batch(self, places: Sequence[Place]) -> Batch:
        """The pages at these places."""
        written, leads_to = {}, set[Place]()
        for each in self._pages.make(places):
            written[each.path] = self._writing.add(each.path, each.body)
            leads_to |= each.leads_to
        return Batch(written=written, leads_to=frozenset(leads_to))

    def close(self) -> None:
        """Close the snapshot."""
        self._stack.close()


def crawl(makes: Makes, roots: Iterable[Place], *, apart: set[Place], progress: Progress) -> dict[str, Written]:
    """The files of all pages to which some pages lead, with these; those `apart` are made elsewhere."""
    written, new = dict[str, Written](), set(roots)
    known = new | apart
    while new:
        progress.expect(len(new))
        found: set[Place] = set()
        for batch in makes(_batches(new)):
            written.update(batch.written)
            found |= batch.leads_to
            for path in batch.written:
                progress.done(path)
        new = found - known
        known |= new
    return written


def _batches(places: Iterable[Place]) -> list[list[Place]]:
    """Sorted, so that pages of one kind are made together."""
    ordered = sorted(places)
    return [ordered[start : start + PLACES_A_BATCH] for start in range(0, len(ordered), PLACES_A_BATCH)]


@contextmanager
def makers(job: Job, processes: int) -> Iterator[Makes]:
    """What makes batches, in so many processes, or in this one if it is one."""
    if processes > 1:
        with Workers(processes, f"{__name__}:{make_batch.__name__}") as workers:
            yield lambda batches: _as_they_come(job, workers, batches)
        return
    maker = Maker(job)
    try:
        yield lambda batches: map(maker.batch, batches)
    finally:
        maker.close()


def _as_they_come(job: Job, workers: Workers, batches: Iterable[Sequence[Place]]) -> Iterator[Batch]:
    """What a process could not do, or was at when it ended, is made here, where an error is told."""
    packed = pickle.dumps(job)
    waiting = {workers.submit(pickle.dumps((packed, places))): places for places in batches}
    for finished in as_completed(waiting):
        try:
            batch: Batch = pickle.loads(finished.result())  # noqa: S301 - of our own process
        except WorkerEnded:
            with makers(job, 1) as makes:
                (batch,) = makes([waiting[finished]])
        yield batch


def make_batch(request: bytes) -> bytes:
    """In another process: the batch of a request, both pickled."""
    job, places = pickle.loads(request)  # noqa: S301 - of the process that started this one
    return pickle.dumps(_maker_of(job).batch(places))


@lru_cache(maxsize=1)
def _maker_of(job: bytes) -> Maker:
    return Maker(pickle.loads(job))  # noqa: S301 - as above
