"""From an address to the warehouse that it names."""

from __future__ import annotations

from pathlib import Path

from warehouse.embedded.warehouse import EmbeddedWarehouse
from warehouse.errors import WarehouseError
from warehouse.warehouse import Warehouse

SCHEME = "duckdb://"


def open_warehouse(url: str) -> Warehouse:
    """Open the warehouse that `url` names: `duckdb://` and a home directory, or the directory alone.

    Nothing is touched before a writer or reader is asked for. Raises WarehouseError for another engine's URL.
    """
    if "://" in url and not url.startswith(SCHEME):
        raise WarehouseError(f"{url}: only {SCHEME}<home directory> is supported")
    return EmbeddedWarehouse(Path(url.removeprefix(SCHEME)))
