"""Log lines on standard error, with time and level: for people, or as one JSON object a line for programs."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

LOG = logging.getLogger("paperlog")
"""Every line of ours goes through it. It is set up once a process; before that nothing is shown."""


def show_logs(*, as_json: bool) -> None:
    """From here on, show log lines on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines() if as_json else _PlainLines())
    LOG.handlers[:] = [handler]
    LOG.setLevel(logging.INFO)
    LOG.propagate = False


class _PlainLines(logging.Formatter):
    """`2026-11-26T01:02:03Z INFO up | the worker started`."""

    def format(self, record: logging.LogRecord) -> str:
        """A line; what another program wrote keeps the time and the level that it has there."""
        name = record.name.removeprefix(LOG.name).lstrip(".")
        head = "" if getattr(record, "is_verbatim", False) else f"{_time(record)} {record.levelname} "
        return f"{head}{f'{name} | ' if name else ''}{record.getMessage()}"


class _JsonLines(logging.Formatter):
    """The same as an object with `time`, `level`, `name` and `message`; every character beyond ASCII is escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        facts = {"time": _time(record), "level": record.levelname.lower(), "name": record.name}
        return json.dumps({**facts, "message": record.getMessage()})


def _time(record: logging.LogRecord) -> str:
    return f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%SZ}"
