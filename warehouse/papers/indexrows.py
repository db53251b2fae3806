"""Rows of the side index: a prepared record with its block keys, and a checksum of both."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple, get_type_hints
from zlib import crc32

import msgspec

from transforms.matching.blocking import Outline, block_keys, outline_of
from transforms.matching.model import Record
from transforms.matching.prepare import Prepared, prepare
from transforms.records import Packed

Row = tuple[int, str, int, bytes, bytes]
"""A number, the sighting, the checksum, the block keys, and what is stored of the record."""

Posting = tuple[int, int]
"""A block key, and the number of a row that has it."""

Packer = Callable[[Iterable[Sequence[Record]]], Iterator[Sequence[Packed]]]
"""Makes records ready to be compared, portion by portion in their order; it may ask for some portions ahead."""

_TEXTS: Final = ("title", "abstract", "description")

# What is looked at first stands first: of most rows nothing else is read.
_Outlined = msgspec.defstruct("_Outlined", [*get_type_hints(Outline).items()], array_like=True)
_kinds = {
    name: str if name in _TEXTS else kind
    for name, kind in get_type_hints(Prepared).items()
    if name not in {"key", "abstract_words"}
}
_others = [name for name in _kinds if name not in Outline._fields]
# A prepared record without its key and what follows from the rest; texts are words joined by blanks.
_Stored = msgspec.defstruct(
    "_Stored",
    [(name, _kinds[name]) for name in _others],
    bases=(_Outlined,),
    array_like=True,
)
_encoder = msgspec.msgpack.Encoder(order="deterministic")
_outline_decoder = msgspec.msgpack.Decoder(_Outlined)
_decoder = msgspec.msgpack.Decoder(_Stored)


class IndexDamagedError(Exception):
    """The index does not hold what was written; it is made again from the warehouse."""


class Numbered(NamedTuple):
    """A packed record, and the number that it has in the index."""

    number: int
    packed: Packed

    @property
    def blocks(self) -> Sequence[int]:
        """Its block keys, sorted."""
        return _unpacked(self.packed.blocks)

    @property
    def outline(self) -> Outline:
        """What is looked at first; IndexDamagedError if it cannot be read."""
        return Outline._make(msgspec.structs.astuple(self._read_by(_outline_decoder)))

    @property
    def record(self) -> Prepared:
        """What is compared; IndexDamagedError if it cannot be read."""
        read = msgspec.structs.asdict(self._read_by(_decoder))
        values = {name: read[name] for name in _kinds} | {name: tuple(read[name].split()) for name in _TEXTS}
        return Prepared(key=self.packed.sighting_key, abstract_words=frozenset(values["abstract"]), **values)

    def _read_by(self, decoder: msgspec.msgpack.Decoder[Any]) -> Any:
        try:
            return decoder.decode(self.packed.record)
        except msgspec.MsgspecError as error:
            raise IndexDamagedError(f"record {self.number} cannot be read: {error}") from error


def packed(record: Record | Prepared) -> Packed:
    """The record with its block keys, as they are stored."""
    side = prepare(record)
    values: dict[str, Any] = {name: getattr(side, name) for name in _others}
    values |= {name: " ".join(values[name]) for name in _TEXTS if name in values}
    stored = _encoder.encode(_Stored(**outline_of(side)._asdict(), **values))
    blocks = block_keys(side)
    return Packed(sighting_key=side.key, blocks=struct.pack(f"<{len(blocks)}q", *blocks), record=stored)


def pack_here(portions: Iterable[Sequence[Record]]) -> Iterator[list[Packed]]:
    """The packer of one process, which takes each portion when it is asked for."""
    return ([packed(record) for record in portion] for portion in portions)


def row_of(item: Numbered) -> Row:
    """The record as a row."""
    key, blocks, stored = item.packed.sighting_key, item.packed.blocks, item.packed.record
    return item.number, key, _checksum(key, blocks, stored), blocks, stored


def item_of(row: Row) -> Numbered:
    """The record of a row; IndexDamagedError if it is not the row that was written."""
    number, key, checksum, blocks, stored = row
    try:
        if _checksum(key, blocks, stored) == checksum:
            return Numbered(number, Packed(sighting_key=key, blocks=blocks, record=stored))
    except (TypeError, AttributeError, UnicodeError):
        pass  # another type than was written
    raise IndexDamagedError(f"record {number} is not what was written")


def require_counts(counts: tuple[int, int], held: tuple[int, int]) -> None:
    """Raise IndexDamagedError unless as many rows and postings are held as were counted."""
    if counts != held:
        raise IndexDamagedError(f"it has {held[0]} of {counts[0]} records, {held[1]} of {counts[1]} keys")


def require_rows(rows: Iterable[Row], postings: Iterable[Posting]) -> None:
    """Raise IndexDamagedError unless every row, with its postings, is what was written.

    Args:
        rows: all of them, by number.
        postings: all of them, by number, then by block key.
    """
    held = _blocks_by_number(postings)
    for item in map(item_of, rows):
        blocks = item.blocks
        if blocks and next(held, None) != (item.number, list(blocks)):
            raise IndexDamagedError(f"record {item.number} has other block keys than were written")


def _blocks_by_number(postings: Iterable[Posting]) -> Iterator[tuple[int, list[int]]]:
    groups = groupby(postings, key=lambda posting: posting[1])
    return ((number, [block for block, _ in group]) for number, group in groups)


def _unpacked(blocks: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(blocks) // 8}q", blocks)


def _checksum(key: str, blocks: bytes, stored: bytes) -> int:
    return crc32(stored, crc32(blocks, crc32(key.encode())))
