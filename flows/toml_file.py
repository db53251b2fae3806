"""A TOML file that people write: what it holds, and on which line each key and each element of a list stands.

`tomllib` keeps no lines, so they are found here by one walk over a text that is known to be TOML.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from transforms.errors import PaperlogError

Place = tuple[str | int, ...]
"""Where something stands: keys, and places in lists from 0."""

# A file of this size holds no settings: it was named by mistake.
BYTES_MAX: Final = 1_000_000

_SKIPPED: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY: Final = re.compile(r"""[ \t]*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)[ \t]*""")
_TEXT: Final = re.compile(
    r'''"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}|\'\'\'(?:[^']|'{1,2}(?!'))*'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*\'''',
    re.DOTALL,
)
_PLAIN: Final = re.compile(r"[^,\]}\n#]*")


class UnreadableFile(PaperlogError):
    """The file cannot be read as TOML; the message names it, with the line, and never quotes a value."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TomlFile:
    """What a file holds. `lines` are those of keys, of tables and of elements of lists, counted from 1."""

    path: Path
    values: Mapping[str, object]
    lines: Mapping[Place, int]

    def line_of(self, place: Place) -> int:
        """The line on which it stands, or that of what it would stand in."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_toml(path: Path, what: str, form: str) -> TomlFile:
    """The file. UnreadableFile says what is wrong with it: `what` names it in words, `form` how it is written."""
    text = _text_of(path, what)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # The library's message has the line but may quote a value, which may be a secret: only its place is shown.
        raise UnreadableFile(f"{path}{_line_in(str(error))}: not TOML; {form}") from None
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        raise UnreadableFile(f"{path}: a number in it is too long; {form}") from None
    except RecursionError:
        raise UnreadableFile(f"{path}: too many brackets within each other") from None
    return TomlFile(path=path, values=values, lines=_Walk(text).lines)


def _text_of(path: Path, what: str) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(BYTES_MAX + 1)
    except OSError as error:
        raise UnreadableFile(f"{path}: the {what} cannot be read: {error.strerror}") from error
    if len(data) > BYTES_MAX:
        raise UnreadableFile(f"{path}: too large to be the {what}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(f"{path}:{line}: not UTF-8; save the file as UTF-8") from None


def _line_in(message: str) -> str:
    """`:3` from the parser's message; nothing where only the end of the file is wrong."""
    found = re.search(r"\(at line (\d+), column \d+\)", message)
    return f":{found[1]}" if found else ""


class _Walk:
    """One walk over a text that is TOML; `lines` has every place that was passed, by its first line."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Place, int] = {}
        self._text = text
        self._at = self._counted = 0
        self._line = 1
        self._elements: dict[Place, int] = {}
        table: Place = ()
        self._skip()
        while self._at < len(text):
            if self._next("[["):
                table = self._opened(self._key(), is_element=True)
                self._at += 2
            elif self._next("["):
                table = self._opened(self._key(), is_element=False)
                self._at += 1
            else:
                self._pair(table)
            self._skip()

    def _opened(self, key: Place, *, is_element: bool) -> Place:
        """The place of a table; a list of tables on the way means its last one."""
        place: Place = ()
        for depth, word in enumerate(key, start=1):
            place = (*place, word)
            self._note(place)
            if is_element and depth == len(key):
                self._elements[place] = self._elements.get(place, -1) + 1
            if place in self._elements:
                place = (*place, self._elements[place])
                self._note(place)
        return place

    def _pair(self, table: Place) -> None:
        place = table
        for word in self._key():
            place = (*place, word)
            self._note(place)
        self._at += 1  # the sign of equality
        self._value(place)

    def _value(self, place: Place) -> None:
        self._skip()
        if self._next("["):
            for index in self._until("]"):
                self._note((*place, index))
                self._value((*place, index))
        elif self._next("{"):
            for _ in self._until("}"):
                self._pair(place)
        elif found := _TEXT.match(self._text, self._at) or _PLAIN.match(self._text, self._at):
            self._at = found.end()

    def _until(self, end: str) -> Iterator[int]:
        """Stop at each element up to the bracket that closes, and step behind it."""
        for index in count():
            self._skip()
            if self._next(end):
                return
            yield index
            self._skip()
            self._next(",")

    def _key(self) -> Place:
        words: list[str] = []
        while found := _KEY.match(self._text, self._at):
            self._at = found.end()
            words.append(_plain(found[1]))
            if not self._next("."):
                break
        return tuple(words)

    def _next(self, sign: str) -> bool:
        """Step over the sign if it comes next."""
        is_next = self._text.startswith(sign, self._at)
        self._at += len(sign) * is_next
        return is_next

    def _skip(self) -> None:
        if found := _SKIPPED.match(self._text, self._at):
            self._at = found.end()

    def _note(self, place: Place) -> None:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        self.lines.setdefault(place, self._line)


def _plain(key: str) -> str:
    """The key without quotation marks; only one in double ones has escapes."""
    if not key.startswith('"'):
        return key.strip("'")
    return str(next(iter(tomllib.loads(f"{key} = 0"))))
