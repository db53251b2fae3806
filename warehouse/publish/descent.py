"""Whether the working file is the one that the published snapshot was made from.

An older copy of it, another home's or an empty one looks whole. What it lacks would vanish from the snapshot with the
next publish, and a new day of as many papers would hide that. Only a replay of every kept page makes up for it.
"""

from __future__ import annotations

from pathlib import Path

from warehouse.database.connection import reading
from warehouse.database.sql import Connection, Statements
from warehouse.errors import WarehouseError
from warehouse.home import MANIFEST, SNAPSHOT, WORKING
from warehouse.publish.manifest import Manifest, standing

WAY_ON = "Bring the right file back, or load every kept page with `paperlog replay`"

_sql = Statements(__package__)


def require_descent(connection: Connection, home: Path) -> None:
    """Raise WarehouseError if the working file does not know the last run of the published snapshot.

    Nothing is refused where there is no manifest, or one that cannot be read: the next publish makes it anew.
    """
    published = standing(home)
    if published is not None and not _knows(connection, published):
        raise WarehouseError(f"{_missing_run(published)}: nothing was written. {WAY_ON}")


def require_no_loss(connection: Connection, made: Manifest, home: Path) -> None:
    """Raise WarehouseError if another file than the published one's has fewer papers, also after a replay."""
    published = standing(home)
    if published is None or _knows(connection, published):
        return
    if made.row_counts["papers"] < published.row_counts["papers"]:
        raise WarehouseError(
            f"{_missing_run(published)}, and it has fewer papers: nothing was published. {WAY_ON}; to publish it all "
            f"the same, move {SNAPSHOT} and {MANIFEST} away first"
        )


def descent(home: Path) -> tuple[str, ...]:
    """What a monitor must know: a sentence if the working file is missing or not the published snapshot's.

    Nothing is written and no lock is taken. A file that is held or broken is passed over: whoever opens it names it.
    """
    published = standing(home)
    if published is None or published.run_id is None:
        return ()
    if not (home / WORKING).exists():
        return (f"{WORKING} is missing, from which {SNAPSHOT} was published. {WAY_ON}",)
    try:
        with reading(home / WORKING) as connection:
            knows = _knows(connection, published)
    except (WarehouseError, OSError):
        return ()
    return () if knows else (f"{_missing_run(published)}. {WAY_ON}",)


def _knows(connection: Connection, published: Manifest) -> bool:
    return published.run_id is None or bool(_sql.column(connection, "read_run", {"run_id": published.run_id}))


def _missing_run(published: Manifest) -> str:
    when = f"{published.published_at:%Y-%m-%d %H:%M} UTC"
    return f"{WORKING} is not the file that {SNAPSHOT} was published from ({when}): it lacks the last run of that"
