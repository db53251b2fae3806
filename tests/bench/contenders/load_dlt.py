"""dlt into DuckDB: papers and listings merged by key, metrics appended, authors in a child table."""

from __future__ import annotations

import os
from collections.abc import Sequence

from tests.bench.contenders.loading import Day, day_of, files, target, timed

os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
os.environ.setdefault("DATA_WRITER__DISABLE_COMPRESSION", "true")

import dlt


def main() -> None:
    """Read all pages, then time the loads alone."""
    pipeline = dlt.pipeline(
        "digest",
        destination=dlt.destinations.duckdb(str(target() / "dlt.duckdb")),
        dataset_name="digest",
        pipelines_dir=str(target() / "pipelines"),
        progress=None,
    )

    def load(days: Sequence[Day]) -> None:
        papers, listings, metrics = ([row for day in days for row in day[place]] for place in range(3))
        pipeline.run(
            [
                dlt.resource(papers, name="papers", primary_key="id", write_disposition="merge"),
                dlt.resource(listings, name="listings", primary_key=("id", "day"), write_disposition="merge"),
                dlt.resource(metrics, name="metrics", write_disposition="append"),
            ]
        )

    timed(load, [day_of(path) for path in files()])


if __name__ == "__main__":
    main()
