"""Loading days into one warehouse, and the whole way from saved pages to tables, beside what people use instead."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench.contenders.loading import BULK_DAYS, SINGLE_DAYS
from tests.bench.data.day_pages import day_pages
from tests.bench.measure import Figures, Spent, child, figures, interleaved

ENTRIES = 36
OURS = "paperlog"
COPY = "limit: the same rows copied from Parquet"
DLT = "dlt, merge into DuckDB"
PLAIN = "BeautifulSoup + pandas + INSERT"
SCRAPY = "Scrapy + feed export"
PROGRAMS = {OURS: "paperlog", COPY: "parquet_copy", DLT: "dlt", PLAIN: "plain_script", SCRAPY: "scrapy"}
LOST = {
    DLT: "keeps the last text of a paper and no earlier one, no quarantine, no lineage to a page, no state of a day",
    PLAIN: "keeps the first text of a paper; a rerun doubles listings and numbers; no quarantine, no lineage",
    SCRAPY: "a file of items: no keys, nothing merged, no history, no quarantine",
}


def run(rounds: int) -> Figures:
    """Figures of one day, of thirty days together, and of the whole process from 37 pages."""
    with tempfile.TemporaryDirectory() as folder:
        save_pages(Path(folder) / "pages")
        spent = interleaved({name: partial(_program, Path(folder), name) for name in PROGRAMS}, rounds)
    loads = {name: runs for name, runs in spent.items() if name != SCRAPY}
    whole = figures({name: runs for name, runs in spent.items() if name != COPY}, OURS)
    rows = (BULK_DAYS + SINGLE_DAYS) * ENTRIES
    for name, each in whole.items():
        each["entries_per_s"] = round(rows / each["wall_s"])
        each["loses"] = LOST.get(name, "")
    return {
        "one_day": figures({name: [_single(run.printed) for run in runs] for name, runs in loads.items()}, OURS),
        "thirty_days": figures(
            {name: [Spent(**run.printed["bulk"]) for run in runs] for name, runs in loads.items()}, OURS
        ),
        "pages_to_tables": whole,
    }


def save_pages(folder: Path) -> None:
    """The pages as files that say when they were read."""
    folder.mkdir()
    for page in day_pages(BULK_DAYS + SINGLE_DAYS, ENTRIES):
        name = f"{page.asked_on}__fetched_{page.fetched_at:%Y%m%dT%H%M%SZ}.html"
        (folder / name).write_bytes(page.body)


def _program(folder: Path, name: str) -> Spent:
    with tempfile.TemporaryDirectory(dir=folder) as out:
        return child("-m", f"tests.bench.contenders.load_{PROGRAMS[name]}", str(folder / "pages"), out)


def _single(printed: Figures) -> Spent:
    """The median day of one process."""
    days = printed["single"]
    return Spent(wall=median(day["wall"] for day in days), cpu=median(day["cpu"] for day in days))
