"""A warehouse from a home into a lake, or back: every fact is copied, and proven by the digest of all."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from warehouse.database.connection import literal, opened, reading, use_all_threads
from warehouse.database.files import replacing
from warehouse.database.sql import Connection, Statements
from warehouse.engine import Engine
from warehouse.errors import WarehouseError
from warehouse.home import WORKING
from warehouse.lake.attached import WRITTEN, clearly
from warehouse.publish.manifest import last_run_of
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

    Nobody writes to either meanwhile, and the home stays as it was. A lake into which it moved already stays as it is.
    Raises WarehouseError if the lake holds other facts, or not those of the home afterwards: it is empty then.
    """
    with source.locked("move", lock_seconds), target.locked("move", lock_seconds):
        with source.opened(lock_seconds) as connection:  # brings an older one in line with this release
            expected = _facts(connection)
        with target.opened(lock_seconds) as connection, clearly():
            if last_run_of(connection) is None:
                connection.execute(f"attach {literal(home / WORKING)} as copied (read_only)")
                with target.transaction(connection):
                    use_all_threads(connection)
                    _copy(connection, WRITTEN, "copied")
                    _require_equal(expected.digest, digest(connection).digest)
            elif _facts(connection) != expected:
                raise WarehouseError("the lake holds other facts already: move into an empty one")
    return expected.digest


def to_home(source: Engine, home: Path, target: Engine, lock_seconds: float) -> str:
    """Copy the facts of a lake into a home that has none; returns the digest that both have.

    A home into which they moved already stays as it is. Raises as `to_lake`.
    """
    working = home / WORKING
    with (
        source.locked("move", lock_seconds),
        target.locked("move", lock_seconds),
        source.opened(lock_seconds) as connection,
        clearly(),
    ):
        expected = _facts(connection)
        if not working.exists():
            with replacing(working) as made:
                copy_to_file(connection, made)
                with reading(made) as copied:
                    _require_equal(expected.digest, digest(copied).digest)
        elif not _holds(working, expected):
            raise WarehouseError(f"{working} exists: move it away, or move into another home")
    return expected.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What makes two warehouses the same: people's decisions are no exported facts, but each is a run."""

    digest: str
    last_run: str | None


def _facts(connection: Connection) -> _Facts:
    return _Facts(digest=digest(connection).digest, last_run=last_run_of(connection))


def _holds(file: Path, expected: _Facts) -> bool:
    """Whether it holds those facts; one that cannot be read, or is of another release, does not."""
    with suppress(WarehouseError), reading(file) as connection:
        return _facts(connection) == expected
    return False


def _require_equal(expected: str, found: str) -> None:
    if found != expected:
        raise WarehouseError(f"what was copied has the digest {found} instead of {expected}: nothing was moved")


def _copy(connection: Connection, target: str, source: str) -> None:
    """Replace every table's rows, of which migrations brought some; names of tables are theirs, never a page's."""
    for table in _sql.column(connection, "read_tables_of", {"database": "copied"}):
        if table != _OWN:
            connection.execute(f"delete from {target}.{table}")  # noqa: S608 - our own names
            connection.execute(f"insert into {target}.{table} by name from {source}.{table}")
