"""The interests file: who is told what, how much, on which days, and where it goes. Every mistake names its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final, TypeVar

from extractors.errors import UnknownSource
from extractors.sources import source_named
from flows.digest.channel import ChannelKind
from flows.settings_file import closest
from flows.toml_file import Place, TomlFile, UnreadableFile, read_toml
from transforms.digest.institutions import institution_of
from transforms.digest.people import person_of
from transforms.digest.phrases import phrase_of
from transforms.digest.readers import WEEKDAYS, Channel, DigestReader, Interests
from transforms.errors import PaperlogError

Value = TypeVar("Value")

_EXAMPLE: Final = "interests.example.toml"
_SEE: Final = "`paperlog digest --example` prints a file to begin with"

_INTERESTS_KEYS: Final = (
    "words", "not_words", "authors", "institutions", "categories", "sources", "has_code", "upvotes", "reviewed", "like",
)  # fmt: skip
_READER_KEYS: Final = ("title", *_INTERESTS_KEYS, "days", "at_most", "rises", "versions", "since", "channels")
_CHANNEL_KEYS: Final = ("kind", "name", "to", "secret")

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_NAME_FORM: Final = "up to 41 of a-z, 0-9, - and _, the first a letter or digit"
_VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_OURS: Final = "PAPERLOG_"
_CATEGORY: Final = re.compile(r"[A-Za-z-]+(?:\.(?:[A-Za-z-]+|\*))?")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CHARACTERS_MAX: Final = 300
_NUMBER_MAX: Final = 1_000_000


class InterestsError(PaperlogError):
    """The interests file cannot be used. The message has a line for each mistake, with the file and its line.

    It quotes no address and nothing that may be a secret.
    """

    exit_code = 2


def read_interests(path: Path, kinds: Mapping[str, ChannelKind]) -> tuple[DigestReader, ...]:
    """The readers whom the file describes, in its order; `kinds` are the kinds of channels that there are, by name.

    Raises InterestsError with all mistakes of the file at once.
    """
    try:
        file = read_toml(path, "interests file", _SEE)
    except UnreadableFile as error:
        hint = f"; {_SEE}" if isinstance(error.__cause__, FileNotFoundError) else ""
        raise InterestsError(f"{error}{hint}") from error.__cause__
    mistakes: list[tuple[int, str]] = []
    readers = _readers(_Table(file=file, place=(), values=file.values, mistakes=mistakes), kinds)
    if mistakes:
        raise InterestsError("\n".join(f"{path}:{line}: {said}" for line, said in sorted(mistakes)))
    return readers


def example() -> str:
    """A file to begin with, which explains itself."""
    return files(__package__).joinpath(_EXAMPLE).read_text(encoding="utf-8")


class _Mistake(ValueError):
    """What is wrong with a value, in words that can stand behind its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """One table of the file; what is wrong in it is noted, and read as if it were not there."""

    file: TomlFile
    place: Place
    values: Mapping[str, object]
    mistakes: list[tuple[int, str]] = field(repr=False)

    def note(self, said: str, *place: str | int) -> None:
        """Note a mistake, at a place in the table or at its head."""
        self.mistakes.append((self.file.line_of((*self.place, *place)), said))

    def allow(self, keys: Sequence[str], what: str) -> None:
        """Note every key that is none of these."""
        for key in self.values:
            if key not in keys:
                known = closest(key, keys) or f"; there are: {', '.join(keys)}"
                self.note(f"{_shown(key)} is no key of {what}{known}", key)

    def get(self, key: str, read: Callable[[object], Value], default: Value) -> Value:
        """The value of a key, by a function that raises ValueError with what is wrong with it."""
        if key not in self.values:
            return default
        try:
            return read(self.values[key])
        except ValueError as error:
            self.note(f"{key}: {error}", key)
            return default

    def each(self, key: str, read: Callable[[object], Value]) -> tuple[Value, ...]:
        """The elements of a list, each by such a function, without repeats."""
        values: Sequence[object] = self.get(key, _list, ())
        found: list[Value] = []
        for index, value in enumerate(values):
            try:
                found.append(read(value))
            except ValueError as error:
                self.note(f"{key}: {error}", key, index)
        return tuple(dict.fromkeys(found))

    def tables(self, key: str) -> tuple[_Table, ...]:
        """The tables of a list."""
        values: Sequence[Mapping[str, object]] = self.get(key, _tables, ())
        return tuple(
            _Table(file=self.file, place=(*self.place, key, index), values=each, mistakes=self.mistakes)
            for index, each in enumerate(values)
        )


def _readers(whole: _Table, kinds: Mapping[str, ChannelKind]) -> tuple[DigestReader, ...]:
    whole.allow(("readers",), "the file: readers are tables, as [readers.anna]")
    nobody: Mapping[str, object] = {}
    named = whole.get("readers", _table, nobody)
    if not named and not whole.mistakes:
        whole.note(f"no reader is described; {_SEE}")
    tables: list[_Table] = []
    for name, values in named.items():
        if not isinstance(values, dict):
            whole.note(f"readers.{_shown(name)}: a reader is a table: [readers.anna]", "readers", name)
            continue
        if not _NAME.fullmatch(name):
            whole.note(f"{_shown(name)} cannot be a reader's name, which is {_NAME_FORM}", "readers", name)
        tables.append(_Table(file=whole.file, place=("readers", name), values=values, mistakes=whole.mistakes))
    return tuple(_reader(table, kinds) for table in tables)


def _reader(table: _Table, kinds: Mapping[str, ChannelKind]) -> DigestReader:
    table.allow(_READER_KEYS, "a reader")
    name = str(table.place[-1])
    usual = DigestReader(name=name, title=name)
    return DigestReader(
        name=name,
        title=table.get("title", _line, usual.title),
        interests=_interests(table),
        channels=_channels(table, kinds),
        days=tuple(sorted(table.each("days", _weekday))) or usual.days,
        at_most=table.get("at_most", _number_from(1), usual.at_most),
        rises=table.get("rises", _number_from(0), usual.rises),
        versions=table.get("versions", _switch, usual.versions),
        since_on=table.get("since", _day, usual.since_on),
    )


def _interests(table: _Table) -> Interests:
    return Interests(
        words=table.each("words", _phrase),
        authors=table.each("authors", _author),
        institutions=table.each("institutions", _institution),
        categories=table.each("categories", _category),
        like=table.each("like", _line),
        not_words=table.each("not_words", _phrase),
        sources=table.each("sources", _source),
        has_code=table.get("has_code", _switch, False),
        upvotes=table.get("upvotes", _number_from(0), 0),
        reviewed=table.get("reviewed", _switch, False),
    )


def _channels(reader: _Table, kinds: Mapping[str, ChannelKind]) -> tuple[Channel, ...]:
    channels: dict[str, Channel] = {}
    for table in reader.tables("channels"):
        channel = _channel(table, kinds)
        if channel.name in channels:
            table.note(f"a second channel is named {_shown(channel.name)}: give it another `name`", "name")
        channels.setdefault(channel.name, channel)
    return tuple(channels.values())


def _channel(table: _Table, kinds: Mapping[str, ChannelKind]) -> Channel:
    table.allow(_CHANNEL_KEYS, "a channel")
    named = table.get("kind", _line, "")
    if "kind" not in table.values:
        table.note(f"a channel needs a kind; there are: {', '.join(kinds)}")
    elif named and named not in kinds:
        known = closest(named, kinds) or f"; there are: {', '.join(kinds)}"
        table.note(f"{_shown(named)} is no kind of channel{known}", "kind")
    channel = Channel(
        kind=named,
        name=table.get("name", _name, named),
        to=table.get("to", _line, ""),
        secret=table.get("secret", _variable, ""),
    )
    if kind := kinds.get(named):
        if not (kind.is_to_optional and "to" not in table.values):
            _compare(table, "to", kind.to, f"a channel of kind {kind.name}")
        _compare(table, "secret", kind.secret, f"a channel of kind {kind.name}")
    return channel


def _compare(table: _Table, key: str, meaning: str, what: str) -> None:
    """Note a field that the kind needs and that is missing, and one that it does not have."""
    if meaning and key not in table.values:
        table.note(f"{what} needs `{key}`: {meaning}")
    if not meaning and key in table.values:
        table.note(f"{what} has no `{key}`", key)


def _table(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _Mistake("it must be a table, as [readers.anna]")
    return value


def _tables(value: object) -> Sequence[Mapping[str, object]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise _Mistake("they must be tables, each under [[readers.NAME.channels]]")
    return value


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise _Mistake('it must be a list, as ["one", "two"]')
    if not value:
        raise _Mistake("the list is empty: leave the key out")
    return value


def _line(value: object) -> str:
    """A text of one line, without the blanks around it."""
    if not isinstance(value, str):
        raise _Mistake("it must be a text in quotes")
    text = value.strip()
    if not text:
        raise _Mistake("the text is empty")
    if _CONTROL.search(text):
        raise _Mistake("the text must be one line, without control characters")
    if len(text) > _CHARACTERS_MAX:
        raise _Mistake(f"the text has more than {_CHARACTERS_MAX} characters")
    return text


def _phrase(value: object) -> str:
    return phrase_of(_line(value)).written


def _author(value: object) -> str:
    return person_of(_line(value)).written


def _institution(value: object) -> str:
    return institution_of(_line(value), {}).written


def _category(value: object) -> str:
    text = _line(value)
    if not _CATEGORY.fullmatch(text):
        raise _Mistake(f"{_shown(text)} is no category of arXiv, as cs.CL, or archive, as cs or cs.*")
    return text


def _source(value: object) -> str:
    try:
        return source_named(_line(value)).name
    except UnknownSource as error:
        raise _Mistake(str(error)) from None


def _weekday(value: object) -> int:
    text = _line(value).lower()
    if text not in WEEKDAYS:
        known = closest(text, WEEKDAYS) or f"; there are: {', '.join(WEEKDAYS)}"
        raise _Mistake(f"{_shown(text)} is no day of the week{known}")
    return WEEKDAYS.index(text)


def _name(value: object) -> str:
    text = _line(value)
    if not _NAME.fullmatch(text):
        raise _Mistake(f"{_shown(text)} cannot be a channel's name, which is {_NAME_FORM}")
    return text


def _variable(value: object) -> str:
    """The name of a variable. What is written instead may be the secret itself, and is not quoted."""
    text = _line(value)
    if not _VARIABLE.fullmatch(text):
        raise _Mistake("it must be the name of a variable of the environment, as TEAM_SLACK_URL, and not its value")
    if text.startswith(_OURS):
        raise _Mistake(f"the variable must not begin with {_OURS}, as Paperlog's own settings do")
    return text


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Mistake("it must be true or false")
    return value


def _number_from(least: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _NUMBER_MAX:
            raise _Mistake(f"it must be a whole number from {least} to {_NUMBER_MAX:,}")
        return value

    return read


def _day(value: object) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise _Mistake("it must be a day without quotes, as 2026-11-01")
    return value


def _shown(text: str) -> str:
    """A key or name for a message: short, in quotes, on one line. What may be an address with a secret is not shown."""
    return "a text that is not shown, because it may be secret," if "://" in text or "@" in text else repr(text[:60])
