"""The index of a landing in a bucket: what the small files there are and hold, as rows in the catalog's PostgreSQL.

One database may index several landings; each has its address. A connection is made for each call and closed after it:
there are few calls, some milliseconds each, and so none is held by who waits for a site, and none is found cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from warehouse.database.sql import Statements
from warehouse.errors import WarehouseError
from warehouse.lake.address import LakeAddress
from warehouse.lake.extensions import HOW

try:
    import psycopg
except ImportError as error:
    raise WarehouseError(f"the index of a landing needs the package psycopg: {HOW}") from error

_sql = Statements(__package__, "sql/notes")
# So many rows go to the server at once.
_AT_ONCE: Final = 500


class LandingNotes:
    """The rows of one landing. A server that cannot be asked is an OSError: a landing is files, wherever it lies."""

    def __init__(self, address: LakeAddress, landing: str) -> None:
        self._conninfo, self._landing = address.conninfo, landing

    def is_made(self) -> bool:
        """Whether the landing was listed for this index once."""
        with self._connected() as connection:
            is_there = connection.execute(_text("has_tables")).fetchone() == (True,)
            return is_there and self._rows(connection, "count_landings") == [(1,)]

    def make(self, notes: Iterable[tuple[str, str, bytes]]) -> None:
        """Add these, make the tables for them where there are none, and be made from now on."""
        with self._connected() as connection:
            with connection.transaction():
                connection.execute(_text("lock_landings"))
                connection.execute(_text("create_tables"))
            for folder, name, data in notes:
                connection.execute(_text("insert_note"), self._values(folder=folder, name=name, data=data))
            connection.execute(_text("insert_landing"), self._values())

    def add(self, folder: str, name: str, data: bytes) -> None:
        """Add one; the same one again changes nothing."""
        with self._connected() as connection:
            connection.execute(_text("insert_note"), self._values(folder=folder, name=name, data=data))

    def remove(self, folder: str, name: str) -> None:
        """Remove one, if it is there."""
        with self._connected() as connection:
            connection.execute(_text("delete_note"), self._values(folder=folder, name=name))

    def folders(self, folder: str) -> list[str]:
        """The names of the folders in a folder, ascending."""
        with self._connected() as connection:
            return [name for (name,) in self._rows(connection, "read_folders", folder=folder)]

    def names(self, folder: str) -> list[str]:
        """The names of a folder's notes, ascending."""
        with self._connected() as connection:
            return [name for (name,) in self._rows(connection, "read_names", folder=folder)]

    def contents(self, folder: str, names: Sequence[str]) -> Mapping[str, bytes]:
        """What is in those of the notes that it has."""
        found: dict[str, bytes] = {}
        with self._connected() as connection:
            for start in range(0, len(names), _AT_ONCE):
                part = list(names[start : start + _AT_ONCE])
                found.update(self._rows(connection, "read_contents", folder=folder, names=part))
        return found

    def everything(self) -> frozenset[str]:
        """The path of every note."""
        with self._connected() as connection:
            return frozenset(path for (path,) in self._rows(connection, "read_everything"))

    def _rows(self, connection: psycopg.Connection[Any], name: str, **values: object) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = connection.execute(_text(name), self._values(**values), binary=True).fetchall()
        return found

    def _values(self, **values: object) -> dict[str, object]:
        return {"address": self._landing, **values}

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        try:
            with psycopg.connect(self._conninfo, autocommit=True) as connection:
                yield connection
        except psycopg.Error as error:
            said = " ".join(str(error).split())
            raise OSError(f"{self._landing}: its index in PostgreSQL cannot be asked: {said}") from error


def _text(name: str) -> bytes:
    return _sql.text(name).encode()
