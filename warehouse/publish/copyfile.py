"""Copy a file and flush it to disk; run as a program of its own (see publish.py for why)."""

from __future__ import annotations

import os
import shutil
import sys


def main(source: str, target: str) -> None:
    """Copy `source` to `target`, flushed."""
    with open(source, "rb") as reader, open(target, "wb") as writer:  # noqa: PTH123 - keeps the program's start cheap
        shutil.copyfileobj(reader, writer, 1 << 24)
        writer.flush()
        os.fsync(writer.fileno())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
