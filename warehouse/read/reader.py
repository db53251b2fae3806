"""What readers do with a published snapshot: query it, run a named query, search it, export the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import TypeVar

import duckdb

from warehouse.database.connection import FTS_PACKAGE, fts_file, load_fts
from warehouse.database.sql import Connection, Parameters, Statements
from warehouse.errors import WarehouseError
from warehouse.read import export as facts

Record = TypeVar("Record")

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An answer: column names, and rows in the order of the query."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]

    @property
    def dicts(self) -> list[dict[str, object]]:
        """One dictionary for each row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Reader:
    """A read-only connection to one snapshot, which stays the same however long it is open."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def query(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] = (), *, seconds_max: float | None = None
    ) -> Table:
        """Answer one query. Raises WarehouseError with DuckDB's own words if it cannot be answered.

        After `seconds_max` it is interrupted, and the error says so.
        """
        limit = Timer(seconds_max or 0, self._connection.interrupt)
        try:
            if seconds_max is not None:
                limit.start()
            return table_of(self._connection.execute(sql, parameters or None))
        except duckdb.InterruptException as error:
            raise WarehouseError(f"interrupted after {seconds_max:g} s, which --timeout SECONDS changes") from error
        except duckdb.Error as error:
            raise WarehouseError(str(error)) from error
        finally:
            limit.cancel()

    def named(self, name: str, parameters: Parameters | None = None) -> Table:
        """Answer the query in `sql/<name>.sql`."""
        return self.query(_sql.text(name), parameters or {})

    def records(self, name: str, record: type[Record], parameters: Parameters | None = None) -> tuple[Record, ...]:
        """Answer the query in `sql/<name>.sql` with records, by column name; timestamps are aware, in UTC."""
        try:
            return tuple(_sql.records(self._connection, name, record, parameters))
        except duckdb.Error as error:
            raise WarehouseError(str(error)) from error

    def export(self, directory: Path) -> str:
        """Write the facts as Parquet files into `directory` and return their digest."""
        return facts.write(self._connection, directory)


def search(reader: Reader, text: str, limit: int = 20) -> Table:
    """Papers that match the words of `text`, best first: paper_key, title, score (BM25 over title, abstract, review).

    Raises WarehouseError where the snapshot has no index, or the running DuckDB lacks its `fts` extension.
    """
    if not reader.named("search_index").rows:
        raise WarehouseError("this snapshot has no search index; `paperlog publish --full` builds it")
    if fts_file() is None:
        raise WarehouseError(
            f"searching needs {FTS_PACKAGE}, made for DuckDB {duckdb.__version__}, which is not installed"
        )
    return reader.named("search", {"text": text, "most": limit})


def table_of(cursor: Connection | None) -> Table:
    """The cursor's rows as a table. Raises WarehouseError if there was no statement to execute."""
    if cursor is None or cursor.description is None:
        raise WarehouseError("there is no query to answer: the text is empty or holds only comments")
    columns = tuple(column[0] for column in cursor.description)
    return Table(columns=columns, rows=tuple(cursor.fetchall()))


def opened(snapshot: Path, *, may_write_files: bool) -> Connection:
    """Open a snapshot for reading. Raises WarehouseError if there is none or it is broken."""
    if not snapshot.exists():
        raise WarehouseError(f"{snapshot.name} does not exist yet: ingest or adopt something, or run publish")
    try:
        connection = duckdb.connect(str(snapshot), read_only=True)
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("use marts")
        if _sql.column(connection, "read_has_index"):
            load_fts(connection)
        if not may_write_files:
            connection.execute("set enable_external_access = false")
            connection.execute("set lock_configuration = true")
    except duckdb.Error as error:
        raise WarehouseError(f"{snapshot.name} cannot be read: {str(error).splitlines()[0]}") from error
    return connection
