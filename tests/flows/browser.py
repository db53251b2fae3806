"""A headless browser without a way out: what it made of a page, what it said, and what the page asked for.

A browser asks for things of its own (its time, its maker's lists); its network log tells who asked for what.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ADDRESS = "http://report.test/"
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One visit: the document after loading, console lines, and the addresses that the page asked for in order."""

    document: str
    console: tuple[str, ...]
    requests: tuple[str, ...]


def visited(page: bytes, folder: Path) -> Seen:
    """Open a page in a fresh browser."""
    assert CHROMIUM is not None
    with _serving(page) as proxy:
        done = subprocess.run(
            [
                CHROMIUM,
                *QUIET,
                f"--user-data-dir={folder / 'profile'}",
                f"--proxy-server={proxy}",
                "--proxy-bypass-list=<-loopback>",
                f"--log-net-log={folder / 'network.json'}",
                "--enable-logging=stderr",
                "--v=0",
                "--virtual-time-budget=3000",
                "--dump-dom",
                ADDRESS,
            ],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=90,
            check=True,
        )
    console = tuple(line for line in done.stderr.splitlines() if "CONSOLE" in line)
    return Seen(document=done.stdout, console=console, requests=_asked_for(folder / "network.json"))


@contextmanager
def _serving(page: bytes) -> Iterator[str]:
    """A proxy that knows one page and refuses everything else, so that nothing leaves this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = page if self.path == ADDRESS else b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
            """Say nothing: the network log tells it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


def _asked_for(log: Path) -> tuple[str, ...]:
    events = (each.get("params", {}) for each in json.loads(log.read_text(encoding="utf-8"))["events"])
    return tuple(each["url"] for each in events if each.get("initiator") == ADDRESS.rstrip("/") and "url" in each)
