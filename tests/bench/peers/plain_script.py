"""The script that most people write: BeautifulSoup, pandas, and INSERT of what is not there yet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pandas as pd
from bs4 import BeautifulSoup

from tests.bench.peers.work import (
    Row,
    files,
    rows_of,
    target,
    timed,
)

Day = tuple[list[Row], list[Row], list[Row]]
TABLES = """
create table papers (
    id varchar, title varchar, abstract varchar, authors varchar[], published_on date, code_url varchar,
    project_url varchar, organization varchar
);
create table listings (id varchar, day date, position integer);
create table metrics (id varchar, day date, metric varchar, value bigint, observed_at varchar);
"""


def read(path: Path) -> Day:
    """Rows of a page."""
    tag = BeautifulSoup(path.read_bytes(), "lxml").select_one('div[data-target="DailyPapers"]')
    return rows_of(json.loads(str(tag["data-props"])), path.stem)  # type: ignore[index]


def main() -> None:
    """Read all pages, then time the loads alone."""
    days = [read(path) for path in files()]
    with duckdb.connect(str(target() / "plain.duckdb")) as connection:
        connection.execute(TABLES)

        def load(some: Sequence[Day]) -> None:
            papers, listings, metrics = (
                pd.DataFrame([row for day in some for row in day[place]]) for place in range(3)
            )
            papers = papers.drop_duplicates("id")
            for name, frame in (("papers", papers), ("listings", listings), ("metrics", metrics)):
                connection.register("frame", frame)
                unless = "where id not in (select id from papers)" if name == "papers" else ""
                connection.execute(f"insert into {name} by name select * from frame {unless}")
                connection.unregister("frame")

        timed(load, days)


if __name__ == "__main__":
    main()
