"""Where the files of a landing are: a folder of this machine here, a bucket of an object store in bucket.py.

A file is named by its path below the landing, with `/` between its parts. Two kinds are told apart: bodies of pages
below `pages/`, which are found by what names them, and notes, which are small and found by their folder: readings and
people's decisions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

from extractors.landing.files import listed, write_whole

BODIES = "pages"


class Storage(Protocol):
    """Files that are written whole or not at all. Every trouble is an OSError, FileNotFoundError for what is not there.

    Several processes may write at once, for a bucket also on several machines.
    """

    @property
    def address(self) -> str:
        """The landing, for people."""

    def is_there(self) -> bool:
        """Whether something was ever kept in it, as far as that can be told."""

    def shown(self, name: str) -> str:
        """A file of it, for people."""

    def read(self, name: str) -> bytes:
        """The whole body."""

    def create(self, name: str, data: bytes) -> bool:
        """Write a file unless there is one; whether this call wrote it."""

    def replace(self, name: str, data: bytes) -> None:
        """Write a file, whatever is there."""

    def holds(self, name: str) -> bool:
        """Whether there is such a file."""

    def remove(self, name: str) -> None:
        """Remove a file, if there is one."""

    def folders(self, folder: str) -> list[str]:
        """The names of the folders in a folder of notes, ascending; none where there is no such folder."""

    def notes(self, folder: str) -> list[str]:
        """The names of the notes in a folder, ascending; none where there is no such folder."""

    def contents(self, folder: str, names: Sequence[str]) -> Iterator[tuple[str, bytes | OSError]]:
        """Those notes of a folder, in that order, or why one cannot be read."""

    def index_anew(self) -> tuple[int, tuple[str, ...]]:
        """Find notes that were written and are not found; how many, and the names of those that are gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketAddress:
    """Where a bucket is: `url` as `s3://BUCKET/PATH`, `endpoint` its server (None for Amazon's own), and the key."""

    url: str
    endpoint: str | None = None
    region: str | None = None
    key: str | None = None
    secret: str | None = field(default=None, repr=False)


class Folder:
    """A folder of this machine. What was written survives a power cut."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @property
    def address(self) -> str:
        """The folder's path."""
        return str(self._directory)

    def is_there(self) -> bool:
        """As `Storage.is_there`."""
        return self._directory.exists()

    def shown(self, name: str) -> str:
        """The file's path."""
        return str(self._path(name))

    def read(self, name: str) -> bytes:
        """As `Storage.read`."""
        return self._path(name).read_bytes()

    def create(self, name: str, data: bytes) -> bool:
        """As `Storage.create`."""
        path = self._path(name)
        if path.exists():
            return False
        write_whole(path, data)
        return True

    def replace(self, name: str, data: bytes) -> None:
        """As `Storage.replace`."""
        write_whole(self._path(name), data)

    def holds(self, name: str) -> bool:
        """As `Storage.holds`."""
        return self._path(name).exists()

    def remove(self, name: str) -> None:
        """As `Storage.remove`."""
        self._path(name).unlink(missing_ok=True)

    def folders(self, folder: str) -> list[str]:
        """As `Storage.folders`."""
        return [path.name for path in listed(self._path(folder), "*")]

    def notes(self, folder: str) -> list[str]:
        """As `Storage.notes`."""
        return [path.name for path in listed(self._path(folder), "*.json")]

    def contents(self, folder: str, names: Sequence[str]) -> Iterator[tuple[str, bytes | OSError]]:
        """As `Storage.contents`."""
        for name in names:
            try:
                yield name, self.read(f"{folder}/{name}")
            except OSError as error:
                yield name, error

    def index_anew(self) -> tuple[int, tuple[str, ...]]:
        """As `Storage.index_anew`: a folder is listed each time."""
        return 0, ()

    def _path(self, name: str) -> Path:
        return self._directory / PurePosixPath(name)
