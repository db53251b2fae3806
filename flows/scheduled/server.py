"""A Prefect server of one's own on this machine: its own folder and port, a bounded wait, always stopped."""

from __future__ import annotations

import errno
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from flows.scheduled.children import started, stopped
from transforms.errors import PaperlogError

# A cold start takes 13 to 35 s, and several times that on a busy machine.
START_SECONDS = 180
POLL_SECONDS = 0.3


class ServerError(PaperlogError):
    """The server did not start; the message holds the end of its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """How a server is started: its whole state lies in `folder`."""

    folder: Path
    host: str = "127.0.0.1"
    port: int

    @property
    def address(self) -> str:
        """Where processes of this machine reach it; `/api` is below."""
        host = "127.0.0.1" if self.host == "0.0.0.0" else self.host  # noqa: S104 - compared, not bound
        return f"http://{host}:{self.port}"

    @property
    def api(self) -> str:
        """The address that a process needs as PREFECT_API_URL."""
        return f"{self.address}/api"

    @property
    def variables(self) -> dict[str, str]:
        """The variables of the server and of every process that uses it."""
        return {
            "PREFECT_HOME": str(self.folder.absolute()),
            "PREFECT_API_URL": self.api,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # else it looks up a host of the internet
            "DO_NOT_TRACK": "1",
            # Else the history of runs grows for ever: by default only events are deleted, after a week.
            "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
            # Else `prefect deployment run --watch` shows no log, and so no result.
            "PREFECT_SERVER_LOGS_STREAM_OUT_ENABLED": "true",
            "PREFECT_SERVER_LOGS_STREAM_PUBLISHING_ENABLED": "true",
        }

    @property
    def command(self) -> list[str]:
        """What starts it."""
        # -P keeps the current folder out of the import path: a `requests.py` there would be imported by Prefect.
        start = [sys.executable, "-P", "-m", "prefect", "server", "start"]
        return [*start, "--host", self.host, "--port", str(self.port)]

    def require_free_port(self) -> None:
        """Raise ServerError if another program listens there."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                is_host = error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror)
                host = "this machine has no such address: name one of its own with --host"
                port = "name another one with --port, or set PREFECT_API_URL to use the server that runs there"
                raise ServerError(
                    f"{self.host}:{self.port} cannot be used for the Prefect server: {error.strerror}; "
                    f"{host if is_host else port}"
                ) from error

    def wait_until_healthy(self, has_ended: Callable[[], bool], seconds: float = START_SECONDS) -> None:
        """Return once it answers. ServerError if it ends before that, or does not answer within so many seconds."""
        deadline = time.monotonic() + seconds
        while not is_healthy(self.api):
            if has_ended():
                raise ServerError("the Prefect server stopped at once")
            if time.monotonic() > deadline:
                raise ServerError(f"the Prefect server did not answer within {seconds:.0f} s")
            time.sleep(POLL_SECONDS)


@contextmanager
def local_server(folder: Path, *, wait_seconds: float = START_SECONDS) -> Iterator[dict[str, str]]:
    """Run a server on a free port; gives the variables that make a process use it. Its log is `server.log` there."""
    folder.mkdir(parents=True, exist_ok=True)
    server, log = Server(folder=folder, port=_free_port()), folder / "server.log"
    with running(server.command, log, server.variables) as process:
        try:
            server.wait_until_healthy(lambda: process.poll() is not None, wait_seconds)
        except ServerError as error:
            raise ServerError(f"{error}: {_tail(log)}") from error
        yield server.variables


@contextmanager
def running(command: list[str], log: Path, variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in the background for as long as the block lasts, then stop it with everything it started."""
    with log.open("wb") as output:
        process = started(command, variables, output)
    try:
        yield process
    finally:
        stopped(process)


def is_healthy(api: str) -> bool:
    """Whether the server answers."""
    with requests.Session() as session:
        session.trust_env = False  # a proxy of the environment must not be asked for this machine's own server
        try:
            return session.get(f"{api}/health", timeout=5).ok
        except requests.RequestException:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(lines[-15:])
