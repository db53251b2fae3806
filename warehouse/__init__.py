"""The warehouse: SQL and the file. Everything outside this room goes through `open_warehouse`."""

from __future__ import annotations

from pathlib import Path

from warehouse.duckdb_warehouse import PartitionRow, Warehouse, Writer
from warehouse.errors import BatchRefusedError, WarehouseBusyError, WarehouseError
from warehouse.publish import Manifest
from warehouse.reader import Reader, Table
from warehouse.search import search
from warehouse.snapshots import Snapshot

__all__ = [
    "BatchRefusedError",
    "Manifest",
    "PartitionRow",
    "Reader",
    "Snapshot",
    "Table",
    "Warehouse",
    "WarehouseBusyError",
    "WarehouseError",
    "Writer",
    "open_warehouse",
    "search",
]

SCHEME = "duckdb://"


def open_warehouse(url: str) -> Warehouse:
    """Open the warehouse that `url` names: `duckdb://` and a home directory, or the directory alone.

    Nothing is touched before a writer or reader is asked for. Raises WarehouseError for another engine's URL.
    """
    if "://" in url and not url.startswith(SCHEME):
        message = f"{url}: only {SCHEME}<home directory> is supported"
        raise WarehouseError(message)
    return Warehouse(Path(url.removeprefix(SCHEME)))
