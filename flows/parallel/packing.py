"""Records made ready to be compared in other processes, where a warehouse's side index is made again from nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from functools import partial
from itertools import chain, islice
from typing import Final, NamedTuple

import msgspec

from flows.parallel.processes import WorkerEnded, Workers
from transforms.matching.model import Record
from transforms.records import Packed
from warehouse.papers.indexrows import Packer, pack_here, packed

RECORDS_AT_ONCE: Final = 500
"""So many go out at once: few, that all processes have some."""

PORTIONS_AHEAD: Final = 2
"""Portions that others work on while one is stored: they bound what is held in memory."""

_encoder = msgspec.msgpack.Encoder()
_parts = msgspec.msgpack.Decoder(list[Record])
_answers = msgspec.msgpack.Decoder(list[Packed])


def packer_of(processes: int) -> Packer:
    """As `pack_here`, by so many processes beside this one where there is more than one portion."""
    return pack_here if processes < 2 else partial(_pack_beside, processes)


def _pack_beside(processes: int, portions: Iterable[Sequence[Record]]) -> Iterator[list[Packed]]:
    left = iter(portions)
    first = list(islice(left, 2))
    if len(first) < 2:  # others would have to be started first
        yield from pack_here(first)
        return
    with Workers(processes, f"{__name__}:{pack_part.__name__}") as workers:
        waiting: deque[list[_Sent]] = deque()
        for portion in chain(first, left):
            waiting.append([_sent(workers, part) for part in _parts_of(portion)])
            if len(waiting) > PORTIONS_AHEAD:
                yield _answered(waiting.popleft())
        while waiting:
            yield _answered(waiting.popleft())


class _Sent(NamedTuple):
    """Records that were sent out, and where their answer is."""

    records: Sequence[Record]
    answer: Future[bytes]


def _parts_of(portion: Sequence[Record]) -> Iterator[Sequence[Record]]:
    return (portion[start : start + RECORDS_AT_ONCE] for start in range(0, len(portion), RECORDS_AT_ONCE))


def _sent(workers: Workers, records: Sequence[Record]) -> _Sent:
    return _Sent(records, workers.submit(_encoder.encode(records)))


def _answered(parts: Iterable[_Sent]) -> list[Packed]:
    """Those of a process that ended are made ready here."""
    found: list[Packed] = []
    for records, answer in parts:
        try:
            found += _answers.decode(answer.result())
        except (WorkerEnded, CancelledError, msgspec.MsgspecError):
            found += map(packed, records)
    return found


def pack_part(request: bytes) -> bytes:
    """In another process: the records of a part, ready to be compared."""
    return _encoder.encode([packed(record) for record in _parts.decode(request)])
