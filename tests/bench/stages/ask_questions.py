"""What readers wait for: publishing, opening the snapshot, the ten questions and the pages of names, of many papers."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flows.pages.asked import Asked
from flows.pages.kinds.names import name_page, names_page
from flows.pages.slugs import slug_of
from flows.parallel.packing import packer_of
from flows.settings import from_environment
from tests.bench.data.day_pages import day_pages
from tests.bench.data.warehouses import fill
from tests.bench.measure import Figures, Spent, here, middle
from tests.support.pages import batch_of
from warehouse import Reader, Warehouse, open_warehouse
from warehouse.docs import ANSWERS
from warehouse.home import SNAPSHOT

SIZES = (10_000, 100_000, 1_000_000)
FULL_UP_TO = 100_000  # papers: that of a million takes minutes, and nothing else is learnt from it
DAYS = 5
PROCESSES = 2  # which make the side index, before the first load
# Of the names with most papers.
SLUGS = {
    "an author": "select author_key from authors order by papers_count desc, author_key limit 1",
    "an institution": "select institution_key from institutions order by papers_count desc, institution_key limit 1",
}
HISTORY = "select * from metrics where paper_key = $key"
PAGES: dict[str, Callable[[Reader, Asked], object]] = {
    "authors": names_page("author"),
    "an author": name_page("author"),
    "institutions": names_page("institution"),
    "an institution": name_page("institution"),
    "topics": names_page("topic"),
}


def run(rounds: int, sizes: tuple[int, ...] = SIZES) -> Figures:
    """Medians per size."""
    return {str(size): _size(size, rounds) for size in sizes}


def _size(size: int, rounds: int) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        settings = from_environment({"PAPERLOG_HOME": folder})
        fill(Path(folder), size)
        warehouse = open_warehouse(folder)
        with warehouse.writer("bench", packer=packer_of(PROCESSES)) as writer:
            for page in day_pages(DAYS):
                writer.load([batch_of(page)])
            first = here(lambda: writer.publish(full=False))
            quick = [here(lambda: writer.publish(full=False)) for _ in range(rounds)]
            full = [here(lambda: writer.publish(full=True)).wall] if size <= FULL_UP_TO else []
        questions = {name: ANSWERS.text(name) for name in ANSWERS.names()}
        spent: dict[str, list[Spent]] = defaultdict(list)
        for _ in range(rounds):
            spent["open and ask"].append(here(partial(_opened, warehouse)))
            with warehouse.reader() as reader:
                for name, query in questions.items():
                    spent[name].append(here(partial(reader.query, query)))
                key = reader.query("select max(paper_key) from papers").rows[0][0]
                spent["one paper's history"].append(here(partial(reader.query, HISTORY, {"key": key})))
                slugs = {name: slug_of(str(reader.query(query).rows[0][0])) for name, query in SLUGS.items()}
                for name, page_of in PAGES.items():
                    asked = Asked(settings=settings, values={"slug": slugs.get(name, "")})
                    spent[f"the page of {name}"].append(here(partial(page_of, reader, asked)))
        snapshot = (Path(folder) / SNAPSHOT).stat().st_size
    return {
        "publish_first_s": first.wall,
        "publish_quick_s": middle(each.wall for each in quick),
        "publish_quick_cpu_s": middle(each.cpu for each in quick),
        **({"publish_full_s": middle(full)} if full else {}),
        "snapshot_mb": round(snapshot / 1e6, 1),
        "questions_ms": {name: middle(each.wall * 1000 for each in runs) for name, runs in spent.items()},
    }


def _opened(warehouse: Warehouse) -> None:
    with warehouse.reader() as reader:
        reader.query("select 1")
