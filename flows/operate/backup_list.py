"""What a back-up holds: a list of its files with their hashes, written last, so that a half-made back-up has none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path

import msgspec

from extractors.landing.files import every_path, write_whole
from transforms.errors import PaperlogError

LIST = "backup.json"
LOCK = "backup.lock"
"""Locked while a back-up is made; without a list beside it, one was begun and never ended."""

PIECE_BYTES = 1 << 22


class BackupError(PaperlogError):
    """A back-up cannot be made or restored; what was there before still stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """One file: its path in the home, its path in the back-up, its hash and its size in bytes."""

    path: str
    kept_as: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One back-up.

    `digest` is that of the published snapshot, None where there is no such file. `has_lake` says that the facts are in
    a lake, and so not in the back-up.
    """

    made_at: datetime
    release: str
    published_at: datetime | None
    digest: str | None
    files: tuple[KeptFile, ...]
    has_lake: bool = False

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(each.size for each in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A back-up that was made or restored, and a sentence for each damaged file of the landing, with what to do."""

    backup: Backup
    damaged: tuple[str, ...]


def read_list(folder: Path) -> Backup | None:
    """The list of a back-up; None if the folder is empty, absent, or a back-up was begun there for the first time.

    Raises BackupError for a folder that holds something else.
    """
    try:
        return msgspec.json.decode((folder / LIST).read_bytes(), type=Backup)
    except FileNotFoundError:
        if folder.exists() and any(folder.iterdir()) and not (folder / LOCK).exists():
            raise BackupError(f"{folder} holds something that is no back-up: name an empty or a new folder") from None
        return None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BackupError(f"{folder / LIST} cannot be read: {error}; back up into another folder") from error


def write_list(folder: Path, backup: Backup) -> None:
    """Make the back-up the one that the folder holds, in one step, once everything else is on the disk."""
    os.sync()  # the names of the files too, which no call on a file flushes
    write_whole(folder / LIST, msgspec.json.format(msgspec.json.encode(backup), indent=1) + b"\n")


def copied(source: Path, target: Path) -> tuple[str, int]:
    """Copy a file with its rights, flushed; the hash and the size of what was read. BackupError names both files."""
    digest, size = sha256(), 0
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as reader, target.open("wb") as writer:
            for piece in _pieces(reader.fileno()):
                digest.update(piece)
                size += writer.write(piece)
            writer.flush()
            os.fsync(writer.fileno())
        shutil.copymode(source, target)
    except OSError as error:
        raise BackupError(f"{source} could not be copied to {target}: {error.strerror}") from error
    return digest.hexdigest(), size


def is_whole(path: Path, sha256_expected: str) -> bool:
    """Whether a file is there with that content."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest() == sha256_expected
    except FileNotFoundError:
        return False


@contextmanager
def as_backup_error(folder: Path, consequence: str) -> Iterator[None]:
    """Tell trouble of the disk or of rights as what it is, with the file and what became of the rest."""
    try:
        yield
    except OSError as error:
        raise BackupError(f"{error.filename or folder}: {error.strerror}; {consequence}") from error


def every_file(folder: Path) -> Iterator[Path]:
    """Every file below, also behind links to other disks; hidden ones are being written, and pipes hold nothing.

    Raises OSError for what may not be looked at, BackupError for a link that leads nowhere.
    """
    for path in every_path(folder):
        if path.name.startswith("."):
            continue
        if path.is_file():
            yield path
        elif path.is_symlink():
            raise BackupError(f"{path} is a link that leads nowhere: mount what it leads to")


def _pieces(descriptor: int) -> Iterator[bytes]:
    while piece := os.read(descriptor, PIECE_BYTES):
        yield piece
