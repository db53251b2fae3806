"""Which folders can hold a home."""

from __future__ import annotations

from pathlib import Path

from transforms.errors import PaperlogError


class UnusableHome(PaperlogError):
    """The folder's name cannot hold a database; the message shows it."""

    exit_code = 2


def usable_home(path: Path) -> Path:
    """The folder as an absolute path. Raises UnusableHome for a name that DuckDB cannot take.

    It reads what follows a `?` as options of the file, and takes names as UTF-8 only (seen with 1.5.5).
    """
    absolute = path.expanduser().absolute()
    shown = str(absolute).encode(errors="backslashreplace").decode()
    if "?" in str(absolute):
        raise UnusableHome(f"{shown} cannot be a home: DuckDB opens no file below a folder with `?` in its name")
    if shown != str(absolute):
        raise UnusableHome(f"{shown} cannot be a home: its name is no UTF-8")
    return absolute
