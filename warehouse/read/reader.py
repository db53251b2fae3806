"""What readers do with a published snapshot: query it, run a named question, export the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import GenericAlias
from typing import TypeVar

import duckdb
import msgspec

from warehouse.database import fts
from warehouse.database.sql import statement
from warehouse.errors import WarehouseError
from warehouse.read import export as facts

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An answer: column names, and rows in the order of the query."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


class Reader:
    """A read-only connection to one snapshot, which stays the same however long it is open."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def query(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> Table:
        """Answer one query. Raises WarehouseError with DuckDB's own words if it cannot be answered."""
        try:
            cursor = self._connection.execute(sql, parameters or None)
            columns = tuple(column[0] for column in cursor.description or ())
            return Table(columns=columns, rows=tuple(cursor.fetchall()))
        except duckdb.Error as error:
            raise WarehouseError(str(error)) from error

    def named(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        """Answer the question in `sql/questions/<name>.sql`."""
        return self.query(statement(name, "questions"), parameters or {})

    def records(
        self, name: str, record: type[Record], parameters: Mapping[str, object] | None = None
    ) -> tuple[Record, ...]:
        """The rows of a named question as records, by column name; timestamps are UTC."""
        answer = self.named(name, parameters)
        rows = [dict(zip(answer.columns, map(_aware, row), strict=True)) for row in answer.rows]
        converted: tuple[Record, ...] = msgspec.convert(rows, GenericAlias(tuple, (record, ...)))
        return converted

    def export(self, directory: Path) -> str:
        """Write the facts as Parquet files into `directory` and return their digest."""
        return facts.write(self._connection, directory)

    def export_partitioned(self, directory: Path) -> None:
        """Write the marts as Parquet folders into `directory`, one file a source and month; see facts.py."""
        facts.write_partitioned(self._connection, directory)


def _aware(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def opened(snapshot: Path, *, may_write_files: bool) -> duckdb.DuckDBPyConnection:
    """Open a snapshot for reading. Raises WarehouseError if there is none or it is broken."""
    if not snapshot.exists():
        message = f"{snapshot.name} does not exist yet: ingest or adopt something, or run publish"
        raise WarehouseError(message)
    try:
        connection = duckdb.connect(str(snapshot), read_only=True)
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("use marts")
        if connection.execute(statement("read_has_index")).fetchone():
            fts.load_extension(connection)
        if not may_write_files:
            connection.execute("set enable_external_access = false")
            connection.execute("set lock_configuration = true")
    except duckdb.Error as error:
        message = f"{snapshot.name} cannot be read: {str(error).splitlines()[0]}"
        raise WarehouseError(message) from error
    return connection
