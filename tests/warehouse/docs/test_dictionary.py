"""Every table and column has a comment, and every statement its file."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.support.places import ROOT
from warehouse.database.connection import migrate

ROOM = ROOT / "warehouse"
SQLITE = {"create_tables", "create_snippets"}  # DuckDB cannot parse them
POSTGRES = {"claims", "hosts", "indexserver", "notes", "postgres"}  # nor their placeholders
FILES = sorted(ROOM.glob("**/sql/**/*.sql"))
STATEMENTS = [path for path in FILES if path.stem not in SQLITE and path.parent.name not in POSTGRES]


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


@pytest.mark.parametrize("path", STATEMENTS, ids=lambda path: str(path.relative_to(ROOM)))
def test_every_statement_file_holds_one_statement(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(duckdb.extract_statements(text)) == 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOM)))
def test_statements_are_in_lower_case(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not any(word in text for word in ("SELECT", "FROM ", "WHERE"))


def test_every_statement_file_is_run_by_the_package_in_which_it_lies() -> None:
    """Those of `read` are also run by name from outside, and those of a folder of their own all together."""
    for folder in ("database", "load", "papers", "publish", "searchindex", "docs", "ledger", "lake", "lake/shared"):
        code = "".join(path.read_text(encoding="utf-8") for path in (ROOM / folder).glob("*.py"))
        assert [path.name for path in (ROOM / folder).glob("sql/**/*.sql") if f'"{path.stem}"' not in code] == []


def test_no_column_is_of_a_type_that_a_lake_would_keep_as_another() -> None:
    """Parquet has no whole number of 128 bits: a lake rounds it to a floating-point one, without a word."""
    with duckdb.connect() as connection:
        migrate(connection)
        found = connection.execute(
            "select table_name, column_name from duckdb_columns() where data_type like '%HUGEINT%'"
        )
        assert found.fetchall() == []


def test_there_are_no_keys_and_no_indexes() -> None:
    with duckdb.connect() as connection:
        migrate(connection)
        assert connection.execute(
            "select count(*) from duckdb_constraints() where constraint_type <> 'NOT NULL'"
        ).fetchone() == (0,)
        assert connection.execute("select count(*) from duckdb_indexes()").fetchone() == (0,)
