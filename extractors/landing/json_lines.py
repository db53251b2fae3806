"""Cuts a file of many records, one a line, into parts that are kept like answers; it never holds more than one."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import IO

from extractors.errors import LandingError, UnreadableError
from extractors.landing.adopt import read_time
from transforms.records import Page

PART_RECORDS = 5_000
PART_BYTES_MAX = 12 * 1024 * 1024
LINE_BYTES_MAX = 1024 * 1024
MEDIA_TYPE = "application/x-ndjson"
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_NAMES = (".json", ".jsonl", ".ndjson")


def is_json_lines(path: Path) -> bool:
    """Whether the file begins as JSON objects, one a line, do; packed as .gz or .zip as well."""
    with _lines_of(path) as stream:
        return stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def parts_of(
    path: Path,
    source: str,
    fetched_at: datetime | None = None,
    *,
    is_wanted: Callable[[bytes], bool] | None = None,
    now: datetime | None = None,
) -> Iterator[Page]:
    """The file's lines, as they are, in parts of some thousand; with `is_wanted` only those that it says yes to.

    A part's url names the file and its lines from first to last. The parts of one file are always the same, so that
    what is kept of it already is known by content. LandingError for a file that cannot be read to its end, once the
    parts before that place were given: they stay right when the whole file comes.
    """
    read_at, time_from = read_time(path, fetched_at, now=now)
    for first, last, lines in _chunks(path, is_wanted):
        body = b"".join(lines)
        url = f"file:{path.name.encode(errors='replace').decode()}#lines={first}-{last}"
        yield Page(
            source=source,
            asked_on=None,
            url=url,
            final_url=url,
            fetched_at=read_at,
            media_type=MEDIA_TYPE,
            body=body,
            sha256=hashlib.sha256(body).hexdigest(),
            time_from=time_from,
        )


def _chunks(path: Path, is_wanted: Callable[[bytes], bool] | None) -> Iterator[tuple[int, int, list[bytes]]]:
    lines: list[bytes] = []
    size, first = 0, 1
    number = 0
    with _lines_of(path) as stream:
        while line := _line(path, stream, number + 1):
            number += 1
            if line.isspace() or (is_wanted is not None and not is_wanted(line)):
                continue
            if lines and (len(lines) == PART_RECORDS or size + len(line) > PART_BYTES_MAX):
                yield first, number - 1, lines
                lines, size, first = [], 0, number
            lines.append(line)
            size += len(line)
    if lines:
        yield first, number, lines


def _line(path: Path, stream: IO[bytes], number: int) -> bytes:
    try:
        line = stream.readline(LINE_BYTES_MAX + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        why = f"cannot be unpacked behind line {number - 1}: {error}"
        raise LandingError(f"{path}: {why}; get the file again, what came before is kept") from error
    except OSError as error:
        raise UnreadableError(path, error) from error
    if len(line) > LINE_BYTES_MAX:
        raise LandingError(f"{path}: line {number} is longer than {LINE_BYTES_MAX // 1024**2} MB: no record a line")
    return line


@contextmanager
def _lines_of(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of the file, unpacked."""
    try:
        with path.open("rb") as file:
            start = file.peek(4)[:4]
            if start.startswith(_ZIP):
                with zipfile.ZipFile(file) as archive, archive.open(_member(path, archive)) as member:
                    yield BufferedReader(member)  # type: ignore[type-var]
            elif start.startswith(_GZIP):
                with gzip.GzipFile(fileobj=file, mode="rb") as stream:
                    yield stream  # type: ignore[misc]
            else:
                yield file
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise LandingError(f"{path}: cannot be unpacked: {error}; get the file again") from error
    except OSError as error:
        raise UnreadableError(path, error) from error


def _member(path: Path, archive: zipfile.ZipFile) -> str:
    names = [each for each in archive.namelist() if each.lower().endswith(_NAMES)]
    if len(names) != 1:
        raise LandingError(
            f"{path}: holds {len(names)} files named {', '.join(_NAMES)}: unpack it, and name one of them"
        )
    return names[0]
