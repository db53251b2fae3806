"""A batch against warehouses of up to a million invented papers: the whole resolver, with its look-ups in the database.

Every stored paper has a sighting that tells it in full, one paper in ten others with noise. Half of a batch are papers
that nobody told of before; the others tell with noise of papers that are stored.
"""

from __future__ import annotations

import json
import math
import random
import sys
import tempfile
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import duckdb
import pyarrow as pa

from flows.parallel.packing import packer_of
from tests.bench.data.papers import papers
from tests.bench.data.retellings import FIRST_DAY, Retelling, retellings, retold, whole
from tests.bench.data.warehouses import filling
from tests.bench.measure import Figures, Spent, child, here, middle
from transforms.matching.blocking import sharing_enough
from transforms.records import Packed, Sighting
from transforms.truth.keys import paper_key_of
from transforms.truth.partition import Current, Seen
from warehouse.database.connection import opened
from warehouse.home import INDEX, WORKING
from warehouse.papers.changes import Arrival, Changes
from warehouse.papers.comparisons import arrived_records
from warehouse.papers.indexfile import IndexFile
from warehouse.papers.indexrows import Numbered
from warehouse.papers.resolve import Resolved, commit_index, resolve, sync_index
from warehouse.papers.sideindex import SideIndex

SIZES = (10_000, 100_000, 1_000_000)
BATCHES = (50, 200, 500)
PROCESSES = (1, 2)
CHUNK = 10_000
PAPERS_A_DAY = 500
TOLD_AGAIN = 0.1
READ_AT = datetime(2026, 1, 1, tzinfo=UTC)
TEXT, DAY = pa.string(), pa.date32()
STORED = {
    **dict.fromkeys(("sighting_key", "source", "arxiv_id", "title_text", "abstract_text"), TEXT),
    "partition_on": DAY,
    "published_on": DAY,
    "authors": pa.list_(TEXT),
}
SCHEMA = pa.schema({**STORED, **dict.fromkeys(("content_key", "paper_key", "founding_key"), TEXT)})
SIGHTINGS = {
    "raw.contents": """
        select content_key, arxiv_id, title_text, abstract_text, authors, len(authors) as author_count, published_on,
        [] as links, [] as institutions from told""",
    "core.sightings": """
        select sighting_key, source, partition_on, 1 as position, content_key, 'page' as page_sha256, 'fill' as run_id,
        true as is_listed from told""",
}
RESOLVED = {
    "core.founders": """
        select paper_key, sighting_key as founding_key,
        (select count(*) from core.founders) + row_number() over () as founded_order, 'fill' as run_id
        from told where sighting_key = founding_key""",
    "core.matches": """
        select sighting_key, partition_on, paper_key, if(sighting_key = founding_key, 'founded', 'words') as rule,
        0.0 as score, 'filled' as evidence, 'fill' as decided_at_run from told""",
    "core.papers": """
        select paper_key, title_text as title, abstract_text as abstract, authors, len(authors) as author_count,
        arxiv_id, published_on, source as published_on_source, [] as institutions, [] as links, [source] as sources,
        partition_on as first_listed_on, partition_on as last_listed_on, [] as previous_keys
        from told where sighting_key = founding_key""",
}
SOURCES = """
    insert into ops.sources (source, trust, closing, extractor_version)
    select 'source_' || unnest(['a', 'b', 'c', 'd']), 1, 'first_read', 1"""
FOUND = """
    select t.sighting_key <> t.founding_key, t.paper_key, m.paper_key from told as t
    join core.matches as m on m.sighting_key = t.sighting_key and m.partition_on = t.partition_on"""


@dataclass(slots=True)
class Links:
    """Sightings of batches that came to the stored paper they tell of, to any stored paper, and that tell of one."""

    right: int = 0
    made: int = 0
    sought: int = 0

    def count(self, found: Iterable[tuple[bool, str, str]], founded: Container[str]) -> None:
        """Add a batch. A key that was founded now is no stored paper's: it came to none, or there is none."""
        for is_known, expected, key in found:
            self.sought += is_known
            self.made += key not in founded
            self.right += is_known and expected == key


def run(rounds: int, sizes: tuple[int, ...] = SIZES) -> Figures:
    """Per size: seconds and memory of resolving a batch, medians of so many, and how right it was."""
    measured: dict[str, Figures] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            fill(Path(folder), size)
            made, batches = (child("-m", __name__, folder, str(size), each) for each in ("0", str(rounds)))
            measured[str(size)] = {**made.printed, **batches.printed, "peak_mb": round(batches.peak_mb)}
    largest, smallest = (measured[str(size)][f"batch_{BATCHES[-1]}"]["cpu_s"] for size in (sizes[-1], sizes[0]))
    exponent = math.log(largest / smallest) / math.log(sizes[-1] / sizes[0]) if len(sizes) > 1 else 0.0
    return {"sizes": measured, "exponent": float(f"{exponent:.3g}"), "runs": rounds}


def fill(folder: Path, size: int) -> None:
    """Store so many papers as if they had been loaded and resolved."""
    with filling(folder) as connection, get_context("spawn").Pool() as pool:
        connection.execute(SOURCES)
        for told in pool.imap(partial(stored, size=size), range(0, size, CHUNK)):
            _insert(connection, told, SIGHTINGS | RESOLVED)


def stored(start: int, size: int) -> pa.Table:
    """Papers from `start` on, as rows."""
    rng = random.Random(start)
    chunk = [whole(paper) for paper in papers(min(CHUNK, size - start), first=start)]
    told = (
        item
        for number, paper in enumerate(chunk, start)
        for item in retellings(paper, number, rng, chunk)[: None if rng.random() < TOLD_AGAIN else 1]
    )
    return _rows(told)


def batches(size: int, count: int, rounds: int) -> Iterator[list[Retelling]]:
    """That many batches, each of other papers."""
    rng = random.Random(count)
    known = [whole(paper) for paper in papers(min(CHUNK, size))]
    for place in range(rounds):
        first = size + place * 1_000
        fresh = [whole(paper) for paper in papers(count - count // 2, first=first)]
        told = [retellings(paper, number, rng, known)[0] for number, paper in enumerate(fresh, first)]
        again = rng.sample(range(len(known)), count // 2)
        yield told + [retold(known[number], number, "d", rng, known) for number in again]


@contextmanager
def resolver(folder: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, SideIndex]]:
    """What the resolver works on."""
    with opened(folder / WORKING) as connection, closing(SideIndex(IndexFile(folder / INDEX))) as index:
        yield connection, index


def index_made(folder: Path, size: int) -> Figures:
    """Make the side index, which no load has kept up to date here, by one process and by more."""
    made: Figures = {}
    for processes in PROCESSES:
        with resolver(folder) as (connection, index):
            index.discard()
            spent = here(partial(sync_index, connection, index, "bench", packer_of(processes)))
        made[str(processes)] = round(spent.wall, 1)
    return {"index_made_s": made, "index_bytes_a_paper": (folder / INDEX).stat().st_size // size}


def batches_resolved(folder: Path, size: int, rounds: int) -> Figures:
    """Resolve batches of each size, the first of each to warm up."""
    links, measured = Links(), Figures()
    with resolver(folder) as (connection, index):
        for count in BATCHES:
            spent = [_once(connection, index, batch, links) for batch in batches(size, count, rounds + 1)][1:]
            measured[f"batch_{count}"] = {
                "wall_s": middle(each.wall for each in spent),
                "cpu_s": middle(each.cpu for each in spent),
            }
    (largest,) = batches(size, BATCHES[-1], 1)
    return {
        **measured,
        "precision": round(links.right / links.made, 5),
        "recall": round(links.right / links.sought, 5),
        "right": links.right,
        "made": links.made,
        "sought": links.sought,
        "candidates_an_entry": round(_candidates(folder, largest) / len(largest), 2),
    }


def _candidates(folder: Path, batch: Sequence[Retelling]) -> int:
    """How many stored records share enough block keys with one of the batch."""
    with closing(IndexFile(folder / INDEX)) as store:
        found = 0
        for item in (Numbered(0, record) for record in _arrived(batch).values()):
            members: dict[int, set[int]] = {block: set() for block in item.blocks}
            for block, number in store.members(item.blocks):
                members[block].add(number)
            found += len(sharing_enough(members.items()))
    return found


def _once(connection: duckdb.DuckDBPyConnection, index: SideIndex, batch: Sequence[Retelling], links: Links) -> Spent:
    """Resolve a batch and see who came to which stored paper; nothing of it stays."""
    rows = _rows(batch)
    arrivals = _arrivals(batch)
    changes = _changes(arrivals)
    done: list[Resolved] = []

    def work() -> None:
        done.append(resolve(connection, index, changes, arrivals, "bench"))
        commit_index(connection, index)

    connection.execute("begin")
    _insert(connection, rows, SIGHTINGS)
    spent = here(work)
    connection.register("told", rows)
    links.count(connection.execute(FOUND).fetchall(), done[0].founded)
    connection.unregister("told")
    connection.execute("rollback")
    sync_index(connection, index, "bench")
    return spent


def _arrivals(batch: Sequence[Retelling]) -> dict[str, Arrival]:
    return {each.sighting.sighting_key: each for each in map(_arrival, range(len(batch)), batch)}


def _changes(arrivals: Mapping[str, Arrival]) -> Changes:
    keys = frozenset(arrivals)
    current = {key: _current(key, arrival) for key, arrival in arrivals.items()}
    return Changes(changed=current, added=keys, first_read=keys)


def _arrived(batch: Sequence[Retelling]) -> dict[str, Packed]:
    arrivals = _arrivals(batch)
    return arrived_records(_changes(arrivals), arrivals)


def _insert(connection: duckdb.DuckDBPyConnection, rows: pa.Table, tables: Mapping[str, str]) -> None:
    connection.register("told", rows)
    for table, query in tables.items():
        connection.execute(f"insert into {table} by name {query}")
    connection.unregister("told")


def _rows(told: Iterable[Retelling]) -> pa.Table:
    return pa.Table.from_pylist([_row(item) for item in told], SCHEMA)


def _row(told: Retelling) -> dict[str, object]:
    sighting = _sighting(told)
    founding = replace(sighting, source="source_a", entry_key=f"a{told.paper:07d}").sighting_key
    keys = {"content_key": _content_key(sighting), "paper_key": paper_key_of(founding), "founding_key": founding}
    return {name: getattr(sighting, name) for name in STORED} | keys


def _sighting(told: Retelling) -> Sighting:
    """The record as a sighting of a warehouse's form: papers come on days in the order of their numbers."""
    record = told.record
    return Sighting(
        source=record.source.replace(" ", "_"),
        partition_on=FIRST_DAY + timedelta(days=told.paper // PAPERS_A_DAY),
        section=None,
        position=1,
        entry_key=record.key.replace("/", ""),
        arxiv_id=record.arxiv_id,
        title_text=record.title,
        abstract_text=record.abstract,
        authors=record.authors,
        author_count=len(record.authors),
        published_on=record.published_on,
    )


def _content_key(sighting: Sighting) -> str:
    return f"{sighting.partition_on:%Y%m%d}{sighting.sighting_key}"


def _arrival(rank: int, told: Retelling) -> Arrival:
    sighting = _sighting(told)
    return Arrival(
        rank=rank,
        run_id="bench",
        trust=1,
        is_archive=False,
        sighting=sighting,
        content_key=_content_key(sighting),
    )


def _current(key: str, arrival: Arrival) -> Current:
    seen = Seen(sighting_key=key, content_key=arrival.content_key, position=1)
    return Current(seen=seen, page_sha256="page", first_read_at=READ_AT, is_listed=True)


if __name__ == "__main__":
    where, of, runs = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    found = batches_resolved(where, of, runs) if runs else index_made(where, of)
    sys.stdout.write("\n" + json.dumps(found) + "\n")
