"""A warehouse from a home into a lake, or back: every fact is copied, and proven by the digest of all."""

from __future__ import annotations

from pathlib import Path

from warehouse.database.connection import literal, opened, reading, use_all_threads
from warehouse.database.files import replacing
from warehouse.database.sql import Connection, Statements
from warehouse.engine import Engine
from warehouse.errors import WarehouseError
from warehouse.home import WORKING
from warehouse.lake.attached import WRITTEN, clearly
from warehouse.read.export import digest

# The release writes it itself where it makes the tables.
_OWN = "ops.migrations"

_sql = Statements(__package__)


def copy_to_file(connection: Connection, target: Path) -> None:
    """Write a working file with the facts of the lake that the connection writes."""
    with opened(target):  # with all tables, views and comments, and empty
        pass
    connection.execute(f"attach {literal(target)} as copied")
    try:
        _copy(connection, "copied", WRITTEN)
    finally:
        connection.execute("detach copied")


def to_lake(home: Path, source: Engine, target: Engine, lock_seconds: float) -> str:
    """Copy the facts of a home into an empty lake; returns the digest that both have.

    Nobody writes to either meanwhile, and the home stays as it was. Raises WarehouseError if the lake holds facts, or
    not those of the home afterwards: it is empty then.
    """
    with source.locked("move", lock_seconds), target.locked("move", lock_seconds):
        with source.opened(lock_seconds) as connection:  # brings an older one in line with this release
            expected = digest(connection).digest
        with target.opened(lock_seconds) as connection, clearly():
            if _sql.column(connection, "count_runs") != [0]:
                raise WarehouseError("the lake holds facts already: move into an empty one")
            connection.execute(f"attach {literal(home / WORKING)} as copied (read_only)")
            with target.transaction(connection):
                use_all_threads(connection)
                _copy(connection, WRITTEN, "copied")
                _require_equal(expected, digest(connection).digest)
    return expected


def to_home(source: Engine, home: Path, target: Engine, lock_seconds: float) -> str:
    """Copy the facts of a lake into a home that has none; returns the digest that both have. Raises as `to_lake`."""
    with source.locked("move", lock_seconds), target.locked("move", lock_seconds):
        if (home / WORKING).exists():
            raise WarehouseError(f"{home / WORKING} exists: move it away, or move into another home")
        with source.opened(lock_seconds) as connection, clearly(), replacing(home / WORKING) as made:
            expected = digest(connection).digest
            copy_to_file(connection, made)
            with reading(made) as copied:
                _require_equal(expected, digest(copied).digest)
    return expected


def _require_equal(expected: str, found: str) -> None:
    if found != expected:
        raise WarehouseError(f"what was copied has the digest {found} instead of {expected}: nothing was moved")


def _copy(connection: Connection, target: str, source: str) -> None:
    """Replace every table's rows, of which migrations brought some; names of tables are theirs, never a page's."""
    for table in _sql.column(connection, "read_tables_of", {"database": "copied"}):
        if table != _OWN:
            connection.execute(f"delete from {target}.{table}")  # noqa: S608 - our own names
            connection.execute(f"insert into {target}.{table} by name from {source}.{table}")
