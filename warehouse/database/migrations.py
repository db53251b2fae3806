"""Numbered SQL files, applied once each in one transaction; a file that changed after it was applied is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

import duckdb

from warehouse.database.sql import names, statement
from warehouse.errors import WarehouseError

FOLDER = "migrations"


def schema_version() -> int:
    """Number of the last migration that this code knows."""
    return _number(names(FOLDER)[-1])


def migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring the database to `schema_version`. Raises WarehouseError if it is newer or was made by other files."""
    applied = _applied(connection)
    known = {_number(name): name for name in names(FOLDER)}
    for number, (name, digest) in applied.items():
        if number not in known or _sha256(known[number]) != digest:
            message = (
                f"migration {number:04} ({name}) was applied from another file: this warehouse needs another release"
            )
            raise WarehouseError(message)
    pending = [name for number, name in sorted(known.items()) if number not in applied]
    if pending:
        _apply(connection, pending)


def _apply(connection: duckdb.DuckDBPyConnection, pending: list[str]) -> None:
    connection.begin()
    for name in pending:
        connection.execute(statement(name, FOLDER))
        connection.execute(
            "insert into ops.migrations values (?, ?, ?, ?)",
            [_number(name), name, _sha256(name), datetime.now(UTC).replace(tzinfo=None)],
        )
    connection.commit()


def _applied(connection: duckdb.DuckDBPyConnection) -> dict[int, tuple[str, str]]:
    tables = connection.execute("select schema_name, table_name from duckdb_tables() where not internal").fetchall()
    if not tables:
        return {}
    if ("ops", "migrations") not in tables:
        message = "the file holds tables, but not those of Paperlog: another program's database"
        raise WarehouseError(message)
    rows = connection.execute("select number, name, sha256 from ops.migrations order by number").fetchall()
    return {number: (name, digest) for number, name, digest in rows}


def _number(name: str) -> int:
    return int(name.split("_", 1)[0])


def _sha256(name: str) -> str:
    return sha256(statement(name, FOLDER).encode()).hexdigest()
