"""Run a command and write what it took to a file: `python child_usage.py FILE SECONDS COMMAND…`.

CPU seconds, the peak of its largest process in MB, and the most that all its processes had together (PSS), looked at
every so many seconds; 0 for never. A process of its own and small: Linux counts the memory of whoever starts a process
towards its peak.
"""

from __future__ import annotations

import os
import sys
from glob import glob
from threading import Event, Thread


def main(report: str, seconds: float, command: list[str]) -> int:
    """The command's own exit code."""
    process, ended, together = os.posix_spawn(command[0], command, os.environ), Event(), [0.0]

    def look() -> None:
        while not ended.wait(seconds):
            together.append(sum(map(_pss_mb, _with_children(process))))

    watching = Thread(target=look)
    if seconds:
        watching.start()
    _, status, usage = os.wait4(process, 0)
    ended.set()
    if seconds:
        watching.join()
    with open(report, "w", encoding="utf-8") as file:  # noqa: PTH123 - keeps this process small
        file.write(f"{usage.ru_utime + usage.ru_stime} {usage.ru_maxrss / 1024} {max(together)}")
    return os.waitstatus_to_exitcode(status)


def _with_children(process: int) -> list[int]:
    """The process and all that it started."""
    found = [process]
    for path in glob(f"/proc/{process}/task/*/children"):  # noqa: PTH207
        for child in _lines(path)[:1]:
            found += [each for number in child.split() for each in _with_children(int(number))]
    return found


def _pss_mb(process: int) -> float:
    """What it has of the memory that it shares, and all that it has alone."""
    lines = _lines(f"/proc/{process}/smaps_rollup")
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123
            return file.readlines()
    except OSError:  # it ended
        return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2]), sys.argv[3:]))
