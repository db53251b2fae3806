"""A connection of DuckDB to a lake: to its current state for writing, or to one state for reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.database.connection import connected, literal
from warehouse.database.sql import Connection, Statements
from warehouse.errors import SurroundingsError, WarehouseBusyError, WarehouseError
from warehouse.lake.address import LakeAddress, ObjectStore
from warehouse.lake.extensions import load_extensions
from warehouse.lake.place.marker import require_same_place

WRITTEN, READ = "warehouse", "paperlog"
"""The name of the lake in SQL for the writer, and for readers."""

# DuckDB has no class for a catalog that is away: only its words tell (1.5.5).
_UNREACHED = re.compile(r'Unable to connect to Postgres at ".*?": (.*)')
_ABSENT = re.compile("creating a new DuckLake is explicitly disabled")
_LOST = re.compile(
    r'server closed the connection|terminating connection|no connection to the server|execute query "(COMMIT|ROLLBACK)"'
)
# A statement in quotes, which may hold quotes itself, up to the reason; and the line of it that PostgreSQL points at.
_STATEMENT = re.compile(
    r' "(?:begin|commit|rollback|copy|select|insert|update|delete|create|drop|alter|with)\b(?:.*"(?=: )|.*$)',
    re.IGNORECASE,
)
_POINTED_AT = re.compile(r" LINE \d+: .*$")
_REFUSED = re.compile(r"permission denied for|must be owner of")

_sql = Statements(__package__)


class NoLakeError(WarehouseError):
    """The database holds no lake yet."""


@contextmanager
def writable(address: LakeAddress, home: Path) -> Iterator[Connection]:
    """The current state, made if there is none; only the lock's holder comes here. Raises as `clearly` does."""
    with clearly(), connected(home) as connection:
        prepare(connection, address)
        connection.execute(f"attach {_catalog(address)} as {WRITTEN} (data_path {literal(address.data)})")
        connection.execute(f"use {WRITTEN}")
        yield connection


@contextmanager
def readable(address: LakeAddress, home: Path, version: int | None = None, *, name: str = READ) -> Iterator[Connection]:
    """The current state or that of a snapshot, read-only. Raises as `clearly` does."""
    with clearly(), connected(home) as connection:
        prepare(connection, address)
        attach(connection, address, name, version)
        (data_path,) = _sql.column(connection, "read_data_path", {"lake": name})
        require_same_place(address, data_path)
        connection.execute(f"use {name}")
        yield connection


def require_files(connection: Connection) -> None:
    """Read the files of the smallest table, so that a place that cannot be read is found out. Raises duckdb.Error."""
    for table in _sql.column(connection, "read_smallest_table"):
        connection.execute(f"select max(hash(t)) from {table} as t")  # noqa: S608 - our own names


def prepare(connection: Connection, address: LakeAddress) -> None:
    """Load what the lake needs, and tell how to reach its files."""
    connection.execute("set TimeZone = 'UTC'")
    load_extensions(connection, is_remote=address.is_remote)
    if address.is_remote:
        connection.execute(_secret(address.store))


def attach(connection: Connection, address: LakeAddress, name: str, version: int | None) -> None:
    """Attach the lake read-only under a name, as it is now or as it was in a snapshot."""
    connection.execute(_statement(address.conninfo, name, version))


def attach_again(connection: Connection, address: LakeAddress, version: int) -> None:
    """Put a snapshot in the place of the state that readers have attached."""
    connection.execute("use memory")
    connection.execute(f"detach {READ}")
    attach(connection, address, READ, version)
    connection.execute(f"use {READ}")


def statement(address: LakeAddress, name: str, version: int | None) -> str:
    """What attaches the lake read-only: the same for every client of DuckDB that has the extensions."""
    return _statement(address.catalog, name, version)


def confine(connection: Connection, address: LakeAddress) -> None:
    """No statement reads or writes another file or setting any more."""
    connection.execute(f"set allowed_directories = [{literal(f'{address.data}/')}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


@contextmanager
def clearly() -> Iterator[None]:
    """Raise a DuckDB error as a WarehouseError: SurroundingsError where catalog or store are out of reach."""
    try:
        yield
    except duckdb.Error as error:
        raise meant(error) from error


def meant(error: duckdb.Error) -> WarehouseError:
    """The error in one line without statements: SurroundingsError where catalog or store are out of reach."""
    whole = " ".join(str(error).split())
    said = _POINTED_AT.sub("", _STATEMENT.sub("", whole))
    if isinstance(error, duckdb.TransactionException) and "onflict" in said:
        return WarehouseBusyError("the lake: another process wrote to it at the same time")
    if _ABSENT.search(said):
        return NoLakeError("there is no lake yet: the first load or publish makes it")
    if found := _UNREACHED.search(said):
        return SurroundingsError(f"the lake: its catalog cannot be reached: {found[1]}")
    if _LOST.search(whole):
        return SurroundingsError(f"the lake: the connection to its catalog was lost: {said}")
    is_around = isinstance(error, duckdb.IOException | duckdb.HTTPException) or _REFUSED.search(said)
    return (SurroundingsError if is_around else WarehouseError)(f"the lake: {said}")


def _statement(catalog: str, name: str, version: int | None) -> str:
    at = "" if version is None else f", snapshot_version {version:d}"
    return f"attach {literal(f'ducklake:postgres:{catalog}')} as {name} (read_only{at})"


def _catalog(address: LakeAddress) -> str:
    return literal(f"ducklake:postgres:{address.conninfo}")


def _secret(store: ObjectStore) -> str:
    """The statement that tells DuckDB how to reach the object store, as text: it takes no parameters."""
    parts = {"key_id": store.key, "secret": store.secret, "region": store.region}
    said = [f"{name} {literal(value)}" for name, value in parts.items() if value]
    if store.host:
        said += [f"endpoint {literal(store.host)}", "url_style 'path'", f"use_ssl {store.is_encrypted}"]
    return f"create secret objects ({', '.join(['type s3', *said])})"
