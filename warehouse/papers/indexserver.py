"""The side index in PostgreSQL: four tables in a schema of their own; importing this needs the extra `lake`.

Each transaction holds the row of `state`, and finds there the edition that was read before: so two writers, which the
lock of the warehouse keeps apart, could at most refuse each other.

At each opening the rows and postings are counted, and hashes of all keys and postings are summed up, from the indexes
that every look-up uses (a fifth of a second for 2.9 million postings, 2026-11). Each row is proven by its checksum when
it is read; `damage` proves all of them, with the postings of each.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from typing import Final
from uuid import UUID

from warehouse.papers.indexlink import Link, told
from warehouse.papers.indexrows import IndexDamagedError, Posting, Row, require_counts, require_rows
from warehouse.papers.indexstore import VERSION, Additions, IndexUnusableError

_RECORD: Final = ("int8", "text", "int8", "bytea", "bytea")
_POSTING: Final = ("int8", "int8")

_log = logging.getLogger(__name__)


class IndexServer:
    """The store in one schema of a database (see `IndexStore`); the schema is made where it is missing."""

    def __init__(self, conninfo: str, schema: str) -> None:
        self._conninfo, self._schema = conninfo, schema
        self._link: Link | None = None
        self._is_opened = self._is_changed = False
        self._edition: UUID | None = None

    @property
    def name(self) -> str:
        """The schema's name."""
        return f"PostgreSQL schema {self._schema}"

    @property
    @told()
    def exists(self) -> bool:
        """Whether the schema has one of the tables."""
        ((count,),) = self._linked().rows("count_tables", self._schema)
        return bool(count)

    @property
    def is_changed(self) -> bool:
        """Whether there is something to commit."""
        return self._is_changed

    @told()
    def damage(self) -> str | None:
        """What is wrong with the tables; None if nothing is, or they are of another version."""
        link = self._linked()
        try:
            with told(), link.connection.transaction():
                link.run("set_reading")
                if _is_whole(link):
                    require_rows(link.streamed("read_rows"), link.streamed("read_postings"))
        except IndexDamagedError as error:
            return str(error)
        return None

    @told()
    def stamps(self) -> tuple[str | None, str | None]:
        """The stamp of the last commit, and of the one before it."""
        ((stamp, previous, self._edition),) = self._database.rows("read_state")
        return stamp, previous

    @told()
    def touched(self) -> list[str]:
        """The sightings that the last commit named."""
        return [key for (key,) in self._database.rows("read_touched")]

    @told()
    def last_number(self) -> int:
        """The highest number of a row; 0 if there is none."""
        ((last,),) = self._database.rows("read_last_record")
        return int(last)

    @told()
    def rows_of(self, keys: Collection[str]) -> list[Row]:
        """The rows of those sightings."""
        return self._database.rows("read_records", sorted(keys))

    @told()
    def numbered_rows(self, numbers: Collection[int]) -> list[Row]:
        """The rows with those numbers."""
        return self._database.rows("read_numbers", sorted(numbers))

    @told()
    def members(self, blocks: Collection[int]) -> list[Posting]:
        """All postings of those blocks."""
        return self._database.rows("read_members", sorted(blocks))

    @told()
    def insert(self, additions: Additions) -> None:
        """Add rows with numbers that the tables do not hold."""
        link = self._changing()
        link.copy("copy_records", _RECORD, additions.rows)
        link.copy("copy_postings", _POSTING, additions.postings)
        _sum_up(link, [row[1] for row in additions.rows], additions.postings)

    @told()
    def fill(self, portions: Iterable[Additions]) -> None:
        """Replace everything by these; the tables get their keys at the end, and are frozen as they are filled."""
        self.clear()
        link = self._changing()
        link.run("drop_records_keys")
        link.run("drop_postings_key")
        for portion in portions:
            link.copy("fill_records", _RECORD, portion.rows)
            link.copy("fill_postings", _POSTING, portion.postings)
        link.run("create_records_keys")
        link.run("create_postings_key")
        link.run("analyze_tables")
        link.run("fill_sums")

    @told()
    def delete(self, numbers: Sequence[int], postings: Sequence[Posting]) -> None:
        """Delete rows and postings; IndexDamagedError if one of them is missing."""
        link = self._changing()
        keys = [key for (key,) in link.rows("delete_records", list(numbers))]
        if (len(keys), link.run("delete_postings", *_columns(postings))) != (len(numbers), len(postings)):
            raise IndexDamagedError("a row that was written is missing")
        _sum_up(link, keys, postings)

    @told()
    def clear(self) -> None:
        """Delete all rows and postings."""
        link = self._changing()
        link.run("clear_tables")
        link.run("clear_state")

    @told()
    def commit(self, stamp: str | None, touched: Iterable[str], more_rows: int, more_postings: int) -> None:
        """Commit the changes under that stamp, with how many more the tables hold."""
        link = self._changing()
        link.run("clear_touched")
        link.copy("copy_touched", ("text",), ((key,) for key in touched))
        ((edition,),) = link.rows("update_state", stamp, more_rows, more_postings)
        link.connection.commit()
        self._edition, self._is_changed = edition, False

    def rollback(self) -> None:
        """Undo the changes since the last commit; where the connection is lost, the server does so by itself."""
        self._edition, self._is_changed = None, False
        if self._link is not None:
            with suppress(IndexUnusableError), told():
                self._link.connection.rollback()

    def close(self) -> None:
        """Close the connection; changes that were not committed are lost."""
        if self._link is not None:
            self._link.connection.close()
        self._link, self._edition = None, None
        self._is_opened = self._is_changed = False

    @told()
    def discard(self) -> None:
        """Delete the tables; the schema stays."""
        self.close()
        link = self._linked()
        with link.connection.transaction():
            link.rows("lock_schema", self._schema)
            link.run("drop_tables")
        self.close()

    @property
    def _database(self) -> Link:
        link = self._linked()
        if not self._is_opened:
            self._open(link)
            self._is_opened = True
        return link

    def _linked(self) -> Link:
        """A connection. One that was lost is replaced, but not in the middle of changes: they are lost with it."""
        if self._link is None or (self._link.is_lost and not self._is_changed):
            self.close()
            self._link = Link(self._conninfo, self._schema)
        return self._link

    def _open(self, link: Link) -> None:
        """Count what the tables hold; make them anew where they are missing, damaged or of another version."""
        with link.connection.transaction():
            link.rows("lock_schema", self._schema)
            try:
                with told(), link.connection.transaction():
                    is_ours = self.exists and _is_whole(link)
            except IndexDamagedError as error:
                _log.warning("%s is damaged (%s): it is made again", self.name, error)
                is_ours = False
            if not is_ours:
                self._make(link)
            ((_, _, self._edition),) = link.rows("read_state")

    def _make(self, link: Link) -> None:
        if not link.is_made():
            link.make_schema()
        link.run("drop_tables")
        for name in ("create_records", "create_postings", "create_touched", "create_state"):
            link.run(name)
        link.run("create_records_keys")
        link.run("create_postings_key")
        link.run("insert_state", VERSION)

    def _changing(self) -> Link:
        """A connection in a transaction that holds the row of the state, which nobody changed since it was read."""
        link = self._database
        if not self._is_changed:
            if self._edition is None:
                ((_, _, self._edition),) = link.rows("read_state")
            link.run("begin")
            self._is_changed = True
            if link.rows("lock_state") != [(self._edition,)]:
                raise IndexUnusableError("another process changed it meanwhile")
        return link


def _is_whole(link: Link) -> bool:
    """Whether the tables are of this version, with as much in them as was counted; IndexDamagedError if it is not."""
    versions = link.rows("read_version")
    if len(versions) != 1:
        raise IndexDamagedError(f"its state has {len(versions)} rows")
    if versions != [(VERSION,)]:
        return False
    ((records, postings, held_records, held_postings, is_same, _),) = link.rows("read_counts")
    require_counts((records, postings), (held_records, held_postings))
    if not is_same:
        raise IndexDamagedError("its keys are other ones than were written")
    return True


def _sum_up(link: Link, keys: Sequence[str], postings: Sequence[Posting]) -> None:
    """Bring the sums in line with keys and postings that were added or deleted: for both it is the same sum."""
    link.run("update_sums", keys, *_columns(postings))


def _columns(postings: Sequence[Posting]) -> tuple[list[int], list[int]]:
    return [block for block, _ in postings], [record for _, record in postings]
