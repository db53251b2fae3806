"""The search index and what it answers at up to a million papers: made at once, brought in line after a day, asked."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from tests.bench.data.warehouses import fill
from tests.bench.measure import Figures, here, middle
from warehouse import WORKING, Manifest, Reader, open_warehouse, search
from warehouse.database.connection import opened
from warehouse.publish.searchfile import make_search

SIZES = (10_000, 100_000, 1_000_000)
TITLE = (
    "select title, authors[1], first_listed_on from papers where title is not null order by paper_key limit 1 offset $1"
)
# A day's list changes 500 papers, most of them new ones: here as many are renamed, one in ten of them an old one.
CHANGE = """
    update core.papers set title = concat(title, ' renewed')
    where paper_key in (select paper_key from core.papers order by paper_key desc limit 450)
        or paper_key in (select paper_key from core.papers order by md5(paper_key) limit 50)
"""
COMMON, QUARTER = "of", timedelta(days=90)


def run(rounds: int, sizes: tuple[int, ...] = SIZES) -> Figures:
    """Per number of papers: seconds to make the index, its size, and milliseconds a query, in medians."""
    return {str(size): _size(size, rounds) for size in sizes}


def _size(size: int, rounds: int) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        fill(home, size)
        with open_warehouse(str(home)).writer("bench") as writer:
            first = writer.publish(full=False)
        return figures_of(home, first, size, rounds)


def figures_of(home: Path, first: Manifest, size: int, rounds: int) -> Figures:
    """The figures of a home whose snapshot of that manifest was just published; its working file is changed."""
    with open_warehouse(str(home)).reader() as reader:
        asked = {name: partial(search, reader, query) for name, query in _queries(reader, size).items()}
        spent = {name: [here(ask) for _ in range(rounds)] for name, ask in asked.items()}
    with opened(home / WORKING) as connection:
        connection.execute(CHANGE)
        connection.execute("force checkpoint")
    with tempfile.TemporaryDirectory() as folder:
        made = _made(home, first, Path(folder), rounds)
    return {
        **made,
        "queries_ms": {name: middle(each.wall * 1000 for each in runs) for name, runs in spent.items()},
        "queries_cpu_ms": {name: middle(each.cpu * 1000 for each in runs) for name, runs in spent.items()},
    }


def _made(home: Path, first: Manifest, folder: Path, rounds: int) -> Figures:
    """Making the index of the snapshot that stands, and of one in which a day's papers changed, beside the home."""
    later, target = folder / "later", folder / "index"
    shutil.copyfile(home / WORKING, later)
    now = replace(first, published_at=first.published_at + timedelta(seconds=1))
    at_once = here(lambda: make_search(later, now, None, home, target))
    again = [here(lambda: make_search(later, now, first, home, target)) for _ in range(rounds)]
    return {
        "at_once_s": middle([at_once.wall]),
        "at_once_cpu_s": middle([at_once.cpu]),
        "after_a_day_s": middle(each.wall for each in again),
        "after_a_day_cpu_s": middle(each.cpu for each in again),
        "index_mb": round(target.stat().st_size / 1e6, 1),
    }


def _queries(reader: Reader, size: int) -> Mapping[str, str]:
    ((title, author, day),) = reader.query(TITLE, (size // 2,)).rows
    if not isinstance(day, date):
        raise TypeError(f"{title} was listed on {day!r}")
    words = [word for word in str(title).replace(":", " ").replace('"', " ").split() if word.isalnum()]
    return {
        "half a title": " ".join(words[: max(2, len(words) // 2)]),
        "a phrase": f'"{words[0]} {words[1]}"',
        "an author": f'author:"{author}"',
        "two common words": "model learning",
        "a common word, a source, three months": f"{COMMON} source:hf_daily from:{day} to:{day + QUARTER}",
        "a word that most have": COMMON,
        "a source, newest first": "source:hf_daily",
    }
