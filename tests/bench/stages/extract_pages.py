"""Reading a day page: milliseconds of each contender, on invented pages of four sizes and on a captured one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from extractors.landing.adopt import page_of_file
from tests.bench.contenders.readers import CONTENDERS, OURS, Read, limit
from tests.bench.data.day_pages import day_page
from tests.bench.measure import Figures, Spent, child, figures, here, interleaved
from tests.support.places import DAY_PAGES
from transforms.records import Page

SIZES = (15, 36, 50, 71)


def run(rounds: int) -> Figures:
    """Interleaved on invented pages of four sizes and on a captured one if there is any; memory of a process each."""
    pages = [day_page(5, size) for size in SIZES]
    require_same(pages)
    invented = _timed(pages, rounds)
    with tempfile.NamedTemporaryFile(suffix=".html") as file:
        Path(file.name).write_bytes(pages[2].body)
        for name, each in invented.items():
            each["ms_per_page"] = round(each["cpu_s"] / len(pages) * 1000, 2)
            each["entries_per_s"] = round(sum(SIZES) / each["cpu_s"])
            each["peak_mb"] = round(child("-m", "tests.bench.contenders.readers", name, file.name).peak_mb)
    measured: Figures = {"invented": invented, "page_kb": [len(page.body) // 1024 for page in pages]}
    for path in sorted(DAY_PAGES.glob("*.html"))[6:7]:
        page = page_of_file(path, "hf_daily")
        measured |= {"captured": _timed([page], rounds * 3), "captured_kb": len(page.body) // 1024}
    return measured


def require_same(pages: Iterable[Page]) -> None:
    """Raise AssertionError where a contender reads something else than the limit does."""
    for page in pages:
        expected = [entry[:4] for entry in limit(page)]
        for name, read in CONTENDERS.items():
            if [entry[:4] for entry in read(page)] != expected:
                raise AssertionError(f"{name} does not read what the others read")


def _timed(pages: list[Page], rounds: int) -> dict[str, Figures]:
    def once(read: Read) -> Spent:
        return here(lambda: [read(page) for page in pages])

    return figures(interleaved({name: partial(once, read) for name, read in CONTENDERS.items()}, rounds), OURS)
