"""What errors of DuckDB and SQLite mean: a file that is held, one whose content is wrong, or the surroundings."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.errors import SurroundingsError, WarehouseError

# DuckDB has one class for every failure with a file: only its words tell them apart (1.5.5).
_HELD = re.compile(r"Conflicting lock is held in (.*?\(PID -?\d+\))")
_DAMAGED = re.compile(
    # The last: bytes of the file in the words of an error that DuckDB was about to raise; we hand it valid text only.
    r"not a valid DuckDB database|corrupt|checksum|serializ|read enough bytes|invalid unicode",
    re.IGNORECASE,
)
# Of SQLite: what stands in the way of a sound file; extended codes have more bits above these.
_AROUND = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)
_OPEN_HERE = re.compile(r"same database file with a different configuration")


def holder_of(error: duckdb.Error) -> str | None:
    """The program that has the file open in a way that shuts this one out, with its process; None for other errors."""
    found = _HELD.search(str(error))
    return found[1] if found else None


def is_damaged(error: duckdb.Error) -> bool:
    """Whether the content of a file is wrong, rather than the disk full, a right missing, or the file held."""
    return _DAMAGED.search(str(error)) is not None


def is_around(error: sqlite3.DatabaseError) -> bool:
    """Whether an error of SQLite tells of a missing right, a full disk and the like, and of no damage."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return code & 0xFF in _AROUND and code != sqlite3.SQLITE_IOERR_SHORT_READ  # that file ends too early


def told(error: duckdb.Error, path: Path, remedy: str) -> str:
    """The error in one line that names the file. The remedy is for a damaged one, and is added for no other trouble."""
    if holder := holder_of(error):
        return f"{path.name} is open for writing in {holder}: close it there"
    if _OPEN_HERE.search(str(error)):
        return f"{path.name} is open in this same program, by a connection with other settings: close that one first"
    said = str(error).splitlines()[0]
    return f"{path.name} is damaged: {said}; {remedy}" if is_damaged(error) else f"{path.name}: {said}"


@contextmanager
def clearly(path: Path, remedy: str) -> Iterator[None]:
    """Raise a DuckDB error as a WarehouseError in those words."""
    try:
        yield
    except duckdb.Error as error:
        raise meant(error, path, remedy) from error


def meant(error: duckdb.Error, path: Path, remedy: str) -> WarehouseError:
    """The error in those words: SurroundingsError where the content of the file is not known to be wrong."""
    is_around = isinstance(error, duckdb.IOException) and not is_damaged(error)
    return (SurroundingsError if is_around else WarehouseError)(told(error, path, remedy))
