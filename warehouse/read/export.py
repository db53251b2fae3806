"""The facts as readers may compare them: exported in order, counted and digested, whatever the order of loading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from warehouse.database.files import replacing
from warehouse.database.sql import Connection, Statements, rows_as
from warehouse.errors import WarehouseError
from warehouse.read.described import describe

WITHHELD = "withheld"
"""The exported table of what is not there."""

_sql = Statements(__package__)
_tables = Statements(__package__, "sql/export")
_parts = Statements(__package__, "sql/parts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Rows of each exported table, and one digest of them all: 64 hex digits."""

    row_counts: Mapping[str, int]
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSum:
    """What a table's rows of one day, or all rows of one without days, add up to: both halves of each row's MD5."""

    part: str
    rows_count: int
    lower_sum: int
    upper_sum: int


def tables() -> tuple[str, ...]:
    """The names of the exported tables."""
    return _tables.names()


def part_sums(connection: Connection, table: str, parts: Sequence[str] | None = None) -> list[PartSum]:
    """Add up the rows of an exported table day by day: of those days (as YYYY-MM-DD), or of all.

    One statement: to few rows, views made for it would take as long as the sum itself.
    """
    named = {"exported": _tables.text(table), "parted": _parts.text(table)}
    within = ",\n".join(f"{name} as not materialized (\n{text}\n)" for name, text in named.items())
    return rows_as(connection.execute(f"with {within}\n{_sql.text('sum_parts')}", {"parts": parts}), PartSum)


def digest(connection: Connection) -> Digest:
    """Digest the exported facts: every row is read."""
    return digest_of({name: part_sums(connection, name) for name in tables()})


def digest_of(sums: Mapping[str, Iterable[PartSum]]) -> Digest:
    """The digest of the exported tables: for each the count of rows and the sums of both halves of each row's MD5."""
    found: dict[str, tuple[int, int, int]] = {}
    for name, parts in sorted(sums.items()):
        each = list(parts)
        found[name] = (
            sum(part.rows_count for part in each),
            sum(part.lower_sum for part in each),
            sum(part.upper_sum for part in each),
        )
    # Where nothing is withheld, facts have the digest that they always had.
    counted = {name: numbers for name, numbers in found.items() if name != WITHHELD or numbers[0]}
    said = msgspec.json.encode({name: [str(number) for number in numbers] for name, numbers in counted.items()})
    return Digest(row_counts={name: numbers[0] for name, numbers in counted.items()}, digest=sha256(said).hexdigest())


def write(connection: Connection, directory: Path) -> str:
    """Write each table as `<directory>/<table>.parquet`, ordered, with descriptions, and return the digest.

    The files come into their places once all are written: those of an earlier export stay where that fails.
    """
    with _beside(directory) as made:
        for name in _tables.names():
            connection.sql(_tables.text(name)).write_parquet(str(made / f"{name}.parquet"), compression="zstd")
        found = digest(connection).digest
        describe(connection, made, {name: _tables.text(name) for name in _tables.names()}, found)
    return found


@contextmanager
def _beside(directory: Path) -> Iterator[Path]:
    """A folder for files that then come into that directory, which may hold others; nothing does if the block fails."""
    if directory.exists():
        with TemporaryDirectory(prefix=".", suffix=".new", dir=directory) as folder:
            yield Path(folder)
            for path in sorted(Path(folder).iterdir()):
                path.replace(directory / path.name)
        return
    directory.parent.mkdir(parents=True, exist_ok=True)
    with replacing(directory) as made:
        made.mkdir()
        yield made


def write_partitioned(connection: Connection, directory: Path) -> str:
    """Write the same rows as folders `<table>/year=Y/month=M` (Hive's layout), and return the digest.

    Months are those of `partition_on`, of metrics those of `observed_at`; what has neither is one file. The folder
    comes into place whole. Raises WarehouseError if there is something in it already.
    """
    if directory.exists() and not (directory.is_dir() and not any(directory.iterdir())):
        raise WarehouseError(f"{directory} is not empty, and months of an earlier export would stay: name a new folder")
    directory.parent.mkdir(parents=True, exist_ok=True)
    with replacing(directory) as made:
        made.mkdir()
        try:
            connection.execute("set threads = 1")  # else a month has as many files as there are threads
            for name in _tables.names():
                _write_months(connection, name, made)
        finally:
            connection.execute("reset threads")
    return digest(connection).digest


def _write_months(connection: Connection, name: str, directory: Path) -> None:
    table = connection.sql(_tables.text(name))
    day = next((each for each in ("partition_on", "observed_at") if each in table.columns), None)
    if day is None:
        table.write_parquet(str(directory / f"{name}.parquet"), compression="zstd")
        return
    months = table.select(f"*, year({day}) as year, month({day}) as month")
    months.write_parquet(str(directory / name), compression="zstd", partition_by=["year", "month"])
