"""What DuckDB leaves to others: flush to the disk, keep one file's log from another file."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path

from transforms.errors import naming
from warehouse.database.copyfile import copy
from warehouse.errors import unreadable

_SPILL = ".spill"
_SPILL_SECONDS = 86400


def flush(path: Path) -> None:
    """Return once the file, or what a folder says of its files, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with naming(path):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A place beside `path`, for a file or a folder that comes into its place whole, in one step.

    What is there stays, and nothing is left behind, where the block fails.
    """
    made = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        yield made
        if made.is_file():
            flush(made)
        made.replace(path)
    finally:
        if made.is_dir():
            shutil.rmtree(made, ignore_errors=True)
        else:
            made.unlink(missing_ok=True)
    flush(path.parent)


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, in hex digits. Raises WarehouseError if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise unreadable(path, error) from error


def cloned(source: Path, target: Path) -> None:
    """Copy a file that nobody writes (see copyfile.py); an OSError names the target."""
    with naming(target):
        copy(source, target)


def log_of(path: Path) -> Path:
    """Where DuckDB keeps what was committed to the file at `path` and is not in it yet."""
    return path.with_name(f"{path.name}.wal")


def logs_beside(path: Path) -> tuple[Path, ...]:
    """The logs whose content DuckDB would add to what is in the file: the usual one, and those of a checkpoint."""
    log = log_of(path)
    named = (log, log.with_name(f"{log.name}.checkpoint"), log.with_name(f"{log.name}.recovery"))
    return tuple(each for each in named if _size(each))


def set_logs_aside(path: Path) -> None:
    """Move away the logs of an earlier file of that name: DuckDB would replay them into the next one.

    Nothing is deleted: whoever made one may want it, and a process that still writes into it goes on doing so.
    """
    for log in logs_beside(path):
        with suppress(FileNotFoundError):  # its maker may delete it at any moment
            log.rename(log.with_name(f"{log.name}.{time.time_ns()}.aside"))


def spill_of(folder: Path) -> str:
    """Where DuckDB puts what does not fit into memory: a folder in `folder`, made when it is needed; "" for nowhere.

    Each connection has its own, because DuckDB names the files in it alike. Nowhere is where nothing may be written:
    DuckDB's default, the current folder, is anywhere.
    """
    if not os.access(folder, os.W_OK | os.X_OK):
        return ""
    return str(folder / f"{_SPILL}-{os.getpid()}-{secrets.token_hex(4)}")


def remove_spills(folder: Path) -> None:
    """Remove what killed processes left there: untouched for a day, and of no process of this machine."""
    for left in folder.glob(f"{_SPILL}-*-*"):
        pid = left.name.split("-")[1]
        with suppress(FileNotFoundError):  # its process ended, and took it along
            if not Path("/proc", pid).exists() and time.time() - left.stat().st_mtime > _SPILL_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
