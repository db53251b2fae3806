"""Makes pages in several processes: each has its own reader of the same snapshot, and writes what it made."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from flows.pipeline.work import Progress
from flows.settings import Settings
from flows.site.folder import Writing, Written
from flows.site.pages import Pages, Place
from transforms.errors import PaperlogError
from warehouse import open_warehouse

PLACES_A_BATCH = 150


class WorkerEnded(PaperlogError):
    """A process that made pages was ended from outside; nothing of the site was changed."""


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
    if processes <= 1:
        maker = Maker(job)
        try:
            yield lambda batches: map(maker.batch, batches)
        finally:
            maker.close()
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(job,))
    try:
        yield lambda batches: _as_they_come(pool, batches)
    except BrokenProcessPool as error:
        raise WorkerEnded(
            "a process that made pages was ended: is there too little memory? Nothing was changed"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _as_they_come(pool: ProcessPoolExecutor, batches: Iterable[Sequence[Place]]) -> Iterator[Batch]:
    waiting: set[Future[Batch]] = {pool.submit(_batch, each) for each in batches}
    while waiting:
        finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        yield from (each.result() for each in finished)


_maker: Maker | None = None


def _begin(job: Job) -> None:
    """In a new process: Ctrl-C is for the one that started it, and it does not outlive that one."""
    global _maker  # noqa: PLW0603 - a pool's processes have no other place for what they keep
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _maker = Maker(job)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _batch(places: Sequence[Place]) -> Batch:
    if _maker is None:
        raise RuntimeError("a process makes pages before it has begun")
    return _maker.batch(places)
