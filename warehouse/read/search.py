"""Find papers by words: BM25 over title, abstract and review text, in the published snapshot."""

from __future__ import annotations

import duckdb

from warehouse.database import fts
from warehouse.errors import WarehouseError
from warehouse.read.reader import Reader, Table


def search(reader: Reader, text: str, limit: int = 20) -> Table:
    """Papers that match the words of `text`, best first: paper_key, title, score.

    Raises WarehouseError where the snapshot carries no index, or the running DuckDB lacks its `fts` extension.
    """
    if not reader.named("search_index").rows:
        message = "this snapshot carries no search index; `paperlog publish --full` builds it"
        raise WarehouseError(message)
    if fts.extension() is None:
        message = f"searching needs {fts.PACKAGE}, made for DuckDB {duckdb.__version__}, which is not installed"
        raise WarehouseError(message)
    return reader.named("search", {"text": text, "most": limit})
