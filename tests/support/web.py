"""`paperlog serve` as a process of its own, and questions to it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests

from tests.support.commands import started
from tests.support.environment import scrubbed
from tests.support.patience import patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A server that runs; `address` is what it printed, `base` the same without a query."""

    address: str
    process: subprocess.Popen[str]

    @property
    def base(self) -> str:
        """`http://127.0.0.1:PORT/`."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}/"

    def get(self, address: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> requests.Response:
        """Ask it for the page at an address, without following a redirect."""
        return requests.request(
            method, self.base + address, headers=headers, timeout=patient(30), allow_redirects=False
        )


@contextmanager
def served(home: Path, *arguments: object, **variables: str) -> Iterator[Served]:
    """Serve a home at a free port for as long as the block lasts; it must end well, and without an error in its log."""
    environment = scrubbed(PAPERLOG_HOME=str(home), **variables)
    process = started(environment, "flows", "serve", "--port", "0", *arguments)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("serving http://"), (line, process.communicate(timeout=patient(30)))
        yield Served(address=line.split()[1], process=process)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=patient(30))
        assert (process.returncode, errors) == (0, "")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
