"""SQL lives in files: one statement a file, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

SQL = files("warehouse").joinpath("sql")


@cache
def statement(name: str, folder: str = "statements") -> str:
    """The text of `sql/<folder>/<name>.sql`; the name is ours, never a page's."""
    return SQL.joinpath(folder, f"{name}.sql").read_text(encoding="utf-8")


@cache
def names(folder: str) -> tuple[str, ...]:
    """Names of the files in `sql/<folder>`, sorted, without suffix."""
    return tuple(sorted(item.name.removesuffix(".sql") for item in SQL.joinpath(folder).iterdir()))


def literal(path: Path) -> str:
    """A path as SQL text, for the statements that take no parameters (`attach`, `load`)."""
    return "'" + str(path).replace("'", "''") + "'"
