"""How the command line answers: tables for a terminal, plain lines for a pipe, JSON for programs."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from warehouse import Table

if TYPE_CHECKING:
    from rich.table import Table as Grid


def show(table: Table, *, as_json: bool, title: str | None = None) -> None:
    """An answer: JSON objects, a table for a terminal, or tab-separated lines with a header."""
    if as_json:
        print_json([dict(zip(table.columns, row, strict=True)) for row in table.rows])
    elif sys.stdout.isatty():
        from rich.console import Console  # noqa: PLC0415 - a pipe does not wait for it

        Console().print(grid(table, title))
    else:
        print("\t".join(table.columns))
        for row in table.rows:
            print("\t".join(" ".join(text(value).split()) for value in row))


def grid(table: Table, title: str | None = None) -> Grid:
    """An answer as a table for people. Text from pages is shown as it is, never read as markup."""
    from rich.markup import escape  # noqa: PLC0415 - only a terminal needs it
    from rich.table import Table as Grid  # noqa: PLC0415

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
