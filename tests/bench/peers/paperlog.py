"""The project: keys, lineage, metrics, quarantine, findings and run rows, one transaction a load."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from extractors.landing.adopt import page_of_file
from extractors.sources.hf_daily import SOURCE
from flows.pipeline.read import new_run, read_page
from tests.bench.peers.work import files, target, timed
from transforms.records import Batch
from warehouse import open_warehouse


def read(path: Path) -> Batch:
    """A page as a batch."""
    page = page_of_file(path, SOURCE.name)
    (batch,) = read_page(SOURCE, page, new_run("bench", SOURCE.name, None))
    return batch


def main() -> None:
    """Read all pages, then time the loads alone."""
    batches = [read(path) for path in files()]
    with open_warehouse(str(target())).writer("bench") as writer:

        def load(days: Sequence[Batch]) -> None:
            writer.load(days)

        timed(load, batches)


if __name__ == "__main__":
    main()
