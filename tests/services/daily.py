"""`python -m tests.services.daily DAYS [PAPERS]`: daily loads into a lake on disk and into a file, side by side.

Prints what a load of a day takes in each, and the lake's files and states before and after its upkeep. PAPERS invented
ones are in both before. The processor time is the writer's alone, without PostgreSQL's.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench.data.day_pages import day_page
from tests.bench.data.warehouses import fill
from tests.bench.measure import Spent, here
from tests.support.lakes import Lake
from tests.support.pages import batch_of
from tests.support.services import postgres_server
from warehouse import LakeSize, Warehouse, move, open_warehouse

ENTRIES, WARM = 36, 2


def load(warehouse: Warehouse, place: int) -> Spent:
    """Load one day and publish it."""
    batch = batch_of(day_page(place, ENTRIES, 0))

    def work() -> None:
        with warehouse.writer("daily") as writer:
            writer.load([batch])
            writer.publish(full=False)

    return here(work)


def told(name: str, spent: list[Spent]) -> str:
    """The medians of some loads."""
    cpu, wall = median(each.cpu for each in spent), median(each.wall for each in spent)
    return f"{name}: loaded and published in {cpu:.2f} s of processor time, {wall:.2f} s"


def shown(size: LakeSize | None) -> str:
    """A size in words."""
    assert size is not None
    return f"{size.files_count:,} files, {size.bytes / 1e6:,.1f} MB, {size.states_count:,} states"


def main(days: int, papers: int) -> None:
    """Load so many days into both, and once more after an upkeep."""
    with postgres_server() as server, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = open_warehouse(str(folder / "file"))
        lake = Lake(conninfo=server.database("daily"), data=str(folder / "lake")).opened(folder / "home")
        if papers:
            fill(folder / "file", papers, [])
            moved = here(partial(move, file, lake))
            sys.stdout.write(f"{papers:,} papers moved into the lake in {moved.wall:.0f} s\n")
        for title, places in (("before", range(days)), ("after", range(days, days + min(days, 10)))):
            spent = {"file": list[Spent](), "lake": list[Spent]()}
            for place in places:
                spent["file"].append(load(file, place))
                spent["lake"].append(load(lake, place))
            for kind, runs in spent.items():
                if title == "before":
                    sys.stdout.write(f"the first load into the {kind}, with its side index: {runs[0].wall:.0f} s\n")
                sys.stdout.write(f"{title} the upkeep, a day in the {told(kind, runs[WARM:])}\n")
            ratio = median(b.cpu / a.cpu for a, b in zip(spent["file"][WARM:], spent["lake"][WARM:], strict=True))
            sys.stdout.write(f"  {ratio:.1f} times the file's\n")
            if title == "before":
                sys.stdout.write(f"  the lake: {shown(lake.size())}\n")
                done = here(partial(lake.maintain, grace=timedelta(0)))
                sys.stdout.write(f"upkeep: {done.wall:.1f} s\n")
            sys.stdout.write(f"  the lake: {shown(lake.size())}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
