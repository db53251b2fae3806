"""How a long run tells how far it is: a bar for a person who watches, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from flows.pipeline.steps import Progress as Told


class Plain:
    """Progress as numbered lines on standard output."""

    def __init__(self) -> None:
        self._expected = 0
        self._done = 0

    def expect(self, count: int) -> None:
        """So many more are to come."""
        self._expected += count

    def note(self, line: str) -> None:
        """Something happened that finishes nothing."""
        print(line, flush=True)

    def done(self, line: str) -> None:
        """One is finished; a page may hold several listings, so the count may pass what was expected."""
        self._done += 1
        print(f"[{self._done}/{max(self._done, self._expected)}] {line}", flush=True)


class Bar:
    """Progress as a bar on standard error."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task: TaskID = bar.add_task("", total=0)
        self._expected = 0

    def expect(self, count: int) -> None:
        """So many more are to come."""
        self._expected += count
        self._bar.update(self._task, total=self._expected)

    def note(self, line: str) -> None:
        """Something happened that finishes nothing."""
        self._bar.update(self._task, description=escape(line))

    def done(self, line: str) -> None:
        """One is finished."""
        self._bar.update(self._task, advance=1, description=escape(line))


@contextmanager
def progress() -> Iterator[Told]:
    """A bar where a person watches, else plain lines."""
    if not sys.stderr.isatty():
        yield Plain()
        return
    columns = (
        BarColumn(20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Bar(bar)
