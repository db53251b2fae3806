"""Runs the command line again and again, each time in a fork of a process that has imported all of it already.

Started under the library that fails calls; it reads one order a line from standard input, as JSON, and answers each
with the exit code. The library is told by the order's own variables, once the fork is made.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys

from flows.__main__ import main
from tests.support.ready import import_everything


def serve() -> None:
    """Carry out orders until there are no more; the command itself returns from here in its fork."""
    import_everything()
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(order["arguments"], order["environment"], order["folder"], order["said"])
            main()
            return
        _answer(pid)
        _, status = os.waitpid(pid, 0)
        _answer(os.waitstatus_to_exitcode(status))


def _become(arguments: list[str], environment: dict[str, str], folder: str, said: str) -> None:
    """The command in place of this program: its folder, its variables, its output, and a group that can be killed."""
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for descriptor, name in ((0, os.devnull), (1, os.devnull), (2, said)):
        opened = os.open(name, os.O_RDWR | os.O_CREAT, 0o644)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.argv = ["paperlog", *arguments]
    ctypes.CDLL(None).faults_begin()
    os.environ["FAULTS_PARENT"] = str(os.getpid())


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
