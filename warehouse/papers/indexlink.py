"""A connection to PostgreSQL for the side index, and what the server's errors mean for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple, TypeAlias

from warehouse.database.sql import Statements
from warehouse.errors import WarehouseError
from warehouse.papers.indexrows import IndexDamagedError
from warehouse.papers.indexstore import IndexUnusableError

try:
    import psycopg
    from psycopg import sql
    from psycopg.conninfo import conninfo_to_dict, make_conninfo
except ImportError as error:
    raise WarehouseError("a side index in PostgreSQL needs an extra: pip install 'paperlog[lake]'") from error

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

# A password, a host and the like are the caller's.
_DEFAULTS: Final[dict[str, Any]] = {"connect_timeout": 10, "application_name": "paperlog", "client_encoding": "utf8"}

# Beginnings of the server's codes that say that tables, columns, keys or pages are not what was made. All others, known
# or not, tell of the surroundings: then nothing is deleted.
_DAMAGED: Final = ("23", "3F000", "42703", "42704", "42804", "42883", "42P01", "XX001", "XX002")

_sql = Statements(__package__, "sql/indexserver")


@contextmanager
def told() -> Iterator[None]:
    """Turn the server's errors into ours."""
    try:
        yield
    except psycopg.Error as error:
        said = " ".join(str(error).split())
        if isinstance(error, psycopg.errors.InsufficientPrivilege):
            raise IndexUnusableError(f"this role may not write there: {said}") from error
        if (error.sqlstate or "").startswith(_DAMAGED):
            raise IndexDamagedError(said) from error
        raise IndexUnusableError(said) from error


class _Rights(NamedTuple):
    """What a role may do in a schema, which may be missing yet: as `read_rights.sql` names it."""

    role: str
    database_name: str
    is_made: bool
    may_use: bool
    may_make: bool


class Link:
    """A connection whose statements find their tables in one schema; each commits by itself, but after `begin`."""

    def __init__(self, conninfo: str, schema: str) -> None:
        # Behind a pool of connections, statements that were prepared would be found missing.
        self.connection: Connection = psycopg.connect(
            make_conninfo(**(_DEFAULTS | conninfo_to_dict(conninfo))), autocommit=True, prepare_threshold=None
        )
        self._schema = schema
        self.rows("set_session", schema)
        self._require_use()

    @property
    def is_lost(self) -> bool:
        """Whether nothing more can be said on it."""
        return bool(self.connection.closed)

    def run(self, name: str, *values: object) -> int:
        """Run a statement; returns how many rows it concerned."""
        return int(self.connection.execute(_text(name), values).rowcount)

    def rows(self, name: str, *values: object) -> list[Any]:
        """All rows of a statement."""
        found: list[Any] = self.connection.execute(_text(name), values, binary=True).fetchall()
        return found

    def streamed(self, name: str) -> Iterator[Any]:
        """The rows of a statement as they come; within a transaction."""
        with self.connection.cursor(name=name, binary=True) as cursor:
            cursor.itersize = 5_000
            yield from cursor.execute(_text(name))

    def copy(self, name: str, kinds: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Send rows whose columns have these types."""
        with self.connection.cursor() as cursor, cursor.copy(_text(name)) as copy:
            copy.set_types(kinds)
            for row in rows:
                copy.write_row(row)

    def is_made(self) -> bool:
        """Whether there is the schema. Raises IndexUnusableError unless the role may make in it what is missing."""
        rights = self._rights()
        if not rights.may_make:
            where = f"schema {self._schema}" if rights.is_made else f'database "{rights.database_name}"'
            raise IndexUnusableError(f"the role {rights.role} may not write there: grant create on {where} to it")
        return rights.is_made

    def _require_use(self) -> None:
        """To a role that may not use a schema its tables seem to be missing."""
        rights = self._rights()
        if not rights.may_use:
            raise IndexUnusableError(
                f"the role {rights.role} may not write there: grant usage and create on schema {self._schema} to it, "
                "and all on the tables there"
            )

    def _rights(self) -> _Rights:
        (row,) = self.rows("read_rights", self._schema)
        return _Rights(*row)

    def make_schema(self) -> None:
        """Make the schema."""
        named = sql.SQL(_sql.text("create_schema")).format(schema=sql.Identifier(self._schema))  # type: ignore[arg-type,unused-ignore]
        self.connection.execute(named)


def _text(name: str) -> bytes:
    return _sql.text(name).encode()
