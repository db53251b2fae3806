"""Snapshots that are kept: the last one of a day, each with its manifest, so that any day's state can be opened again.

A kept snapshot is a hard link to the published file, and to its search index. Neither is ever written again: it takes
no space until a later publish replaces the original.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warehouse.database.connection import reading
from warehouse.database.sql import Connection, Statements
from warehouse.errors import WarehouseError
from warehouse.home import KEPT, MANIFEST, SNAPSHOT
from warehouse.publish.manifest import Manifest, manifest_of
from warehouse.searchindex.files import SUFFIX, stem_of

KEPT_SUFFIXES = (".duckdb", ".json", SUFFIX)

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One kept snapshot; `path` stays as long as its day is among those kept."""

    path: Path
    manifest: Manifest


def keep(home: Path, manifest: Manifest, days: int) -> None:
    """Keep the snapshot just published, and delete all but the last one of each of the `days` latest days.

    Raises WarehouseError if it cannot be kept; it is published even so.
    """
    folder = home / KEPT
    path = folder / f"{stem_of(manifest.published_at)}.duckdb"
    try:
        folder.mkdir(exist_ok=True)
        _link(home / MANIFEST, path.with_suffix(".json"))
        if manifest.search is not None:
            _link(home / manifest.search.name, path.with_suffix(SUFFIX))
        _link(home / SNAPSHOT, path)
        last_of = {f"{each.manifest.published_at:%Y-%m-%d}": each.path.stem for each in kept(home)}
        stays = {last_of[day] for day in sorted(last_of)[-days:]}
        for stem in sorted({file.stem for file in folder.iterdir() if file.suffix in KEPT_SUFFIXES} - stays):
            discard(folder / f"{stem}.duckdb")
    except (OSError, WarehouseError) as error:
        raise WarehouseError(f"published, but the snapshot could not be kept: {error}") from error


def discard(path: Path) -> None:
    """Delete a kept snapshot, then its manifest and its search index: without the file they are none to anybody."""
    for suffix in KEPT_SUFFIXES:
        path.with_suffix(suffix).unlink(missing_ok=True)


def kept(home: Path) -> tuple[Snapshot, ...]:
    """The kept snapshots, oldest first."""
    found = (
        Snapshot(path=path, manifest=manifest_of(path.with_suffix(".json")))
        for path in kept_files(home)
        if path.with_suffix(".json").exists()
    )
    return tuple(sorted(found, key=lambda snapshot: snapshot.manifest.published_at))


def kept_files(home: Path) -> list[Path]:
    """The files of the kept snapshots by name. Raises OSError for a folder that may not be read."""
    folder = home / KEPT
    return sorted(path for path in folder.iterdir() if path.suffix == ".duckdb") if folder.exists() else []


def as_of(home: Path, moment: datetime | str) -> Snapshot:
    """The newest kept snapshot that holds nothing later than an instant (aware) or a run (its id).

    Raises WarehouseError if none is that old, naming the oldest one, and for an unknown run.
    """
    snapshots = kept(home)
    if isinstance(moment, datetime):
        found = [each for each in snapshots if each.manifest.published_at <= moment]
    else:
        with reading(home / SNAPSHOT) as connection:
            runs = runs_until(connection, moment)
        found = [each for each in snapshots if each.manifest.run_id is None or each.manifest.run_id in runs]
    if not found:
        raise none_so_old("snapshot", moment, [each.manifest.published_at for each in snapshots])
    return found[-1]


def none_so_old(what: str, moment: datetime | str, kept_at: Sequence[datetime]) -> WarehouseError:
    """That nothing kept is as old as a moment; `kept_at` are the times of what is kept, oldest first."""
    oldest = (
        f"the oldest is of {kept_at[0]:%Y-%m-%d %H:%M} UTC"
        if kept_at
        else "there is none, and PAPERLOG_KEEP_SNAPSHOTS says for how many days one is kept"
    )
    return WarehouseError(f"no kept {what} is as old as {moment}: {oldest}")


def runs_until(connection: Connection, run_id: str) -> set[str]:
    """That run of the published snapshot and all before it. Raises WarehouseError if there is no such run."""
    runs = set(_sql.column(connection, "read_runs_until", {"run_id": run_id}))
    if not runs:
        raise WarehouseError(f"{run_id} is no run of the published snapshot")
    return runs


def _link(source: Path, target: Path) -> None:
    if target.exists():
        return
    try:
        target.hardlink_to(source)
    except OSError:  # a file system without hard links
        shutil.copy(source, target)  # with its mode: nobody is to write it
