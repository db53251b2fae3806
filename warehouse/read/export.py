"""The facts as readers may compare them: exported in order, counted and digested, whatever the order of loading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from warehouse.database.sql import Connection, Statements

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
    tables = {name: _digest(connection, name) for name in _tables.names()}
    parts = msgspec.json.encode({name: table.parts for name, table in tables.items()})
    return Digest(
        row_counts={name: table.rows_count for name, table in tables.items()}, digest=sha256(parts).hexdigest()
    )


def write(connection: Connection, directory: Path) -> str:
    """Write each table as `<directory>/<table>.parquet`, ordered, and return the digest."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in _tables.names():
        connection.sql(_tables.text(name)).write_parquet(
            str(directory / f"{name}.parquet"), compression="zstd", overwrite=True
        )
    return digest(connection).digest


def _digest(connection: Connection, name: str) -> _Table:
    connection.execute(f"create or replace temp view exported as {_tables.text(name)}")
    (table,) = _sql.records(connection, "digest_exported", _Table)
    return table
