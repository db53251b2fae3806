"""Every table and column has a comment; statements are one to a file; the file has no keys and no indexes."""

from __future__ import annotations

import duckdb

from warehouse.database.migrations import migrate
from warehouse.database.sql import names, statement


def test_every_table_view_and_column_is_commented() -> None:
    with duckdb.connect() as connection:
        migrate(connection)
        silent = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where schema_name in ('ops', 'raw', 'core', 'marts') and comment is null "
            "union all select schema_name, table_name, '' from duckdb_tables() "
            "where schema_name in ('ops', 'raw', 'core') and comment is null "
            "union all select schema_name, view_name, '' from duckdb_views() "
            "where schema_name = 'marts' and comment is null"
        ).fetchall()
    assert silent == []


def test_every_statement_file_holds_one_lower_case_statement() -> None:
    for folder in ("statements", "staging", "questions", "export"):
        for name in names(folder):
            parsed = duckdb.extract_statements(statement(name, folder))
            assert len(parsed) == 1, f"{folder}/{name}.sql"
            assert not any(word in statement(name, folder) for word in ("SELECT", "FROM ", "WHERE")), name


def test_there_are_no_keys_and_no_indexes() -> None:
    with duckdb.connect() as connection:
        migrate(connection)
        assert connection.execute(
            "select count(*) from duckdb_constraints() where constraint_type <> 'NOT NULL'"
        ).fetchone() == (0,)
        assert connection.execute("select count(*) from duckdb_indexes()").fetchone() == (0,)
