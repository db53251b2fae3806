"""Makes the search index of a new snapshot from that of the last one, or from nothing where that is not possible."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import duckdb

from warehouse.database.files import cloned, flush, hash_of
from warehouse.errors import SurroundingsError, WarehouseError
from warehouse.home import SEARCH, SNAPSHOT
from warehouse.publish.manifest import Manifest, SearchFile, standing
from warehouse.searchindex.documents import Document, Documents, documents_of
from warehouse.searchindex.files import (
    SUFFIX,
    State,
    index_of,
    missing_fts5,
    opened_to_read,
    snapshot_name,
    state_of,
)
from warehouse.searchindex.index import StaleIndexError, create, engines, erase, update

_log = logging.getLogger(__name__)


def make_search(made: Path, manifest: Manifest, last: Manifest | None, home: Path, target: Path) -> SearchFile | None:
    """Make the index of the snapshot that was `made`, in the file `target`; None where SQLite lacks FTS5.

    `last` is the manifest of the snapshot that stands. Raises SurroundingsError if the file cannot be written; what is
    wrong with the last index is logged, and a new one is made from nothing.
    """
    if trouble := missing_fts5():
        _log.warning("%s: the snapshot that is published cannot be searched", trouble)
        return None
    try:
        with documents_of(made) as now:
            name = snapshot_name(manifest.published_at, manifest.digest)
            count = _derived(now, last, home, target, name) if last and last.search else None
            if count is None:
                target.unlink(missing_ok=True)
                create(target)
                count = update(target, now, lambda _: (), name)
    except sqlite3.Error as error:
        raise SurroundingsError(f"{target} could not be written: {error}") from error
    flush(target)
    return SearchFile(
        name=f"{SEARCH}/{index_of(home / SNAPSHOT, manifest.published_at).name}",
        sha256=hash_of(target),
        papers_count=count,
    )


def _derived(now: Documents, last: Manifest, home: Path, target: Path, name: str) -> int | None:
    """Bring a copy of the last index in line; returns its number of papers, None if it cannot be gone on with."""
    with ThreadPoolExecutor(1) as copier:
        copied = copier.submit(_copied, last, home, target)
        now.buckets()  # the disk works meanwhile
        state = copied.result()
    if state is None:
        return None
    try:
        count = _updated(now, home, target, name)
    except StaleIndexError:  # a publish was killed between snapshot and manifest, or another program changed one
        return None
    except sqlite3.OperationalError:  # the disk
        raise
    except sqlite3.DatabaseError as error:
        _log.warning("the last search index is made again, which takes longer: %s", error)
        return None
    if state.removals != now.removals():
        erase(target)
    return count


def _copied(last: Manifest, home: Path, target: Path) -> State | None:
    """Copy the last index, which is proven first; returns what it says of itself, None if it is of no use."""
    if fault := search_fault(home / SNAPSHOT, last):
        _log.warning("%s: it is made again, which takes longer", fault)
        return None
    path = index_of(home / SNAPSHOT, last.published_at)
    with closing(opened_to_read(path)) as database:
        state = state_of(database)
    if state.engines != engines():
        return None
    cloned(path, target)
    target.chmod(0o644)
    flush(target)
    return state


def _updated(now: Documents, home: Path, target: Path, name: str) -> int:
    """The same; the snapshot that stands is opened only if something has to be taken out of its index."""
    with ExitStack() as stack:
        opened: list[Documents] = []

        def before(keys: Sequence[str]) -> Sequence[Document]:
            try:
                if not opened:
                    opened.append(stack.enter_context(documents_of(home / SNAPSHOT)))
                return opened[0].documents(keys)
            except (duckdb.Error, WarehouseError) as error:
                raise StaleIndexError(str(error)) from error

        return update(target, now, before, name)


def place_search(target: Path, manifest: Manifest, home: Path) -> None:
    """Put the index in its place, beside that of the snapshot that still stands."""
    folder = home / SEARCH
    folder.mkdir(exist_ok=True)
    target.chmod(target.stat().st_mode & 0o444)
    target.replace(index_of(home / SNAPSHOT, manifest.published_at))
    flush(folder)


def remove_others(home: Path, manifest: Manifest, last: Manifest | None) -> None:
    """Delete every index but that of this manifest and the last one; that one too if people took something back."""
    stay = {index_of(home / SNAPSHOT, manifest.published_at)}
    if last is not None and _removals(home, last) == _removals(home, manifest):
        stay.add(index_of(home / SNAPSHOT, last.published_at))
    for path in (home / SEARCH).glob(f"*{SUFFIX}"):
        if path not in stay:
            with suppress(OSError):  # the next publish tries again
                path.unlink()


def _removals(home: Path, manifest: Manifest) -> str | None:
    try:
        with closing(opened_to_read(index_of(home / SNAPSHOT, manifest.published_at))) as database:
            return state_of(database).removals
    except sqlite3.Error:
        return None


def search_index_in(home: Path) -> tuple[Path, ...]:
    """The index of the published snapshot, if there is one."""
    last = standing(home)
    return (home / last.search.name,) if last and last.search and (home / last.search.name).exists() else ()


def search_fault(snapshot: Path, manifest: Manifest) -> str | None:
    """What is wrong with the index of a snapshot, in one sentence; None if nothing is, or none was published."""
    if manifest.search is None:
        return None
    path = index_of(snapshot, manifest.published_at)
    if not path.exists():
        return f"its search index {path.name} is missing"
    if hash_of(path) != manifest.search.sha256:
        return f"its search index {path.name} is not the one that was published"
    return None
