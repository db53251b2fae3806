"""Rows of the side index: a prepared record with its block keys, and a checksum of both."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple, get_type_hints
from zlib import crc32

import msgspec

from transforms.fields.words import Title
from transforms.matching.blocking import SIGNATURE_BITS, Outline, block_keys, outline_of
from transforms.matching.prepare import Prepared
from transforms.records import Packed

Row = tuple[int, str, int, bytes, bytes]
"""A number, the sighting, the checksum, the block keys, and what is stored of the record."""

Posting = tuple[int, int]
"""A block key, and the number of a row that has it."""

_TEXTS: Final = ("title", "abstract", "description")
_OUTLINE: Final = ("arxiv_id", "doi", "title", "title_starts", "is_title_cut")

_kinds = {
    name: str if name in _TEXTS else kind
    for name, kind in get_type_hints(Prepared).items()
    if name not in {"key", "abstract_words"}
}
# What is looked at first stands first: of most rows nothing else is read.
_outlined = [
    *((name, _kinds[name]) for name in _OUTLINE),
    ("words_count", int),
    ("signature", bytes),
    ("abstract_sum", int | None),
]
_Outlined = msgspec.defstruct("_Outlined", _outlined, array_like=True)
# A prepared record without its key and what follows from the rest; texts are words joined by blanks.
_Stored = msgspec.defstruct(
    "_Stored", [*_outlined, *(item for item in _kinds.items() if item[0] not in _OUTLINE)], array_like=True
)
_encoder = msgspec.msgpack.Encoder(order="deterministic")
_outlined_decoder = msgspec.msgpack.Decoder(_Outlined)
_decoder = msgspec.msgpack.Decoder(_Stored)


class IndexDamagedError(Exception):
    """The index does not hold what was written; it is made again from the warehouse."""


class Numbered(NamedTuple):
    """A packed record, the number that it has in the index, and its block keys, sorted."""

    number: int
    packed: Packed
    blocks: Sequence[int]

    @property
    def outline(self) -> Outline:
        """What is looked at first; IndexDamagedError if it cannot be read."""
        read = self._read_by(_outlined_decoder)
        title = Title(tuple(read.title.split()), read.title_starts, read.is_title_cut)
        signature = int.from_bytes(read.signature, "little")
        return Outline(read.arxiv_id, read.doi, title, read.words_count, signature, read.abstract_sum)

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


def packed(record: Prepared) -> Packed:
    """The record with its block keys, as they are stored."""
    outline = outline_of(record)
    values: dict[str, Any] = {name: getattr(record, name) for name in _kinds}
    values |= {name: " ".join(values[name]) for name in _TEXTS}
    values |= {
        "words_count": outline.words_count,
        "signature": outline.signature.to_bytes(SIGNATURE_BITS // 8, "little"),
        "abstract_sum": outline.abstract_sum,
    }
    stored = _encoder.encode(_Stored(**values))
    blocks = block_keys(record)
    return Packed(sighting_key=record.key, blocks=struct.pack(f"<{len(blocks)}q", *blocks), record=stored)


def numbered(number: int, packed: Packed) -> Numbered:
    """The record under that number."""
    return Numbered(number, packed, _unpacked(packed.blocks))


def row_of(item: Numbered) -> Row:
    """The record as a row."""
    key, blocks, stored = item.packed.sighting_key, item.packed.blocks, item.packed.record
    return item.number, key, _checksum(key, blocks, stored), blocks, stored


def blocks_of(row: Row) -> Sequence[int]:
    """The block keys of a row; IndexDamagedError if it is not the row that was written."""
    number, key, checksum, blocks, stored = row
    try:
        if _checksum(key, blocks, stored) == checksum:
            return _unpacked(blocks)
    except (TypeError, AttributeError, UnicodeError, struct.error):
        pass  # another type than was written
    raise IndexDamagedError(f"record {number} is not what was written")


def item_of(row: Row) -> Numbered:
    """The record of a row; IndexDamagedError if it is not the row that was written."""
    number, key, _, blocks, stored = row
    return Numbered(number, Packed(sighting_key=key, blocks=blocks, record=stored), blocks_of(row))


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
    for row in rows:
        blocks = blocks_of(row)
        if blocks and next(held, None) != (row[0], list(blocks)):
            raise IndexDamagedError(f"record {row[0]} has other block keys than were written")


def _blocks_by_number(postings: Iterable[Posting]) -> Iterator[tuple[int, list[int]]]:
    groups = groupby(postings, key=lambda posting: posting[1])
    return ((number, [block for block, _ in group]) for number, group in groups)


def _unpacked(blocks: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(blocks) // 8}q", blocks)


def _checksum(key: str, blocks: bytes, stored: bytes) -> int:
    return crc32(stored, crc32(blocks, crc32(key.encode())))
