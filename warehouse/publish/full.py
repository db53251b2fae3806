"""A snapshot written anew instead of copied: compact, searchable, and in a format that older DuckDB releases open.

Costs about 60 CPU-seconds per million papers without the index, which costs ten times that (see text_index.py).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.database import fts
from warehouse.database.sql import literal
from warehouse.publish import text_index

# Read by DuckDB 1.1.3, 1.2.2, 1.3.2, 1.4.5, 1.5.5 and 2.0.0 (2026-11-22); 1.0.0 opens it too, but not every view.
STORAGE_VERSION = "v1.0.0"
FILE = "paperlog.duckdb"  # its stem is the name of the database in `copy from database`


def rewrite(working: Path, previous: Path | None, directory: Path) -> tuple[Path, int | None]:
    """Write `directory/paperlog.duckdb` from a copy of the working file.

    Returns it with the number of papers in its search index; None where the running DuckDB cannot build one.
    """
    target = directory / FILE
    with duckdb.connect(str(target), config={"storage_compatibility_version": STORAGE_VERSION}) as connection:
        has_index = fts.load_extension(connection)
        connection.execute(f"attach {literal(working)} as working (read_only)")
        if has_index:
            text_index.index(connection, has_previous=previous is not None and _attached(connection, previous))
        connection.execute("copy from database working to paperlog")
        papers = text_index.finish(connection) if has_index else None
    return target, papers


def _attached(connection: duckdb.DuckDBPyConnection, previous: Path) -> bool:
    """Attach the standing snapshot; a broken one must not stand in the way of the one that replaces it."""
    try:
        connection.execute(f"attach {literal(previous)} as previous (read_only)")
    except duckdb.Error:
        return False
    return True
