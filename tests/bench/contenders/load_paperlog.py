"""The project: keys, lineage, metrics, quarantine, findings and run rows, one transaction a load."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from extractors.landing.adopt import page_of_file
from tests.bench.contenders.loading import files, target, timed
from tests.support.pages import batch_of
from transforms.records import Batch
from warehouse import open_warehouse


def read(path: Path) -> Batch:
    """A page as a batch."""
    return batch_of(page_of_file(path, "hf_daily"))


def main() -> None:
    """Read all pages, then time the loads alone."""
    batches = [read(path) for path in files()]
    with open_warehouse(str(target())).writer("bench") as writer:

        def load(days: Sequence[Batch]) -> None:
            writer.load(days)

        timed(load, batches)


if __name__ == "__main__":
    main()
