"""The ledger of digests: what each reader was told on each channel, and which issue is still on its way.

An issue is written down whole before any of it is handed over, and each part is ticked off once its receiver said yes.
So a kill between that yes and the tick is the only way in which a part is handed over twice, then under the same id.
What was told is kept by the records of papers, not only by their keys: it holds in a home that was replayed too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from transforms.digest.news import Look, Told
from transforms.errors import remedy_of
from warehouse.database.files import replacing
from warehouse.database.lock import locked
from warehouse.database.sql import Statements
from warehouse.database.trouble import is_around
from warehouse.errors import SurroundingsError, WarehouseError
from warehouse.home import LEDGER, LEDGER_LOCK

FORMAT: Final = 1
"""Raise it with every change of the tables, and bring older files in line."""

Value = TypeVar("Value")

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """What is known of one channel of a reader.

    `since_on` is the first day that it is told about, `look` what was looked at last, at `looked_at` (UTC); None before
    the first look.
    """

    since_on: date
    looked_at: datetime | None
    look: Look | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSent:
    """When the last issue was made that arrived whole, and whether a later one was made that did not."""

    sent_at: datetime | None = None
    is_overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPart:
    """One part of an issue that is on its way; `payload` is None once it arrived. `tries` counts begun hand-overs."""

    place: int
    part_id: str
    payload: str | None
    tries: int
    is_sent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An issue that is on its way, to the `target` that was configured when it was written."""

    issue_id: str
    target: str
    made_at: datetime
    look: Look
    parts: tuple[StoredPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPart:
    """One part of an issue that is to be written down, with what it tells."""

    part_id: str
    payload: str
    told: tuple[Told, ...]


class Ledger:
    """The opened ledger; one process at a time has it."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def channel(self, reader: str, channel: str, since_on: date) -> ChannelState:
        """What is known of the channel; a new one is told about days from `since_on` on, for ever."""
        with self._database:
            self._run("insert_channel", reader=reader, channel=channel, since_on=since_on.isoformat())
        found = self.known(reader, channel)
        if found is None:
            raise WarehouseError(f"{LEDGER} did not keep channel {channel} of {reader}")
        return found

    def known(self, reader: str, channel: str) -> ChannelState | None:
        """What is known of the channel; None if it is new."""
        rows = self._run("read_channel", reader=reader, channel=channel)
        if not rows:
            return None
        row = rows[0]
        return ChannelState(
            since_on=_read(date.fromisoformat, row["since_on"]),
            looked_at=_instant(row["looked_at"]),
            look=_look(row["look"]),
        )

    def told(self, reader: str, channel: str) -> tuple[Told, ...]:
        """Everything that the reader was told there."""
        return tuple(
            Told(
                what=row["what"],
                record=row["record"],
                paper_key=row["paper_key"],
                upvotes=row["upvotes"],
                told_on=_read(date.fromisoformat, row["told_on"]),
                is_left_out=bool(row["is_left_out"]),
            )
            for row in self._run("read_told", reader=reader, channel=channel)
        )

    def last_sent(self, reader: str, channel: str) -> LastSent:
        """What is known of the last issue."""
        (row,) = self._run("read_last_sent", reader=reader, channel=channel)
        return LastSent(sent_at=_instant(row["sent_at"]), is_overdue=bool(row["is_overdue"]))

    def looked(self, reader: str, channel: str, look: Look, at: datetime) -> None:
        """Write down that there was nothing to tell."""
        with self._database:
            self._write_look(reader, channel, look, at)

    def prepare(
        self,
        issue_id: str,
        reader: str,
        channel: str,
        target: str,
        look: Look,
        made_at: datetime,
        parts: Sequence[NewPart],
        left_out: Sequence[Told] = (),
    ) -> Prepared:
        """Write an issue down, with all that it tells, before any of it is handed over."""
        with self._database:
            self._run("count_issue", reader=reader, channel=channel)
            self._run(
                "insert_issue",
                issue_id=issue_id,
                reader=reader,
                channel=channel,
                target=target,
                made_at=made_at.isoformat(),
                look=msgspec.json.encode(look).decode(),
            )
            for place, part in enumerate(parts):
                self._run("insert_part", issue_id=issue_id, place=place, part_id=part.part_id, payload=part.payload)
                # What there was no room for counts as told once the last part, which says so, arrived.
                rows = [*part.told, *(left_out if place == len(parts) - 1 else ())]
                for each in rows:
                    self._run(
                        "insert_told",
                        reader=reader,
                        channel=channel,
                        issue_id=issue_id,
                        place=place,
                        **_row_of(each),
                    )
        found = self.prepared(reader, channel)
        if found is None:
            raise WarehouseError(f"{LEDGER} did not keep issue {issue_id}")
        return found

    def prepared(self, reader: str, channel: str) -> Prepared | None:
        """The issue that is on its way; None if there is none."""
        rows = self._run("read_prepared", reader=reader, channel=channel)
        if not rows:
            return None
        row = rows[0]
        return Prepared(
            issue_id=row["issue_id"],
            target=row["target"],
            made_at=_read(datetime.fromisoformat, row["made_at"]),
            look=_read(_look_in, row["look"]),
            parts=tuple(
                StoredPart(
                    place=part["place"],
                    part_id=part["part_id"],
                    payload=part["payload"],
                    tries=part["tries"],
                    is_sent=bool(part["is_sent"]),
                )
                for part in self._run("read_parts", issue_id=row["issue_id"])
            ),
        )

    def trying(self, issue_id: str, place: int) -> None:
        """Write down that a part is about to be handed over."""
        with self._database:
            self._run("update_tries", issue_id=issue_id, place=place)

    def arrived(self, issue_id: str, place: int, at: datetime) -> None:
        """Tick off a part: its receiver has it."""
        with self._database:
            self._run("update_sent", issue_id=issue_id, place=place, sent_at=at.isoformat())

    def finish(self, reader: str, channel: str, issue: Prepared) -> None:
        """Write down that the issue arrived whole: what it looked at is what was looked at last."""
        with self._database:
            self._run("update_issue", issue_id=issue.issue_id, state="sent")
            self._write_look(reader, channel, issue.look, issue.made_at)

    def withdraw(self, issue_id: str) -> None:
        """Forget the parts of an issue that certainly did not arrive, and that they told anything."""
        with self._database:
            self._run("delete_unsent_told", issue_id=issue_id)
            self._run("delete_unsent_parts", issue_id=issue_id)
            self._run("update_issue", issue_id=issue_id, state="withdrawn")

    def _write_look(self, reader: str, channel: str, look: Look, at: datetime) -> None:
        text = msgspec.json.encode(look).decode()
        self._run("update_look", reader=reader, channel=channel, look=text, looked_at=at.isoformat())

    def _run(self, name: str, **values: object) -> list[Any]:
        return self._database.execute(_sql.text(name), values).fetchall()


@contextmanager
def opened_ledger(home: Path, label: str, *, wait_seconds: float) -> Iterator[Ledger]:
    """Open the ledger of a home, or make it; whoever has it sends, so others wait.

    Raises WarehouseBusyError after `wait_seconds`, SurroundingsError for a right or the disk, and WarehouseError for a
    file that is damaged: it is never made anew by itself, because everything would be told again.
    """
    path = home / LEDGER
    with locked(home / LEDGER_LOCK, label, wait_seconds), _clearly(path):
        if not path.exists():
            _make(path)
        with closing(sqlite3.connect(path, isolation_level="IMMEDIATE")) as database:
            database.row_factory = sqlite3.Row
            database.execute("pragma synchronous = full")
            database.execute("pragma foreign_keys = on")
            _require_sound(database)
            yield Ledger(database)


@contextmanager
def still_ledger(home: Path, label: str, *, wait_seconds: float) -> Iterator[None]:
    """Nobody sends meanwhile, and the ledger's file, if there is one, is whole. Raises as `opened_ledger`."""
    if (home / LEDGER).exists():
        with opened_ledger(home, label, wait_seconds=wait_seconds):
            yield
    else:
        yield


@contextmanager
def ledger_to_read(home: Path) -> Iterator[Ledger | None]:
    """The ledger as it is, which nothing changes; None if nobody was told anything yet. Raises as `opened_ledger`."""
    path = home / LEDGER
    if not path.exists():
        yield None
        return
    with _clearly(path), closing(sqlite3.connect(":memory:", isolation_level="IMMEDIATE")) as copy:
        # A copy, because the rights or the disk may allow no lock beside it.
        with closing(_to_read(path)) as database:
            database.backup(copy)
        copy.row_factory = sqlite3.Row
        _require_sound(copy)
        yield Ledger(copy)


def copy_ledger(source: Path, target: Path) -> bool:
    """Copy a home's ledger as it is at one moment; False if there is none. Raises as `opened_ledger`."""
    path = source / LEDGER
    if not path.exists():
        return False
    with (
        replacing(target) as made,
        _clearly(path),
        closing(_to_read(path)) as database,
        closing(sqlite3.connect(made)) as copy,
    ):
        database.backup(copy)
    return True


def _make(path: Path) -> None:
    """Make the file whole, beside its place: one that is empty there was damaged, and not begun."""
    with replacing(path) as made, closing(sqlite3.connect(made)) as database:
        database.executescript(_sql.text("create_tables"))
        database.execute(f"pragma user_version = {FORMAT}")
        database.commit()


def _require_sound(database: sqlite3.Connection) -> None:
    ((said,),) = database.execute("pragma integrity_check(1)").fetchall()
    if said != "ok":
        raise sqlite3.DatabaseError(said.splitlines()[0])
    ((version,),) = database.execute("pragma user_version").fetchall()
    if version > FORMAT:
        raise WarehouseError(f"{LEDGER} has format {version}: a newer release wrote it; use that one")
    if version != FORMAT:
        raise sqlite3.DatabaseError("it is empty")


@contextmanager
def _clearly(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if is_around(error):
            raise SurroundingsError(f"{path} cannot be used now: {error}; look at rights, room and disk") from error
        raise WarehouseError(
            f"{path} is damaged ({error}): restore it from a back-up; without it everything would be told again, so "
            "nothing is sent meanwhile"
        ) from error
    except OSError as error:
        if error.filename != str(path):
            raise
        raise SurroundingsError(f"{path}: {error.strerror}; {remedy_of(error)}") from error


def _to_read(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _row_of(told: Told) -> Mapping[str, object]:
    return {
        "what": told.what,
        "record": told.record,
        "paper_key": told.paper_key,
        "upvotes": told.upvotes,
        "told_on": told.told_on.isoformat(),
        "is_left_out": int(told.is_left_out),
    }


def _instant(text: str | None) -> datetime | None:
    return _read(datetime.fromisoformat, text).astimezone(UTC) if text else None


def _look(text: str | None) -> Look | None:
    return _read(_look_in, text) if text else None


def _look_in(text: str) -> Look:
    return msgspec.json.decode(text, type=Look)


def _read(convert: Callable[[str], Value], text: str) -> Value:
    """The value in a text of ours; one that is none is damage, though the file is sound to SQLite."""
    try:
        return convert(text)
    except (ValueError, TypeError) as error:  # msgspec's own is a ValueError
        raise sqlite3.DatabaseError("it holds a value that was never written there") from error
