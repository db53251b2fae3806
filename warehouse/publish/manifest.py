"""What a snapshot holds: written into it, and as JSON beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from transforms.seal import is_intact, sealed
from warehouse.database.connection import STORAGE_VERSION
from warehouse.database.sql import Connection, Statements
from warehouse.errors import WarehouseError, unreadable
from warehouse.home import MANIFEST

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFile:
    """The search index of a snapshot: where it is in the home, its hash, and how many papers it has."""

    name: str
    sha256: str
    papers_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a snapshot holds.

    `storage_version` is the oldest DuckDB format line that opens the file, `withheld_count` the texts and names that
    are not in the file because people asked for it. `file_sha256` is the hash of the file itself, which therefore
    cannot hold it; None in a manifest that was written before hashes were. `search` is its search index; None where
    none was made.
    """

    published_at: datetime
    run_id: str | None
    schema_version: int
    digest: str
    row_counts: Mapping[str, int]
    storage_version: str = STORAGE_VERSION
    withheld_count: int = 0
    file_sha256: str | None = None
    search: SearchFile | None = None


def last_run_of(connection: Connection) -> str | None:
    """The run that was loaded last; None before the first."""
    return next(iter(_sql.column(connection, "read_last_run")), None)


def encoded(manifest: Manifest) -> bytes:
    """The manifest as it stands beside its snapshot."""
    return sealed(msgspec.json.format(msgspec.json.encode(manifest), indent=2))


def standing(home: Path) -> Manifest | None:
    """The manifest of the published snapshot; None if there is none that can be read."""
    try:
        return manifest_of(home / MANIFEST)
    except WarehouseError:
        return None


def manifest_of(path: Path) -> Manifest:
    """The manifest in a file. Raises WarehouseError naming the file if it is damaged or cannot be read."""
    try:
        data = path.read_bytes()
        manifest = msgspec.json.decode(data, type=Manifest)
    except OSError as error:
        raise unreadable(path, error) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise WarehouseError(f"{path} is no manifest that can be read: {error}") from error
    if not is_intact(data):
        raise WarehouseError(f"{path} is not the manifest that was written: it has other bytes")
    return manifest
