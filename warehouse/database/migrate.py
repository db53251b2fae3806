"""Numbered SQL files, applied once each in one transaction; a file that changed after it was applied is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from warehouse.database.sql import Connection, Statements, append, row_of
from warehouse.errors import WarehouseError

_sql = Statements(__package__)
_migrations = Statements(__package__, "migrations")


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One file; its number stands at the front of its name and orders it."""

    number: int
    name: str
    sha256: str


def schema_version() -> int:
    """Number of the last migration that this code knows."""
    return known_migrations()[-1].number


def known_migrations() -> list[Migration]:
    """The migrations of this release, in order."""
    return [
        Migration(
            number=int(name.split("_", 1)[0]), name=name, sha256=sha256(_migrations.text(name).encode()).hexdigest()
        )
        for name in _migrations.names()
    ]


def migrate(connection: Connection) -> None:
    """Bring the database to `schema_version`. Raises WarehouseError if another release or program made it."""
    applied = _applied(connection)
    known = known_migrations()
    for migration in applied:
        if migration not in known:
            raise WarehouseError(
                f"migration {migration.number:04} ({migration.name}) was applied from another file: this warehouse "
                "belongs to another release of Paperlog; use that release, or rebuild the warehouse from its kept "
                "pages with `paperlog replay --into NEW`, where NEW is an empty directory"
            )
    if pending := known[len(applied) :]:
        _apply(connection, pending)


def _apply(connection: Connection, pending: list[Migration]) -> None:
    connection.begin()
    for migration in pending:
        connection.execute(_migrations.text(migration.name))
    applied_at = datetime.now(UTC)
    rows = [row_of(connection, "ops.migrations", migration, applied_at=applied_at) for migration in pending]
    append(connection, "ops.migrations", rows)
    connection.commit()


def _applied(connection: Connection) -> list[Migration]:
    tables = _sql.column(connection, "read_tables")
    if not tables:
        return []
    if "ops.migrations" not in tables:
        raise WarehouseError("the file holds tables, but not those of Paperlog: another program's database")
    return _sql.records(connection, "read_migrations", Migration)
