"""The side index in a file of SQLite, sealed while nobody has it open (see `indexseal`)."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from warehouse.database.sql import Statements
from warehouse.papers.indexrows import IndexDamagedError, Posting, Row
from warehouse.papers.indexseal import damage_of, delete_index, open_index, seal_index
from warehouse.papers.indexstore import Additions, IndexUnusableError

ADDED_MOST: Final = 1_000_000
"""Postings, of some 28,000 records, in a table that is small beside that of a million records, whose pages a load would
write nearly all. They take 18 MB, and settle among thirty million others in 2.5 s (2026-11)."""

_sql = Statements(__package__, "sql/indexfile")


@contextmanager
def _told() -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except sqlite3.OperationalError as error:  # a full disk, a missing right: the file is sound
        raise IndexUnusableError(str(error)) from error
    except sqlite3.DatabaseError as error:
        raise IndexDamagedError(str(error)) from error


class IndexFile:
    """The store in that file (see `IndexStore`)."""

    def __init__(self, path: Path, added_most: int = ADDED_MOST) -> None:
        self._path = path
        self._added_most = added_most
        self._opened: sqlite3.Connection | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self._path.name

    @property
    def exists(self) -> bool:
        """Whether there is a file."""
        return self._path.is_file()

    @property
    def is_changed(self) -> bool:
        """Whether there is something to commit."""
        return self._opened is not None and self._opened.in_transaction

    @_told()
    def damage(self) -> str | None:
        """What is wrong with the file, which must be there; None if nothing is, or it is of another version."""
        return damage_of(self._path)

    @_told()
    def stamps(self) -> tuple[str | None, str | None]:
        """The stamp of the last commit, and of the one before it."""
        ((stamp, previous),) = self._run("read_state").fetchall()
        return stamp, previous

    @_told()
    def touched(self) -> list[str]:
        """The sightings that the last commit named."""
        return [key for (key,) in self._run("read_touched").fetchall()]

    @_told()
    def last_number(self) -> int:
        """The highest number of a row; 0 if there is none."""
        ((last,),) = self._run("read_last_record").fetchall()
        return int(last)

    @_told()
    def rows_of(self, keys: Collection[str]) -> list[Row]:
        """The rows of those sightings."""
        return self._run("read_records", _listed(keys)).fetchall()

    @_told()
    def numbered_rows(self, numbers: Collection[int]) -> list[Row]:
        """The rows with those numbers."""
        return self._run("read_numbers", _listed(numbers)).fetchall()

    @_told()
    def members(self, blocks: Collection[int]) -> list[Posting]:
        """All postings of those blocks."""
        return self._run("read_members", _listed(blocks)).fetchall()

    @_told()
    def insert(self, additions: Additions) -> None:
        """Add rows with numbers that the file does not hold."""
        self._run_many("insert_records", additions.rows)
        self._run_many("insert_postings", sorted(additions.postings))  # neighbours in the file one after the other

    @_told()
    def fill(self, portions: Iterable[Additions]) -> None:
        """Replace everything by these; the postings go into their table at the end, sorted."""
        self.clear()
        self._run("create_gathered")
        for portion in portions:
            self._run_many("insert_records", portion.rows)
            self._run_many("insert_gathered", portion.postings)
        self._run("insert_postings_gathered")
        self._run("drop_gathered")

    @_told()
    def delete(self, numbers: Sequence[int], postings: Sequence[Posting]) -> None:
        """Delete rows and postings; IndexDamagedError if one of them is missing."""
        self._delete(("delete_posting", "delete_settled_posting"), postings)
        self._delete(("delete_record",), [(number,) for number in numbers])

    @_told()
    def clear(self) -> None:
        """Delete all rows and postings."""
        self._run("clear_records")
        self._run("clear_postings")
        self._run("clear_settled_postings")
        self._run("clear_state")

    @_told()
    def commit(self, stamp: str | None, touched: Iterable[str], more_rows: int, more_postings: int) -> None:
        """Commit the changes under that stamp, with how many more the file holds.

        Once many postings were added, they settle among all others, for which most of the file is written.
        """
        ((added,),) = self._run("count_postings").fetchall()
        if added > self._added_most:
            self._run("settle_postings")
            self._run("clear_postings")
        self._run("clear_touched")
        self._run_many("insert_touched", [(key,) for key in touched])
        self._run("update_state", stamp, more_rows, more_postings)
        self._database.commit()

    @_told()
    def rollback(self) -> None:
        """Undo the changes since the last commit."""
        if self.is_changed:
            self._database.rollback()

    def close(self) -> None:
        """Close the file and seal it as it is then; changes that were not committed are lost."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None
            seal_index(self._path)

    def discard(self) -> None:
        """Close the file, and delete it with what belongs to it."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None
        delete_index(self._path)

    @property
    def _database(self) -> sqlite3.Connection:
        if self._opened is None:
            self._opened = open_index(self._path)
        return self._opened

    def _run(self, name: str, *values: object) -> sqlite3.Cursor:
        return self._database.execute(_sql.text(name), values)

    def _run_many(self, name: str, rows: Iterable[tuple[object, ...]]) -> sqlite3.Cursor:
        return self._database.executemany(_sql.text(name), rows)

    def _delete(self, names: Sequence[str], rows: Sequence[tuple[int, ...]]) -> None:
        """Delete each row from one of the tables."""
        if rows and sum(self._run_many(name, rows).rowcount for name in names) != len(rows):
            raise IndexDamagedError("a row that was written is missing")


def _listed(values: Iterable[Any]) -> str:
    """Values as one JSON parameter, sorted so that the tables are read from front to back."""
    return msgspec.json.encode(sorted(values)).decode()
