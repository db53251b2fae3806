"""Makes a back-up of a home while it is in use, and brings it up to date later by what is new.

The order is what makes it consistent. First, under the writer's lock, the warehouse, the published snapshot and the
kept ones: nobody writes them meanwhile. Then the landing, without a lock: a page is kept before it is loaded, so that
it holds every page of the warehouse that was copied, and perhaps some more. The ledger of digests and the feeds of
readers are copied while nobody sends.

The warehouse is copied, and not rebuilt by a replay: that would lose the history of runs, and the lock is held only as
long as a copy takes. The side index and the report are left out: the next load or report makes them again.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from flows.home import FEEDS, INTERESTS
from flows.operate.backup_files import Copier, copy_landing
from flows.operate.backup_list import (
    LOCK,
    Backup,
    BackupError,
    Copied,
    KeptFile,
    as_backup_error,
    every_file,
    is_whole,
    read_list,
    write_list,
)
from flows.places.warehouse import warehouse_of
from flows.settings import Settings
from warehouse import (
    KEPT,
    KEPT_SUFFIXES,
    LEDGER,
    MANIFEST,
    SNAPSHOT,
    WORKING,
    EmbeddedWarehouse,
    manifest_of,
    proof,
    search_index_in,
    still_ledger,
)

STATE = "state-"
"""Begins the name of the folder with what changes: a new one each time, and the earlier one stands until the end."""

NOTHING = "nothing was backed up"


def backup(settings: Settings, folder: Path) -> Copied:
    """Copy the home into `folder`, new or with an earlier back-up of the same home; only new pages are copied again.

    Everything that the list names was read back, and the published snapshot holds what its manifest says. Raises
    BackupError otherwise, and WarehouseBusyError if another process writes too long; an earlier back-up then stands.
    A damaged file of the landing holds up nothing: it is told, and a good one of an earlier back-up stays.
    """
    _require_apart(settings.home, folder)
    with as_backup_error(folder, NOTHING):
        before = read_list(folder)
    known = {each.path: each for each in before.files} if before else {}
    copier = Copier(home=settings.home, folder=folder, known=known)
    consequence = f"the back-up of {before.made_at:%Y-%m-%d %H:%M} UTC in {folder} still stands" if before else NOTHING
    with as_backup_error(folder, consequence), _only_one(folder):
        now = datetime.now(UTC)
        state = folder / f"{STATE}{now:%Y%m%dT%H%M%S_%fZ}"
        try:
            files = [*_state(copier, settings.lock_seconds, f"{state.name}/")]
            pages = [*copy_landing(copier, settings.landing)]
            has_lake = warehouse_of(settings).is_shared
            made = _proven(copier, state, now, (*files, *(each for each, _ in pages)), has_lake=has_lake)
            write_list(folder, made)
        except BaseException:
            shutil.rmtree(state, ignore_errors=True)
            raise
        for other in folder.glob(f"{STATE}*"):
            if other != state:
                shutil.rmtree(other)
    return Copied(backup=made, damaged=tuple(said for _, said in pages if said))


def _require_apart(home: Path, folder: Path) -> None:
    if not home.is_dir():
        raise BackupError(f"{home} does not exist: there is nothing to back up")
    one, other = home.resolve(), folder.resolve()
    if one == other or one in other.parents or other in one.parents:
        raise BackupError(f"{folder} and the home {home} lie in each other: name a folder elsewhere")


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"another back-up into {folder} is being made") from None
        yield


def _state(copier: Copier, lock_seconds: float, prefix: str) -> Iterator[KeptFile]:
    """Copy what changes, while nobody writes."""
    home = copier.home
    with EmbeddedWarehouse(home).standing_still("backup", lock_seconds=lock_seconds):
        for path in (
            *sorted(home.glob(f"{WORKING}*")),
            *search_index_in(home),
            home / SNAPSHOT,
            home / MANIFEST,
        ):
            # Beside the working file lies what was committed and is not in it yet; what was set aside is not it.
            if path.is_file() and path.suffix != ".aside":
                yield copier.copy(path, prefix)
        for path in sorted((home / KEPT).glob("*")):
            if path.suffix in KEPT_SUFFIXES:
                yield _kept_snapshot(copier, path, prefix)
    with still_ledger(home, "backup", wait_seconds=lock_seconds):
        for path in (home / LEDGER, home / INTERESTS, *every_file(home / FEEDS)):
            if path.is_file():
                yield copier.copy(path, prefix)


def _kept_snapshot(copier: Copier, source: Path, prefix: str) -> KeptFile:
    """A kept snapshot is never written again: one of an earlier back-up only gets a second name."""
    known = copier.whole(source)
    if known is None or known.size != source.stat().st_size:
        return copier.copy(source, prefix)
    target = copier.folder / f"{prefix}{known.path}"
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(copier.folder / known.kept_as)
    except OSError:  # a file system without hard links
        return copier.copy(source, prefix)
    return replace(known, kept_as=f"{prefix}{known.path}")


def _proven(copier: Copier, state: Path, now: datetime, files: tuple[KeptFile, ...], *, has_lake: bool) -> Backup:
    if not files:
        raise BackupError(f"{copier.home} holds neither pages nor a warehouse: there is nothing to back up")
    for each in files:
        if not is_whole(copier.folder / each.kept_as, each.sha256):
            raise BackupError(f"{copier.folder / each.kept_as} does not read as it was written; look at that disk")
    if faults := proof(state):
        raise BackupError(f"not backed up: {faults[0]}")
    warehouse = EmbeddedWarehouse(state)
    warehouse.require_sound_working_file()
    found = () if has_lake else warehouse.check_descent()  # a file that was published from a lake has none beside it
    if found:
        raise BackupError(f"not backed up: {found[0]}")
    manifest = manifest_of(state / MANIFEST) if (state / SNAPSHOT).exists() else None
    return Backup(
        made_at=now,
        release=version("paperlog"),
        published_at=manifest.published_at if manifest else None,
        digest=manifest.digest if manifest else None,
        files=files,
        has_lake=has_lake,
    )
