"""Which warehouse the settings name: the one in the home, or a lake that several machines share."""

from __future__ import annotations

from pathlib import Path

from flows.settings import WAREHOUSE, Settings, SettingsError
from warehouse import ObjectStore, Warehouse, WarehouseError, open_warehouse

IN_HOME = "duckdb://"


def warehouse_of(settings: Settings) -> Warehouse:
    """The warehouse. Raises SettingsError for an address that is none."""
    url = settings.warehouse or str(settings.home)
    if url.startswith(IN_HOME) and Path(url.removeprefix(IN_HOME)).absolute() != settings.home:
        raise SettingsError(f"{WAREHOUSE}: the home is {settings.home}; PAPERLOG_HOME names another one")
    try:
        return warehouse_at(settings, url)
    except WarehouseError as error:
        raise SettingsError(f"{WAREHOUSE}: {error}") from error


def warehouse_at(settings: Settings, url: str) -> Warehouse:
    """Another warehouse, with the same object store. Raises WarehouseError for an address that is none."""
    store = ObjectStore(
        host=settings.s3_host,
        is_encrypted=settings.is_s3_encrypted,
        region=settings.s3_region,
        key=settings.s3_key,
        secret=settings.s3_secret,
    )
    return open_warehouse(url, settings.home, store)
