"""Makes pages of files that were saved before: as they are, packed, or in an archive of a browser or a crawler."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from extractors.errors import LandingError
from extractors.landing.archives import ARCHIVES, MEDIA_TYPES, Saved, is_archive, pages_in
from extractors.landing.clocks import clock_in
from extractors.landing.packed import unpacked
from transforms.records import Page, TimeFrom

# Clocks of two machines differ a little; a file from the future is something else.
CLOCKS_DIFFER_AT_MOST = timedelta(hours=1)
LEFT_OUT_NAMED = 10
_log = logging.getLogger(__name__)
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
# Browsers number a second copy: `… (1)`.
_FETCHED = re.compile(r"__fetched_(\d{8}T\d{6}Z)(?: ?\(\d{1,3}\))?$")
_NO_TIME = "{}: its name gives as time of reading {}, which is no time: write YYYYMMDDTHHMMSSZ, in UTC"
_MEANT = re.compile(r"__fetched_(.*)$", re.DOTALL)


def pages_of_file(
    path: Path, source: str, fetched_at: datetime | None = None, *, now: datetime | None = None
) -> tuple[Page, ...]:
    """The file as adopted pages: `asked_on` is None; one page, or one for each page in an archive, in its order.

    A page's url is `file:` and the bare name, or the address that an archive gives, and `final_url` then has the file
    too. Its time of reading is that in a name ending in `__fetched_YYYYMMDDTHHMMSSZ`, else `fetched_at`
    (timezone-aware), else the archive's own, else a day and clock in the name (UTC), else the file's modification time;
    `time_from` says which, and reading the page checks what is not stated. LandingError names a file that cannot be
    adopted, or whose time lies in the future.
    """
    name, body = unpacked(path)
    given = _given_time(path, name, fetched_at)
    pages = tuple(_page(path, source, saved, given) for saved in _saved(path, name, body))
    for page in pages:
        _require_past(path, page.fetched_at, now)
    return pages


def read_time(path: Path, fetched_at: datetime | None, *, now: datetime | None = None) -> tuple[datetime, TimeFrom]:
    """When a file was read, as for the pages of one. LandingError names one whose time lies in the future."""
    name = path.with_suffix("") if path.suffix.lower() in {".gz", ".zip"} else path
    read_at, time_from = _given_time(path, name, fetched_at) or _time_of_file(path)
    _require_past(path, read_at, now)
    return read_at, time_from


def answer_of_file(path: Path, service: str, fetched_at: datetime | None = None) -> Page:
    """A saved answer of a service, as it is; LandingError names a file that cannot be adopted."""
    _, body = unpacked(path)
    read_at, time_from = read_time(path, fetched_at)
    saved = Saved(body=body, media_type="application/xml")
    return _page(path, service, saved, (read_at, time_from))


def page_of_file(path: Path, source: str, fetched_at: datetime | None = None) -> Page:
    """The only page of the file; LandingError if it is an archive of several."""
    pages = pages_of_file(path, source, fetched_at)
    if len(pages) != 1:
        raise LandingError(f"{path}: an archive of {len(pages)} pages where one page is expected")
    return pages[0]


def with_own_time(files: Iterable[Path]) -> tuple[Path, ...]:
    """Those whose names give their time of reading, which rules over any other that is given."""
    return tuple(file for file in files if _fetched_in(file.with_suffix("") if file.suffix == ".gz" else file))


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


def _require_past(path: Path, read_at: datetime, now: datetime | None) -> None:
    if read_at > (now or datetime.now(UTC)) + CLOCKS_DIFFER_AT_MOST:
        raise LandingError(f"{path}: was read at {read_at:%Y-%m-%d %H:%M} UTC, which lies in the future")


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


def _page(path: Path, source: str, saved: Saved, given: tuple[datetime, TimeFrom] | None) -> Page:
    file = f"file:{path.name.encode(errors='replace').decode()}"
    url = saved.url or file
    if given is None and saved.read_at is not None:
        given = saved.read_at, TimeFrom.STATED
    fetched_at, time_from = given or _time_of_file(path)
    return Page(
        source=source,
        asked_on=None,
        url=url,
        final_url=f"{url} in {file}" if saved.url else file,
        fetched_at=fetched_at,
        media_type=saved.media_type,
        body=saved.body,
        sha256=hashlib.sha256(saved.body).hexdigest(),
        time_from=time_from,
    )


def _saved(path: Path, name: Path, body: bytes) -> tuple[Saved, ...]:
    if is_archive(name, body[:4096]):
        return pages_in(path, name, body)
    suffix = name.suffix.lower()
    if suffix in _COMPANIONS:
        known = ", ".join(sorted({*MEDIA_TYPES, *ARCHIVES}))
        raise LandingError(f"{path}: no media type is known for {suffix}; known: {known}, each also packed as .gz")
    return (Saved(body=body, media_type=MEDIA_TYPES.get(suffix) or _sniffed(body)),)


def _sniffed(body: bytes) -> str:
    """The media type by the first sign: wget and curl save pages under names without a suffix."""
    start = body.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")[:1]
    return {b"<": "text/html", b"[": "application/json", b"{": "application/json"}.get(start, "text/plain")


def _given_time(path: Path, name: Path, fetched_at: datetime | None) -> tuple[datetime, TimeFrom] | None:
    named = _fetched_in(name)
    if named:
        return _time_in_name(path, named), TimeFrom.STATED
    if fetched_at is None:
        if meant := _MEANT.search(name.stem):
            raise LandingError(_NO_TIME.format(path, meant[1]))
        return None
    if fetched_at.tzinfo is None:
        raise ValueError(f"{fetched_at.isoformat()} has no time zone; say when {path.name} was read in UTC")
    return fetched_at.astimezone(UTC), TimeFrom.STATED


def _fetched_in(name: Path) -> str | None:
    named = _FETCHED.search(name.stem) or _FETCHED.search(name.name)
    return named and named[1]


def _time_in_name(path: Path, text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise LandingError(_NO_TIME.format(path, text)) from error


def _time_of_file(path: Path) -> tuple[datetime, TimeFrom]:
    """A day and clock in the name, else the time of the file: neither was meant as the time of reading."""
    named = clock_in(path.name)
    if named is not None:
        return named, TimeFrom.NAME
    return datetime.fromtimestamp(path.stat().st_mtime, UTC), TimeFrom.FILE
