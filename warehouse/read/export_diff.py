"""What differs between two exports of the facts: which rows came, went or say something else, and in which columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.errors import WarehouseError

# What names a row of each exported table; the other columns are what it says.
KEYS: Mapping[str, tuple[str, ...]] = {
    "partitions": ("source", "partition_on"),
    "sightings": ("sighting_key",),
    "reviews": ("paper", "source", "partition_on", "first_line"),
    "metrics": ("sighting_key", "metric", "observed_at"),
    "papers": ("paper",),
}
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One row that is `added`, `removed` or `changed`; `columns` hold what it said and would say."""

    table: str
    kind: str
    key: tuple[str, ...]
    columns: tuple[tuple[str, str, str], ...] = ()


def compare(before: Path, after: Path) -> Iterator[Difference]:
    """Every difference between two directories that `export` wrote, by table and key."""
    with duckdb.connect() as connection:
        for table, key in KEYS.items():
            old, new = (_rows(connection, folder / f"{table}.parquet", key) for folder in (before, after))
            for name in sorted(old.keys() | new.keys()):
                yield from _difference(table, name, old.get(name), new.get(name))


def _rows(connection: duckdb.DuckDBPyConnection, path: Path, key: tuple[str, ...]) -> dict[tuple[str, ...], Row]:
    try:
        cursor = connection.execute("from read_parquet($path)", {"path": str(path)})
    except duckdb.Error as error:
        raise WarehouseError(f"{path} cannot be compared: {str(error).splitlines()[0]}") from error
    columns = [column[0] for column in cursor.description or ()]
    rows = (dict(zip(columns, values, strict=True)) for values in cursor.fetchall())
    return {tuple(str(row[name]) for name in key): row for row in rows}


def _difference(table: str, key: tuple[str, ...], old: Row | None, new: Row | None) -> Iterator[Difference]:
    if old is None or new is None:
        yield Difference(table=table, kind="added" if old is None else "removed", key=key)
        return
    columns = tuple((name, str(old[name]), str(new[name])) for name in old if old[name] != new.get(name))
    if columns:
        yield Difference(table=table, kind="changed", key=key, columns=columns)
