"""The settings file `paperlog.toml`: one setting a line, each as text with the line on which it stands."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.toml_file import UnreadableFile, read_toml
from transforms.errors import PaperlogError

NAME = "paperlog.toml"
"""The file that is read from the current folder, unless PAPERLOG_CONFIG names another."""


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
    try:
        file = read_toml(path, "settings file", 'write one `key = "value"` a line')
    except UnreadableFile as error:
        raise SettingsError(str(error)) from error.__cause__
    return {key: _value(path, key, value, file.line_of((key,)), keys) for key, value in file.values.items()}


def closest(word: str, known: Collection[str]) -> str:
    """`; did you mean KEY?`, or nothing where no known word is near."""
    plain = word.lower().replace("-", "_").removeprefix("paperlog_")
    near = difflib.get_close_matches(plain, {each.lower().removeprefix("paperlog_") for each in known}, n=1)
    match = [each for each in known if near and each.lower().removeprefix("paperlog_") == near[0]]
    return f"; did you mean {match[0]}?" if match else ""


def _value(path: Path, key: str, value: object, line: int, keys: Collection[str]) -> FileValue:
    where = f"{path}:{line}"
    if key not in keys:
        if isinstance(value, dict):
            raise SettingsError(f"{where}: [{key}] is not known: settings stand at the top, in no table")
        raise SettingsError(f"{where}: {key} is no setting{closest(key, keys)}; there are: {', '.join(keys)}")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise SettingsError(f"{where}: {key} must be a text in quotes or a number")
    return FileValue(text=str(value).strip(), line=line)
