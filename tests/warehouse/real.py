"""The warehouse of all real data in ../shared/data, built once a session; tests skip, saying so, where it is absent."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from extractors.landing.adopt import page_of_file
from extractors.sources import source_named
from flows.pipeline.read import new_run, read_page
from warehouse import Warehouse, open_warehouse

DATA = Path(__file__).parents[3] / "shared" / "data"
READ = {  # the dumps do not say when they were read: the day after the last one that they name
    "dumps/000_*.txt": ("weekly_review", datetime(2026, 6, 28, tzinfo=UTC)),
    "dumps/003_*.txt": ("hf_listing_text", datetime(2026, 6, 1, tzinfo=UTC)),
    "dumps/004_*.txt": ("weekly_review", datetime(2026, 6, 28, tzinfo=UTC)),
    "hf_daily/*.html": ("hf_daily", None),
}


def real_warehouse() -> Warehouse:
    """The warehouse of all real data, published."""
    if not DATA.is_dir():
        pytest.skip("the real pages are not here: ../shared/data is absent")
    return _built()


@cache
def _built() -> Warehouse:
    home = Path(tempfile.mkdtemp(prefix="paperlog-real-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    warehouse = open_warehouse(str(home))
    with warehouse.writer("test") as writer:
        for pattern, (name, read_at) in READ.items():
            source = source_named(name)
            for file in sorted(DATA.glob(pattern)):
                page = page_of_file(file, name, read_at)
                writer.load(read_page(source, page, new_run("test", name, None)))
        writer.publish()
    return warehouse
