"""dlt into DuckDB: papers and listings merged by key, metrics appended, authors in a child table."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from bs4 import BeautifulSoup

from tests.bench.peers.work import (
    Row,
    files,
    rows_of,
    target,
    timed,
)

os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
os.environ.setdefault("DATA_WRITER__DISABLE_COMPRESSION", "true")

import dlt

Day = tuple[list[Row], list[Row], list[Row]]


def read(path: Path) -> Day:
    """Rows of a page."""
    tag = BeautifulSoup(path.read_bytes(), "lxml").select_one('div[data-target="DailyPapers"]')
    return rows_of(json.loads(str(tag["data-props"])), path.stem)  # type: ignore[index]


def main() -> None:
    """Read all pages, then time the loads alone."""
    days = [read(path) for path in files()]
    pipeline = dlt.pipeline(
        "digest",
        destination=dlt.destinations.duckdb(str(target() / "dlt.duckdb")),
        dataset_name="digest",
        pipelines_dir=str(target() / "pipelines"),
        progress=None,
    )

    def load(some: Sequence[Day]) -> None:
        parts = [[row for day in some for row in day[place]] for place in range(3)]
        pipeline.run(
            [
                dlt.resource(parts[0], name="papers", primary_key="id", write_disposition="merge"),
                dlt.resource(parts[1], name="listings", primary_key=("id", "day"), write_disposition="merge"),
                dlt.resource(parts[2], name="metrics", write_disposition="append"),
            ]
        )

    timed(load, days)


if __name__ == "__main__":
    main()
