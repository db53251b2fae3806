"""Replay of 800 days, and of fewer, from the landing store: read, normalised, checked, resolved, loaded, published.

By one process and by two. Few pages are read by the one that loads, so there is nothing to compare.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path

from extractors.landing.landing import Landing
from extractors.landing.storage import Folder
from flows.pipeline.ahead import PAGES_ALONE
from tests.bench.data.day_pages import day_pages, week_page
from tests.bench.measure import Figures, Spent, child, figures, interleaved, middle
from warehouse.home import WORKING

DAYS = (1, 10, 100, 800)
PROCESSES = (1, 2)
LOOKS_EVERY = 0.2
ENTRIES = 36
REVIEWS_A_WEEK = 18


def run(rounds: int, days: tuple[int, ...] = DAYS) -> Figures:
    """Per number of days and of processes: the whole command, what memory it takes together, and the file it makes."""
    measured: Figures = {}
    with tempfile.TemporaryDirectory() as folder:
        homes = {count: Path(folder) / str(count) for count in days}
        for count, home in homes.items():
            keep(home, count)
        work = {
            f"{count} in {processes}": partial(_replay, home, processes)
            for count, home in homes.items()
            for processes in PROCESSES[: None if count > PAGES_ALONE else 1]
        }
        spent = interleaved(work, rounds)
        for name, each in figures(spent).items():
            count = int(name.split()[0])
            entries = count * ENTRIES + count // 5 * REVIEWS_A_WEEK
            measured[name] = each | {
                "pss_mb": middle(run.pss_mb for run in spent[name]),
                "entries": entries,
                "entries_per_s": round(entries / each["wall_s"]),
                "file_mb": round((homes[count] / WORKING).stat().st_size / 1e6, 1),
            }
    return measured


def keep(home: Path, count: int) -> None:
    """A landing with so many days and the weekly reviews of them."""
    landing = Landing(Folder(home / "landing"))
    for page in (*day_pages(count, ENTRIES), *(week_page(week, ENTRIES) for week in range(count // 5))):
        landing.keep(page)


def _replay(home: Path, processes: int) -> Spent:
    for path in home.iterdir():
        if path.name != "landing":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    variables = {"PAPERLOG_HOME": str(home), "PAPERLOG_PROCESSES": str(processes)}
    return child("-m", "flows", "replay", "--no-prefect", looks_every=LOOKS_EVERY, **variables)
