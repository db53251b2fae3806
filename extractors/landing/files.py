"""Writes a file whole or not at all: whoever looks sees the old state or the new one, also after a power cut."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

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
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
