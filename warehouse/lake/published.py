"""The published states of a lake: snapshots that are pinned by a row, and so kept from expiry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from warehouse.database.sql import Connection, Statements

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """One published state: the number of its snapshot in the catalog."""

    snapshot_id: int
    published_at: datetime
    is_kept: bool


def pin(connection: Connection, published_at: datetime, keep_days: int) -> int:
    """Pin the state that was committed last; returns the number of its snapshot.

    Earlier ones go, but for the last of each of the `keep_days` latest days; 0 keeps none and lets go no kept one.
    """
    (snapshot_id,) = _sql.column(connection, "read_snapshot")
    values = {"snapshot_id": snapshot_id, "published_at": published_at, "is_kept": keep_days > 0}
    _sql.run(connection, "insert_published", values)
    _sql.run(connection, "delete_published", {"newest": snapshot_id, "days": keep_days})
    return int(snapshot_id)


def unpin(connection: Connection) -> None:
    """Let every published state go."""
    _sql.run(connection, "delete_all_published")


def pinned(connection: Connection) -> list[Pinned]:
    """All that are pinned, oldest first; none in a lake that was only now made."""
    if "published" not in _sql.column(connection, "read_lake_tables"):
        return []
    return _sql.records(connection, "read_published", Pinned)
