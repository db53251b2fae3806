"""How a long run shows its progress: a bar for a person who watches, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

from flows.logs import LOG, is_json
from flows.pipeline.work import Work
from flows.settings import Settings


class PlainProgress:
    """Progress as numbered lines on standard output."""

    def __init__(self) -> None:
        self._expected = 0
        self._done = 0

    def expect(self, count: int) -> None:
        """Add to the number that is to come."""
        self._expected += count

    def note(self, line: str) -> None:
        """Print the line."""
        self._print(line)

    def done(self, line: str) -> None:
        """Print the line with its number; a page may hold several listings, so there may be more than expected."""
        self._done += 1
        self._print(f"[{self._done}/{max(self._done, self._expected)}] {line}")

    def _print(self, line: str) -> None:
        print(line, flush=True)


class LogProgress(PlainProgress):
    """The same as log lines, which have their time and level."""

    def _print(self, line: str) -> None:
        LOG.info("%s", line)


class NoProgress:
    """Progress that is not shown."""

    def expect(self, count: int) -> None:
        """Show nothing."""

    def note(self, line: str) -> None:
        """Show nothing."""

    def done(self, line: str) -> None:
        """Show nothing."""


class BarProgress:
    """Progress as a bar on standard error."""

    def __init__(self, bar: RichProgress) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=0)

    def expect(self, count: int) -> None:
        """Lengthen the bar."""
        self._bar.update(self._task, total=(self._bar.tasks[0].total or 0) + count)

    def note(self, line: str) -> None:
        """Show the line beside the bar."""
        self._bar.update(self._task, description=escape(line))

    def done(self, line: str) -> None:
        """Advance the bar."""
        self._bar.update(self._task, advance=1, description=escape(line))


@contextmanager
def working(settings: Settings, *, publish: bool = True, quiet: bool = False) -> Iterator[Work]:
    """What a job works with here: it shows its progress as a bar where a person watches, else as plain lines."""
    if not sys.stderr.isatty():
        progress = NoProgress() if quiet else LogProgress() if is_json() else PlainProgress()
        yield Work(settings=settings, progress=progress, publish=publish)
        return
    columns = (
        BarColumn(20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Work(settings=settings, progress=BarProgress(bar), publish=publish)
