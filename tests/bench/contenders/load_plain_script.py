"""The script that most people write: BeautifulSoup, pandas, and INSERT of what is not there yet."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pandas as pd

from tests.bench.contenders.loading import Day, day_of, files, target, timed

TABLES = """
create table papers (
    id varchar, title varchar, abstract varchar, authors varchar[], published_on date, code_url varchar,
    project_url varchar, organization varchar
);
create table listings (id varchar, day date, position integer);
create table metrics (id varchar, day date, metric varchar, value bigint, observed_at varchar);
"""


def main() -> None:
    """Read all pages, then time the loads alone."""
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

        timed(load, [day_of(path) for path in files()])


if __name__ == "__main__":
    main()
