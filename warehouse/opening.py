"""From an address to the warehouse that it names."""

from __future__ import annotations

from pathlib import Path

from warehouse.embedded.warehouse import EmbeddedWarehouse
from warehouse.errors import WarehouseError
from warehouse.lake.address import FORM, SCHEME, ObjectStore, lake_address
from warehouse.lake.warehouse import LakeWarehouse
from warehouse.warehouse import Warehouse

FILE = "duckdb://"


def open_warehouse(url: str, home: Path | None = None, store: ObjectStore | None = None) -> Warehouse:
    """Open the warehouse that `url` names: `duckdb://` and a home directory, the directory alone, or a lake's address.

    A lake needs a `home` of this machine too, for what is local, and a `store` where its files are in one. Nothing is
    touched before a writer or reader is asked for. Raises WarehouseError for an address that is neither.
    """
    if url.startswith(SCHEME):
        if home is None:
            raise WarehouseError("a lake is opened with a home directory of this machine")
        return LakeWarehouse(lake_address(url, store), home)
    if url.startswith("ducklake:") or ("://" in url and not url.startswith(FILE)):
        raise WarehouseError(f"this is no address of a warehouse; it has the form {FILE}<home directory>, or {FORM}")
    return EmbeddedWarehouse(Path(url.removeprefix(FILE)))
