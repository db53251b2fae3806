"""Rows of the side index: a prepared record with its block keys, and a checksum of both."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, get_type_hints
from zlib import crc32

import msgspec

from transforms.matching.blocking import block_keys
from transforms.matching.prepare import Prepared

Row = tuple[int, str, int, bytes, bytes]
"""A number, the sighting, the checksum, the block keys, and what is stored of the record."""

_TEXTS: Final = ("title", "abstract", "description")

# A prepared record without its key and what follows from the rest; texts are words joined by blanks.
_Stored = msgspec.defstruct(
    "_Stored",
    [
        (name, str if name in _TEXTS else kind)
        for name, kind in get_type_hints(Prepared).items()
        if name not in {"key", "abstract_words"}
    ],
    array_like=True,
)
_encoder = msgspec.msgpack.Encoder(order="deterministic")
_decoder = msgspec.msgpack.Decoder(_Stored)


class IndexDamagedError(sqlite3.DatabaseError):
    """The index does not hold what was written; it is made again from the warehouse."""


class Numbered(NamedTuple):
    """A record, the number that it has in the index, and its block keys, sorted."""

    number: int
    record: Prepared
    blocks: Sequence[int]


def numbered(number: int, record: Prepared) -> Numbered:
    """The record under that number."""
    return Numbered(number, record, block_keys(record))


def row_of(item: Numbered) -> Row:
    """The record as a row."""
    values: dict[str, Any] = {name: getattr(item.record, name) for name in _Stored.__struct_fields__}
    stored = _encoder.encode(_Stored(**values | {name: " ".join(values[name]) for name in _TEXTS}))
    blocks = struct.pack(f"<{len(item.blocks)}q", *item.blocks)
    return item.number, item.record.key, _checksum(item.record.key, blocks, stored), blocks, stored


def blocks_of(row: Row) -> Sequence[int]:
    """The block keys of a row; IndexDamagedError if it is not the row that was written."""
    number, key, checksum, blocks, stored = row
    try:
        if _checksum(key, blocks, stored) == checksum:
            return struct.unpack(f"<{len(blocks) // 8}q", blocks)
    except (TypeError, AttributeError, UnicodeError, struct.error):
        pass  # another type than was written
    raise IndexDamagedError(f"record {number} is not what was written")


def item_of(row: Row) -> Numbered:
    """The record of a row; IndexDamagedError if it is not the row that was written."""
    number, key, _, _, stored = row
    blocks = blocks_of(row)
    try:
        values = msgspec.structs.asdict(_decoder.decode(stored))
    except msgspec.MsgspecError as error:
        raise IndexDamagedError(f"record {number} cannot be read: {error}") from error
    values |= {name: tuple(values[name].split()) for name in _TEXTS}
    return Numbered(number, Prepared(key=key, abstract_words=frozenset(values["abstract"]), **values), blocks)


def _checksum(key: str, blocks: bytes, stored: bytes) -> int:
    return crc32(stored, crc32(blocks, crc32(key.encode())))
