"""A connection of DuckDB to a lake: to its current state for writing, or to one state for reading."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.database.connection import connected, literal
from warehouse.database.sql import Connection
from warehouse.errors import SurroundingsError, WarehouseError
from warehouse.lake.address import LakeAddress, ObjectStore
from warehouse.lake.extensions import load_extensions

WRITTEN, READ = "warehouse", "paperlog"
"""The name of the lake in SQL for the writer, and for readers."""


# Of an attachment that may make nothing, in a database without the tables of a catalog.
_MISSING = "creating a new DuckLake is explicitly disabled"


class LakeMissingError(WarehouseError):
    """Nothing was written there yet."""


@contextmanager
def writable(address: LakeAddress, home: Path) -> Iterator[Connection]:
    """The current state, made if there is none; only the lock's holder comes here. Raises as `clearly` does."""
    with clearly(), connected(home) as connection:
        _prepare(connection, address)
        connection.execute(f"attach {_catalog(address)} as {WRITTEN} (data_path {literal(address.data)})")
        connection.execute(f"use {WRITTEN}")
        yield connection


@contextmanager
def readable(address: LakeAddress, home: Path, version: int | None = None, *, name: str = READ) -> Iterator[Connection]:
    """The current state or that of a snapshot, read-only. Raises as `clearly` does."""
    with clearly(), connected(home) as connection:
        _prepare(connection, address)
        attach(connection, address, name, version)
        connection.execute(f"use {name}")
        yield connection


def attach(connection: Connection, address: LakeAddress, name: str, version: int | None) -> None:
    """Attach the lake read-only under a name, as it is now or as it was in a snapshot."""
    connection.execute(statement(address, name, version))


def statement(address: LakeAddress, name: str, version: int | None) -> str:
    """What attaches the lake read-only: the same for every client of DuckDB that has the extensions."""
    at = "" if version is None else f", snapshot_version {version:d}"
    return f"attach {literal(f'ducklake:postgres:{address.catalog}')} as {name} (read_only{at})"


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
        if _MISSING in str(error):
            raise LakeMissingError("nothing was written to the lake yet: ingest or adopt something") from error
        is_around = isinstance(error, duckdb.IOException | duckdb.HTTPException)
        raise (SurroundingsError if is_around else WarehouseError)(told(error)) from error


def told(error: duckdb.Error) -> str:
    """The error in one line."""
    if isinstance(error, duckdb.TransactionException) and "onflict" in str(error):
        return "the lake: another process wrote to it at the same time"
    return f"the lake: {' '.join(str(error).split())}"


def _prepare(connection: Connection, address: LakeAddress) -> None:
    connection.execute("set TimeZone = 'UTC'")
    load_extensions(connection, is_remote=address.is_remote)
    if address.is_remote:
        connection.execute(_secret(address.store))


def _catalog(address: LakeAddress) -> str:
    return literal(f"ducklake:postgres:{address.conninfo}")


def _secret(store: ObjectStore) -> str:
    """The statement that tells DuckDB how to reach the object store, as text: it takes no parameters."""
    parts = {"key_id": store.key, "secret": store.secret, "region": store.region}
    said = [f"{name} {literal(value)}" for name, value in parts.items() if value]
    if store.host:
        said += [f"endpoint {literal(store.host)}", "url_style 'path'", f"use_ssl {store.is_encrypted}"]
    return f"create secret objects ({', '.join(['type s3', *said])})"
