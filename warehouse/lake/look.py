"""A look at a lake for whoever keeps it: are its files there, are they its own, and may this role write?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from warehouse.database.connection import connected, literal
from warehouse.database.sql import Statements, rows_as
from warehouse.lake.address import LakeAddress
from warehouse.lake.attached import clearly, prepare, readable, require_files
from warehouse.lake.place.database import Database
from warehouse.lake.place.marker import require_own

_sql = Statements(__package__, "sql/postgres")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was found: whether there is a lake, and what its role lacks in order to write, as statements of SQL."""

    is_made: bool
    role: str
    lacks: tuple[str, ...]


def look_at(address: LakeAddress, home: Path) -> Look:
    """Read one file of the lake, or see that a new one would have a place of its own; nothing is written.

    Raises SurroundingsError where catalog or files cannot be read now, WarehouseError where the files are of another.
    """
    database, lacks = _rights(address, home)
    require_own(address, database)
    if database.is_made:
        with readable(address, home) as connection:
            require_files(connection)
    return Look(is_made=database.is_made, role=database.role, lacks=lacks)


def _rights(address: LakeAddress, home: Path) -> tuple[Database, tuple[str, ...]]:
    """As DuckDB asks PostgreSQL, because who only reads needs no other package."""
    with clearly(), connected(home) as connection:
        prepare(connection, address)
        connection.execute(f"attach {literal(address.conninfo)} as catalog (type postgres, read_only)")
        asked = "select * from postgres_query('catalog', $asked)"
        (database,) = rows_as(connection.execute(asked, {"asked": _sql.text("read_database")}), Database)
        lacks = connection.execute(asked, {"asked": _sql.text("read_missing_rights")}).fetchall()
    return database, tuple(sorted(str(each) for (each,) in lacks))
