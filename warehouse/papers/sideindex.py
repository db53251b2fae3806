"""The resolver's side index: block keys and prepared records of all sightings, in a file beside the warehouse.

The file holds nothing that the warehouse does not hold as well. It may be deleted at any time: the next load makes it
again. It is SQLite's because single rows are read and written all over the file, where DuckDB would read row groups.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, get_type_hints

import msgspec

from transforms.matching.blocking import (
    BLOCK_KEYS_VERSION,
    BLOCK_MOST_RECORDS,
    block_keys,
    check_block,
    is_enough,
)
from transforms.matching.prepare import Prepared
from warehouse.database.sql import Statements

FORMAT: Final = 1
"""Raise it with every change of the tables or of `_Stored`; an index of another version is filled again."""

_VERSION: Final = BLOCK_KEYS_VERSION * 1000 + FORMAT
_CACHE_KIB: Final = 64 * 1024
_TEXTS: Final = ("title", "abstract", "description")

_sql = Statements(__package__, "sql/sideindex")


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


class SideIndex:
    """The side index of one warehouse, for the writer alone; the file is opened at its first use.

    Changes wait for `commit`, which names the state of the warehouse that the index then fits.
    """

    def __init__(self, path: Path, block_most: int = BLOCK_MOST_RECORDS) -> None:
        self._path = path
        self._block_most = block_most
        self._opened: sqlite3.Connection | None = None
        self._touched: set[str] = set()

    @property
    def name(self) -> str:
        """The file's name."""
        return self._path.name

    @property
    def is_changed(self) -> bool:
        """Whether there is something to commit."""
        return self._opened is not None and self._opened.in_transaction

    def stamps(self) -> tuple[str | None, str | None]:
        """The state of the warehouse that the index fits, and the one that it fitted before its last commit."""
        ((stamp, previous),) = self._run("read_state").fetchall()
        return stamp, previous

    def touched(self) -> list[str]:
        """The sightings that the last commit added or deleted."""
        return [key for (key,) in self._run("read_touched").fetchall()]

    def records(self, keys: Collection[str]) -> dict[str, Prepared]:
        """The records of those sightings that the index holds."""
        return {record.key: record for record in self._read("read_records", keys).values()}

    def add(self, records: Iterable[Prepared]) -> list[_Numbered]:
        """Add records of which the index holds none; returns them with their numbers."""
        added = self._numbered(records)
        self._insert(added, "insert_postings")
        self._touched.update(item.record.key for item in added)
        return added

    def propose(self, records: Iterable[Prepared]) -> list[tuple[Prepared, Prepared]]:
        """Add records of which the index holds none; returns each pair worth comparing that has one of them.

        Raises BlockTooLargeError if a block holds more records than can be compared.
        """
        added = self.add(records)
        members = self._members({block for item in added for block in item.blocks})
        pairs = [(item.number, other) for item in added for other in _candidates(item, members)]
        known = {item.number: item.record for item in added}
        known |= self._read("read_numbered", {other for _, other in pairs} - known.keys())
        return [(known[number], known[other]) for number, other in pairs]

    def fill(self, portions: Iterable[Iterable[Prepared]]) -> None:
        """Replace everything by these records; faster than adding so many."""
        self.clear()
        self._run("create_gathered")
        for portion in portions:
            self._insert(self._numbered(portion), "insert_gathered")
        self._run("insert_postings_gathered")
        self._run("drop_gathered")

    def delete(self, keys: Collection[str]) -> None:
        """Delete the records of these sightings."""
        found = self._read("read_records", keys)
        blocks = [(block, number) for number, record in found.items() for block in block_keys(record)]
        self._run_many("delete_posting", blocks)
        self._run_many("delete_record", [(number,) for number in found])
        self._touched.update(keys)

    def clear(self) -> None:
        """Delete all records."""
        self._run("clear_records")
        self._run("clear_postings")
        self._run("update_state", None)

    def commit(self, stamp: str | None) -> None:
        """Commit the changes; `stamp` names the state of the warehouse that has them too."""
        self._run("clear_touched")
        self._run_many("insert_touched", [(key,) for key in sorted(self._touched)])
        self._run("update_state", stamp)
        self._database.commit()
        self._touched.clear()

    def rollback(self) -> None:
        """Undo the changes since the last commit."""
        self._touched.clear()
        if self.is_changed:
            self._database.rollback()

    def close(self) -> None:
        """Close the file; changes that were not committed are lost."""
        self._touched.clear()
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def delete_file(self) -> None:
        """Close and delete the file."""
        self.close()
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    @property
    def _database(self) -> sqlite3.Connection:
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> sqlite3.Connection:
        """Open the file; one that is broken or of another version is replaced by an empty one."""
        database = _connected(self._path)
        try:
            ((version,),) = database.execute("pragma user_version").fetchall()
            is_ours = version == _VERSION
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            is_ours = False
        if not is_ours:
            database.close()
            self.delete_file()
            database = _connected(self._path)
            database.executescript(_sql.text("create_tables"))
            database.execute(f"pragma user_version = {_VERSION}")
        return database

    def _run(self, name: str, *values: object) -> sqlite3.Cursor:
        return self._database.execute(_sql.text(name), values)

    def _run_many(self, name: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._database.executemany(_sql.text(name), rows)

    def _numbered(self, records: Iterable[Prepared]) -> list[_Numbered]:
        """The records with numbers above all that were given before."""
        ((last,),) = self._run("read_last_record").fetchall()
        return [_Numbered(number, record, block_keys(record)) for number, record in enumerate(records, start=last + 1)]

    def _insert(self, items: Sequence[_Numbered], insert_blocks: str) -> None:
        self._run_many("insert_records", ((item.number, item.record.key, _packed(item.record)) for item in items))
        self._run_many(insert_blocks, sorted((block, item.number) for item in items for block in item.blocks))

    def _members(self, blocks: Iterable[int]) -> dict[int, list[int]]:
        """The numbers of the records in each block."""
        members: dict[int, list[int]] = {}
        for block, number in self._run("read_members", _listed(blocks)):
            members.setdefault(block, []).append(number)
        for block, numbers in members.items():
            check_block(block, len(numbers), self._block_most)
        return members

    def _read(self, name: str, wanted: Collection[object]) -> dict[int, Prepared]:
        """Records by their numbers."""
        rows = self._run(name, _listed(wanted)) if wanted else ()
        return {number: _unpacked(key, stored) for number, key, stored in rows}


class _Numbered(NamedTuple):
    """A record, the number it has in the index, and its block keys."""

    number: int
    record: Prepared
    blocks: Sequence[int]


def _candidates(item: _Numbered, members: Mapping[int, Sequence[int]]) -> list[int]:
    """The numbers before the item's own that share enough blocks with it."""
    shared: dict[int, list[int]] = {}
    for block in item.blocks:
        for other in members.get(block, ()):
            if other < item.number:
                shared.setdefault(other, []).append(block)
    return [other for other in sorted(shared) if is_enough(shared[other])]


_encoder = msgspec.msgpack.Encoder(order="deterministic")
_decoder = msgspec.msgpack.Decoder(_Stored)


def _packed(record: Prepared) -> bytes:
    values: dict[str, Any] = {name: getattr(record, name) for name in _Stored.__struct_fields__}
    return _encoder.encode(_Stored(**values | {name: " ".join(values[name]) for name in _TEXTS}))


def _unpacked(key: str, stored: bytes) -> Prepared:
    values = msgspec.structs.asdict(_decoder.decode(stored))
    values |= {name: tuple(values[name].split()) for name in _TEXTS}
    return Prepared(key=key, abstract_words=frozenset(values["abstract"]), **values)


def _connected(path: Path) -> sqlite3.Connection:
    """A connection that locks the file; what it commits survives a kill, and is never half written."""
    database = sqlite3.connect(path, isolation_level="IMMEDIATE")
    try:
        for setting in ("locking_mode = exclusive", "journal_mode = wal", "synchronous = normal"):
            database.execute(f"pragma {setting}")
        database.execute(f"pragma cache_size = -{_CACHE_KIB}")
    except sqlite3.OperationalError:
        database.close()
        raise
    except sqlite3.DatabaseError:
        pass  # not a database: `_open` finds out and replaces it
    return database


def _listed(values: Iterable[Any]) -> str:
    """Values as one JSON parameter, sorted so that the tables are read from front to back."""
    return msgspec.json.encode(sorted(values)).decode()
