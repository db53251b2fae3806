"""The base of every error that a person can cause or mend: the command line shows its message, never a traceback."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager


class PaperlogError(Exception):
    """Something that a person can understand and act on; the message says what to do."""


_REMEDIES = {
    errno.EACCES: "give this user the right",
    errno.EPERM: "give this user the right",
    errno.ENOSPC: "make room on that disk",
    errno.EDQUOT: "make room within this user's quota",
    errno.EROFS: "mount that file system for writing, or name another folder",
    errno.EMFILE: "allow more open files (ulimit -n)",
    errno.ENFILE: "allow more open files",
}


def remedy_of(error: OSError) -> str:
    """What helps against a right, a disk or a limit that was in the way; nothing is known to be damaged by it."""
    return _REMEDIES.get(error.errno or 0, "look at that disk")


@contextmanager
def naming(path: object) -> Iterator[None]:
    """Name the file in an OSError of a call that knows only a descriptor: a write, a sync, a lock."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise
