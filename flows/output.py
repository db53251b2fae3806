"""How the command line speaks: tables and progress for a terminal, plain lines for a pipe, JSON for programs."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal

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
from rich.table import Table as Grid

from flows.report import Progress as Told
from warehouse import Table


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


def show(table: Table, *, as_json: bool, title: str | None = None) -> None:
    """An answer: JSON objects, a table for a terminal, or tab-separated lines with a header."""
    if as_json:
        print_json([dict(zip(table.columns, row, strict=True)) for row in table.rows])
    elif sys.stdout.isatty():
        Console().print(grid(table, title))
    else:
        print("\t".join(table.columns))
        for row in table.rows:
            print("\t".join(" ".join(text(value).split()) for value in row))


def grid(table: Table, title: str | None = None) -> Grid:
    """An answer as a table for people. Text from pages is shown as it is, never read as markup."""
    drawn = Grid(title=title, title_justify="left")
    for index, column in enumerate(table.columns):
        is_number = bool(table.rows) and all(isinstance(row[index], int | float | Decimal | None) for row in table.rows)
        drawn.add_column(escape(column), justify="right" if is_number else "left", overflow="fold")
    for row in table.rows:
        drawn.add_row(*(escape(text(value)) for value in row))
    return drawn


def table_of(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> Table:
    """Dictionaries as a table with the given columns."""
    return Table(columns=tuple(columns), rows=tuple(tuple(row[column] for column in columns) for row in rows))


def text(value: object) -> str:
    """One value for people: NULL is empty, lists and structures are JSON, control characters are dropped."""
    if value is None:
        return ""
    if isinstance(value, list | tuple | dict):
        return json.dumps(jsonable(value), ensure_ascii=False)
    shown = value.isoformat(" ") if isinstance(value, datetime) else str(value)
    return "".join(character for character in shown if character.isprintable() or character in "\n\t")


def jsonable(value: object) -> object:
    """The value in JSON's own words: dates as ISO text, keys as text, and null for a number that JSON cannot hold."""
    if isinstance(value, dict):
        return {str(key): jsonable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    return value if isinstance(value, str | int | None) else str(value)


def print_json(value: object) -> None:
    """The value as indented JSON on standard output."""
    print(json.dumps(jsonable(value), indent=1, ensure_ascii=False))
