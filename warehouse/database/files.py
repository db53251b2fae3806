"""What DuckDB leaves to others: flush to the disk, name the file in an error, keep one file's log from another file."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Name the file in an OSError of a call that knows only a descriptor: a write, a sync, a lock."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def flush(path: Path) -> None:
    """Return once the file, or what a folder says of its files, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with naming(path):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def log_of(path: Path) -> Path:
    """Where DuckDB keeps what was committed to the file at `path` and is not in it yet."""
    return path.with_name(f"{path.name}.wal")


def has_log(path: Path) -> bool:
    """Whether DuckDB would add the content of a log to what is in the file; an empty log adds nothing."""
    try:
        return log_of(path).stat().st_size > 0
    except FileNotFoundError:
        return False


def set_log_aside(path: Path) -> None:
    """Move away a log that belongs to an earlier file of that name: DuckDB would replay it into the next one.

    Nothing is deleted: whoever made it may want it, and a process that still writes into it goes on doing so.
    """
    log = log_of(path)
    if log.exists():
        log.rename(log.with_name(f"{log.name}.{time.time_ns()}.aside"))
        flush(log.parent)
