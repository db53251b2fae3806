"""Where the search index of a snapshot is, and whether the file there is the snapshot's own.

A published one bears the time of its snapshot as its name, so that a new one never stands in the place of an old one: a
reader that opened the previous snapshot still finds its index. Beside a kept snapshot it has the snapshot's own name.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from transforms.search.match import Span
from warehouse.database.sql import Statements
from warehouse.home import SEARCH, SNAPSHOT

SUFFIX: Final = ".sqlite"

_sql = Statements(__package__, "sql/index")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What an index says of itself: its row of `state`.

    `engines` is everything that a file must share with the program that goes on with it, `snapshot` the published
    snapshot that it is of, `removals` what people had taken back.
    """

    engines: str
    snapshot: str
    removals: str
    papers_count: int
    span: Span


def stem_of(published_at: datetime) -> str:
    """The name of what belongs to the snapshot of that time."""
    return f"{published_at.astimezone(UTC):%Y%m%dT%H%M%S_%fZ}"


def snapshot_name(published_at: datetime, digest: str) -> str:
    """What an index calls the snapshot that it is of."""
    return f"{stem_of(published_at)} {digest}"


def index_of(snapshot: Path, published_at: datetime) -> Path:
    """Where the index of a snapshot is: of the published one in a folder of its own, of a kept one beside it."""
    if snapshot.name == SNAPSHOT:
        return snapshot.parent / SEARCH / f"{stem_of(published_at)}{SUFFIX}"
    return snapshot.with_suffix(SUFFIX)


def state_of(database: sqlite3.Connection) -> State:
    """What the index says of itself. Raises sqlite3.DatabaseError if it says nothing that can be read."""
    rows = database.execute(_sql.text("read_state")).fetchall()
    try:
        ((engines, snapshot, removals, papers_count, first_day, last_day),) = rows
        span = Span(first=date.fromisoformat(first_day), last=date.fromisoformat(last_day))
    except (ValueError, TypeError) as error:
        raise sqlite3.DatabaseError(f"its state cannot be read: {error}") from error
    return State(engines=engines, snapshot=snapshot, removals=removals, papers_count=papers_count, span=span)


def opened_to_read(path: Path) -> sqlite3.Connection:
    """A published index, which nobody writes any more. Raises sqlite3.DatabaseError if there is no file."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def missing_fts5() -> str | None:
    """Why nothing can be searched with this Python; None if it can."""
    with closing(sqlite3.connect(":memory:")) as database:
        is_known = database.execute(_sql.text("read_fts5")).fetchall()
    return None if is_known else f"SQLite {sqlite3.sqlite_version} of this Python has no FTS5"
