"""Claims on pieces of work, between machines: an advisory lock of PostgreSQL each, held by a connection of its own.

A claim ends with its process, however that ends, and so nobody waits for one that is dead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from warehouse.database.sql import Statements
from warehouse.errors import WarehouseError
from warehouse.lake.address import LakeAddress
from warehouse.lake.extensions import HOW
from warehouse.lake.lock import as_catalog_error

try:
    import psycopg
except ImportError as error:
    raise WarehouseError(f"claims of a lake need the package psycopg: {HOW}") from error

_sql = Statements(__package__, "sql/claims")


@contextmanager
def claimed(address: LakeAddress, work: str) -> Iterator[bool]:
    """Claim a piece of work for the block; whether that worked. SurroundingsError if the server cannot be reached."""
    connection = _connected(address)
    try:
        yield _asked(connection, "try_claim", work)
    finally:
        with suppress(psycopg.Error):
            connection.close()


def is_claimed(address: LakeAddress, work: str) -> bool:
    """Whether somebody has claimed it now. SurroundingsError if the server cannot be reached."""
    with _connected(address) as connection:
        return _asked(connection, "is_claimed", work)


def _connected(address: LakeAddress) -> psycopg.Connection[Any]:
    with as_catalog_error("its catalog cannot be reached"):
        return psycopg.connect(address.conninfo, autocommit=True)


def _asked(connection: psycopg.Connection[Any], name: str, work: str) -> bool:
    with as_catalog_error("its catalog cannot be asked who is at a piece of work"):
        return bool(connection.execute(_sql.text(name).encode(), {"work": work}).fetchone() == (True,))
