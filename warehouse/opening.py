"""From an address to the warehouse that it names."""

from __future__ import annotations

from pathlib import Path

from warehouse.embedded.warehouse import EmbeddedWarehouse
from warehouse.errors import WarehouseError
from warehouse.lake.address import FORM, SCHEME, ObjectStore, lake_address
from warehouse.lake.warehouse import LakeWarehouse
from warehouse.warehouse import LOCK_SECONDS, Warehouse

FILE = "duckdb://"
# What schemes and keywords of databases are written with.
_LIKE_ADDRESS = frozenset(":=?")


def move(source: Warehouse, target: Warehouse, *, lock_seconds: float = LOCK_SECONDS) -> str:
    """Copy all facts from a home into an empty lake, or back into a home that has none; returns the digest of both.

    Nobody writes to either meanwhile, and the source stays as it was. Where they were copied before, by a move that was
    interrupted, nothing is copied. Raises WarehouseError if the target holds other facts, or not those of the source
    afterwards: nothing stays of it then.
    """
    # Imported here, because only a move needs what writes to both.
    from warehouse.lake.moving import to_home, to_lake  # noqa: PLC0415

    if isinstance(source, EmbeddedWarehouse) and isinstance(target, LakeWarehouse):
        return to_lake(source.home, source.engine(), target.engine(), lock_seconds)
    if isinstance(source, LakeWarehouse) and isinstance(target, EmbeddedWarehouse):
        return to_home(source.engine(), target.home, target.engine(), lock_seconds)
    raise WarehouseError("a warehouse moves from a home into a lake, or back; into another home, restore a back-up")


def open_warehouse(url: str, home: Path | None = None, store: ObjectStore | None = None) -> Warehouse:
    """Open the warehouse that `url` names: `duckdb://` and a home directory, the directory alone, or a lake's address.

    A lake needs a `home` of this machine too, for what is local, and a `store` where its files are in one. Nothing is
    touched before a writer or reader is asked for. Raises WarehouseError for an address that is neither, without its
    text, which may hold a password: a directory whose name might be one is written absolute, or with `duckdb://`.
    """
    if url.startswith(SCHEME):
        if home is None:
            raise WarehouseError("a lake is opened with a home directory of this machine")
        return LakeWarehouse(lake_address(url, store), home)
    if not url.startswith((FILE, "/")) and not _LIKE_ADDRESS.isdisjoint(url):
        raise WarehouseError(f"this is no address of a warehouse; it has the form {FILE}<home directory>, or {FORM}")
    return EmbeddedWarehouse(Path(url.removeprefix(FILE)))
