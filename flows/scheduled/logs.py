"""What a flow run writes to its log: why it waits, and no traceback where there is a reason."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from prefect import get_run_logger
from prefect.exceptions import FailedRun

from flows.shown import visible
from transforms.errors import PaperlogError

# The rooms that know nothing of Prefect; they log waits and repairs.
ROOMS = ("extractors", "warehouse")


class _ToRun(logging.Handler):
    """Passes lines on to the log of the flow run, from whichever thread they come."""

    def __init__(self) -> None:
        super().__init__()
        self._run = get_run_logger()
        self._last = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Log the line with its level, once where several threads wait for the same."""
        text = visible(record.getMessage())
        if text != self._last:
            self._last = text
            self._run.log(record.levelno, "%s", text)


@contextmanager
def heard() -> Iterator[None]:
    """Have the lines of the rooms in the log of the flow run for as long as the block lasts, and nowhere else."""
    for name in ("prefect.flow_runs", "prefect.task_runs"):
        logging.getLogger(name).addFilter(_without_traceback_of_a_reason)
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # the fetcher itself tells why it waits
    loggers, handler = [logging.getLogger(name) for name in ROOMS], _ToRun()
    before = [(each.handlers, each.level, each.propagate) for each in loggers]
    for each in loggers:
        each.handlers, each.propagate = [handler], False
        each.setLevel(logging.INFO)
    try:
        yield
    finally:
        for each, (handlers, level, propagate) in zip(loggers, before, strict=True):
            each.handlers, each.propagate = handlers, propagate
            each.setLevel(level)


def _without_traceback_of_a_reason(record: logging.LogRecord) -> bool:
    """Prefect logs a traceback of its own calls when a flow or a task fails; the reason is logged anyhow (3.8.8)."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, FailedRun | PaperlogError)
