"""Makes a page of a file that was saved before: read whole, limited in size, with the time at which it was read."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

from extractors.errors import LandingError
from extractors.landing.files import PAGE_BYTES_MAX
from transforms.records import Page

_MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".json": "application/json",
}
_FETCHED = re.compile(r"__fetched_(\d{8}T\d{6}Z)$")


def page_of_file(path: Path, source: str, fetched_at: datetime | None = None) -> Page:
    """The file as an adopted page: `asked_on` is None, its url is `file:` and the bare name.

    The time of reading is that in a name ending in `__fetched_YYYYMMDDTHHMMSSZ` before the suffix, else `fetched_at`
    (timezone-aware), else the file's modification time. LandingError names a file that cannot be adopted.
    """
    body = _body_of(path)
    url = f"file:{path.name.encode(errors='replace').decode()}"
    return Page(
        source=source,
        asked_on=None,
        url=url,
        final_url=url,
        fetched_at=_read_at(path, fetched_at),
        media_type=_media_type(path),
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
    )


def _body_of(path: Path) -> bytes:
    if not path.is_file():
        raise LandingError(f"{path}: no such file" if not path.exists() else f"{path}: not a regular file")
    try:
        with path.open("rb") as file:
            body = file.read(PAGE_BYTES_MAX + 1)
    except OSError as error:
        raise LandingError(f"{path}: cannot be read: {error.strerror}") from error
    if len(body) > PAGE_BYTES_MAX:
        raise LandingError(f"{path}: larger than {PAGE_BYTES_MAX // 1024**2} MB, too large for a page")
    if not body:
        raise LandingError(f"{path}: the file is empty")
    return body


def _read_at(path: Path, fetched_at: datetime | None) -> datetime:
    named = _FETCHED.search(path.stem)
    if named:
        return _time_in_name(path, named[1])
    if fetched_at is None:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if fetched_at.tzinfo is None:
        raise ValueError(f"{fetched_at.isoformat()} has no time zone; say when {path.name} was read in UTC")
    return fetched_at.astimezone(UTC)


def _time_in_name(path: Path, text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise LandingError(f"{path}: its name gives as time of reading {text}, which is no time") from error


def _media_type(path: Path) -> str:
    try:
        return _MEDIA_TYPES[path.suffix.lower()]
    except KeyError:
        known = ", ".join(sorted(_MEDIA_TYPES))
        raise LandingError(f"{path}: no media type is known for {path.suffix or 'no suffix'}; known: {known}") from None
