"""A full snapshot, rewritten instead of copied: compact, searchable, and in a format that older DuckDB releases open.

Costs about 60 CPU-seconds per million papers without the search index. DuckDB cannot change such an index in place, and
building one costs 60 CPU-seconds per 100,000 papers (measured with DuckDB 1.5.5): it is reused while no text changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.database.connection import attach, load_fts
from warehouse.database.sql import Connection, Statements, append

# Read by DuckDB 1.1.3, 1.2.2, 1.3.2, 1.4.5, 1.5.5 and 2.0.0 (2026-11-22); 1.0.0 opens it too, but not every view.
STORAGE_VERSION = "v1.0.0"
# Not a file: DuckDB looks for the extension, on the network too, as soon as it parses this.
_CREATE_INDEX = "pragma create_fts_index('main.texts', 'paper_key', 'title', 'abstract', 'review')"
# The tables of an index are named by DuckDB, and a table's name cannot be a parameter.
_REUSE_TABLE = "create or replace table fts_main_texts.{table} as from previous.fts_main_texts.{table}"

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchIndex:
    """The search index of a file: its row of ops.search_index."""

    built_at: datetime
    texts_digest: str
    papers_count: int
    duckdb_version: str


def write_full(working: Path, previous: Path, target: Path) -> int | None:
    """Write `target` from a copy of the working file, reusing the index of the previous snapshot if there is one.

    Returns the number of papers in the search index; None where the running DuckDB cannot build one.
    """
    with duckdb.connect(str(target), config={"storage_compatibility_version": STORAGE_VERSION}) as connection:
        can_search = load_fts(connection)
        attach(connection, working, "working")
        # The index comes first, so that the blocks of its texts are used again for what is copied after it.
        index = _index_texts(connection, _known_index(connection, previous)) if can_search else None
        connection.execute("copy from database working to paperlog")
        if index is None:
            return None
        append(connection, "ops.search_index", [index])
        _sql.run(connection, "create_search")
        _sql.run(connection, "comment_search")
        return index.papers_count


def _known_index(connection: Connection, previous: Path) -> SearchIndex | None:
    """The index of the previous snapshot, which stays attached; None if it is missing, broken or has none."""
    try:
        attach(connection, previous, "previous")
    except duckdb.Error:
        return None
    if not _sql.column(connection, "read_index_tables"):
        return None
    return next(iter(_sql.records(connection, "read_previous_index", SearchIndex)), None)


def _index_texts(connection: Connection, known: SearchIndex | None) -> SearchIndex:
    """Index the texts of the working file, or reuse the known index if it has the same texts."""
    _sql.run(connection, "create_texts")
    facts = {"built_at": datetime.now(UTC).replace(tzinfo=None), "duckdb_version": duckdb.__version__}
    (index,) = _sql.records(connection, "digest_texts", SearchIndex, facts)
    is_known = known is not None and known.texts_digest == index.texts_digest
    if is_known:
        _sql.run(connection, "delete_texts")
    connection.execute(_CREATE_INDEX)
    _sql.run(connection, "drop_texts")
    for table in _sql.column(connection, "read_index_tables") if is_known else ():
        connection.execute(_REUSE_TABLE.format(table=table))
    connection.checkpoint()
    return known if known is not None and is_known else index
