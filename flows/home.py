"""Which folders can hold a home."""

from __future__ import annotations

from pathlib import Path

from flows.shown import visible
from transforms.errors import PaperlogError

FEEDS = "feeds"
"""Folder of the readers' feeds."""

INTERESTS = "interests.toml"
"""Who is told what by `digest`, unless a setting names another file."""

REPORT = "report.html"
"""The page of the latest week, where nobody says where to write it."""


class UnusableHome(PaperlogError):
    """The folder's name cannot hold a database; the message shows it."""

    exit_code = 2


def usable_home(path: Path) -> Path:
    """The folder as an absolute path. Raises UnusableHome for a name that DuckDB cannot take.

    It reads what follows a `?` as options of the file, and takes names as UTF-8 only (seen with 1.5.5). A line break or
    another control character would tear the messages and logs apart that name the folder.
    """
    absolute = path.expanduser().absolute()
    name = str(absolute)
    shown = repr(name)[1:-1] if has_control(name) else name
    if "?" in name:
        raise UnusableHome(f"{shown} cannot be a home: DuckDB opens no file below a folder with `?` in its name")
    if name != name.encode(errors="backslashreplace").decode():
        raise UnusableHome(f"{shown} cannot be a home: its name is no UTF-8")
    if has_control(name):
        raise UnusableHome(f"{shown} cannot be a home: there is a control character in its name")
    return absolute


def has_control(name: str) -> bool:
    """Whether a path holds what would tear a message apart, such as a line break, or end the name: NUL."""
    return visible(name) != name or not {"\t", "\n"}.isdisjoint(name)
