"""The facts as readers may compare them: exported in order, counted and digested, whatever the order of loading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import duckdb
import msgspec

from warehouse.database.sql import names, statement
from warehouse.errors import WarehouseError

FOLDER, PARTITIONED = "export", "partitioned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Rows of each exported table, and one digest of them all: 64 hex digits."""

    row_counts: Mapping[str, int]
    digest: str


def digest(connection: duckdb.DuckDBPyConnection) -> Digest:
    """Digest the exported facts: for each table the count of rows and the sums of both halves of each row's MD5.

    Sums do not depend on order or threads, and MD5 of the row's JSON does not depend on DuckDB's version.
    """
    sums = {name: _table(connection, name) for name in names(FOLDER)}
    return Digest(
        row_counts={name: count for name, (count, _, _) in sums.items()},
        digest=sha256(
            msgspec.json.encode({name: [str(part) for part in row] for name, row in sums.items()})
        ).hexdigest(),
    )


def write(connection: duckdb.DuckDBPyConnection, directory: Path) -> str:
    """Write each table as `<directory>/<table>.parquet`, ordered, and return the digest."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in names(FOLDER):
        connection.sql(statement(name, FOLDER)).write_parquet(
            str(directory / f"{name}.parquet"), compression="zstd", overwrite=True
        )
    return digest(connection).digest


def write_partitioned(connection: duckdb.DuckDBPyConnection, directory: Path) -> None:
    """Write the marts with their keys as `<directory>/<table>/source=…/month=YYYY-MM/*.parquet`, each file in order.

    Papers have no source: theirs are `month=…`, by the month of their first listing. A folder of an earlier export is
    replaced. Raises WarehouseError if a folder holds anything else.
    """
    for name in names(PARTITIONED):
        folder = directory / name
        _require_ours(folder)
        folder.mkdir(parents=True, exist_ok=True)
        rows = connection.sql(statement(name, PARTITIONED))
        keys: list[str] = [column for column in ("source", "month") if column in rows.columns]
        rows.write_parquet(str(folder), partition_by=keys, compression="zstd", overwrite=True)


def _require_ours(folder: Path) -> None:
    strange = next((path for path in folder.rglob("*") if path.is_file() and path.suffix != ".parquet"), None)
    if strange is not None or folder.is_file():
        message = f"{strange or folder} is no Parquet file of an earlier export, so nothing was written over it"
        raise WarehouseError(message)


def _table(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[int, int, int]:
    connection.execute(f"create or replace temp view exported as {statement(name, FOLDER)}")
    rows: list[tuple[int, int, int]] = connection.execute(statement("digest_exported")).fetchall()
    return rows[0]
