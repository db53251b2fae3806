"""Replay of 800 days, and of fewer, from the landing store: read, normalised, checked, resolved, loaded, published."""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path

from extractors.landing.landing import Landing
from tests.bench.data.day_pages import day_pages, week_page
from tests.bench.measure import Figures, Spent, child, figures, interleaved
from warehouse.home import WORKING

DAYS = (1, 10, 100, 800)
ENTRIES = 36
REVIEWS_A_WEEK = 18


def run(rounds: int, days: tuple[int, ...] = DAYS) -> Figures:
    """Per number of days: the whole command in a process of its own, its memory, and the file it makes."""
    with tempfile.TemporaryDirectory() as folder:
        homes = {str(count): Path(folder) / str(count) for count in days}
        for count, home in homes.items():
            keep(home, int(count))
        measured = figures(interleaved({count: partial(_replay, home) for count, home in homes.items()}, rounds))
        for count, home in homes.items():
            measured[count]["entries"] = int(count) * ENTRIES + int(count) // 5 * REVIEWS_A_WEEK
            measured[count]["file_mb"] = round((home / WORKING).stat().st_size / 1e6, 1)
    return measured


def keep(home: Path, count: int) -> None:
    """A landing with so many days and the weekly reviews of them."""
    landing = Landing(home / "landing")
    for page in (*day_pages(count, ENTRIES), *(week_page(week, ENTRIES) for week in range(count // 5))):
        landing.keep(page)


def _replay(home: Path) -> Spent:
    for path in home.iterdir():
        if path.name != "landing":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return child("-m", "flows", "replay", "--no-prefect", PAPERLOG_HOME=str(home))
