"""The same daily loads into warehouses of 10 thousand, 100 thousand and a million papers, one after the other."""

from __future__ import annotations

import math
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median

from flows.parallel.packing import packer_of
from tests.bench.data.day_pages import day_page, listed
from tests.bench.data.warehouses import fill
from tests.bench.measure import Figures, Spent, here, middle
from tests.support.pages import batch_of
from warehouse import open_warehouse
from warehouse.home import INDEX, WORKING

SIZES = (10_000, 100_000, 1_000_000)
ENTRIES = 36
WARM = 2
PROCESSES = 2  # which make the side index, before the first load
AGAIN_A_DAY = 1
READINGS = ("first_reading", "second_reading")
Runs = dict[int, list[Spent]]


def run(rounds: int, sizes: tuple[int, ...] = SIZES) -> Figures:
    """Per size: a day read for the first time, the same day read again, a file's bytes a paper; and the exponent."""
    days = range(WARM + rounds)
    again = [each for place in days for each in listed(place, ENTRIES)[:AGAIN_A_DAY]]
    spent: dict[str, Runs] = {reading: {size: [] for size in sizes} for reading in READINGS}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        homes = {size: Path(folder) / str(size) for size in sizes}
        for size, home in homes.items():
            fill(home, size, again)
        file_bytes = {size: (home / WORKING).stat().st_size for size, home in homes.items()}
        packer = packer_of(PROCESSES)
        writers = {
            size: stack.enter_context(open_warehouse(str(home)).writer("bench", packer=packer))
            for size, home in homes.items()
        }
        for place in days:
            turn = place % len(sizes)
            for size in (*sizes[turn:], *sizes[:turn]):
                for number, reading in enumerate(READINGS):
                    batch = batch_of(day_page(place, ENTRIES, number))
                    spent[reading][size].append(here(partial(writers[size].load, [batch])))
        index_bytes = {size: (home / INDEX).stat().st_size for size, home in homes.items()}
    measured = {reading: {size: each[WARM:] for size, each in runs.items()} for reading, runs in spent.items()}
    said: Figures = {
        "sizes": {
            str(size): {
                **{f"{reading}_wall_s": middle(each.wall for each in runs[size]) for reading, runs in measured.items()},
                **{f"{reading}_cpu_s": middle(each.cpu for each in runs[size]) for reading, runs in measured.items()},
                "bytes_a_paper": file_bytes[size] // size,
                "index_bytes_a_paper": index_bytes[size] // size,
            }
            for size in sizes
        },
        "runs": rounds,
    }
    for reading, runs in measured.items():
        said[f"{reading}_ratio"], said[f"{reading}_ratio_cpu"] = (_ratio(runs, what) for what in ("wall", "cpu"))
        said[f"{reading}_exponent"] = _exponent(runs)
    return said


def _ratio(runs: Runs, what: str) -> float:
    """The median over the days of how much longer the largest took than the smallest."""
    pairs = zip(runs[max(runs)], runs[min(runs)], strict=True)
    return float(f"{median(getattr(large, what) / getattr(small, what) for large, small in pairs):.3g}")


def _exponent(runs: Runs) -> float:
    """CPU time grows with the size to this power; 0 is flat, 1 is in proportion."""
    return float(f"{math.log(_ratio(runs, 'cpu')) / math.log(max(runs) / min(runs)):.3f}")
