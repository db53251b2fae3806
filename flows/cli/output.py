"""How the command line answers: tables for a terminal, plain lines for a pipe, JSON for programs."""

from __future__ import annotations

import json
import logging
import math
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING

from flows.logs import Once, heard_rooms
from flows.shown import in_json, in_one_line, visible
from warehouse import Manifest, Table

# On a terminal that is narrower than that no list of rows is of use either.
NARROWEST = 30

# What stands between two ends of lines, and an end that is none.
_LINE = re.compile(r"[^\r\n]+|\r(?!\n)")

if TYPE_CHECKING:  # reading commands have no result of a job, and no table where they print none
    from rich.console import RenderableType

    from flows.pipeline.outcome import JobResult


def line(text: str = "", *, is_error: bool = False) -> None:
    """Lines of text on standard output or standard error, whatever they hold; a terminal gets them wrapped by words.

    What standard error does not take, such as a log on a full disk, is lost: it must not stop the work.
    """
    stream = sys.stderr if is_error else sys.stdout
    lines = visible(text).splitlines() or [""]
    wrapped = [part for each in lines for part in _wrapped(each)] if stream.isatty() else lines
    with suppress(OSError) if is_error else nullcontext():
        print("\n".join(wrapped), file=stream, flush=is_error)


def _on_stderr(text: str) -> None:
    line(f"paperlog: {text}", is_error=True)


class _Rooms(logging.Handler):
    """What the rooms below log, such as a wait: a line each, where `show` puts it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.addFilter(Once())
        self.show: Callable[[str], None] = _on_stderr

    def emit(self, record: logging.LogRecord) -> None:
        """Show the line."""
        self.show(in_one_line(record.getMessage()))


_rooms = _Rooms()


@contextmanager
def rooms_heard() -> Iterator[None]:
    """Show what the rooms log on standard error for as long as the block lasts."""
    loggers = heard_rooms()
    for each in loggers:
        each.addHandler(_rooms)
    try:
        yield
    finally:
        for each in loggers:
            each.removeHandler(_rooms)


@contextmanager
def rooms_shown_by(show: Callable[[str], None]) -> Iterator[None]:
    """The same, but shown otherwise: above a bar, which other lines would tear apart."""
    _rooms.show = show
    try:
        yield
    finally:
        _rooms.show = _on_stderr


def show(table: Table, *, as_json: bool, nothing: str = "") -> None:
    """An answer: JSON objects, a table for a terminal, or tab-separated lines with a header.

    `nothing` is said where there are no rows: in place of a table on a terminal, else on standard error.
    """
    is_terminal = sys.stdout.isatty()
    if nothing and not (as_json or table.rows):
        line(nothing, is_error=not is_terminal)
        if is_terminal:
            return
    if as_json:
        names = unique(table.columns)
        print_json([dict(zip(names, row, strict=True)) for row in table.rows])
    elif is_terminal:
        print_grid(table)
    else:
        print("\t".join(in_one_line(column) for column in table.columns))
        for row in table.rows:
            print("\t".join(in_one_line(text(value)) for value in row))


def document(text: str) -> None:
    """A text in a form of its own, such as BibTeX, on standard output: its lines stay as they are, however long.

    Its writer leaves no control character in it; should one be there all the same, it is shown as an escape.
    """
    print(_LINE.sub(lambda found: visible(found[0]), text), end="")


def paragraph(head: str, *texts: str) -> None:
    """A head, and texts below it, indented and wrapped to the width of the terminal, 80 columns elsewhere."""
    print("\n".join([*_wrapped(in_one_line(head)), *(part for each in texts for part in _wrapped(f"    {each}"))]))


def answer(value: object, lines: str, *, as_json: bool) -> None:
    """An answer that is no table: the value as JSON for programs, else the lines."""
    if as_json:
        print_json(value)
    else:
        line(lines)


def unique(names: Sequence[str]) -> tuple[str, ...]:
    """The names, each once: a second `name` is `name_2`, so that an object keeps every column."""
    found: dict[str, None] = {}
    for name in names:
        candidates = (name if number == 1 else f"{name}_{number}" for number in count(1))
        found[next(each for each in candidates if each not in found and (each == name or each not in names))] = None
    return tuple(found)


def print_grid(table: Table) -> None:
    """An answer as a table for people, or as a list of its rows where it is too wide for the terminal."""
    # Rich takes a tenth of a second, for which a pipe need not wait.
    from rich.console import Console  # noqa: PLC0415

    rows = [[in_one_line(_shown(value)) for value in row] for row in table.rows]
    columns = [in_one_line(each) for each in table.columns]
    if not rows:
        line(f"no rows; columns: {', '.join(columns)}")
        return
    console = Console()
    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    if sum(widths) + 3 * len(widths) + 1 > console.width > NARROWEST:
        _print_rows(columns, rows)
    else:
        console.print(_grid(columns, rows, table))


def _grid(columns: Sequence[str], rows: Sequence[Sequence[str]], table: Table) -> RenderableType:
    """Text from pages is shown as it is, never read as markup."""
    from rich.markup import escape  # noqa: PLC0415 - as above
    from rich.table import Table as Grid  # noqa: PLC0415

    grid = Grid()
    for index, column in enumerate(columns):
        is_number = bool(table.rows) and all(isinstance(row[index], int | float | Decimal | None) for row in table.rows)
        grid.add_column(escape(column), justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        grid.add_row(*map(escape, row))
    return grid


def _print_rows(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Each row as lines of a column's name and its value; what is empty is left out."""
    width = max(map(len, columns))
    for row in rows:
        for name, value in zip(columns, row, strict=True):
            if value:
                print("\n".join(_wrapped(f"{name:<{width}}  {value}", " " * (width + 2))))
        print()


def print_result(result: JobResult, steps: Iterable[str]) -> None:
    """What a job did: complaints and what is left to do on standard error, then the job in one line."""
    for each in (*result.complaints(), *steps):
        line(each, is_error=True)
    line(result.summary)


def manifest_line(manifest: Manifest) -> str:
    """A snapshot in one line."""
    counts = ", ".join(f"{count:,} {name}" for name, count in manifest.row_counts.items())
    return f"published {manifest.published_at:%Y-%m-%d %H:%M:%S} UTC: {counts}; digest {manifest.digest}"


def table_of(rows: Sequence[Mapping[str, object]]) -> Table:
    """Rows of the same columns as a table."""
    return Table(columns=tuple(rows[0]) if rows else (), rows=tuple(tuple(row.values()) for row in rows))


def _shown(value: object) -> str:
    """As `text`, but a time to the second."""
    return text(value.replace(microsecond=0) if isinstance(value, datetime) else value)


def _wrapped(line: str, indent: str = "    ") -> list[str]:
    """The line in parts as wide as the terminal, 80 columns where there is none; words, such as paths, stay whole."""
    width = shutil.get_terminal_size().columns
    if len(line) <= width:
        return [line]
    return textwrap.wrap(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )


def text(value: object) -> str:
    """One value for people: NULL is empty, lists and structures are JSON, control characters are escapes."""
    if value is None:
        return ""
    if isinstance(value, list | tuple | dict):
        return in_json(json.dumps(jsonable(value), ensure_ascii=False))
    return visible(value.isoformat(" ") if isinstance(value, datetime) else str(value))


def jsonable(value: object) -> object:
    """The value as JSON can hold it: dates as ISO text, keys as text, and null for a number that is not finite."""
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
    json_text(json.dumps(jsonable(value), indent=1, ensure_ascii=not _takes_all_characters()))


def json_text(text: str) -> None:
    """Text that is JSON, on standard output: what a terminal must not see stands there as JSON's own escapes."""
    print(in_json(text))


def _takes_all_characters() -> bool:
    return (sys.stdout.encoding or "").lower().startswith("utf")
