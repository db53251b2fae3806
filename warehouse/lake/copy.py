"""The facts from one engine into the other: table by table, as they are."""

from __future__ import annotations

from pathlib import Path

from warehouse.database.connection import literal, opened
from warehouse.database.sql import Connection, Statements
from warehouse.lake.attached import WRITTEN

# The release writes it itself where it makes the tables.
_OWN = "ops.migrations"

_sql = Statements(__package__)


def copy_to_file(connection: Connection, target: Path) -> None:
    """Write a working file with the facts of the lake that the connection writes."""
    with opened(target):  # with all tables, views and comments, and empty
        pass
    connection.execute(f"attach {literal(target)} as copied")
    try:
        for table in _tables(connection, "copied"):
            connection.execute(f"insert into copied.{table} by name from {WRITTEN}.{table}")
    finally:
        connection.execute("detach copied")


def copy_from_file(connection: Connection, source: Path) -> None:
    """Write the facts of a working file into the empty lake that the connection writes, in its open transaction."""
    connection.execute(f"attach {literal(source)} as copied (read_only)")
    for table in _tables(connection, "copied"):
        connection.execute(f"insert into {WRITTEN}.{table} by name from copied.{table}")


def _tables(connection: Connection, database: str) -> list[str]:
    """The tables with facts; their names are the migrations', never a page's."""
    found = _sql.column(connection, "read_tables_of", {"database": database})
    return [table for table in found if table != _OWN]
