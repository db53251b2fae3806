"""A headless browser cut off from the network: the document it made of a page, its console, and its requests.

A browser also asks for things of its own (the time, lists of its maker); its network log names who asked.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.support.patience import patient
from tests.support.servers import Handler, serving

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
    with serving(_Proxy, page=page) as proxy:
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
            timeout=patient(90),
            check=True,
        )
    console = tuple(line for line in done.stderr.splitlines() if "CONSOLE" in line)
    return Seen(document=done.stdout, console=console, requests=_asked_for(folder / "network.json"))


class _Proxy(Handler):
    """A proxy that knows one page and refuses everything else, so that nothing leaves this machine."""

    page: bytes

    def answer(self) -> None:
        """Answer by the path."""
        if self.path == ADDRESS:
            self.send(200, self.page, Content_Type="text/html")
        else:
            self.send(404)


def _asked_for(log: Path) -> tuple[str, ...]:
    events = (each.get("params", {}) for each in json.loads(log.read_text(encoding="utf-8"))["events"])
    return tuple(each["url"] for each in events if each.get("initiator") == ADDRESS.rstrip("/") and "url" in each)
