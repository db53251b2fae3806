"""Rows on their way into the database: one temporary table each, filled by one statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import duckdb
import msgspec

from warehouse.sqlfiles import statement

_STRUCTURES: dict[str, str] = {}


def stage(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, object]]) -> int:
    """Make the temporary table `table` anew, with the columns of `sql/staging`, and fill it; what a row lacks is NULL.

    The rows travel as one JSON text and are typed by the table's own columns: hundreds of times faster than
    `executemany` or a list parameter (measured with DuckDB 1.5). Returns the number of rows.
    """
    listed = list(rows)
    if listed:
        connection.execute(
            f"create or replace temp table {table} as select unnest(from_json($rows, $structure), max_depth := 2)",
            {"rows": msgspec.json.encode(listed).decode(), "structure": _structure(connection, table)},
        )
    else:
        connection.execute(statement(table, "staging"))
    return len(listed)


def _structure(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """The table's columns as `from_json` wants them; the same for every connection, so asked once a process."""
    if table not in _STRUCTURES:
        connection.execute(statement(table, "staging"))
        columns = connection.execute(statement("read_staging_columns"), {"table": table}).fetchall()
        _STRUCTURES[table] = json.dumps([dict(columns)])
    return _STRUCTURES[table]
