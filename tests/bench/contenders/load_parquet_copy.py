"""The limit of a load: the rows that the project makes of each load, copied from Parquet, and nothing looked up."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from tests.bench.contenders.load_paperlog import read
from tests.bench.contenders.loading import (
    BULK_DAYS,
    files,
    target,
    timed,
)
from transforms.records import Batch
from warehouse import open_warehouse

_OF_DAYS = "select * from {table} where partition_on between '{first}' and '{last}'"
_BY_SIGHTING = "select t.* from {table} as t semi join s on s.sighting_key = t.sighting_key"
_BY_RUN = "select t.* from {table} as t semi join r on r.run_id = t.run_id"
_BY_PAPER = "select t.* from {table} as t semi join f on f.paper_key = t.paper_key"
TABLES = {
    "ops.runs": _OF_DAYS,
    "ops.partitions": _OF_DAYS,
    "raw.listings": _OF_DAYS,
    "raw.readings": _OF_DAYS,
    "raw.entries": _OF_DAYS,
    "core.sightings": _OF_DAYS,
    "core.metrics": _OF_DAYS,
    "raw.pages": _BY_RUN,
    "core.founders": _BY_RUN,
    "core.matches": _BY_SIGHTING,
    "core.papers": _BY_PAPER,
    "raw.contents": "select t.* from {table} as t semi join s on s.content_key = t.content_key",
}


def main() -> None:
    """Load into one warehouse, save the rows of each load, and time copying them into another."""
    batches = [read(path) for path in files()]
    loads = [batches[:BULK_DAYS], *([batch] for batch in batches[BULK_DAYS:])]
    for home in ("made", "copied"):
        with open_warehouse(str(target() / home)).writer("bench") as writer:
            if home == "made":
                for load in loads:
                    writer.load(load)
    with duckdb.connect(str(target() / "made" / "warehouse.duckdb")) as connection:
        for load in loads:
            _save(connection, load)
    with duckdb.connect(str(target() / "copied" / "warehouse.duckdb")) as connection:
        connection.execute("select 1 from read_parquet($1) limit 0", [str(_path(loads[0], "ops.runs"))])

        def copy(days: Sequence[Batch]) -> None:
            connection.begin()
            for table in TABLES:
                connection.execute(f"insert into {table} select * from read_parquet('{_path(days, table)}')")
            connection.commit()

        timed(copy, batches)


def _save(connection: duckdb.DuckDBPyConnection, load: Sequence[Batch]) -> None:
    first, last = load[0].partition_on, load[-1].partition_on
    days = f"where partition_on between '{first}' and '{last}'"
    connection.execute(f"create or replace temp view s as from core.sightings {days}")
    connection.execute(f"create or replace temp view r as from ops.runs {days}")
    connection.execute("create or replace temp view f as from core.founders as t semi join r on r.run_id = t.run_id")
    for table, query in TABLES.items():
        rows = query.format(table=table, first=first, last=last)
        connection.execute(f"copy ({rows}) to '{_path(load, table)}'")


def _path(load: Sequence[Batch], table: str) -> str:
    return f"{target()}/{table}-{load[0].partition_on}.parquet"


if __name__ == "__main__":
    main()
