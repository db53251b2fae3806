"""Restores a back-up into an empty home: everything is copied and checked first, then put in its place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from flows.operate.backup_files import READ_AGAIN, damage
from flows.operate.backup_list import LOCK as BACKUP_LOCK
from flows.operate.backup_list import Backup, BackupError, Copied, KeptFile, as_backup_error, copied, read_list
from flows.settings import Settings
from warehouse import LOCK, MANIFEST, SNAPSHOT, EmbeddedWarehouse, proof

RESTORING, RESTORED = ".restoring", ".restored"
"""Folders in the home: what was copied so far, and what was copied and checked as a whole."""


def restore(settings: Settings, folder: Path) -> Copied:
    """Put the back-up in `folder` into the home, which must hold nothing. Killed anywhere, a second call ends it.

    What was damaged in the landing when it was backed up comes back so, and is told. Raises BackupError if the back-up
    is half-made or damaged, or the home holds something; it is then left as it was.
    """
    with as_backup_error(folder, "nothing was restored"):
        backup = read_list(folder) if folder.is_dir() else None
    if backup is None:
        begun = (folder / BACKUP_LOCK).exists()
        why = "holds a half-made back-up: run `paperlog backup` again" if begun else "holds no back-up"
        raise BackupError(f"{folder} {why}")
    home = settings.home
    _require_empty(home)
    with (
        as_backup_error(home, "nothing was restored"),
        EmbeddedWarehouse(home).standing_still("restore", lock_seconds=settings.lock_seconds),
    ):
        _require_empty(home)
        if not (home / RESTORED).exists():
            _copy(backup, folder, home)
        # Readers look for the snapshot, and whoever looks for a manifest has it last.
        for path in sorted(
            (home / RESTORED).iterdir(), key=lambda path: (path.name == MANIFEST, path.name == SNAPSHOT)
        ):
            path.rename(home / path.name)
        (home / RESTORED).rmdir()
    return Copied(backup=backup, damaged=tuple(_damaged(settings, backup)))


def _damaged(settings: Settings, backup: Backup) -> Iterator[str]:
    """What the landing's own names tell: the hashes of the list only say that it is what was backed up."""
    for each in backup.files:
        path = settings.home / each.path
        if path.is_relative_to(settings.landing) and (found := damage(settings.landing, path)):
            yield f"{found}; it was so when it was backed up: {READ_AGAIN}"


def _require_empty(home: Path) -> None:
    own = {LOCK, RESTORING, RESTORED, "lost+found"}
    names = sorted({path.name for path in home.iterdir()} - own) if home.exists() else []
    if names and not (home / RESTORED).exists():
        raise BackupError(
            f"{home} holds {', '.join(names[:5])}: nothing is overwritten; set PAPERLOG_HOME to a new folder"
        )


def _copy(backup: Backup, folder: Path, home: Path) -> None:
    scratch = home / RESTORING
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    try:
        for each in backup.files:
            _copy_checked(folder, each, scratch)
        _require_proven(scratch)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    os.sync()  # the names too, before others are renamed to them
    scratch.rename(home / RESTORED)


def _copy_checked(folder: Path, file: KeptFile, scratch: Path) -> None:
    if ".." in Path(file.path).parts or Path(file.path).is_absolute():
        raise BackupError(f"{folder}: {file.path!r} in its list lies outside the home: nothing was restored")
    if copied(folder / file.kept_as, scratch / file.path) != (file.sha256, file.size):
        raise BackupError(f"{folder / file.kept_as} is damaged: nothing was restored; take another back-up")


def _require_proven(home: Path) -> None:
    if found := proof(home):
        raise BackupError(f"nothing was restored: {found[0]}")
