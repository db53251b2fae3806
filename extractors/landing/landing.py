"""Keeps every page once, by content hash, before it is parsed; finds it again, and checks its bytes on reading.

In a landing, wherever it is (see storage.py), `pages/<source>/<sha[:2]>/<sha>.<suffix>.zst` holds the bodies,
`readings/<source>/*.json` when and from where each was read. Both are written whole or not at all.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import msgspec
import zstandard

from extractors.errors import LandingError, UnreadableError
from extractors.landing.files import OTHER_BYTES, PAGE_BYTES_MAX
from extractors.landing.storage import BODIES, Storage
from transforms.records import Page, ReadingId, TimeFrom
from transforms.seal import is_intact, sealed
from transforms.series import SERIES_FORM, SERIES_MARK

# A reading is its page without the body, so that listing readings opens no page.
_PAGE_FACTS = tuple(each.name for each in dataclasses.fields(Page) if each.name != "body")
READINGS = "readings"
ANSWER_TYPE = "application/json"
_SUFFIXES = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "txt",
    "text/markdown": "md",
    ANSWER_TYPE: "json",
    "application/x-ndjson": "jsonl",
}
_SOURCE_NAME = re.compile(rf"[a-z][a-z0-9_]{{0,63}}({SERIES_MARK}{SERIES_FORM})?")
# In the place of the series' own mark: copying tools take a colon for the end of a host's name.
_FOLDER_MARK = "@"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One reading of one page in a landing: the facts of a Page without its body.

    `sequence` orders what one process kept within the same microsecond.
    """

    source: str
    asked_on: date | None
    url: str
    final_url: str
    fetched_at: datetime
    media_type: str
    sha256: str
    etag: str | None
    last_modified: str | None
    kept_at: datetime
    sequence: int
    time_from: TimeFrom = TimeFrom.CLOCK

    @property
    def is_answer(self) -> bool:
        """Whether it was fetched from an API: a page that was asked for is never JSON."""
        return self.asked_on is not None and self.media_type == ANSWER_TYPE

    @property
    def name(self) -> str:
        """The reading's file name, the same in every landing; names sort by time of reading."""
        return f"{self.fetched_at:%Y%m%dT%H%M%S%f}Z__{_asked(self.asked_on)}__{self.sha256[:16]}.json"

    @property
    def order(self) -> tuple[datetime, int, str]:
        """The place among all readings: the order in which they were kept."""
        return (self.kept_at, self.sequence, self.name)


class Landing:
    """The kept pages of one home, or of several that share a bucket. Several processes may keep into it at once."""

    def __init__(self, storage: Storage, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._storage = storage
        self._now = now
        self._sequence = 0

    @property
    def address(self) -> str:
        """Where it is, for people."""
        return self._storage.address

    def keep(self, page: Page) -> Kept:
        """Store the page and the fact that it was read; the same reading again changes nothing."""
        self._sequence += 1
        kept = Kept(
            **_page_facts(page) | {"fetched_at": _utc(page.fetched_at)},
            kept_at=_utc(self._now()),
            sequence=self._sequence,
        )
        return self._store(kept, page.body)

    def load(self, kept: Kept) -> Page:
        """The page as it was read, its bytes checked against the hash; LandingError names the file otherwise."""
        return Page(**_page_facts(kept), body=self._body_of(_file_of(kept), kept.sha256))

    def readings(self, source: str | None = None, first: date | None = None, last: date | None = None) -> list[Kept]:
        """Readings in the order in which they were kept; `first` and `last` bound the partition that was asked for.

        Adopted pages are always among them: nothing was asked for, and their partition is known only from their text.
        A source without its series stands for all of them.
        """
        folders = self._folders_of(source) if source else self._storage.folders(READINGS)
        every = (kept for folder in folders for kept in self._read_all(folder, self._notes(folder)))
        return sorted((kept for kept in every if _is_within(kept.asked_on, first, last)), key=lambda kept: kept.order)

    def asked(self, source: str, days: Iterable[date]) -> list[Kept]:
        """The readings for which one of these partitions was asked, in the order in which they were kept.

        Only their own files are opened. One that cannot be read is left out; `readings` names it.
        """
        days_asked, folder = {_asked(day) for day in days}, folder_of(source)
        names = [name for name in self._notes(folder) if days_asked.intersection(name.split("__")[1:2])]
        found: list[Kept] = []
        for name, data in self._storage.contents(f"{READINGS}/{folder}", names):
            with suppress(LandingError):
                found.append(self._decoded(folder, name, data))
        return sorted(found, key=lambda kept: kept.order)

    def latest(self, source: str, asked_on: date | None, *, is_answer: bool = False) -> Kept | None:
        """The page with the newest `fetched_at` for that partition, or the newest answer, whenever it was kept."""
        folder, asked = folder_of(source), _asked(asked_on)
        names = [name for name in reversed(self._notes(folder)) if name.split("__")[1:2] == [asked]]
        newest_first = (self._read(folder, name) for name in names)
        return next((kept for kept in newest_first if kept.is_answer == is_answer), None)

    def names(self, source: str) -> frozenset[str]:
        """The names of a source's readings without the partition asked for; see `name_of`. None is opened."""
        parts = (name.removesuffix(".json").split("__") for name in self._notes(folder_of(source)))
        return frozenset(f"{each[0]}__{each[-1]}" for each in parts)

    def shown(self, kept: Kept) -> str:
        """The file with the page, compressed, for people."""
        return self._storage.shown(_file_of(kept))

    def require_whole(self, name: str) -> None:
        """A file of this landing holds what its name says, and the page of a reading is there.

        Raises LandingError naming the file, UnreadableError where a right or the disk is in the way. A file that is
        neither page nor reading has no name that tells.
        """
        parts = name.split("/")
        sha256 = parts[-1].partition(".")[0]
        if parts[0] == BODIES and name.endswith(".zst") and _SHA256.fullmatch(sha256):
            self._body_of(name, sha256)
        elif parts[0] == READINGS and name.endswith(".json"):
            page = _file_of(self._read(*parts[1:3]))
            if not self._storage.holds(page):
                raise LandingError(f"{self._storage.shown(page)}: the kept page is missing")

    def copy_to(self, other: Landing, kept: Kept) -> Kept:
        """Keep the same reading in another landing, with its time and its place in the order of readings."""
        return other._store(kept, self.load(kept).body)

    def _store(self, kept: Kept, body: bytes) -> Kept:
        digest = hashlib.sha256(body).hexdigest()
        if digest != kept.sha256:
            raise LandingError(f"{kept.url}: the page claims sha256 {kept.sha256}, its body has {digest}")
        self._store_body(_file_of(kept), body, digest)
        folder = folder_of(kept.source)
        if self._storage.create(f"{READINGS}/{folder}/{kept.name}", _encode(kept)):
            return kept
        return self._read(folder, kept.name)

    def _store_body(self, name: str, body: bytes, sha256: str) -> None:
        # Level 3 makes 62 KB of a day page of 531 KB in 1 ms.
        packed = zstandard.ZstdCompressor(level=3).compress(body)
        if self._storage.create(name, packed):
            return
        try:
            self._body_of(name, sha256)
        except LandingError:  # damaged since it was kept: replaced by the same bytes
            self._storage.replace(name, packed)

    def _body_of(self, name: str, sha256: str) -> bytes:
        shown = self._storage.shown(name)
        try:
            packed = self._storage.read(name)
        except FileNotFoundError as error:
            raise LandingError(f"{shown}: the kept page is missing") from error
        except OSError as error:
            raise UnreadableError(shown, error) from error
        try:
            with zstandard.ZstdDecompressor().stream_reader(BytesIO(packed)) as reader:
                body = reader.read(PAGE_BYTES_MAX + 1)
        except zstandard.ZstdError as error:
            raise LandingError(f"{shown}: the kept page is damaged: {error}") from error
        digest = hashlib.sha256(body).hexdigest()
        if digest != sha256:  # zstd frames written here have no checksum of their own
            raise LandingError(f"{shown}: the kept page is damaged, its sha256 is {digest}")
        return body

    def _read_all(self, folder: str, names: Sequence[str]) -> Iterator[Kept]:
        for name, data in self._storage.contents(f"{READINGS}/{folder}", names):
            yield self._decoded(folder, name, data)

    def _read(self, folder: str, name: str) -> Kept:
        return next(self._read_all(folder, [name]))

    def _decoded(self, folder: str, name: str, data: bytes | OSError) -> Kept:
        shown = self._storage.shown(f"{READINGS}/{folder}/{name}")
        if isinstance(data, OSError):
            raise UnreadableError(shown, data) from data
        try:
            kept = msgspec.json.decode(data, type=Kept)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise LandingError(f"{shown}: not a reading that can be read: {error}") from error
        if not is_intact(data):
            raise LandingError(f"{shown}: not a reading that can be read: {OTHER_BYTES}")
        if (folder_of(kept.source), kept.name) != (folder, name):
            raise LandingError(f"{shown}: this file holds another reading, {kept.source}/{kept.name}")
        return kept

    def _folders_of(self, source: str) -> list[str]:
        """The source's own folder, and those of its series."""
        own = folder_of(source)
        return [own, *(name for name in self._storage.folders(READINGS) if name.startswith(f"{own}{_FOLDER_MARK}"))]

    def _notes(self, folder: str) -> list[str]:
        return self._storage.notes(f"{READINGS}/{folder}")


def folder_of(source: str) -> str:
    """The folder with what is of a source."""
    return _checked(source, _SOURCE_NAME, "source name").replace(SERIES_MARK, _FOLDER_MARK)


def source_of(folder: str) -> str:
    """The source whose folder has that name."""
    return folder.replace(_FOLDER_MARK, SERIES_MARK)


def file_of(source: str, sha256: str, media_type: str) -> str:
    """The file with a page, below the landing. LandingError if the hash is none."""
    _checked(sha256, _SHA256, "sha256")
    suffix = _SUFFIXES.get(media_type.partition(";")[0].strip().lower(), "bin")
    return f"{BODIES}/{folder_of(source)}/{sha256[:2]}/{sha256}.{suffix}.zst"


def name_of(reading: ReadingId) -> str:
    """The part of its file's name that a reading has, whatever partition was asked for."""
    return f"{reading.fetched_at:%Y%m%dT%H%M%S%f}Z__{reading.page_sha256[:16]}"


def time_in_name(name: str) -> datetime:
    """The time of reading in the name of a reading's file, to the second. Raises ValueError for another file's name."""
    return datetime.strptime(name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def _file_of(kept: Kept) -> str:
    return file_of(kept.source, kept.sha256, kept.media_type)


def _encode(kept: Kept) -> bytes:
    return sealed(json.dumps(dataclasses.asdict(kept), indent=1, default=_iso).encode())


def _iso(value: date | datetime) -> str:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value.isoformat()


def _page_facts(read: Page | Kept) -> dict[str, Any]:
    return {name: getattr(read, name) for name in _PAGE_FACTS}


def _asked(asked_on: date | None) -> str:
    return asked_on.isoformat() if asked_on else "adopted"


def _is_within(asked_on: date | None, first: date | None, last: date | None) -> bool:
    return asked_on is None or (first or date.min) <= asked_on <= (last or date.max)


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone; instants are timezone-aware UTC")
    return instant.astimezone(UTC)


def _checked(text: str, pattern: re.Pattern[str], what: str) -> str:
    if not pattern.fullmatch(text):
        raise LandingError(f"{text!r} is no {what} that a path may be built from")
    return text
