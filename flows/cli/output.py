"""How the command line answers: tables for a terminal, plain lines for a pipe, JSON for programs."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from warehouse import Manifest, Table

if TYPE_CHECKING:  # reading commands have no result of a job
    from flows.pipeline.outcome import JobResult


def show(table: Table, *, as_json: bool) -> None:
    """An answer: JSON objects, a table for a terminal, or tab-separated lines with a header."""
    if as_json:
        print_json(table.dicts)
    elif sys.stdout.isatty():
        print_grid(table)
    else:
        print("\t".join(table.columns))
        for row in table.rows:
            print("\t".join(" ".join(text(value).split()) for value in row))


def answer(value: object, lines: str, *, as_json: bool) -> None:
    """An answer that is no table: the value as JSON for programs, else the lines."""
    if as_json:
        print_json(value)
    else:
        print(lines)


def print_grid(table: Table) -> None:
    """An answer as a table for people. Text from pages is shown as it is, never read as markup."""
    # Rich takes a tenth of a second, for which a pipe need not wait.
    from rich.console import Console  # noqa: PLC0415
    from rich.markup import escape  # noqa: PLC0415
    from rich.table import Table as Grid  # noqa: PLC0415

    grid = Grid()
    for index, column in enumerate(table.columns):
        is_number = bool(table.rows) and all(isinstance(row[index], int | float | Decimal | None) for row in table.rows)
        grid.add_column(escape(column), justify="right" if is_number else "left", overflow="fold")
    for row in table.rows:
        grid.add_row(*(escape(text(value)) for value in row))
    Console().print(grid)


def print_result(result: JobResult) -> None:
    """What a job did: complaints on standard error, then the job in one line."""
    for line in result.complaints():
        click.echo(line, err=True)
    click.echo(result.summary)


def manifest_line(manifest: Manifest) -> str:
    """A snapshot in one line."""
    counts = ", ".join(f"{count:,} {name}" for name, count in manifest.row_counts.items())
    return f"published {manifest.published_at:%Y-%m-%d %H:%M:%S} UTC: {counts}; digest {manifest.digest}"


def table_of(rows: Sequence[Mapping[str, object]]) -> Table:
    """Rows of the same columns as a table."""
    return Table(columns=tuple(rows[0]) if rows else (), rows=tuple(tuple(row.values()) for row in rows))


def text(value: object) -> str:
    """One value for people: NULL is empty, lists and structures are JSON, control characters are dropped."""
    if value is None:
        return ""
    if isinstance(value, list | tuple | dict):
        return json.dumps(jsonable(value), ensure_ascii=False)
    shown = value.isoformat(" ") if isinstance(value, datetime) else str(value)
    # Control characters of a page could move the cursor or change the title of a terminal.
    return "".join(character for character in shown if character.isprintable() or character in "\n\t")


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
    print(json.dumps(jsonable(value), indent=1, ensure_ascii=False))
