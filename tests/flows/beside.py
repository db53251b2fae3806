"""What goes on in a home while others are killed there: a reader that opens it all the time, and a second writer.

`python -m tests.flows.beside HOME` is the reader: a process of its own, as DuckDB opens a path once in each.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from select import select
from threading import Event, Thread

from tests.support.commands import paperlog_in
from tests.support.environment import scrubbed
from tests.support.places import ROOT
from transforms.search.query import SearchQuery
from warehouse import WarehouseError, open_warehouse, search

READERS = 2
PAUSE_SECONDS = 0.2
AS_PUBLISHED = "select (select count(*) from papers) = (select row_counts['papers'] from ops.manifest)"
EVERY = SearchQuery()
TWICE = "select count(*) from (select sighting_key from core.sightings group by all having count(*) > 1)"


@dataclass(slots=True)
class Beside:
    """What those beside met. `errors` are answers that a reader could not get, or got wrong."""

    opens: int = 0
    errors: list[str] = field(default_factory=list)
    writes: Counter[str] = field(default_factory=Counter)


@contextmanager
def beside(environment: Mapping[str, str], home: Path, *command: object) -> Iterator[Beside]:
    """Two readers, and a writer that runs the command line again and again, for as long as the block lasts."""
    met, stop = Beside(), Event()
    writer = Thread(target=_write, args=(environment, command, met, stop))
    readers = [_reader(home) for _ in range(READERS)]
    writer.start()
    try:
        yield met
    finally:
        stop.set()
        writer.join()
        for each in readers:
            printed, _ = each.communicate("stop\n")
            read = Beside(**json.loads(printed))
            met.opens += read.opens
            met.errors += read.errors


def _write(environment: Mapping[str, str], command: tuple[object, ...], met: Beside, stop: Event) -> None:
    while not stop.wait(PAUSE_SECONDS):
        done = paperlog_in(environment, *command, seconds=600)
        met.writes["well" if done.code == 0 else done.err.strip()[-300:]] += 1


def _reader(home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.flows.beside", str(home)],
        cwd=ROOT,
        env=scrubbed(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def read_until_told(home: Path) -> Beside:
    """Open the published snapshot and look at it, until there is a line on standard input."""
    met = Beside()
    while not select([sys.stdin], [], [], 0)[0]:
        if (home / "paperlog.duckdb").exists():
            met.opens += 1
            met.errors += _looked_at(home)
        time.sleep(PAUSE_SECONDS)
    return met


def _looked_at(home: Path) -> list[str]:
    try:
        with open_warehouse(str(home)).reader() as reader:
            is_as_published = reader.query(AS_PUBLISHED).rows == ((True,),)
            is_single = reader.query(TWICE).rows == ((0,),)
            is_found = search(reader, EVERY).total == reader.query("select count(*) from papers").rows[0][0]
    except WarehouseError as error:
        return [str(error)]
    counts = [] if is_as_published else ["another count than its manifest's"]
    searched = [] if is_found else ["a search that finds another number of papers"]
    return [*counts, *searched, *([] if is_single else ["a sighting twice"])]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(read_until_told(Path(sys.argv[1])))) + "\n")
