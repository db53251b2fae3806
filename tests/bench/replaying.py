"""Replay of 800 days, and of fewer, from the landing store: read, normalised, checked, resolved, loaded, published."""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path

from extractors.landing.landing import Landing
from tests.bench.measure import (
    Figures,
    Spent,
    child,
    interleaved,
    middle,
)
from tests.bench.workload import day_pages, week_page

DAYS = (1, 10, 100, 800)
ENTRIES = 36


def run(rounds: int, days: tuple[int, ...] = DAYS) -> Figures:
    """Per number of days: the whole command in a process of its own, its memory, and the file it makes."""
    with tempfile.TemporaryDirectory() as folder:
        homes = {count: Path(folder) / str(count) for count in days}
        for count, home in homes.items():
            keep(home, count)
        spent = interleaved({str(count): partial(_replay, home) for count, home in homes.items()}, rounds)
        sizes = {str(count): (home / "warehouse.duckdb").stat().st_size for count, home in homes.items()}
    return {
        count: {
            "wall_s": middle(each.wall for each in runs),
            "cpu_s": middle(each.cpu for each in runs),
            "peak_mb": middle(each.peak_mb for each in runs),
            "entries": int(count) * ENTRIES + int(count) // 5 * 18,
            "file_mb": round(sizes[count] / 1e6, 1),
            "runs": len(runs),
        }
        for count, runs in spent.items()
    }


def keep(home: Path, count: int) -> None:
    """A landing with so many days and the weekly reviews of them."""
    landing = Landing(home / "landing")
    for page in day_pages(count, ENTRIES):
        landing.keep(page)
    for week in range(count // 5):
        landing.keep(week_page(week, ENTRIES))


def _replay(home: Path) -> Spent:
    for path in home.iterdir():
        if path.name != "landing":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return child("-m", "flows", "replay", "--no-prefect", PAPERLOG_HOME=str(home))
