"""The marts as one SQLite file, with keys and indexes: for Datasette, and for whatever reads SQLite and not DuckDB.

Lists and structures are JSON, dates and times ISO text in UTC, truth values 0 and 1. The same snapshot gives the same
bytes with the same release of SQLite.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from warehouse.database.connection import REPUBLISH
from warehouse.database.files import replacing
from warehouse.database.sql import Connection, Statements
from warehouse.docs.dictionary import Column, relations
from warehouse.errors import WarehouseError
from warehouse.home import SNAPSHOT

APPLICATION_ID: Final = 0x50504C47
"""Written into the head of each file, by which an earlier one is known: only that is replaced."""

_HEAD = b"SQLite format 3\x00"
_ID_AT = 68
_ROWS_AT_ONCE = 10_000
_TYPES = {"BIGINT": "INTEGER", "INTEGER": "INTEGER", "BOOLEAN": "INTEGER", "DOUBLE": "REAL"}

# Put together here and not in files, because names of tables and columns cannot be parameters.
_READ = "select {columns} from marts.{name} order by {key}"
_INSERT = "insert into {name} values ({places})"
_INDEX = "create index {name}_by_{label} on {name} ({columns})"
_TABLE = "create table {name} ( -- {comment}\n{columns}\n{rules}\n)"

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What identifies a row, which is its order too; what refers to other tables; what is searched for."""

    key: tuple[str, ...]
    refers: Mapping[str, str]
    indexes: tuple[str, ...] = ()


_PAPER = {"paper_key": "papers"}
_PLANS: Mapping[str, _Plan] = {
    "papers": _Plan(key=("paper_key",), refers={}, indexes=("arxiv_id", "doi", "first_listed_on", "published_on")),
    "sightings": _Plan(key=("sighting_key",), refers=_PAPER, indexes=("paper_key", "source, partition_on")),
    "reviews": _Plan(key=("paper_key", "source", "partition_on"), refers=_PAPER, indexes=("partition_on",)),
    "metrics": _Plan(
        key=("sighting_key", "metric", "observed_at"),
        refers={**_PAPER, "sighting_key": "sightings"},
        indexes=("paper_key, metric, observed_at",),
    ),
    "matches": _Plan(key=("sighting_key",), refers={**_PAPER, "sighting_key": "sightings"}, indexes=("paper_key",)),
    "paper_authors": _Plan(key=("paper_key", "position"), refers=_PAPER, indexes=("author_key",)),
    "paper_institutions": _Plan(key=("paper_key", "institution_key"), refers=_PAPER, indexes=("institution_key",)),
    "partitions": _Plan(key=("source", "series", "partition_on"), refers={}),
    "sources": _Plan(key=("source",), refers={}),
    "arxiv_facts": _Plan(key=("arxiv_id",), refers={}),
    "arxiv_versions": _Plan(key=("arxiv_id", "version"), refers={"arxiv_id": "arxiv_facts"}),
}

TABLES = tuple(_PLANS)


def write_sqlite(connection: Connection, file: Path) -> Mapping[str, int]:
    """Write the tables into `file`, whole or not at all, and return the rows of each.

    Raises WarehouseError if something else than an earlier export lies there.
    """
    require_replaceable(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with replacing(file) as made, closing(sqlite3.connect(made, isolation_level=None)) as database:
            return _fill(connection, database)
    except sqlite3.Error as error:
        raise WarehouseError(f"{file} could not be written: {error}") from error


def require_replaceable(file: Path) -> None:
    """Raise WarehouseError if the file is there and is no earlier export."""
    if not file.exists():
        return
    if file.is_file():
        with file.open("rb") as opened:
            head = opened.read(_ID_AT + 4)
        if head.startswith(_HEAD) and head[_ID_AT:] == APPLICATION_ID.to_bytes(4):
            return
    raise WarehouseError(f"{file} is there and is no earlier export of Paperlog: name another file, or move it away")


def _fill(connection: Connection, database: sqlite3.Connection) -> Mapping[str, int]:
    # Nothing of a half-written file is ever used, so SQLite need not be able to undo.
    for setting in (f"application_id = {APPLICATION_ID}", "journal_mode = off", "synchronous = off"):
        database.execute(f"pragma {setting}")
    database.execute("begin")
    views = {view[0].relation: view for view in relations("marts", connection)}
    if missing := [name for name in TABLES if name not in views]:
        raise WarehouseError(f"an older release published this snapshot (no {missing[0]}): run `paperlog publish`")
    counts = {name: _table(connection, database, name, views[name]) for name in TABLES}
    _about(connection, database)
    database.execute("commit")
    database.execute("analyze")
    database.execute("vacuum")
    return counts


def _table(connection: Connection, database: sqlite3.Connection, name: str, columns: Sequence[Column]) -> int:
    """Make and fill one table; returns how many rows it has."""
    plan = _PLANS[name]
    database.execute(_definition(name, columns, plan))
    parts = {"columns": ", ".join(map(_converted, columns)), "name": name, "key": ", ".join(plan.key)}
    cursor = connection.execute(_READ.format(**parts))
    insert = _INSERT.format(name=name, places=", ".join("?" * len(columns)))
    count = 0
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        database.executemany(insert, rows)
        count += len(rows)
    for index in plan.indexes:
        database.execute(_INDEX.format(name=name, label=index.replace(", ", "_"), columns=index))
    return count


def _definition(name: str, columns: Sequence[Column], plan: _Plan) -> str:
    """The statement that makes the table; SQLite keeps it with its comments, and Datasette shows it."""
    rules = [f"  primary key ({', '.join(plan.key)})"]
    rules += [f"  foreign key ({column}) references {other} ({column})" for column, other in plan.refers.items()]
    parts = {"columns": "\n".join(_columns(columns)), "rules": ",\n".join(rules)}
    return _TABLE.format(name=name, comment=_one_line(columns[0].relation_comment), **parts)


def _columns(columns: Sequence[Column]) -> Iterator[str]:
    for column in columns:
        yield f'  "{column.name}" {_TYPES.get(str(column.type), "TEXT")}, -- {_one_line(column.comment or "")}'


def _converted(column: Column) -> str:
    """The column as SQLite can hold it."""
    kind = str(column.type)
    if kind.endswith("[]") or kind.startswith("STRUCT"):
        return f'to_json("{column.name}")::varchar'
    if kind == "BOOLEAN":
        return f'"{column.name}"::integer'
    return f'"{column.name}"' if kind in _TYPES else f'"{column.name}"::varchar'


def _about(connection: Connection, database: sqlite3.Connection) -> None:
    """The snapshot that it was made from, and its digest."""
    cursor = _sql.run(connection, "read_manifest_facts")
    names = [column[0] for column in cursor.description or ()]
    database.execute("create table about (name TEXT primary key, value TEXT)")
    rows = cursor.fetchall()
    if not rows:
        raise WarehouseError(f"{SNAPSHOT} lost its manifest: {REPUBLISH}")
    database.executemany("insert into about values (?, ?)", zip(names, rows[0], strict=True))


def _one_line(text: str) -> str:
    return " ".join(text.split())
