"""Copy a file; also a program of its own, which flushes the copy (see publish.py for why) and imports only Python."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress


def copy(source: str | os.PathLike[str], target: str | os.PathLike[str], *, is_flushed: bool = False) -> None:
    """Copy a file that nobody writes.

    The kernel copies, in a third of the CPU time; on a file system that can (Btrfs, XFS) the two share their blocks
    until one is changed.
    """
    with open(source, "rb") as reader, open(target, "wb") as writer:  # noqa: PTH123 - keeps the program's start cheap
        left = os.fstat(reader.fileno()).st_size
        with suppress(OSError):  # two file systems, or one that cannot do it, or is full: writing says so
            while left and (done := os.copy_file_range(reader.fileno(), writer.fileno(), left)):
                left -= done
        if left:
            reader.seek(0)
            writer.seek(0)
            shutil.copyfileobj(reader, writer, 1 << 24)
        if is_flushed:
            writer.flush()
            os.fsync(writer.fileno())


if __name__ == "__main__":
    copy(sys.argv[1], sys.argv[2], is_flushed=True)
