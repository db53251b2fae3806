"""Pages read before their turn to be loaded, in other processes: the writer never waits for what could be ready.

A portion of pages goes out as what the landing knows of them. What comes back is what `read_one` gives in this process
too, under the runs that it was sent with, and each sighting ready to be compared. So nobody can tell from a warehouse
how many processes read its pages.
"""

from __future__ import annotations

import logging
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

import msgspec

from extractors.landing.landing import Landing
from extractors.services import SERVICES
from flows.parallel.processes import WorkerEnded, Workers
from flows.pipeline.outcome import FetchedPartition
from flows.pipeline.read import Read, new_run, read_one
from flows.places.landing import Place, landing_of, place_of
from flows.settings import Settings
from transforms.errors import PaperlogError
from transforms.records import Batch, Run
from warehouse.papers.comparisons import packed_sighting

if TYPE_CHECKING:
    from flows.parallel.cluster import Cluster

_log = logging.getLogger("paperlog.ahead")

# Fewer pages are read in this process: to start two others takes the CPU time in which it reads 40 (2026-11).
PAGES_ALONE = 80
# So many go out at once: few, that all processes have some, and what comes back of them is small.
PORTION_PAGES = 10
# Chunks that are read while one is loaded: they bound what is held in memory.
CHUNKS_AHEAD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """Pages that one process reads, each under its run, and where they are kept."""

    place: Place
    pages: tuple[FetchedPartition, ...]
    runs: tuple[Run, ...]


_encoder = msgspec.msgpack.Encoder()
_portions = msgspec.msgpack.Decoder(Portion)
_reads = msgspec.msgpack.Decoder(list[Read])


class Ahead:
    """Reads the pages of one job: those that were sent out in other processes, all others when they are asked for.

    A context manager: at its end the other processes end.
    """

    def __init__(self, settings: Settings, job: str) -> None:
        self._place, self._landing = place_of(settings), landing_of(settings)
        self._job, self._processes, self._cluster = job, settings.processes, settings.cluster
        self._workers: Workers | Cluster | None = None
        self._pages_count = 0
        self._sent: defaultdict[FetchedPartition, deque[_Sent]] = defaultdict(deque)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the other processes; what they are at is lost."""
        if self._workers is not None:
            self._workers.__exit__(kind, error, trace)

    @property
    def process_ids(self) -> tuple[int, ...]:
        """Of the other processes that were started and did not end."""
        return self._workers.process_ids if self._workers else ()

    def chunks(
        self, chunks: Iterable[Sequence[FetchedPartition]], count: int = 0
    ) -> Iterator[Sequence[FetchedPartition]]:
        """The same chunks in the same order, of which each is sent out before the one `count` places before it comes.

        What goes wrong while a chunk is made is raised when it is that chunk's turn.
        """
        waiting: deque[Sequence[FetchedPartition]] = deque()
        left, unsent, failure = iter(chunks), list[Sequence[FetchedPartition]](), list[Exception]()
        while True:
            while len(waiting) <= count and not failure:
                try:
                    chunk = next(left)
                except StopIteration:
                    break
                except Exception as error:  # noqa: BLE001 - raised below
                    failure.append(error)
                    break
                waiting.append(chunk)
                unsent.append(chunk)
            self._pages_count += sum(each.kept is not None for chunk in unsent for each in chunk)
            if (self._processes > 1 or self._cluster) and self._pages_count > PAGES_ALONE:
                for chunk in unsent:
                    self._send(chunk)
            unsent.clear()
            if not waiting:
                break
            yield waiting.popleft()
        if failure:
            raise failure[0]

    def read(self, pages: Iterable[FetchedPartition]) -> Read:
        """What came of the pages, in their order. Skipped partitions stay missing."""
        batches, failed = list[Batch](), list[FetchedPartition]()
        for each in pages:
            read = self._read(each)
            batches += read.batches
            failed += read.failed
        return Read(batches=tuple(batches), failed=tuple(failed))

    def _read(self, page: FetchedPartition) -> Read:
        if not self._sent.get(page):
            return read_one(self._landing, page, new_run(self._job, page.source, page.asked_on))
        found = self._sent[page].popleft()
        if not self._sent[page]:
            del self._sent[page]
        return found.read(self._landing)

    def _send(self, chunk: Iterable[FetchedPartition]) -> None:
        if self._workers is None:
            self._workers = _workers(self._cluster, self._processes)
        pages = [each for each in chunk if each.kept is not None and each.source not in SERVICES]
        for start in range(0, len(pages), PORTION_PAGES):
            part = tuple(pages[start : start + PORTION_PAGES])
            runs = tuple(new_run(self._job, each.source, each.asked_on) for each in part)
            portion = Portion(place=self._place, pages=part, runs=runs)
            answer = _Answer(self._workers.submit(_encoder.encode(portion)))
            for place, (page, run) in enumerate(zip(part, runs, strict=True)):
                self._sent[page].append(_Sent(answer=answer, place=place, page=page, run=run))


def _workers(cluster: str | None, processes: int) -> Workers | Cluster:
    """The cluster's if there is one that answers, else this machine's."""
    work = f"{__name__}:{read_portion.__name__}"
    if cluster:
        # Imported here, because only a cluster needs the extra.
        from flows.parallel.cluster import Cluster  # noqa: PLC0415

        try:
            return Cluster(cluster, work)
        except PaperlogError as error:
            _log.warning("%s: pages are read on this machine", error)
    return Workers(processes, work)


class _Answer:
    """What another process says of a portion: decoded once it is asked for, for it takes several times the memory."""

    def __init__(self, future: Future[bytes]) -> None:
        self._future: Future[bytes] | None = future
        self._reads: list[Read] | None = None

    def read(self, place: int) -> Read | None:
        """Of the page at that place; None if the process failed."""
        if self._future is not None:
            try:
                self._reads = _reads.decode(self._future.result())
            except (WorkerEnded, CancelledError, msgspec.MsgspecError):
                self._reads = None
            self._future = None
        return None if self._reads is None else self._reads[place]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """A page that was sent out, and where its answer is."""

    answer: _Answer
    place: int
    page: FetchedPartition
    run: Run

    def read(self, landing: Landing) -> Read:
        """What came of it.

        Where the other process failed, or could not read the page, it is read here: what is wrong with it, and not with
        the other machine, is told here.
        """
        found = self.answer.read(self.place)
        return read_one(landing, self.page, self.run) if found is None or found.failed else found


def read_portion(request: bytes) -> bytes:
    """In another process: what comes of each page of a portion, encoded."""
    portion = _portions.decode(request)
    landing = Landing(portion.place.storage)
    reads = [read_one(landing, page, run) for page, run in zip(portion.pages, portion.runs, strict=True)]
    return _encoder.encode([replace(each, batches=tuple(map(_packed, each.batches))) for each in reads])


def _packed(batch: Batch) -> Batch:
    return replace(batch, packed=tuple(map(packed_sighting, batch.sightings)))
