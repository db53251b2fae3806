"""Errors of DuckDB about a lake are one line that keeps the reason and leaves statements out (words of 1.5.5)."""

from __future__ import annotations

import duckdb
import pytest

from warehouse import SurroundingsError, WarehouseError
from warehouse.lake.attached import meant

COMMIT = """TransactionContext Error: Failed to flush changes into DuckLake: Failed to execute query "INSERT INTO \
"public".ducklake_snapshot VALUES (7, NOW());UPDATE "public".x SET a='b": c' WHERE d=3": ERROR:  permission denied for \
table ducklake_snapshot
"""
PROBE = """Failed to probe metadata: Failed to prepare COPY "COPY (SELECT NULL FROM "public"."ducklake_x" \
LIMIT 1) TO STDOUT (FORMAT "binary");": ERROR:  permission denied for table ducklake_metadata
"""
MADE = """Failed to initialize DuckLake: Failed to execute query "CREATE TABLE "public"."ducklake_metadata"("key" \
VARCHAR);": ERROR:  permission denied for schema public
LINE 1: CREATE TABLE "public"."ducklake_metad...
                     ^
"""
STOPPED = """Unable to connect to Postgres at "dbname=x": connection to server at "db" failed: Connection refused
\tIs the server running?

LINE 2: SELECT * FROM postgres_query('x',
               ^"""
LOST = 'Failed to prepare COPY "COPY (SELECT "a" FROM b) TO STDOUT": server closed the connection unexpectedly'
WRONG = 'Failed to execute query "SELECT 1": ERROR: relation "x" does not exist'
ENDLESS = 'Failed to execute query "COPY (SELECT a FROM b'


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            COMMIT,
            "flush changes into DuckLake: Failed to execute query: ERROR: permission denied for table ducklake_snap",
        ),
        (PROBE, "metadata: Failed to prepare COPY: ERROR: permission denied for table ducklake_metadata"),
        (MADE, "initialize DuckLake: Failed to execute query: ERROR: permission denied for schema public"),
        (STOPPED, 'reached: connection to server at "db" failed: Connection refused Is the server running?'),
        (LOST, "was lost: Failed to prepare COPY: server closed the connection unexpectedly"),
    ],
)
def test_trouble_of_the_surroundings_is_said_without_the_statement(said: str, expected: str) -> None:
    error = meant(duckdb.Error(said))
    assert type(error) is SurroundingsError
    assert expected in str(error)
    assert [word for word in ("INSERT", "SELECT", "CREATE", "LINE", "\n", "^") if word in str(error)] == []


def test_names_in_the_reason_are_kept() -> None:
    error = meant(duckdb.Error(WRONG))
    assert type(error) is WarehouseError
    assert str(error) == 'the lake: Failed to execute query: ERROR: relation "x" does not exist'


def test_a_statement_without_an_end_is_left_out() -> None:
    assert str(meant(duckdb.Error(ENDLESS))) == "the lake: Failed to execute query"
