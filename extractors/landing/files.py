"""Writes a file whole or not at all: every reader sees the old content or the new one, also after a power cut."""

from __future__ import annotations

import fnmatch
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from transforms.errors import naming

# How large a page may be, fetched or adopted: the largest real one has 0.6 MB.
PAGE_BYTES_MAX = 16 * 1024 * 1024

OTHER_BYTES = "it has other bytes than were kept; bring it back from a back-up"


def write_whole(path: Path, data: bytes) -> None:
    """Replace `path` by `data` in one step, its folders made as needed; nothing is left behind on failure.

    Who may read it is what the umask says. An OSError names the file.
    """
    _make_folder(path.parent)
    temporary = path.with_name(f".{secrets.token_hex(4)}.tmp")
    try:
        with naming(path), temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def listed(folder: Path, pattern: str) -> list[Path]:
    """The folder's files of that pattern, sorted; none where there is no folder. OSError where it may not be read.

    `glob` gives none there, too, and what is kept would be passed over.
    """
    try:
        names = [path.name for path in folder.iterdir()]
    except FileNotFoundError:
        return []
    return [folder / name for name in sorted(fnmatch.filter(names, pattern))]


def every_path(folder: Path) -> Iterator[Path]:
    """Everything below that is no folder, also behind links to other disks; OSError for what may not be looked at."""

    def refuse(error: OSError) -> None:
        raise error

    if folder.exists():
        for parent, _, names in os.walk(folder, onerror=refuse, followlinks=True):
            yield from (Path(parent, name) for name in names)


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """A name is on disk only once its folder is: syncing the file alone may leave the old name after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with naming(folder):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
