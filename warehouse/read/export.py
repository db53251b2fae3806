"""The facts as readers may compare them: exported in order, counted and digested, whatever the order of loading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import duckdb
import msgspec

from warehouse.database.sql import Statements

_sql = Statements(__package__)
_tables = Statements(__package__, "sql/export")


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Rows of each exported table, and one digest of them all: 64 hex digits."""

    row_counts: Mapping[str, int]
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The count of a table's rows, and the sums of both halves of each row's MD5."""

    rows_count: int
    lower_sum: int
    upper_sum: int


def digest(connection: duckdb.DuckDBPyConnection) -> Digest:
    """Digest the exported facts.

    Sums do not depend on order or threads, and MD5 of the row's JSON does not depend on DuckDB's version.
    """
    sums = {name: _sums(connection, name) for name in _tables.names()}
    parts = {name: [str(each.rows_count), str(each.lower_sum), str(each.upper_sum)] for name, each in sums.items()}
    return Digest(
        row_counts={name: each.rows_count for name, each in sums.items()},
        digest=sha256(msgspec.json.encode(parts)).hexdigest(),
    )


def write(connection: duckdb.DuckDBPyConnection, directory: Path) -> str:
    """Write each table as `<directory>/<table>.parquet`, ordered, and return the digest."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in _tables.names():
        connection.sql(_tables.text(name)).write_parquet(
            str(directory / f"{name}.parquet"), compression="zstd", overwrite=True
        )
    return digest(connection).digest


def _sums(connection: duckdb.DuckDBPyConnection, name: str) -> Sums:
    connection.execute(f"create or replace temp view exported as {_tables.text(name)}")
    (sums,) = _sql.records(connection, "digest_exported", Sums)
    return sums
