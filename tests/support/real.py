"""The warehouse of all real data in ../shared/data, built once a session, by the process that needs it first."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from extractors.landing.adopt import page_of_file
from tests.support.pages import batches_of
from tests.support.places import DATA
from warehouse import Warehouse, open_warehouse

READ = {  # the dumps do not say when they were read: the day after the last one that they name
    "dumps/000_*.txt": ("weekly_review", datetime(2026, 6, 28, tzinfo=UTC)),
    "dumps/003_*.txt": ("hf_listing_text", datetime(2026, 6, 1, tzinfo=UTC)),
    "dumps/004_*.txt": ("weekly_review", datetime(2026, 6, 28, tzinfo=UTC)),
    "hf_daily/*.html": ("hf_daily", None),
}


def real_warehouse(home: Path) -> Warehouse:
    """The warehouse of all real data in that home, published; built there unless another process has built it."""
    warehouse = open_warehouse(str(home))
    with warehouse.writer("real data") as writer:
        if not (home / "manifest.json").exists():
            for pattern, (source, read_at) in READ.items():
                for file in sorted(DATA.glob(pattern)):
                    writer.load(batches_of(page_of_file(file, source, read_at)))
            writer.publish()
    return warehouse
