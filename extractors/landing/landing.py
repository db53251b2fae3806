"""Keeps every page once, by content hash, before it is parsed; finds it again, and checks its bytes on reading.

A landing is a folder: `pages/<source>/<sha[:2]>/<sha>.<suffix>.zst` holds the bodies, `readings/<source>/*.json` when
and from where each was read. Both are written whole or not at all.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
import zstandard

from extractors.errors import LandingError, UnreadableError
from extractors.landing.files import OTHER_BYTES, PAGE_BYTES_MAX, listed, write_whole
from transforms.records import Page, ReadingId, TimeFrom
from transforms.seal import is_intact, sealed
from transforms.series import SERIES_FORM, SERIES_MARK

# A reading is its page without the body, so that listing readings opens no page.
_PAGE_FACTS = tuple(each.name for each in dataclasses.fields(Page) if each.name != "body")
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

    `sequence` orders what one process kept within the same microsecond. `directory` is the landing that it lies in.
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
    directory: str = field(default="", compare=False)
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
    """The kept pages of one home. Several processes may keep into it at once."""

    def __init__(self, directory: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.directory = directory
        self._now = now
        self._sequence = 0

    def keep(self, page: Page) -> Kept:
        """Store the page and the fact that it was read; the same reading again changes nothing."""
        self._sequence += 1
        kept = Kept(
            **_page_facts(page) | {"fetched_at": _utc(page.fetched_at)},
            kept_at=_utc(self._now()),
            sequence=self._sequence,
            directory=str(self.directory),
        )
        return self._store(kept, page.body)

    def load(self, kept: Kept) -> Page:
        """The page as it was read, its bytes checked against the hash; LandingError names the file otherwise."""
        return Page(**_page_facts(kept), body=_body_of(self.path_of(kept), kept.sha256))

    def readings(self, source: str | None = None, first: date | None = None, last: date | None = None) -> list[Kept]:
        """Readings in the order in which they were kept; `first` and `last` bound the partition that was asked for.

        Adopted pages are always among them: nothing was asked for, and their partition is known only from their text.
        A source without its series stands for all of them.
        """
        folders = self._folders_of(source) if source else listed(self.directory / "readings", "*")
        every = (self._read(path) for folder in folders for path in listed(folder, "*.json"))
        return sorted((kept for kept in every if _is_within(kept.asked_on, first, last)), key=lambda kept: kept.order)

    def asked(self, source: str, days: Iterable[date]) -> list[Kept]:
        """The readings for which one of these partitions was asked, in the order in which they were kept.

        Only their own files are opened. One that cannot be read is left out; `readings` names it.
        """
        names = {_asked(day) for day in days}
        found: list[Kept] = []
        for path in self._readings_of(source).glob("*.json"):
            if names.intersection(path.name.split("__")[1:2]):
                with suppress(LandingError):
                    found.append(self._read(path))
        return sorted(found, key=lambda kept: kept.order)

    def latest(self, source: str, asked_on: date | None, *, is_answer: bool = False) -> Kept | None:
        """The page with the newest `fetched_at` for that partition, or the newest answer, whenever it was kept."""
        paths = listed(self._readings_of(source), f"*__{_asked(asked_on)}__*.json")
        newest_first = map(self._read, sorted(paths, key=lambda path: path.name, reverse=True))
        return next((kept for kept in newest_first if kept.is_answer == is_answer), None)

    def names(self, source: str) -> frozenset[str]:
        """The file names of a source's readings without the partition asked for; see `name_of`. No file is opened."""
        parts = (path.stem.split("__") for path in listed(self._readings_of(source), "*.json"))
        return frozenset(f"{each[0]}__{each[-1]}" for each in parts)

    def path_of(self, kept: Kept) -> Path:
        """The file with the page, compressed."""
        return self.directory / file_of(kept.source, kept.sha256, kept.media_type)

    def require_whole(self, path: Path) -> None:
        """A file of this landing holds what its name says, and the page of a reading is there.

        Raises LandingError naming the file, UnreadableError where a right or the disk is in the way. A file that is
        neither page nor reading has no name that tells.
        """
        folder = path.relative_to(self.directory).parts[0]
        sha256 = path.name.partition(".")[0]
        if folder == "pages" and path.suffix == ".zst" and _SHA256.fullmatch(sha256):
            _body_of(path, sha256)
        elif folder == "readings" and path.suffix == ".json":
            page = self.path_of(self._read(path))
            if not page.exists():
                raise LandingError(f"{page}: the kept page is missing")

    def copy_to(self, other: Landing, kept: Kept) -> Kept:
        """Keep the same reading in another landing, with its time and its place in the order of readings."""
        moved = dataclasses.replace(kept, directory=str(other.directory))
        return other._store(moved, self.load(kept).body)

    def _store(self, kept: Kept, body: bytes) -> Kept:
        digest = hashlib.sha256(body).hexdigest()
        if digest != kept.sha256:
            raise LandingError(f"{kept.url}: the page claims sha256 {kept.sha256}, its body has {digest}")
        reading = self._readings_of(kept.source) / kept.name
        _store_body(self.path_of(kept), body, digest)
        if reading.exists():
            return self._read(reading)
        write_whole(reading, _encode(kept))
        return kept

    def _read(self, path: Path) -> Kept:
        try:
            data = path.read_bytes()
            kept = msgspec.json.decode(data, type=Kept)
        except OSError as error:
            raise UnreadableError(path, error) from error
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise LandingError(f"{path}: not a reading that can be read: {error}") from error
        if not is_intact(data):
            raise LandingError(f"{path}: not a reading that can be read: {OTHER_BYTES}")
        if (folder_of(kept.source), kept.name) != (path.parent.name, path.name):
            raise LandingError(f"{path}: this file holds another reading, {kept.source}/{kept.name}")
        return dataclasses.replace(kept, directory=str(self.directory))

    def _folders_of(self, source: str) -> list[Path]:
        return [self._readings_of(source), *listed(self.directory / "readings", f"{folder_of(source)}{_FOLDER_MARK}*")]

    def _readings_of(self, source: str) -> Path:
        return self.directory / "readings" / folder_of(source)


def folder_of(source: str) -> str:
    """The folder with what is of a source."""
    return _checked(source, _SOURCE_NAME, "source name").replace(SERIES_MARK, _FOLDER_MARK)


def source_of(folder: str) -> str:
    """The source whose folder has that name."""
    return folder.replace(_FOLDER_MARK, SERIES_MARK)


def file_of(source: str, sha256: str, media_type: str) -> PurePosixPath:
    """The file with a page, below the landing. LandingError if the hash is none."""
    _checked(sha256, _SHA256, "sha256")
    suffix = _SUFFIXES.get(media_type.partition(";")[0].strip().lower(), "bin")
    return PurePosixPath("pages", folder_of(source), sha256[:2], f"{sha256}.{suffix}.zst")


def name_of(reading: ReadingId) -> str:
    """The part of its file's name that a reading has, whatever partition was asked for."""
    return f"{reading.fetched_at:%Y%m%dT%H%M%S%f}Z__{reading.page_sha256[:16]}"


def time_in_name(name: str) -> datetime:
    """The time of reading in the name of a reading's file, to the second. Raises ValueError for another file's name."""
    return datetime.strptime(name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def _store_body(path: Path, body: bytes, sha256: str) -> None:
    if path.exists():
        try:
            _body_of(path, sha256)
        except LandingError:
            pass  # damaged since it was kept: replace it by the same bytes
        else:
            return
    # Level 3 makes 62 KB of a day page of 531 KB in 1 ms.
    write_whole(path, zstandard.ZstdCompressor(level=3).compress(body))


def _body_of(path: Path, sha256: str) -> bytes:
    try:
        with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as reader:
            body = reader.read(PAGE_BYTES_MAX + 1)
    except FileNotFoundError as error:
        raise LandingError(f"{path}: the kept page is missing") from error
    except OSError as error:
        raise UnreadableError(path, error) from error
    except zstandard.ZstdError as error:
        raise LandingError(f"{path}: the kept page is damaged: {error}") from error
    digest = hashlib.sha256(body).hexdigest()
    if digest != sha256:  # zstd frames written here have no checksum of their own
        raise LandingError(f"{path}: the kept page is damaged, its sha256 is {digest}")
    return body


def _encode(kept: Kept) -> bytes:
    facts = {each.name: getattr(kept, each.name) for each in dataclasses.fields(kept) if each.name != "directory"}
    return sealed(json.dumps(facts, indent=1, default=_iso).encode())


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
