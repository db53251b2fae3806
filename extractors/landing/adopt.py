"""Makes pages of files that were saved before: as they are, packed, or in an archive of a browser or a crawler."""

from __future__ import annotations

import gzip
import hashlib
import logging
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path

from extractors.errors import LandingError, UnreadableError
from extractors.landing.files import PAGE_BYTES_MAX
from transforms.records import Page, TimeFrom

ARCHIVE_BYTES_MAX = 64 * PAGE_BYTES_MAX
# Clocks of two machines differ a little; a file from the future is something else.
CLOCKS_DIFFER_AT_MOST = timedelta(hours=1)
LEFT_OUT_NAMED = 10
_log = logging.getLogger(__name__)
_MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".json": "application/json",
}
_ARCHIVES = (".mhtml", ".mht", ".warc")
# What a browser saves beside a page, and what else lies in folders of pages; none of it is ever a page.
_COMPANIONS = frozenset(
    {
        ".avif", ".bak", ".crdownload", ".css", ".csv", ".db", ".download", ".duckdb", ".gif", ".ico", ".jpeg", ".jpg",
        ".js", ".lock", ".log", ".map", ".mp3", ".mp4", ".otf", ".parquet", ".part", ".pdf", ".png", ".py", ".sh",
        ".sqlite", ".svg", ".tmp", ".toml", ".ttf", ".webm", ".webp", ".woff", ".woff2", ".xml", ".yaml", ".yml",
        ".zip",
    }
)  # fmt: skip
_COMPANION_FOLDER = re.compile(r"[_ .-](files|dateien|fichiers|archivos|bestanden|file)$", re.IGNORECASE)
_FETCHED = re.compile(r"__fetched_(\d{8}T\d{6}Z)$")
_CLOCK = re.compile(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})[ _T-](\d{2})[:h-]?(\d{2})(?:[:m-]?(\d{2}))?Z?(?!\d)")


def pages_of_file(
    path: Path, source: str, fetched_at: datetime | None = None, *, now: datetime | None = None
) -> tuple[Page, ...]:
    """The file as adopted pages: `asked_on` is None; one page, or one for each page in an archive, in its order.

    A page's url is `file:` and the bare name, or the address that an archive gives. Its time of reading is that in a
    name ending in `__fetched_YYYYMMDDTHHMMSSZ`, else `fetched_at` (timezone-aware), else the archive's own, else a day
    and clock in the name (UTC), else the file's modification time; `time_from` says which, and reading the page checks
    what is not stated. LandingError names a file that cannot be adopted, or whose time lies in the future.
    """
    name, body = _unpacked(path)
    given = _given_time(path, name, fetched_at)
    latest = (now or datetime.now(UTC)) + CLOCKS_DIFFER_AT_MOST
    pages = tuple(_page(path, source, saved, given) for saved in _saved(path, name, body))
    for page in pages:
        if page.fetched_at > latest:
            raise LandingError(f"{path}: was read at {page.fetched_at:%Y-%m-%d %H:%M} UTC, which lies in the future")
    return pages


def page_of_file(path: Path, source: str, fetched_at: datetime | None = None) -> Page:
    """The only page of the file; LandingError if it is an archive of several."""
    pages = pages_of_file(path, source, fetched_at)
    if len(pages) != 1:
        raise LandingError(f"{path}: an archive of {len(pages)} pages where one page is expected")
    return pages[0]


def files_of(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files themselves, and for each directory the files in it, by name.

    Left out are hidden files, what is no regular file, folders that a browser saves beside a page, and kinds of files
    that are never pages. The log names the first two: they may have been meant.
    """
    found: dict[Path, None] = {}
    left_out: list[str] = []
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file == path or _may_be_page(file.relative_to(path), path):
                found[file] = None
            elif (why := _why_left_out(file.relative_to(path), path)) is not None:
                left_out.append(f"{file}: left out: {why}")
    for line in left_out[:LEFT_OUT_NAMED]:
        _log.warning("%s", line)
    if len(left_out) > LEFT_OUT_NAMED:
        _log.warning("and %d more left out", len(left_out) - LEFT_OUT_NAMED)
    return tuple(file for file in found if not file.is_dir())


def _may_be_page(inside: Path, root: Path) -> bool:
    if _is_hidden(inside) or inside.suffix.lower() in _COMPANIONS:
        return False
    return (root / inside).is_file() and not any(_is_companion_folder(root / folder) for folder in inside.parents)


def _why_left_out(inside: Path, root: Path) -> str | None:
    """Why a file of a folder is left out; None for folders, and for what is never a page."""
    file = root / inside
    if file.is_dir() or inside.suffix.lower() in _COMPANIONS:
        return None
    if not file.is_file():
        return "a link to nothing" if file.is_symlink() else "a pipe, socket or device, and no regular file"
    return "hidden; name the file itself to adopt it" if _is_hidden(inside) else None


def _is_hidden(inside: Path) -> bool:
    return any(part.startswith(".") for part in inside.parts)


def _is_companion_folder(folder: Path) -> bool:
    """`page_files` beside `page.html`, as browsers name it in their user's language."""
    stem = _COMPANION_FOLDER.sub("", folder.name)
    return stem != folder.name and any(folder.with_name(stem + suffix).is_file() for suffix in (".html", ".htm"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saved:
    """One page of a file; `url` and `read_at` as an archive gives them."""

    body: bytes
    media_type: str
    url: str | None = None
    read_at: datetime | None = None


def _page(path: Path, source: str, saved: _Saved, given: tuple[datetime, TimeFrom] | None) -> Page:
    url = saved.url or f"file:{path.name.encode(errors='replace').decode()}"
    if given is None and saved.read_at is not None:
        given = saved.read_at, TimeFrom.STATED
    fetched_at, time_from = given or _time_of_file(path)
    return Page(
        source=source,
        asked_on=None,
        url=url,
        final_url=url,
        fetched_at=fetched_at,
        media_type=saved.media_type,
        body=saved.body,
        sha256=hashlib.sha256(saved.body).hexdigest(),
        time_from=time_from,
    )


def _unpacked(path: Path) -> tuple[Path, bytes]:
    """The file's name without `.gz`, and its bytes, unpacked."""
    if not path.is_file():
        raise LandingError(f"{path}: no such file" if not path.exists() else f"{path}: not a regular file")
    is_packed = path.suffix.lower() == ".gz"
    name = path.with_suffix("") if is_packed else path
    most = ARCHIVE_BYTES_MAX if name.suffix.lower() in _ARCHIVES else PAGE_BYTES_MAX
    try:
        with gzip.open(path) if is_packed else path.open("rb") as file:
            body = file.read(most + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise LandingError(f"{path}: cannot be unpacked: {error}") from error
    except OSError as error:
        raise UnreadableError(path, error) from error
    if len(body) > most:
        raise LandingError(f"{path}: larger than {most // 1024**2} MB, too large for a page")
    if not body:
        raise LandingError(f"{path}: the file is empty")
    return name, body


def _saved(path: Path, name: Path, body: bytes) -> tuple[_Saved, ...]:
    suffix = name.suffix.lower()
    if suffix in _ARCHIVES:
        saved = tuple(_of_warc(path, body) if suffix == ".warc" else _of_mhtml(path, body))
        if not saved:
            raise LandingError(f"{path}: the archive holds no page")
        return saved
    if suffix in _COMPANIONS:
        known = ", ".join(sorted({*_MEDIA_TYPES, *_ARCHIVES}))
        raise LandingError(f"{path}: no media type is known for {suffix}; known: {known}, each also packed as .gz")
    return (_Saved(body=body, media_type=_MEDIA_TYPES.get(suffix) or _sniffed(body)),)


def _sniffed(body: bytes) -> str:
    """The media type by the first sign: wget and curl save pages under names without a suffix."""
    start = body.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")[:1]
    return {b"<": "text/html", b"[": "application/json", b"{": "application/json"}.get(start, "text/plain")


def _of_mhtml(path: Path, body: bytes) -> Iterator[_Saved]:
    """The page that a browser saved as a single file: its first part of HTML."""
    message = message_from_bytes(body, policy=policy.HTTP)
    try:
        saved_at = message["Date"].datetime if message["Date"] else None
    except (ValueError, TypeError, AttributeError):
        saved_at = None
    for part in message.walk():
        if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            content = part.get_payload(decode=True)
            if not isinstance(content, bytes) or not content:
                raise LandingError(f"{path}: the archive's page is empty")
            charset = part.get_content_charset()
            media_type = f"{part.get_content_type()}; charset={charset}" if charset else part.get_content_type()
            url = str(part["Content-Location"] or message["Snapshot-Content-Location"] or "") or None
            yield _Saved(body=content, media_type=media_type, url=url, read_at=_utc(saved_at))
            return


def _of_warc(path: Path, body: bytes) -> Iterator[_Saved]:
    """Every answer with a page in an archive of a crawler; other answers are what pages load."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - only archives need it
    from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415

    try:
        for record in ArchiveIterator(BytesIO(body)):
            headers = record.http_headers
            kind = (headers.get_header("Content-Type") or "") if headers else ""
            is_page = kind.partition(";")[0].strip().lower() in {*_MEDIA_TYPES.values()}
            if record.rec_type != "response" or not is_page or headers.get_statuscode() != "200":
                continue
            content = record.content_stream().read(PAGE_BYTES_MAX + 1)
            if len(content) > PAGE_BYTES_MAX:
                raise LandingError(f"{path}: a page larger than {PAGE_BYTES_MAX // 1024**2} MB")
            stamp = record.rec_headers.get_header("WARC-Date")
            yield _Saved(
                body=content,
                media_type=kind,
                url=record.rec_headers.get_header("WARC-Target-URI"),
                read_at=datetime.fromisoformat(stamp).astimezone(UTC) if stamp else None,
            )
    except (ArchiveLoadFailed, ValueError, EOFError, zlib.error) as error:
        raise LandingError(f"{path}: not an archive that can be read: {error}") from error


def _given_time(path: Path, name: Path, fetched_at: datetime | None) -> tuple[datetime, TimeFrom] | None:
    named = _FETCHED.search(name.stem) or _FETCHED.search(name.name)
    if named:
        return _time_in_name(path, named[1]), TimeFrom.STATED
    if fetched_at is None:
        return None
    if fetched_at.tzinfo is None:
        raise ValueError(f"{fetched_at.isoformat()} has no time zone; say when {path.name} was read in UTC")
    return fetched_at.astimezone(UTC), TimeFrom.STATED


def _time_in_name(path: Path, text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise LandingError(f"{path}: its name gives as time of reading {text}, which is no time") from error


def _time_of_file(path: Path) -> tuple[datetime, TimeFrom]:
    """A day and clock in the name, else the time of the file: neither was meant as the time of reading."""
    for found in _CLOCK.finditer(path.name):
        try:
            numbers = [int(part or 0) for part in found.groups()]
            return datetime(*numbers, tzinfo=UTC), TimeFrom.NAME  # type: ignore[misc, arg-type]
        except ValueError:
            continue
    return datetime.fromtimestamp(path.stat().st_mtime, UTC), TimeFrom.FILE


def _utc(instant: datetime | None) -> datetime | None:
    """Browsers write the time in UTC with the zone `-0000`, which is read as none."""
    return None if instant is None else (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
