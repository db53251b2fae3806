"""Run a command and write what it took to a file: `python spent.py FILE COMMAND…`.

A process of its own and small: Linux counts the memory of whoever starts a process towards its peak.
"""

from __future__ import annotations

import os
import sys


def main(report: str, command: list[str]) -> int:
    """The command's own exit code."""
    _, status, usage = os.wait4(os.posix_spawn(command[0], command, os.environ), 0)
    with open(report, "w", encoding="utf-8") as file:  # noqa: PTH123 - keeps this process small
        file.write(f"{usage.ru_utime + usage.ru_stime} {usage.ru_maxrss / 1024}")
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
