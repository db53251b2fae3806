"""The full-text index of a published file: built by DuckDB's `fts` extension, or taken over while no text changes.

The extension comes as a Python package and is loaded from there, so nothing is ever downloaded. An index cannot be
changed in place, and building one costs 60 CPU-seconds per 100,000 papers (measured with DuckDB 1.5.5).
"""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb

from warehouse.database.sql import statement

# Not a file: DuckDB looks for the extension, on the network too, as soon as it parses this.
CREATE = "pragma create_fts_index('main.texts', 'paper_key', 'title', 'abstract', 'review')"


def index(connection: duckdb.DuckDBPyConnection, *, has_previous: bool) -> None:
    """Index the texts of the database attached as `working`; call it first, so that the texts' own blocks are reused.

    Where `previous` is attached and its index is of the same texts, that index is taken over.
    """
    connection.execute(statement("create_texts"))
    ((papers, digest),) = connection.execute(statement("digest_texts")).fetchall()
    known = _known(connection) if has_previous else None
    is_known = known is not None and known[1] == digest
    if is_known:
        connection.execute("delete from main.texts")
    connection.execute(CREATE)
    connection.execute("drop table main.texts")
    if is_known:
        _take_over(connection)
    connection.execute("checkpoint")
    row = known if is_known else (datetime.now(UTC).replace(tzinfo=None), digest, papers, duckdb.__version__)
    connection.execute("create temp table indexed as select ?::timestamp, ?::varchar, ?::bigint, ?::varchar", row)


def finish(connection: duckdb.DuckDBPyConnection) -> int:
    """Name the search and record the index, once everything else is in the file; returns the papers in the index."""
    connection.execute("insert into ops.search_index from temp.indexed")
    connection.execute(statement("create_search"))
    connection.execute(statement("comment_search"))
    ((papers,),) = connection.execute("select papers_count from ops.search_index").fetchall()
    return int(papers)


def _known(connection: duckdb.DuckDBPyConnection) -> tuple[object, ...] | None:
    """What the previous snapshot says of its index."""
    tables = connection.execute(statement("read_index_tables"), {"database": "previous"}).fetchall()
    if not tables:
        return None
    return connection.execute(
        "select built_at, texts_digest, papers_count, duckdb_version from previous.ops.search_index"
    ).fetchone()


def _take_over(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the previous index's rows into the empty one; the names of its tables are DuckDB's own."""
    for (table,) in connection.execute(statement("read_index_tables"), {"database": "previous"}).fetchall():
        connection.execute(f"create or replace table fts_main_texts.{table} as from previous.fts_main_texts.{table}")
