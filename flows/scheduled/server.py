"""A Prefect server of one's own on this machine: its own folder, a free port, a bounded wait, always stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from flows.settings import inherited
from transforms.errors import PaperlogError

# A cold start takes 13 to 35 s, and several times that on a busy machine.
START_SECONDS = 180
STOP_SECONDS = 15
POLL_SECONDS = 0.3


class ServerError(PaperlogError):
    """The server did not start; the message holds the end of its log."""


@contextmanager
def local_server(folder: Path, *, wait_seconds: float = START_SECONDS) -> Iterator[dict[str, str]]:
    """Run a server whose whole state lies in `folder`; gives the variables that make a process use it."""
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    variables = {
        "PREFECT_HOME": str(folder.absolute()),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # else it looks up a host of the internet
        "DO_NOT_TRACK": "1",
        # Else `prefect deployment run --watch` shows no log, and so no result.
        "PREFECT_SERVER_LOGS_STREAM_OUT_ENABLED": "true",
        "PREFECT_SERVER_LOGS_STREAM_PUBLISHING_ENABLED": "true",
    }
    # -P keeps the current folder out of the import path: a `requests.py` there would be imported by Prefect.
    command = [sys.executable, "-P", "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with running(command, folder / "server.log", variables) as process:
        _wait_until_healthy(process, variables["PREFECT_API_URL"], folder / "server.log", wait_seconds)
        yield variables


@contextmanager
def running(command: list[str], log: Path, variables: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in the background for as long as the block lasts, then stop it with everything it started."""
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=inherited(**variables),
            start_new_session=True,  # one group to stop
        )
    try:
        yield process
    finally:
        _stop(process)


def _wait_until_healthy(process: subprocess.Popen[bytes], api: str, log: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while not _is_healthy(api):
        if process.poll() is not None:
            raise ServerError(f"the Prefect server stopped at once: {_tail(log)}")
        if time.monotonic() > deadline:
            raise ServerError(f"the Prefect server did not answer within {wait_seconds:.0f} s: {_tail(log)}")
        time.sleep(POLL_SECONDS)


def _is_healthy(api: str) -> bool:
    with requests.Session() as session:
        session.trust_env = False  # a proxy of the environment must not be asked for this machine's own server
        try:
            return session.get(f"{api}/health", timeout=5).ok
        except requests.RequestException:
            return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(STOP_SECONDS)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(lines[-15:])
