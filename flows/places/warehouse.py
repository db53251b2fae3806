"""What the settings name: a warehouse in the home and a folder for the pace, or a lake that machines share for both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from extractors.http.moments import InFiles
from flows.settings import WAREHOUSE, Settings, SettingsError
from transforms.hosts import Moments
from warehouse import ObjectStore, Warehouse, WarehouseError, open_warehouse
from warehouse.lake.address import SCHEME, LakeAddress, lake_address


def warehouse_of(settings: Settings) -> Warehouse:
    """The warehouse. Raises SettingsError for an address that is none."""
    try:
        found = warehouse_at(settings, settings.warehouse or str(settings.home))
    except WarehouseError as error:
        raise SettingsError(f"{WAREHOUSE}: {error}") from error
    if found.home.absolute() != settings.home:
        raise SettingsError(f"{WAREHOUSE}: the home is {settings.home}; PAPERLOG_HOME names another one")
    return found


def moments_of(settings: Settings, now: Callable[[], datetime]) -> Moments:
    """The moments of hosts, shared by all machines with the same lake, else by this user's processes on this machine.

    `now` is the time of day on this machine; a lake has its own. Raises PaceError if they cannot be shared so.
    """
    return warehouse_of(settings).moments() or InFiles(settings.pace_folder, now=now)


def warehouse_at(settings: Settings, url: str) -> Warehouse:
    """Another warehouse, with the same object store. Raises WarehouseError for an address that is none."""
    return open_warehouse(url, settings.home, _store_of(settings))


def lake_of(settings: Settings) -> LakeAddress | None:
    """Where the lake is; None where the warehouse is none. Raises WarehouseError for an address that is none."""
    url = settings.warehouse
    return lake_address(url, _store_of(settings)) if url and url.startswith(SCHEME) else None


def _store_of(settings: Settings) -> ObjectStore:
    return ObjectStore(
        host=settings.s3_host,
        is_encrypted=settings.is_s3_encrypted,
        region=settings.s3_region,
        key=settings.s3_key,
        secret=settings.s3_secret,
    )
