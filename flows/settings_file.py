"""The settings file `paperlog.toml`: one setting a line, each as text with the line on which it stands."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from transforms.errors import PaperlogError

NAME = "paperlog.toml"
"""The file that is read from the current folder, unless PAPERLOG_CONFIG names another."""

# A file of this size holds no settings: it was named by mistake.
BYTES_MAX = 1_000_000


class SettingsError(PaperlogError):
    """A setting has a value that cannot be used, or one is missing; the message names it and where it stands."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class FileValue:
    """One setting of the file as text; `line` counts from 1."""

    text: str
    line: int


def read_settings_file(path: Path, keys: Collection[str]) -> Mapping[str, FileValue]:
    """The settings in the file by key. SettingsError names file and line of what cannot be read or is not known."""
    text = _text_of(path)
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # The library's message has the line but may quote a value, which may be a secret: only its place is shown.
        raise SettingsError(f'{path}{_line_in(str(error))}: not TOML; write one `key = "value"` a line') from None
    return {key: _value(path, key, value, _line_of(text, key), keys) for key, value in found.items()}


def closest(word: str, known: Collection[str]) -> str:
    """`; did you mean KEY?`, or nothing where no known word is near."""
    plain = word.lower().replace("-", "_").removeprefix("paperlog_")
    near = difflib.get_close_matches(plain, {each.lower().removeprefix("paperlog_") for each in known}, n=1)
    match = [each for each in known if near and each.lower().removeprefix("paperlog_") == near[0]]
    return f"; did you mean {match[0]}?" if match else ""


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(BYTES_MAX + 1)
    except OSError as error:
        raise SettingsError(f"{path}: the settings file cannot be read: {error.strerror}") from error
    if len(data) > BYTES_MAX:
        raise SettingsError(f"{path}: too large for a settings file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{path}:{line}: not UTF-8; save the file as UTF-8") from None


def _value(path: Path, key: str, value: object, line: int, keys: Collection[str]) -> FileValue:
    where = f"{path}:{line}"
    if key not in keys:
        if isinstance(value, dict):
            raise SettingsError(f"{where}: [{key}] is not known: settings stand at the top, in no table")
        raise SettingsError(f"{where}: {key} is no setting{closest(key, keys)}; there are: {', '.join(keys)}")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise SettingsError(f"{where}: {key} must be a text in quotes or a number")
    return FileValue(text=str(value).strip(), line=line)


def _line_of(text: str, key: str) -> int:
    """The first line that sets the key, plain or in quotes; the parser of the standard library keeps no lines."""
    begins = re.compile(rf"""^\s*(?:\[+\s*)?["']?{re.escape(key)}["']?\s*[=.\]]""")
    return next((number for number, line in enumerate(text.splitlines(), start=1) if begins.match(line)), 1)


def _line_in(message: str) -> str:
    """`:3` from the parser's message; nothing where only the end of the file is wrong."""
    found = re.search(r"\(at line (\d+), column \d+\)", message)
    return f":{found[1]}" if found else ""
