"""The resolver's side index: block keys and prepared records of all sightings, in a file beside the warehouse.

The file holds nothing that the warehouse does not hold as well. It may be deleted at any time: the next load makes it
again. It is SQLite's because single rows are read and written all over the file, where DuckDB would read row groups.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from transforms.matching.blocking import (
    BLOCK_KEYS_VERSION,
    BLOCK_MOST_RECORDS,
    check_block,
    is_enough,
)
from transforms.matching.prepare import Prepared
from transforms.records import Packed
from warehouse.database.sql import Statements
from warehouse.papers.indexfile import close_index, damage_of, delete_index, open_index
from warehouse.papers.indexrows import IndexDamagedError, Numbered, item_of, numbered, row_of

FORMAT: Final = 2
"""Raise it with every change of the tables or of what is stored; an index of another version is filled again."""

_VERSION: Final = BLOCK_KEYS_VERSION * 1000 + FORMAT

_sql = Statements(__package__, "sql/sideindex")


class SideIndex:
    """The side index of one warehouse, for the writer alone; the file is opened at its first use.

    Changes wait for `commit`, which names the state of the warehouse that the index then fits.
    """

    def __init__(self, path: Path, block_most: int = BLOCK_MOST_RECORDS) -> None:
        self._path = path
        self._block_most = block_most
        self._opened: sqlite3.Connection | None = None
        self._touched: set[str] = set()
        self._more_records = self._more_postings = 0

    @property
    def name(self) -> str:
        """The file's name."""
        return self._path.name

    @property
    def exists(self) -> bool:
        """Whether there is a file."""
        return self._path.is_file()

    def damage(self) -> str | None:
        """What is wrong with the file, which is left as it is; None if nothing is, or there is no file."""
        return damage_of(self._path, _VERSION) if self.exists else None

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
        return {item.packed.sighting_key: item.record for item in self._read("read_records", keys).values()}

    def blocks(self, keys: Collection[str]) -> dict[str, Sequence[int]]:
        """The block keys of those sightings that the index holds."""
        return {item.packed.sighting_key: item.blocks for item in self._read("read_records", keys).values()}

    def add(self, records: Iterable[Packed]) -> list[Numbered]:
        """Add records of which the index holds none; returns them with their numbers."""
        added = self._numbered(records)
        self._insert(added, "insert_postings")
        self._touched.update(item.packed.sighting_key for item in added)
        return added

    def propose(self, records: Iterable[Packed]) -> list[tuple[Prepared, Prepared]]:
        """Add records of which the index holds none; returns each pair worth comparing that has one of them.

        Raises BlockTooLargeError if a block holds more records than can be compared.
        """
        added = self.add(records)
        members = self._members({block for item in added for block in item.blocks})
        pairs = [(item.number, other) for item in added for other in _candidates(item, members)]
        known = {item.number: item for item in added}
        known |= self._read("read_numbered", {other for _, other in pairs} - known.keys())
        if missing := {other for _, other in pairs} - known.keys():
            raise IndexDamagedError(f"record {min(missing)} is missing")
        sides = {number: known[number].record for number in {end for pair in pairs for end in pair}}
        return [(sides[number], sides[other]) for number, other in pairs]

    def fill(self, portions: Iterable[Iterable[Packed]]) -> None:
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
        postings = [(block, number) for number, item in found.items() for block in item.blocks]
        self._delete("delete_posting", postings)
        self._delete("delete_record", [(number,) for number in found])
        self._count(-len(found), -len(postings))
        self._touched.update(keys)

    def clear(self) -> None:
        """Delete all records."""
        self._run("clear_records")
        self._run("clear_postings")
        self._run("clear_state")
        self._more_records = self._more_postings = 0

    def commit(self, stamp: str | None) -> None:
        """Commit the changes; `stamp` names the state of the warehouse that has them too."""
        self._run("clear_touched")
        self._run_many("insert_touched", [(key,) for key in sorted(self._touched)])
        self._run("update_state", stamp, self._more_records, self._more_postings)
        self._database.commit()
        self._forget_changes()

    def rollback(self) -> None:
        """Undo the changes since the last commit."""
        self._forget_changes()
        if self.is_changed:
            self._database.rollback()

    def close(self) -> None:
        """Close the file; changes that were not committed are lost."""
        self._forget_changes()
        if self._opened is not None:
            close_index(self._opened, self._path)
            self._opened = None

    def delete_file(self) -> None:
        """Close and delete the file."""
        self._forget_changes()
        if self._opened is not None:
            self._opened.close()
            self._opened = None
        delete_index(self._path)

    @property
    def _database(self) -> sqlite3.Connection:
        if self._opened is None:
            self._opened = open_index(self._path, _VERSION)
        return self._opened

    def _forget_changes(self) -> None:
        self._touched.clear()
        self._more_records = self._more_postings = 0

    def _count(self, records: int, postings: int) -> None:
        self._more_records += records
        self._more_postings += postings

    def _run(self, name: str, *values: object) -> sqlite3.Cursor:
        return self._database.execute(_sql.text(name), values)

    def _run_many(self, name: str, rows: Iterable[tuple[object, ...]]) -> sqlite3.Cursor:
        return self._database.executemany(_sql.text(name), rows)

    def _delete(self, name: str, rows: Sequence[tuple[int, ...]]) -> None:
        if rows and self._run_many(name, rows).rowcount != len(rows):
            raise IndexDamagedError("a row that was written is missing")

    def _numbered(self, records: Iterable[Packed]) -> list[Numbered]:
        """The records with numbers above all that were given before."""
        ((last,),) = self._run("read_last_record").fetchall()
        return [numbered(number, record) for number, record in enumerate(records, start=last + 1)]

    def _insert(self, items: Sequence[Numbered], insert_blocks: str) -> None:
        self._run_many("insert_records", map(row_of, items))
        postings = sorted((block, item.number) for item in items for block in item.blocks)
        self._run_many(insert_blocks, postings)
        self._count(len(items), len(postings))

    def _members(self, blocks: Iterable[int]) -> dict[int, list[int]]:
        """The numbers of the records in each block."""
        members: dict[int, list[int]] = {}
        for block, number in self._run("read_members", _listed(blocks)):
            members.setdefault(block, []).append(number)
        for block, numbers in members.items():
            check_block(block, len(numbers), self._block_most)
        return members

    def _read(self, name: str, wanted: Collection[object]) -> dict[int, Numbered]:
        """Records by their numbers."""
        rows = self._run(name, _listed(wanted)) if wanted else ()
        return {item.number: item for item in map(item_of, rows)}


def _candidates(item: Numbered, members: Mapping[int, Sequence[int]]) -> list[int]:
    """The numbers before the item's own that share enough blocks with it."""
    shared: dict[int, list[int]] = {}
    for block in item.blocks:
        for other in members.get(block, ()):
            if other < item.number:
                shared.setdefault(other, []).append(block)
    return [other for other in sorted(shared) if is_enough(shared[other])]


def _listed(values: Iterable[Any]) -> str:
    """Values as one JSON parameter, sorted so that the tables are read from front to back."""
    return msgspec.json.encode(sorted(values)).decode()
