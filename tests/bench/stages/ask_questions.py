"""What readers wait for: publishing, opening the snapshot, and the ten questions of up to a million papers."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from functools import partial
from pathlib import Path

from tests.bench.data.day_pages import day_pages
from tests.bench.data.warehouses import fill
from tests.bench.measure import Figures, Spent, here, middle
from tests.support.pages import batch_of
from warehouse import Warehouse, open_warehouse
from warehouse.docs import ANSWERS
from warehouse.home import SNAPSHOT

SIZES = (10_000, 100_000, 1_000_000)
FULL_UP_TO = 100_000  # papers: that of a million takes minutes, and nothing else is learnt from it
DAYS = 5
HISTORY = "select * from metrics where paper_key = (select max(paper_key) from papers)"


def run(rounds: int, sizes: tuple[int, ...] = SIZES) -> Figures:
    """Medians per size."""
    return {str(size): _size(size, rounds) for size in sizes}


def _size(size: int, rounds: int) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), size)
        warehouse = open_warehouse(folder)
        with warehouse.writer("bench") as writer:
            for page in day_pages(DAYS):
                writer.load([batch_of(page)])
            quick = [here(lambda: writer.publish(full=False)).wall for _ in range(rounds if size < SIZES[-1] else 1)]
            full = [here(lambda: writer.publish(full=True)).wall] if size <= FULL_UP_TO else []
        questions = {name: ANSWERS.text(name) for name in ANSWERS.names()} | {"one paper's history": HISTORY}
        spent: dict[str, list[Spent]] = defaultdict(list)
        for _ in range(rounds):
            spent["open and ask"].append(here(partial(_opened, warehouse)))
            with warehouse.reader() as reader:
                for name, query in questions.items():
                    spent[name].append(here(partial(reader.query, query)))
        snapshot = (Path(folder) / SNAPSHOT).stat().st_size
    return {
        "publish_quick_s": middle(quick),
        **({"publish_full_s": middle(full)} if full else {}),
        "snapshot_mb": round(snapshot / 1e6, 1),
        "questions_ms": {name: middle(each.wall * 1000 for each in runs) for name, runs in spent.items()},
    }


def _opened(warehouse: Warehouse) -> None:
    with warehouse.reader() as reader:
        reader.query("select 1")
