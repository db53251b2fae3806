"""Log lines on standard error, with time and level: for people, or as one JSON object a line for programs."""

from __future__ import annotations

import io
import json
import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

from flows.shown import visible

LOG = logging.getLogger("paperlog")
"""What the command line, jobs and services log."""

ROOMS = ("extractors", "warehouse")
"""Know nothing of the command line, and log waits and repairs under their own names."""


def show_logs(*, as_json: bool) -> None:
    """From here on show log lines on standard error; as JSON, every other line written there becomes one too."""
    stream = sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_JsonLines() if as_json else _PlainLines())
    handler.addFilter(Once())
    for logger in (LOG, *heard_rooms()):
        logger.handlers[:] = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False
    if as_json and not isinstance(stream, _Lines):
        sys.stderr = _Lines(stream)


def is_json() -> bool:
    """Whether log lines are JSON in this process."""
    return isinstance(sys.stderr, _Lines)


def heard_rooms() -> list[logging.Logger]:
    """The loggers of the rooms, so set that what they tell of waits and repairs reaches a handler."""
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # the fetcher itself tells why it waits
    loggers = [logging.getLogger(name) for name in ROOMS]
    for each in loggers:
        each.setLevel(logging.INFO)
    return loggers


class Once(logging.Filter):
    """Leaves out a line that is the last one again: several threads wait for the same."""

    def __init__(self) -> None:
        super().__init__()
        self._last = ""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is another one."""
        last, self._last = self._last, record.getMessage()
        return not record.name.startswith(ROOMS) or last != self._last


class _PlainLines(logging.Formatter):
    """`2026-11-26T01:02:03Z INFO up | everything runs`."""

    def format(self, record: logging.LogRecord) -> str:
        """A line; what another program wrote keeps the time and the level that it has there."""
        is_ours = record.name.startswith(LOG.name)
        name = record.name.removeprefix(LOG.name).lstrip(".") if is_ours else record.name.partition(".")[0]
        head = "" if getattr(record, "is_verbatim", False) else f"{_time(record)} {record.levelname} "
        return visible(f"{head}{f'{name} | ' if name else ''}{record.getMessage()}")


class _JsonLines(logging.Formatter):
    """The same as an object with `time`, `level`, `name` and `message`; every character beyond ASCII is escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        facts = {"time": _time(record), "level": record.levelname.lower(), "name": record.name}
        return json.dumps({**facts, "message": record.getMessage()})


class _Lines(io.TextIOBase):
    """Standard error whose lines become log lines: complaints and the reason of a failure are written there."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self._rest = ""

    def writable(self) -> bool:
        """It can be written."""
        return True

    def isatty(self) -> bool:
        """No bar is drawn here."""
        return False

    def write(self, text: str) -> int:
        """Log the lines that are whole."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            if line.strip():
                LOG.error("%s", line)
        return len(text)


def _time(record: logging.LogRecord) -> str:
    return f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%SZ}"
