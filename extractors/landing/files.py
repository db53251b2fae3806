"""Writes a file whole or not at all: every reader sees the old content or the new one, also after a power cut."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

# How large a page may be, fetched or adopted: the largest real one has 0.6 MB.
PAGE_BYTES_MAX = 16 * 1024 * 1024


def write_whole(path: Path, data: bytes) -> None:
    """Replace `path` by `data` in one step, its folders made as needed; nothing is left behind on failure."""
    _make_folder(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


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
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
