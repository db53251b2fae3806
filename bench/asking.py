"""What readers wait for: publishing, opening the snapshot, and questions that analysts ask of 10 and 100 thousand."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.filling import fill
from bench.growth import ENTRIES
from bench.measure import Figures, Spent, here, middle
from bench.workload import day_page
from extractors.sources.hf_daily import SOURCE
from flows.reading import new_run, read_page
from warehouse import open_warehouse, search

SIZES = (10_000, 100_000)
DAYS = 5
QUESTIONS = {
    "papers a month": "select date_trunc('month', first_listed_on), count(*) from papers group by 1 order by 1",
    "most upvoted": (
        "select paper_key, max(value) from metrics where metric = 'upvotes' group by 1 order by 2 desc limit 10"
    ),
    "one paper's history": "select * from metrics where paper_key = (select max(paper_key) from papers)",
    "titles that hold a word": "select count(*) from papers where title ilike '%lintron%'",
    "listed twice": "select paper_key from sightings group by 1 having count(distinct partition_on) > 1",
}


def run(rounds: int, sizes: tuple[int, ...] = SIZES) -> Figures:
    """Medians per size."""
    return {str(size): _size(size, rounds) for size in sizes}


def _size(size: int, rounds: int) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        warehouse = open_warehouse(folder)
        with warehouse.writer("bench") as writer:
            fill(writer._connection, size)  # noqa: SLF001 - rows that no load would make in reasonable time
            for place in range(DAYS):
                page = day_page(place, ENTRIES)
                writer.load(read_page(SOURCE, page, new_run("bench", SOURCE.name, None)))
            full = here(lambda: writer.publish(full=True))
            snapshot = (Path(folder) / "paperlog.duckdb").stat().st_size
        said: Figures = {"publish_full_s": middle([full.wall]), "snapshot_mb": round(snapshot / 1e6, 1)}
        spent: dict[str, list[Spent]] = {name: [] for name in ("open and ask", *QUESTIONS, "search")}
        for _ in range(rounds):

            def opened() -> None:
                with warehouse.reader() as reader:
                    reader.query("select 1")

            spent["open and ask"].append(here(opened))
            with warehouse.reader() as reader:
                for name, query in QUESTIONS.items():
                    spent[name].append(here(lambda query=query: reader.query(query)))
                spent["search"].append(here(lambda: search(reader, "lintron model training", 10)))
        with warehouse.writer("bench") as writer:
            said["publish_quick_s"] = middle([here(lambda: writer.publish(full=False)).wall for _ in range(rounds)])
    return said | {f"{name}_ms": middle(each.wall * 1000 for each in runs) for name, runs in spent.items()}
