"""How a long run shows its progress: a bar for a person who watches, plain lines elsewhere, one a second at most."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as RichProgress
from rich.table import Column

from flows.cli import output
from flows.logs import LOG, is_json
from flows.pipeline.meter import Meter
from flows.pipeline.work import Progress, Work
from flows.settings import Settings
from flows.shown import in_one_line

SECONDS_BETWEEN_LINES = 1.0


class PlainProgress:
    """Progress as lines on standard output. A line that came too soon after another is left out, but for the last."""

    def __init__(self) -> None:
        self._meter = Meter()
        self._printed_at: float | None = None
        self._held = ""

    def expect(self, count: int) -> None:
        """Add to the number that is to come."""
        self._meter.expect(count)

    def note(self, line: str) -> None:
        """Show the line and how far the run is."""
        self._meter.note()
        self._show(line)

    def done(self, line: str) -> None:
        """Count one more as done; a page may hold several listings, so there may be more than expected."""
        self._meter.done()
        self._show(line)

    def close(self) -> None:
        """Print the last line if it was held back."""
        if self._held:
            output.line(self._held)
        self._held = ""

    def _show(self, line: str) -> None:
        self._held = self._with_count(line)
        now = self._meter.clock()
        if self._printed_at is None or now - self._printed_at >= SECONDS_BETWEEN_LINES:
            self._printed_at = now
            self.close()
            sys.stdout.flush()

    def _with_count(self, line: str) -> str:
        return in_one_line(f"[{self._meter}] {line}" if self._meter.expected else line)


class LogProgress(PlainProgress):
    """The same as log lines, which have their time and level: none is left out of a log."""

    def _show(self, line: str) -> None:
        LOG.info("%s", self._with_count(line))


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
        self._meter = Meter()
        self._task = bar.add_task("", total=None, line="")

    def expect(self, count: int) -> None:
        """Lengthen the bar."""
        self._meter.expect(count)
        self._show("")

    def note(self, line: str) -> None:
        """Show the line beside the bar."""
        self._meter.note()
        self._show(line)

    def done(self, line: str) -> None:
        """Advance the bar."""
        self._meter.done()
        self._show(line)

    def _show(self, line: str) -> None:
        self._bar.update(
            self._task,
            total=self._meter.expected or None,
            completed=self._meter.steps,
            description=str(self._meter),
            line=escape(in_one_line(line)),
        )


@contextmanager
def working(settings: Settings, *, publish: bool = True, quiet: bool = False) -> Iterator[Work]:
    """What a job works with here: it shows its progress as a bar where a person watches, else as plain lines."""
    if sys.stderr.isatty():
        with _bar() as bar, output.rooms_shown_by(_above(bar)):
            yield Work(settings=settings, progress=BarProgress(bar), publish=publish)
        return
    plain = LogProgress() if is_json() else PlainProgress()
    progress: Progress = NoProgress() if quiet else plain
    yield Work(settings=settings, progress=progress, publish=publish)
    plain.close()


def _bar() -> RichProgress:
    line = TextColumn("{task.fields[line]}", table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1))
    columns = (BarColumn(12), TextColumn("{task.description}", table_column=Column(no_wrap=True)), line)
    return RichProgress(*columns, console=Console(stderr=True), transient=True, expand=True)


def _above(bar: RichProgress) -> Callable[[str], None]:
    """Show a line above the bar, where it stays."""
    return lambda line: bar.console.print(escape(line), highlight=False)
