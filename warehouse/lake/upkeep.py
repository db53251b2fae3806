"""The upkeep of a lake: many small files become few, states that nobody may open any more go, and so do their files."""

from __future__ import annotations

from datetime import datetime, timedelta

from warehouse.database.sql import Connection, Statements
from warehouse.upkeep import LakeSize, Upkeep

# A file of which more than this share of rows is deleted is written anew.
_DELETED_MOST = 0.5

_sql = Statements(__package__)


def maintain(connection: Connection, now: datetime, grace: timedelta) -> Upkeep:
    """Bring a lake that the connection writes into order; only the lock's holder comes here.

    Each step is a transaction of its own, and the same facts are read after each. Published and kept states stay.
    """
    before = lake_size(connection)
    values = {"before": now - grace}
    _sql.run(connection, "flush_inlined")
    expired = _sql.column(connection, "read_expirable", values)
    if expired:
        _sql.run(connection, "expire_states", {"versions": expired})
    _sql.run(connection, "rewrite_files", {"share": _DELETED_MOST})
    _sql.run(connection, "merge_files")
    _sql.run(connection, "schedule_orphans", values)
    deleted = len(_sql.column(connection, "delete_old_files", values))
    return Upkeep(states_expired=len(expired), files_deleted=deleted, before=before, after=lake_size(connection))


def lake_size(connection: Connection) -> LakeSize:
    """The size of the lake in which the connection is."""
    (found,) = _sql.records(connection, "read_size", LakeSize)
    return found
