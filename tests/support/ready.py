"""The command line in processes of their own that need not import it: forks of one process a session that did.

Importing is half of what a short command costs, and tests run a thousand of them. A fork is a process like any other:
its own environment, streams, exit code and end. It shares the imports, and the seed of the hashes of texts, which
another session chooses anew. Whatever else a test changes of the start of a process (variables that are not ours,
limits, closed streams) it gets from a start of its own: `commands.program`.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import select
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from functools import cache
from importlib import import_module
from io import FileIO
from pathlib import Path
from threading import Lock

from tests.support.environment import OWN, scrubbed
from tests.support.places import ROOT

LENGTH, NUMBER = struct.Struct("!I"), struct.Struct("!q")
_ORDERING = Lock()
# No command may import it before it is called: it reads its settings while it is imported.
PREFECT = "prefect"


def run_ready(environment: Mapping[str, str], arguments: Sequence[str], seconds: float) -> tuple[int, str, str]:
    """Run the command line to its end: exit code, output, errors. Raises TimeoutExpired after so many seconds."""
    with ExitStack() as stack:
        nothing = stack.enter_context(Path(os.devnull).open("rb"))
        (out, to_out), (err, to_err) = (_pipe(stack) for _ in range(2))
        mine, its = (stack.enter_context(each) for each in socket.socketpair())
        order = json.dumps({"environment": dict(environment), "arguments": [*arguments]}).encode()
        with _ORDERING:
            server = _server()
            ends = [nothing.fileno(), to_out.fileno(), to_err.fileno(), its.fileno()]
            socket.send_fds(server, [LENGTH.pack(len(order))], ends)
            server.sendall(order)
        for end in (to_out, to_err, its):
            end.close()
        (pid,) = NUMBER.unpack(mine.recv(NUMBER.size, socket.MSG_WAITALL))
        try:
            said = _read((out.fileno(), err.fileno()), seconds)
            mine.settimeout(seconds)
            (code,) = NUMBER.unpack(mine.recv(NUMBER.size, socket.MSG_WAITALL))
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            raise subprocess.TimeoutExpired(["paperlog", *arguments], seconds) from None
    return code, *(each.decode().replace("\r\n", "\n").replace("\r", "\n") for each in said)


def is_ready_for(environment: Mapping[str, str]) -> bool:
    """Whether a process with these variables is one of ours with others of Paperlog's and Prefect's."""
    return _others(environment) == _variables()


def _others(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that a Python may read while it starts; pytest sets its own anew for each test."""
    return {name: value for name, value in environment.items() if not name.startswith((*OWN, "PYTEST_"))}


@cache
def _variables() -> dict[str, str]:
    return _others(scrubbed())


@cache
def _server() -> socket.socket:
    """The process that forks; it ends when nobody holds the other end of its socket."""
    mine, its = socket.socketpair()
    with its:
        command = [sys.executable, "-m", __name__, str(its.fileno())]
        # One thread, so that no other holds a lock while it forks: DuckDB starts its own while it is imported.
        variables = {**_variables(), "SLURM_CPUS_ON_NODE": "1"}
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=variables,
            pass_fds=[its.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,  # what Python makes of its streams depends on their kind
            stderr=subprocess.PIPE,
        )
    atexit.register(_end, mine, process)
    return mine


def _end(server: socket.socket, process: subprocess.Popen[bytes]) -> None:
    server.close()
    process.wait()


def _pipe(stack: ExitStack) -> tuple[FileIO, FileIO]:
    """Both ends as files, which close only once: a number that was closed may be another thread's already."""
    reading, writing = os.pipe()
    return stack.enter_context(FileIO(reading, "rb")), stack.enter_context(FileIO(writing, "wb"))


def _read(descriptors: Sequence[int], seconds: float) -> list[bytes]:
    """What comes out of pipes until all are closed. Raises TimeoutError."""
    said = dict.fromkeys(descriptors, b"")
    left, deadline = set(descriptors), time.monotonic() + seconds
    while left:
        ready, _, _ = select.select(list(left), [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        for descriptor in ready:
            part = os.read(descriptor, 1 << 16)
            said[descriptor] += part
            if not part:
                left.remove(descriptor)
    return list(said.values())


def _serve(server: socket.socket) -> list[str]:
    """Fork for every order, and tell how each fork ended. Returns in a fork only, with its arguments."""
    ends: dict[int, tuple[int, socket.socket]] = {}
    while True:
        ready, _, _ = select.select([server.fileno(), *ends], [], [])
        for ended in ends.keys() & ready:
            pid, told = ends.pop(ended)
            os.close(ended)
            with told, suppress(OSError):  # whoever asked may be gone
                told.sendall(NUMBER.pack(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))
        if server.fileno() not in ready:
            continue
        head, descriptors, _, _ = socket.recv_fds(server, LENGTH.size, 4)
        if not head:
            os._exit(0)
        (length,) = LENGTH.unpack(head)
        order = json.loads(server.recv(length, socket.MSG_WAITALL))
        told = socket.socket(fileno=descriptors.pop())
        pid = os.fork()
        if not pid:
            for each in (server, told, *(other for _, other in ends.values())):
                each.close()
            for other in ends:
                os.close(other)
            _become(order["environment"], descriptors)
            return list(order["arguments"])
        for descriptor in descriptors:
            os.close(descriptor)
        told.sendall(NUMBER.pack(pid))
        ends[os.pidfd_open(pid)] = pid, told


def _become(environment: Mapping[str, str], streams: Sequence[int]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)


def import_everything() -> None:
    """What the commands import, so that a fork of this process has it. Raises AssertionError if forks would differ.

    The variable SLURM_CPUS_ON_NODE must say one, by which DuckDB begins no thread; a fork may have another one.
    """
    from flows.__main__ import COMMANDS  # noqa: PLC0415 - whoever only asks for a fork needs it not

    for module in sorted(set(COMMANDS.values())):
        import_module(module)
    del sys.modules["flows.__main__"]  # each fork runs it
    if PREFECT in sys.modules or len([*Path("/proc/self/task").iterdir()]) > 1:
        raise AssertionError("importing the commands read settings or began threads: a fork would differ from a start")
    gc.freeze()


if __name__ == "__main__":
    import_everything()
    sys.argv = ["paperlog", *_serve(socket.socket(fileno=int(sys.argv[1])))]
    # Last of all, so that Python ends as after any start: exit codes, tracebacks, streams.
    runpy.run_module("flows", run_name="__main__", alter_sys=True)
