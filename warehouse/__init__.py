"""The warehouse: SQL and the file. Everything outside this room goes through `open_warehouse`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.errors import BatchRefusedError, WarehouseBusyError, WarehouseError
from warehouse.publish.kept import Snapshot
from warehouse.publish.publish import Manifest
from warehouse.read.export_diff import Difference, compare
from warehouse.read.reader import Reader, Table
from warehouse.read.search import search
from warehouse.warehouse import Warehouse

if TYPE_CHECKING:
    from warehouse.writer import Writer

__all__ = [
    "BatchRefusedError",
    "Difference",
    "Manifest",
    "Reader",
    "Snapshot",
    "Table",
    "Warehouse",
    "WarehouseBusyError",
    "WarehouseError",
    "Writer",
    "compare",
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


def __getattr__(name: str) -> object:
    """`Writer` is imported once somebody names it: readers do not wait for what only writing needs."""
    if name == "Writer":
        from warehouse.writer import Writer  # noqa: PLC0415

        return Writer
    raise AttributeError(name)
