"""What differs between two exports of the facts, row by row, and between two published snapshots, paper by paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb

from warehouse.database.connection import attach, connected
from warehouse.database.sql import Connection, Statements
from warehouse.errors import WarehouseError
from warehouse.read.described import KEYS
from warehouse.read.reader import Table, table_of

# A review that moved to another line is another one here.
_KEYS = {**KEYS, "reviews": (*KEYS["reviews"], "first_line")}
Row = Mapping[str, object]

_sql = Statements(__package__)


class ChangedColumn(NamedTuple):
    """A column of a row with its value before and after, as text."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One row that is `added`, `removed` or `changed`; `columns` are those that changed."""

    table: str
    kind: str
    key: tuple[str, ...]
    columns: tuple[ChangedColumn, ...] = ()


def compare_exports(before: Path, after: Path) -> Iterator[Difference]:
    """Every difference between two directories that `export` wrote, by table and key."""
    with connected(after) as connection:
        for table, key in _KEYS.items():
            old, new = (_rows(connection, folder / f"{table}.parquet", key) for folder in (before, after))
            for name in sorted(old.keys() | new.keys()):
                yield from _difference(table, name, old.get(name), new.get(name))


def compare_snapshots(before: Path, after: Path) -> Table:
    """Compare two published files: change, paper_key, title, what, before, after, in the order of the papers.

    `change` is paper_added, paper_merged (`before` is the key that lost), paper_split (the key is valid again),
    paper_removed, fact_changed, listing_added, listing_lost, review_added or metric_changed; `what` names the fact, the
    sighting, the review's source and partition, or the source and metric. Raises WarehouseError if one cannot be read.
    """
    try:
        with connected(after.parent) as connection:
            attach(connection, before, "before")
            attach(connection, after, "after")
            return compare_attached(connection)
    except duckdb.Error as error:
        raise WarehouseError(f"the two snapshots cannot be compared: {str(error).splitlines()[0]}") from error


def compare_attached(connection: Connection) -> Table:
    """The same for two that are attached as `before` and `after`."""
    return table_of(_sql.run(connection, "compare_snapshots"))


def _rows(connection: Connection, path: Path, key: tuple[str, ...]) -> dict[tuple[str, ...], Row]:
    try:
        rows = table_of(_sql.run(connection, "read_exported", {"path": str(path)})).dicts
    except duckdb.Error as error:
        raise WarehouseError(f"{path} cannot be compared: {str(error).splitlines()[0]}") from error
    return {tuple(str(row[name]) for name in key): row for row in rows}


def _difference(table: str, key: tuple[str, ...], old: Row | None, new: Row | None) -> Iterator[Difference]:
    if old is None or new is None:
        yield Difference(table=table, kind="added" if old is None else "removed", key=key)
        return
    columns = tuple(
        ChangedColumn(name=name, before=str(old[name]), after=str(new[name]))
        for name in old
        if old[name] != new.get(name)
    )
    if columns:
        yield Difference(table=table, kind="changed", key=key, columns=columns)
