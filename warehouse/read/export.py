"""The facts as readers may compare them: exported in order, counted and digested, whatever the order of loading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from warehouse.database.files import replacing
from warehouse.database.sql import Connection, Statements
from warehouse.errors import WarehouseError
from warehouse.read.described import describe

WITHHELD = "withheld"
"""The exported table of what is not there."""

_sql = Statements(__package__)
_tables = Statements(__package__, "sql/export")


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Rows of each exported table, and one digest of them all: 64 hex digits."""

    row_counts: Mapping[str, int]
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    rows_count: int
    parts: tuple[str, ...]


def digest(connection: Connection) -> Digest:
    """Digest the exported facts: for each table the count of rows and the sums of both halves of each row's MD5."""
    found = {name: _digest(connection, name) for name in _tables.names()}
    # Where nothing is withheld, facts have the digest that they always had.
    tables = {name: table for name, table in found.items() if name != WITHHELD or table.rows_count}
    parts = msgspec.json.encode({name: table.parts for name, table in tables.items()})
    return Digest(
        row_counts={name: table.rows_count for name, table in tables.items()}, digest=sha256(parts).hexdigest()
    )


def write(connection: Connection, directory: Path) -> str:
    """Write each table as `<directory>/<table>.parquet`, ordered, with descriptions, and return the digest."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in _tables.names():
        connection.sql(_tables.text(name)).write_parquet(
            str(directory / f"{name}.parquet"), compression="zstd", overwrite=True
        )
    found = digest(connection).digest
    describe(connection, directory, {name: _tables.text(name) for name in _tables.names()}, found)
    return found


def write_partitioned(connection: Connection, directory: Path) -> str:
    """Write the same rows as folders `<table>/year=Y/month=M` (Hive's layout), and return the digest.

    Months are those of `partition_on`, of metrics those of `observed_at`; what has neither is one file. The folder
    comes into place whole. Raises WarehouseError if there is something in it already.
    """
    if directory.exists() and not (directory.is_dir() and not any(directory.iterdir())):
        raise WarehouseError(f"{directory} is not empty, and months of an earlier export would stay: name a new folder")
    directory.parent.mkdir(parents=True, exist_ok=True)
    with replacing(directory) as made:
        made.mkdir()
        try:
            connection.execute("set threads = 1")  # else a month has as many files as there are threads
            for name in _tables.names():
                _write_months(connection, name, made)
        finally:
            connection.execute("reset threads")
    return digest(connection).digest


def _write_months(connection: Connection, name: str, directory: Path) -> None:
    table = connection.sql(_tables.text(name))
    day = next((each for each in ("partition_on", "observed_at") if each in table.columns), None)
    if day is None:
        table.write_parquet(str(directory / f"{name}.parquet"), compression="zstd")
        return
    months = table.select(f"*, year({day}) as year, month({day}) as month")
    months.write_parquet(str(directory / name), compression="zstd", partition_by=["year", "month"])


def _digest(connection: Connection, name: str) -> _Table:
    connection.execute(f"create or replace temp view exported as {_tables.text(name)}")
    (table,) = _sql.records(connection, "digest_exported", _Table)
    return table
