"""What DuckDB's errors mean: a file that is held, a file whose content is wrong, or trouble of the surroundings."""

from __future__ import annotations

import re
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
_OPEN_HERE = re.compile(r"same database file with a different configuration")


def holder_of(error: duckdb.Error) -> str | None:
    """The program that has the file open in a way that shuts this one out, with its process; None for other errors."""
    found = _HELD.search(str(error))
    return found[1] if found else None


def is_damaged(error: duckdb.Error) -> bool:
    """Whether the content of a file is wrong, rather than the disk full, a right missing, or the file held."""
    return _DAMAGED.search(str(error)) is not None


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
        is_around = isinstance(error, duckdb.IOException) and not is_damaged(error)
        raise (SurroundingsError if is_around else WarehouseError)(told(error, path, remedy)) from error
