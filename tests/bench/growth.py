"""The same daily loads into warehouses of 10 thousand, 100 thousand and a million papers, one after the other."""

from __future__ import annotations

import math
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median

from extractors.sources.hf_daily import SOURCE
from flows.pipeline.read import new_run, read_page
from tests.bench.filling import fill
from tests.bench.measure import (
    Figures,
    Spent,
    here,
    middle,
)
from tests.bench.workload import day_page, listed
from transforms.records import Batch
from warehouse import open_warehouse

SIZES = (10_000, 100_000, 1_000_000)
ENTRIES = 36
WARM = 2
AGAIN_A_DAY = 1


def run(rounds: int, sizes: tuple[int, ...] = SIZES) -> Figures:
    """Per size: a day read for the first time, the same day read again, a file's bytes a paper; and the exponent."""
    days = range(WARM + rounds)
    again = [each for place in days for each in listed(place, ENTRIES)[:AGAIN_A_DAY]]
    first: dict[int, list[Spent]] = {size: [] for size in sizes}
    second: dict[int, list[Spent]] = {size: [] for size in sizes}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        homes = {size: Path(folder) / str(size) for size in sizes}
        for size, home in homes.items():
            with open_warehouse(str(home)).writer("bench") as writer:
                fill(writer.connection, size, again)  # rows that no load would make in reasonable time
        bytes_a_paper = {size: (home / "warehouse.duckdb").stat().st_size // size for size, home in homes.items()}
        writers = {size: stack.enter_context(open_warehouse(str(home)).writer("bench")) for size, home in homes.items()}
        for place in days:
            turn = place % len(sizes)
            for size in (*sizes[turn:], *sizes[:turn]):
                for reading, spent in enumerate((first, second)):
                    batch = _batch(place, reading)
                    spent[size].append(here(partial(writers[size].load, [batch])))
        index_bytes = {size: (home / "resolver.sqlite").stat().st_size // size for size, home in homes.items()}
    return {
        "sizes": {
            str(size): {
                "first_reading_wall_s": middle(each.wall for each in first[size][WARM:]),
                "first_reading_cpu_s": middle(each.cpu for each in first[size][WARM:]),
                "second_reading_wall_s": middle(each.wall for each in second[size][WARM:]),
                "second_reading_cpu_s": middle(each.cpu for each in second[size][WARM:]),
                "bytes_a_paper": bytes_a_paper[size],
                "index_bytes_a_paper": index_bytes[size],
            }
            for size in sizes
        },
        "first_reading_ratio": _ratio(first, sizes, "wall"),
        "first_reading_ratio_cpu": _ratio(first, sizes, "cpu"),
        "second_reading_ratio": _ratio(second, sizes, "wall"),
        "second_reading_ratio_cpu": _ratio(second, sizes, "cpu"),
        "first_reading_exponent": _exponent(first, sizes),
        "second_reading_exponent": _exponent(second, sizes),
        "runs": rounds,
    }


def _batch(place: int, reading: int) -> Batch:
    (batch,) = read_page(SOURCE, day_page(place, ENTRIES, reading), new_run("bench", SOURCE.name, None))
    return batch


def _exponent(spent: dict[int, list[Spent]], sizes: tuple[int, ...]) -> float:
    """CPU time grows with the size to this power; 0 is flat, 1 is in proportion."""
    return float(f"{math.log(_ratio(spent, sizes, 'cpu')) / math.log(sizes[-1] / sizes[0]):.3f}")


def _ratio(spent: dict[int, list[Spent]], sizes: tuple[int, ...], what: str) -> float:
    """The median over the days of how much longer the largest took than the smallest."""
    pairs = zip(spent[sizes[-1]][WARM:], spent[sizes[0]][WARM:], strict=True)
    return float(f"{median(getattr(large, what) / getattr(small, what) for large, small in pairs):.3g}")
