"""The writer's lock: one writer at a time, which waits for its turn and never blocks readers."""

from __future__ import annotations

import fcntl
import logging
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from transforms.errors import naming
from warehouse.errors import WarehouseBusyError, WarehouseError

POLL_SECONDS = 0.05

# The text of the lock's file ends so; a greater number is no process.
_PROCESS = re.compile(r", process ([1-9][0-9]{0,8})$")

_log = logging.getLogger(__name__)


@contextmanager
def locked(path: Path, label: str, wait_seconds: float) -> Iterator[None]:
    """Hold the writer's lock on `path`, waiting for it: DuckDB's own lock fails at once, and loaders would starve.

    Raises WarehouseBusyError naming the holder after `wait_seconds`, OSError naming the file for trouble with it, and
    WarehouseError if `path` is no file of its own: what a link leads to would be overwritten.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        raise WarehouseError(f"{path} is a link, and a writer overwrites its lock: move the link away")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    try:
        with naming(path):
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise WarehouseError(f"{path} is no file: move it away")
            _acquire(descriptor, path, wait_seconds)
            os.truncate(descriptor, 0)
            os.write(descriptor, f"{label}, process {os.getpid()}\n".encode())
        try:
            yield
        finally:
            with suppress(OSError):  # on a disk that failed meanwhile the text stays, and the next writer replaces it
                os.truncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: Path, wait_seconds: float) -> None:
    def is_had() -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    wait_for(is_had, lambda: _holder(path), wait_seconds)


def wait_for(
    is_had: Callable[[], bool],
    holder: Callable[[], str],
    wait_seconds: float,
    *,
    lock: str = "the writer's lock",
    does: str = "writing",
    poll_seconds: float = POLL_SECONDS,
) -> None:
    """Try for a lock until it is had; who waits is told once who holds it, and what that one does.

    Raises WarehouseBusyError naming the holder after `wait_seconds`.
    """
    deadline, is_told = time.monotonic() + wait_seconds, False
    while not is_had():
        who = holder()
        if time.monotonic() > deadline:
            raise WarehouseBusyError(f"{who} has been {does} for more than {wait_seconds:.0f} s; try again later")
        if not is_told:
            until = f"{datetime.now(UTC) + timedelta(seconds=wait_seconds):%H:%M:%S}"
            _log.info("waiting for %s, until %s UTC at most; it is held by: %s", lock, until, who)
            is_told = True
        time.sleep(poll_seconds)


def _holder(path: Path) -> str:
    """Who holds the lock, by its text; a killed writer leaves its own there, and another program writes none."""
    text = path.read_text(encoding="utf-8", errors="replace").strip()
    found = _PROCESS.search(text)
    return text if found and _lives(int(found[1])) else "another process"


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is another user's
        return True
    return True
