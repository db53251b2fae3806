"""Brings a search index in line with a snapshot: only papers that changed are read, taken out and put in.

The index holds no text, only which words stand where (FTS5, contentless). So a paper is taken out by handing back what
was put in, which the previous snapshot still says; its fingerprint proves it. An index that was brought in line gives
the answers of one that was made at once: they follow from what is in it, not from the order in which it came.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from transforms.search.match import WEIGHTS
from warehouse.database.connection import known_migrations
from warehouse.database.sql import Statements
from warehouse.searchindex.documents import Bucket, Document, Documents

FORMAT: Final = 1
"""Raise it with every change of the tables or of what is put into them; an index of another format is made again."""

NO_DAY: Final = date(1970, 1, 1)
CHUNK_PAPERS: Final = 20_000
_CACHE_KIB: Final = 128 * 1024
# Of words not written yet: a million papers take half as long as with FTS5's own 1 MB (2026-11).
_WORDS_BYTES: Final = 32 * 1024 * 1024
_PAGE_BYTES: Final = 8192

Before = Callable[[Sequence[str]], Iterable[Document]]

_sql = Statements(__package__, "sql/index")


class StaleIndexError(sqlite3.DatabaseError):
    """The index is not that of the previous snapshot, and has to be made again."""


def engines() -> str:
    """What must be the same for a file to be gone on with: format, schema, and both engines' releases."""
    schema = known_migrations()[-1].number
    return f"format {FORMAT}, schema {schema}, DuckDB {duckdb.__version__}, SQLite {sqlite3.sqlite_version}"


def create(path: Path) -> None:
    """Make an empty index. Raises sqlite3.OperationalError where SQLite has no FTS5."""
    with closing(_connected(path)) as database:
        database.executescript(_sql.text("create_tables"))
        weights = ", ".join(map(str, WEIGHTS))
        database.execute(_sql.text("rank_by_weights"), (f"bm25({weights})",))
        database.execute(_sql.text("more_memory"), (_WORDS_BYTES,))
        database.commit()


def update(path: Path, now: Documents, before: Before, snapshot: str) -> int:
    """Bring the index at `path` in line with `now`; returns its number of papers.

    `before` gives documents, by their keys, as the index has them. Raises StaleIndexError, or another
    sqlite3.DatabaseError, where the file is not what it should be; it is of no use then.
    """
    with closing(_connected(path)) as database:
        buckets = now.buckets()
        for part in _parts(_differing(database, buckets), buckets):
            _update_part(database, part, now, before)
            _write_buckets(database, part, buckets)
        _write_state(database, now, buckets, snapshot)
        database.commit()
        ((count,),) = database.execute(_sql.text("count_papers")).fetchall()
    if count != sum(each.papers_count for each in buckets.values()):
        raise StaleIndexError(f"it has {count} papers, and the snapshot another number")
    return int(count)


def erase(path: Path) -> None:
    """Write all words anew: those of papers that were taken out stand in the file until then."""
    with closing(_connected(path)) as database:
        database.execute(_sql.text("optimize"))
        database.commit()


def _connected(path: Path) -> sqlite3.Connection:
    """A file that nobody else has, and that is of no use before it is flushed: it needs no journal."""
    database = sqlite3.connect(path, isolation_level="DEFERRED")
    for setting in (
        f"page_size = {_PAGE_BYTES}",
        "journal_mode = off",
        "synchronous = off",
        "locking_mode = exclusive",
        "secure_delete = on",
        f"cache_size = -{_CACHE_KIB}",
    ):
        database.execute(f"pragma {setting}")
    return database


def _differing(database: sqlite3.Connection, buckets: Mapping[str, Bucket]) -> list[str]:
    held = {bucket: said for bucket, *said in database.execute(_sql.text("read_buckets"))}
    wanted = {each.bucket: [each.papers_count, each.fingerprint] for each in buckets.values()}
    return sorted(bucket for bucket in held.keys() | wanted.keys() if held.get(bucket) != wanted.get(bucket))


def _parts(names: Iterable[str], buckets: Mapping[str, Bucket]) -> Iterator[list[str]]:
    """The names in portions that fit into memory."""
    part: list[str] = []
    papers = 0
    for name in names:
        part.append(name)
        papers += buckets[name].papers_count if name in buckets else 0
        if papers >= CHUNK_PAPERS:
            yield part
            part, papers = [], 0
    if part:
        yield part


def _update_part(database: sqlite3.Connection, part: Sequence[str], now: Documents, before: Before) -> None:
    held = {
        key: (number, fingerprint)
        for key, number, fingerprint in database.execute(_sql.text("read_held"), (json.dumps(part),))
    }
    wanted = now.fingerprints(part)
    ((last,),) = database.execute(_sql.text("read_last_paper")).fetchall()  # those taken out come back under theirs
    gone = {key: said for key, said in held.items() if wanted.get(key) != said[1]}
    _take_out(database, gone, before)
    changed = [key for key, fingerprint in wanted.items() if key not in held or held[key][1] != fingerprint]
    facet_sets: dict[str, int] = {}
    for document in now.documents(changed):
        number, _ = held.get(document.paper_key, (None, None))
        if number is None:
            last = number = last + 1
        _put_in(database, number, document, facet_sets)


def _take_out(database: sqlite3.Connection, gone: Mapping[str, tuple[int, int]], before: Before) -> None:
    known = {each.paper_key: each for each in before(sorted(gone))} if gone else {}
    for key, (number, fingerprint) in gone.items():
        document = known.get(key)
        if document is None or document.fingerprint != fingerprint:
            raise StaleIndexError(f"{key} is not in it as the previous snapshot has it")
        database.execute(_sql.text("delete_text"), (number, *document.columns))
        database.execute(_sql.text("delete_paper"), (number,))


def _put_in(database: sqlite3.Connection, number: int, document: Document, facet_sets: dict[str, int]) -> None:
    """Put a document in; `facet_sets` are those met before, with their numbers: many papers share one."""
    database.execute(_sql.text("insert_text"), (number, *document.columns))
    facets = document.facet_set
    if facets not in facet_sets:
        database.execute(_sql.text("insert_facet_set"), (facets,))
        ((facet_sets[facets],),) = database.execute(_sql.text("read_facet_set"), (facets,)).fetchall()
    row = (number, document.paper_key, document.fingerprint, document.day.isoformat(), facet_sets[facets])
    database.execute(_sql.text("insert_paper"), row)


def _write_buckets(database: sqlite3.Connection, part: Iterable[str], buckets: Mapping[str, Bucket]) -> None:
    for name in part:
        if name in buckets:
            each = buckets[name]
            database.execute(_sql.text("insert_bucket"), (name, each.papers_count, each.fingerprint))
        else:
            database.execute(_sql.text("delete_bucket"), (name,))


def _write_state(database: sqlite3.Connection, now: Documents, buckets: Mapping[str, Bucket], snapshot: str) -> None:
    first = min((each.first_day for each in buckets.values()), default=NO_DAY)
    last = max((each.last_day for each in buckets.values()), default=NO_DAY)
    count = sum(each.papers_count for each in buckets.values())
    database.execute(_sql.text("delete_state"))
    row = (engines(), snapshot, now.removals(), count, first.isoformat(), last.isoformat())
    database.execute(_sql.text("insert_state"), row)
