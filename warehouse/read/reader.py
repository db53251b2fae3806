"""What readers do with a published snapshot: query it, run a named query, export the facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer
from typing import TypeVar

import duckdb

from transforms.records import Decision
from warehouse.database.connection import REPUBLISH, connected
from warehouse.database.files import logs_beside
from warehouse.database.sql import Connection, Parameters, Statements, rows_as
from warehouse.database.trouble import clearly
from warehouse.errors import QueryTooSlowError, WarehouseError
from warehouse.home import SNAPSHOT
from warehouse.read import export as facts
from warehouse.read.sqlite_file import write_sqlite
from warehouse.read.words import Decided, unkept, unrecorded
from warehouse.searchindex.files import index_of, snapshot_name
from warehouse.searchindex.reading import SearchIndex

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

    def __init__(self, connection: Connection, index: SearchIndex, place: str) -> None:
        self._connection = connection
        self.index = index
        """For `search`."""
        self.place = place
        """Where others find the same: a file, or the statement of SQL that attaches it."""

    def query(
        self,
        sql: str,
        parameters: Sequence[object] | Mapping[str, object] = (),
        *,
        seconds_max: float | None = None,
        rows_max: int | None = None,
    ) -> Table:
        """Answer one query. Raises WarehouseError with DuckDB's own words if it cannot be answered.

        After `seconds_max` it is interrupted, and the error says so. Of its rows only the first `rows_max` are made.
        """
        try:
            with nullcontext() if seconds_max is None else self.within(seconds_max), _clear_errors():
                return table_of(self._connection.execute(sql, parameters or None), rows_max)
        except QueryTooSlowError as error:
            raise WarehouseError(f"interrupted after {seconds_max:g} s, which --timeout SECONDS changes") from error

    def is_one_select(self, sql: str) -> bool:
        """Whether the text is one statement that only reads. Raises WarehouseError if it cannot be parsed."""
        with _clear_errors():
            return [each.type for each in self._connection.extract_statements(sql)] == [duckdb.StatementType.SELECT]

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Interrupt what still runs after so long. Raises QueryTooSlowError then."""
        limit = Timer(seconds, self._connection.interrupt)
        limit.start()
        try:
            yield
        except duckdb.InterruptException as error:
            raise QueryTooSlowError(f"the answer took longer than {seconds:g} s, and was given up") from error
        finally:
            limit.cancel()

    def named(self, name: str, parameters: Parameters | None = None) -> Table:
        """Answer the query in `sql/<name>.sql`. WarehouseError names the way on where an older release published."""
        return table_of(self._run(name, parameters))

    def records(self, name: str, record: type[Record], parameters: Parameters | None = None) -> tuple[Record, ...]:
        """Answer the query in `sql/<name>.sql` with records, by column name; timestamps are aware, in UTC."""
        return tuple(rows_as(self._run(name, parameters), record))

    def only(self, name: str, record: type[Record]) -> Record:
        """The one record with which `sql/<name>.sql` answers. WarehouseError where the snapshot lost it."""
        return _only(name, self.records(name, record))

    def row(self, name: str) -> dict[str, object]:
        """The one row with which `sql/<name>.sql` answers, by column name. Raises as `only`."""
        return _only(name, self.named(name).dicts)

    def unrecorded(self, decisions: Sequence[Decided]) -> tuple[Decided, ...]:
        """Those of the decisions that the snapshot does not hold."""
        with _clear_errors(), _own_query():
            return unrecorded(self._connection, decisions)

    def unkept(self, decisions: Sequence[Decision]) -> int:
        """How many decisions the snapshot holds that are not among these."""
        with _clear_errors(), _own_query():
            return unkept(self._connection, decisions)

    def export(self, directory: Path) -> str:
        """Write the facts as Parquet files into `directory` and return their digest."""
        with _clear_errors():
            return facts.write(self._connection, directory)

    def export_partitioned(self, directory: Path) -> str:
        """Write the same, a file a month, into a new `directory` and return the same digest."""
        with _clear_errors():
            return facts.write_partitioned(self._connection, directory)

    def export_sqlite(self, file: Path) -> Mapping[str, int]:
        """Write the marts as tables of an SQLite file and return the rows of each."""
        with _clear_errors():
            return write_sqlite(self._connection, file)

    def _run(self, name: str, parameters: Parameters | None) -> Connection:
        with _clear_errors(), _own_query():
            return _sql.run(self._connection, name, parameters or {})


def _only(name: str, found: Sequence[Record]) -> Record:
    if len(found) != 1:
        raise WarehouseError(f"{SNAPSHOT} does not hold what {name} asks for: {REPUBLISH}")
    return found[0]


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        said = "what does not fit into memory goes to the home, if it may be written and has room"
        raise WarehouseError(f"{str(error).splitlines()[0]}; {said}") from error
    except duckdb.InterruptException:
        raise  # whoever set the limit says so
    except duckdb.Error as error:
        raise WarehouseError(str(error)) from error


@contextmanager
def _own_query() -> Iterator[None]:
    """A query of ours fails where the snapshot lacks what it asks for: an older release published it."""
    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        said = str(error).splitlines()[0]
        raise WarehouseError(f"an older release published this snapshot ({said}): run `paperlog publish`") from error


def table_of(cursor: Connection | None, rows_max: int | None = None) -> Table:
    """The cursor's rows, or the first of them. Raises WarehouseError if there was no statement to execute."""
    if cursor is None or cursor.description is None:
        raise WarehouseError("there is no query to answer: the text is empty or holds only comments")
    columns = tuple(column[0] for column in cursor.description)
    rows = cursor.fetchall() if rows_max is None else cursor.fetchmany(rows_max)
    return Table(columns=columns, rows=tuple(rows))


def require_readable(snapshot: Path) -> None:
    """Raise WarehouseError if there is no snapshot, or a log would change what is read of it."""
    if not snapshot.exists():
        raise WarehouseError(
            f"{snapshot.name} does not exist yet: ingest or adopt something, or run publish (publish --file for a lake)"
        )
    if logs := logs_beside(snapshot):
        raise WarehouseError(
            f"{logs[0].name} lies beside {snapshot.name}: another program opened it for writing, and DuckDB would add "
            "that file to what is read; `paperlog publish` sets it aside"
        )


@contextmanager
def opened(snapshot: Path, *, may_write_files: bool, threads: int | None = None) -> Iterator[Connection]:
    """Open a snapshot for reading. Raises WarehouseError if there is none, it is broken, or a log would change it."""
    require_readable(snapshot)
    with ExitStack() as stack:
        with clearly(snapshot, REPUBLISH):
            connection = stack.enter_context(connected(snapshot.parent, snapshot))
            _confine(connection, may_write_files=may_write_files, threads=threads)
        yield connection


@dataclass(frozen=True, slots=True, kw_only=True)
class _Published:
    """Which snapshot it is, as it says itself."""

    published_at: datetime
    digest: str


@contextmanager
def opened_index(connection: Connection, snapshot: Path) -> Iterator[SearchIndex]:
    """The search index of an opened snapshot; what is wrong with it is told to whoever searches."""
    with clearly(snapshot, REPUBLISH):
        held = _sql.records(connection, "read_manifest", _Published)
    each = held[0] if held else _Published(published_at=datetime.min.replace(tzinfo=UTC), digest="")
    with closing(
        SearchIndex(index_of(snapshot, each.published_at), snapshot_name(each.published_at, each.digest))
    ) as index:
        yield index


def _confine(connection: Connection, *, may_write_files: bool, threads: int | None) -> None:
    if threads is not None:
        connection.execute(f"set threads = {threads:d}")
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("use marts")
    if not may_write_files:
        close_off(connection)


def close_off(connection: Connection) -> None:
    """No statement reaches another file, an extension or a setting any more."""
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
