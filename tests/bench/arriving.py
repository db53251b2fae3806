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
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from tests.bench.measure import Figures, child, middle
from tests.bench.papers import (
    FIRST_DAY,
    NOISES,
    Paper,
    Told,
    noise_kind,
    papers,
    tell,
)
from transforms.matching.blocking import BLOCK_KEYS_VERSION
from transforms.matching.model import Record
from transforms.records import Sighting
from transforms.truth.keys import paper_key_of
from transforms.truth.partition import Current, Seen
from warehouse import open_warehouse
from warehouse.database.sql import Statements
from warehouse.papers.arrivals import Arrival, Changes, Partition
from warehouse.papers.resolve import commit_index, resolve, sync_index
from warehouse.writer import Writer

SIZES = (10_000, 100_000, 1_000_000)
BATCHES = (50, 200, 500)
CHUNK = 10_000
PAPERS_A_DAY = 500
TOLD_AGAIN = 0.1
READ_AT = datetime(2026, 1, 1, tzinfo=UTC)
_COLUMNS = pa.schema(
    [
        ("sighting_key", pa.string()),
        ("source", pa.string()),
        ("partition_on", pa.date32()),
        ("paper_key", pa.string()),
        ("founding_key", pa.string()),
        ("content_key", pa.string()),
        ("arxiv_id", pa.string()),
        ("title_text", pa.string()),
        ("abstract_text", pa.string()),
        ("authors", pa.list_(pa.string())),
        ("published_on", pa.date32()),
    ]
)
_TABLES = {
    "raw.contents": """
        select content_key, arxiv_id, title_text, abstract_text, authors, len(authors) as author_count, published_on,
        [] as links, [] as institutions from told""",
    "core.sightings": """
        select sighting_key, source, partition_on, 1 as position, content_key, 'page' as page_sha256, 'fill' as run_id,
        true as is_listed from told""",
}
_RESOLVED = {
    "core.founders": """
        select paper_key, sighting_key as founding_key,
        (select count(*) from core.founders) + row_number() over () as founded_order, 'fill' as run_id
        from told where sighting_key = founding_key""",
    "core.matches": """
        select sighting_key, partition_on, paper_key, if(sighting_key = founding_key, 'founded', 'words') as rule,
        0.0 as score, 'filled' as evidence, 'fill' as decided_at_run from told""",
    "core.papers": """
        select paper_key, title_text as title, abstract_text as abstract, authors, len(authors) as author_count,
        arxiv_id, published_on, source as published_on_source, 'stated' as published_certainty, [] as institutions,
        [] as links, [source] as sources, partition_on as first_listed_on, partition_on as last_listed_on,
        [] as previous_keys from told where sighting_key = founding_key""",
}


def run(rounds: int, sizes: tuple[int, ...] = SIZES) -> Figures:
    """Per size: seconds and memory of resolving a batch, medians of so many, and how right it was."""
    said: Figures = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            fill(Path(folder), size)
            made = child("-m", "tests.bench.arriving", folder, str(size))
            spent = child("-m", "tests.bench.arriving", folder, str(size), str(rounds))
            said[str(size)] = {**made.said, **spent.said, "peak_mb": round(spent.peak_mb)}
    largest, smallest = (said[str(size)][f"batch_{BATCHES[-1]}"]["cpu_s"] for size in (sizes[-1], sizes[0]))
    exponent = math.log(largest / smallest) / math.log(sizes[-1] / sizes[0]) if len(sizes) > 1 else 0.0
    return {"sizes": said, "exponent": float(f"{exponent:.3g}"), "runs": rounds}


def fill(folder: Path, size: int) -> None:
    """Store so many papers as if they had been loaded and resolved."""
    starts = range(0, size, CHUNK)
    with (
        open_warehouse(str(folder)).writer("bench") as writer,
        get_context("spawn").Pool() as pool,
    ):
        connection = writer._connection  # noqa: SLF001 - rows that no load would make in reasonable time
        for letter in "abcd":
            connection.execute(
                "insert into ops.sources (source, trust, closing, extractor_version) values (?, 1, 'first_read', 1)",
                [f"source_{letter}"],
            )
        for told in pool.imap(partial(_stored, size=size), starts):
            _insert(connection, told, _TABLES | _RESOLVED)
        resolver = Statements("warehouse.papers")
        resolver.run(connection, "insert_resolver", {"version": BLOCK_KEYS_VERSION})
        resolver.run(connection, "update_resolver", {"stamp": "filled"})
        connection.execute("force checkpoint")


def _stored(start: int, size: int) -> pa.Table:
    """Papers from `start` on, as rows."""
    rng = random.Random(start)
    chunk = list(papers(min(CHUNK, size - start), first=start))
    told = (item for paper in chunk for item in tell(paper, rng, chunk)[: None if rng.random() < TOLD_AGAIN else 1])
    return pa.Table.from_pylist([_row(item) for item in told], _COLUMNS)


def _row(told: Told) -> dict[str, Any]:
    record = _keyed(told)
    founding = _keyed(replace(told, record=replace(told.record, key=f"a/{told.paper:07d}", source="source a"))).key
    return {
        "sighting_key": record.key,
        "source": record.source,
        "partition_on": record.partition_on,
        "paper_key": paper_key_of(founding),
        "founding_key": founding,
        "content_key": f"{record.partition_on:%Y%m%d}{record.key}",
        "arxiv_id": record.arxiv_id,
        "title_text": record.title,
        "abstract_text": record.abstract,
        "authors": list(record.authors),
        "published_on": record.published_on,
    }


def _keyed(told: Told) -> Record:
    """The record with a source, a day and a key of the warehouse's form: papers come in the order of their numbers."""
    source = told.record.source.replace(" ", "_")
    day = FIRST_DAY + timedelta(days=told.paper // PAPERS_A_DAY)
    key = f"{source}/{day}/-/{told.record.key.replace('/', '')}"
    return replace(told.record, source=source, partition_on=day, key=key)


def _insert(connection: duckdb.DuckDBPyConnection, told: pa.Table, tables: dict[str, str]) -> None:
    connection.register("told", told)
    for table, rows in tables.items():
        connection.execute(f"insert into {table} by name {rows}")
    connection.unregister("told")


def batches(size: int, count: int, rounds: int) -> Iterator[list[Told]]:
    """That many batches, each of other papers."""
    rng = random.Random(count)
    known = list(papers(min(CHUNK, size)))
    for number in range(rounds):
        fresh = papers(count - count // 2, first=size + number * 1_000)
        told = [tell(paper, rng, known)[0] for paper in fresh]
        yield told + [_again(paper, rng, known) for paper in rng.sample(known, count // 2)]


def _again(paper: Paper, rng: random.Random, known: Sequence[Paper]) -> Told:
    noise = noise_kind(rng)
    whole = tell(paper, rng, known)[0].record
    record = NOISES[noise](replace(whole, source="source d", key=f"d/{paper.number:07d}"), rng, rng.choice(known))
    return Told(record, paper.number, noise)


def _made(folder: Path, size: int) -> Figures:
    """Make the side index, which no load has kept up to date here."""
    wall = time.perf_counter()
    with open_warehouse(str(folder)).writer("bench") as writer:
        sync_index(writer._connection, writer._index, "bench")  # noqa: SLF001 - the index alone is made
    wall = time.perf_counter() - wall
    return {"index_made_s": round(wall, 1), "index_bytes_a_paper": (folder / "resolver.sqlite").stat().st_size // size}


def _measured(folder: Path, size: int, rounds: int) -> Figures:
    said: Figures = {}
    links: list[_Links] = []
    with open_warehouse(str(folder)).writer("bench") as writer:
        for count in BATCHES:
            walls, cpus = [], []
            for batch in batches(size, count, rounds + 1):
                wall, cpu, linked = _once(writer, batch)
                walls.append(wall)
                cpus.append(cpu)
                links.append(linked)
            said[f"batch_{count}"] = {"wall_s": middle(walls[1:]), "cpu_s": middle(cpus[1:])}
    right, made, sought = (sum(counts) for counts in zip(*links, strict=True))
    return {**said, "precision": round(right / made, 5), "recall": round(right / sought, 5), "sought": sought}


class _Links(NamedTuple):
    """Sightings of a batch that came to the stored paper they tell of, to any stored paper, and that tell of one."""

    right: int
    made: int
    sought: int


def _once(writer: Writer, batch: Sequence[Told]) -> tuple[float, float, _Links]:
    """Wall and CPU seconds, and who came to which stored paper; nothing of it stays."""
    connection, index = writer._connection, writer._index  # noqa: SLF001 - the resolver is timed alone
    rows = pa.Table.from_pylist([_row(item) for item in batch], _COLUMNS)
    arrivals = {arrival.sighting.sighting_key: arrival for arrival in map(_arrival, range(len(batch)), batch)}
    connection.execute("begin")
    _insert(connection, rows, _TABLES)
    wall, cpu = time.perf_counter(), time.process_time()
    done = resolve(connection, index, _changes(arrivals), arrivals, "bench")
    commit_index(connection, index)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    links = _links(connection, rows, done.founded)
    connection.execute("rollback")
    sync_index(connection, index, "bench")
    return wall, cpu, links


def _links(connection: duckdb.DuckDBPyConnection, rows: pa.Table, founded: Mapping[str, str]) -> _Links:
    """A paper that nobody told of before cannot come to its own: its key is founded now, or it came to a wrong one."""
    connection.register("told", rows)
    found = connection.execute(
        "select t.sighting_key <> t.founding_key, t.paper_key, m.paper_key from told as t "
        "join core.matches as m on m.sighting_key = t.sighting_key and m.partition_on = t.partition_on"
    ).fetchall()
    connection.unregister("told")
    made = [(is_known, expected == key) for is_known, expected, key in found if key not in founded]
    return _Links(
        right=sum(is_known and is_right for is_known, is_right in made),
        made=len(made),
        sought=sum(is_known for is_known, _, _ in found),
    )


def _arrival(rank: int, told: Told) -> Arrival:
    record = _keyed(told)
    sighting = Sighting(
        source=record.source,
        partition_on=record.partition_on,
        section=None,
        position=1,
        entry_key=record.key.rpartition("/")[2],
        arxiv_id=record.arxiv_id,
        title_text=record.title,
        abstract_text=record.abstract,
        authors=record.authors,
        author_count=len(record.authors),
        published_on=record.published_on,
    )
    content_key = f"{record.partition_on:%Y%m%d}{record.key}"
    return Arrival(rank=rank, run_id="bench", trust=1, sighting=sighting, content_key=content_key)


def _changes(arrivals: dict[str, Arrival]) -> Changes:
    keys = frozenset(arrivals)
    return Changes(
        changed={key: _current(key, arrival) for key, arrival in arrivals.items()},
        added=keys,
        first_read=keys,
        relisted=frozenset(),
        removed=frozenset(),
        partitions=frozenset(Partition(each.sighting.source, each.sighting.partition_on) for each in arrivals.values()),
        doubtful=frozenset(),
    )


def _current(key: str, arrival: Arrival) -> Current:
    seen = Seen(sighting_key=key, content_key=arrival.content_key, position=1)
    return Current(seen=seen, page_sha256="page", first_read_at=READ_AT, is_listed=True)


if __name__ == "__main__":
    where, of, *runs = Path(sys.argv[1]), int(sys.argv[2]), *map(int, sys.argv[3:])
    sys.stdout.write("\n" + json.dumps(_measured(where, of, *runs) if runs else _made(where, of)) + "\n")
