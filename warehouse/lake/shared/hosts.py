"""The moments of hosts in the catalog's database, so that all machines together keep the rate of each site.

Times are the server's own: no two machines have a clock in common. A row is locked while one decides and never while
one waits; the lock of a process that was killed ends with its connection, and the server ends that of one which stands
still. While the server cannot be asked, nobody is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, TypeAlias

from transforms.hosts import Closed, Found, Moment, PaceError, closed_between
from warehouse.database.sql import Statements
from warehouse.lake.extensions import HOW

try:
    import psycopg
except ImportError as error:
    raise PaceError(f"sharing the rate of a site through a lake needs the package psycopg: {HOW}") from error

NAME: Final = "paperlog pace"
"""What PostgreSQL shows of these connections."""

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

_sql = Statements(__package__, "sql/hosts")


class InCatalog:
    """The moments of hosts, a row each (see `Moments`). Every trouble is a PaceError.

    Threads share one connection, which is made at first use. If it was cut, all is done again over another one: what
    was not committed was not done, and what was is found by the second look.
    """

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._connection: Connection | None = None
        self._lock = threading.Lock()

    def held(self, host: str, use: Callable[[Moment], Found]) -> Found:
        """As `Moments.held`: the host's row is locked meanwhile."""

        def held_by(connection: Connection) -> Found:
            with connection.transaction():
                ((now, asked_at, paused_until),) = _rows(connection, "hold_host", host=host)
                moment = Moment(now=now, asked_at=asked_at, paused_until=paused_until)
                before = replace(moment)
                found = use(moment)
                if moment != before:
                    times = {"asked_at": moment.asked_at, "paused_until": moment.paused_until}
                    _rows(connection, "update_host", host=host, **times)
            return found

        return self._done(held_by)

    def close(self, host: str, seconds: float) -> None:
        """As `Moments.close`."""
        self._done(lambda connection: _rows(connection, "close_host", host=host, seconds=seconds))

    def closed(self, host: str) -> Closed | None:
        """As `Moments.closed`."""
        for now, said_at, until, statement in self._done(lambda each: _rows(each, "read_closed", host=host)):
            closed = closed_between(said_at, until, f"run in the database of the lake's catalog: {statement}")
            return closed if closed and closed.holds(now) else None
        return None

    def disconnect(self) -> None:
        """Close the connection."""
        with self._lock:
            self._let_go()

    def _done(self, work: Callable[[Connection], Found]) -> Found:
        with self._lock, _told():
            connection = self._connection = self._connection or _connected(self._conninfo)
            try:
                return work(connection)
            except psycopg.Error:
                is_cut = connection.closed
                self._let_go()
                if not is_cut:
                    raise
            self._connection = _connected(self._conninfo)
            return work(self._connection)

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def _connected(conninfo: str) -> Connection:
    """A connection to a database with the table, which is made where it is missing."""
    # Behind a pool of connections, statements that were prepared would be found missing.
    connection = psycopg.connect(
        conninfo, autocommit=True, prepare_threshold=None, application_name=NAME, client_encoding="utf8"
    )
    try:
        _rows(connection, "set_session")
        if _rows(connection, "has_hosts") == [(False,)]:
            with connection.transaction():
                for name in ("lock_schema", "create_schema", "create_hosts"):
                    _rows(connection, name)
    except BaseException:
        connection.close()
        raise
    return connection


def _rows(connection: Connection, name: str, **values: object) -> list[tuple[Any, ...]]:
    cursor = connection.execute(_sql.text(name), values)
    return cursor.fetchall() if cursor.description else []


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        said = " ".join(str(error).split())
        raise PaceError(
            f"the lake: the rate of requests cannot be shared through its catalog, so nothing is asked: {said}; "
            "look at that server, then run the same command again"
        ) from error
