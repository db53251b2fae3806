"""The pages in an archive: a browser's single file (MHTML), or a crawler's records (WARC)."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from extractors.errors import LandingError
from extractors.landing.files import PAGE_BYTES_MAX

ARCHIVES = (".mhtml", ".mht", ".warc")
MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".json": "application/json",
}
_HTML = ("text/html", "application/xhtml+xml")
_WARC = b"WARC/1."
_HEAD = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2}")
_RELATED = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_RECORDS = ("response", "resource")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """One page of a file; `url` and `read_at` as an archive gives them."""

    body: bytes
    media_type: str
    url: str | None = None
    read_at: datetime | None = None


def is_archive(name: Path, start: bytes) -> bool:
    """Whether it is one by its name, or by how it begins: browsers save MHTML under the name of a page too."""
    return name.suffix.lower() in ARCHIVES or start.startswith(_WARC) or _is_mhtml(start)


def pages_in(path: Path, name: Path, body: bytes) -> tuple[Saved, ...]:
    """Every page in the archive, in its order; LandingError if there is none, or the archive is damaged."""
    is_warc = body.startswith(_WARC) or (name.suffix.lower() == ".warc" and not _is_mhtml(body[:4096]))
    seen: Counter[str] = Counter()
    saved = tuple(_of_warc(path, body, seen) if is_warc else _of_mhtml(path, body))
    if not saved:
        held = ", ".join(f"{count} of {kind}" for kind, count in seen.most_common(5))
        raise LandingError(f"{path}: the archive holds no page{f', only {held}' if held else ''}")
    return saved


def _is_mhtml(start: bytes) -> bool:
    return bool(_HEAD.match(start) and _RELATED.search(start))


def _of_mhtml(path: Path, body: bytes) -> Iterator[Saved]:
    """The page that a browser saved, its first part of HTML, and others beside it on the same site; frames are none."""
    message = message_from_bytes(body, policy=policy.HTTP)
    first: str | None = None
    for part in message.walk():
        if part.get_content_type() not in _HTML:
            continue
        url = str(part["Content-Location"] or ("" if first else message["Snapshot-Content-Location"]) or "")
        if first is None or (url != first and _folder(url) == _folder(first) is not None):
            first = url if first is None else first
            yield _of_part(path, message, part, url)


def _of_part(path: Path, message: EmailMessage, part: Message, url: str) -> Saved:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or not content:
        raise LandingError(f"{path}: the archive's page is empty")
    charset, kind = part.get_content_charset(), part.get_content_type()
    return Saved(
        body=content,
        media_type=f"{kind}; charset={charset}" if charset else kind,
        url=url or None,
        read_at=_saved_at(message),
    )


def _folder(url: str) -> tuple[str, str] | None:
    try:
        address = urlsplit(url)
    except ValueError:
        return None
    return (address.netloc, address.path.rpartition("/")[0]) if address.netloc else None


def _saved_at(message: EmailMessage) -> datetime | None:
    """Browsers write the time in UTC with the zone `-0000`, which is read as none."""
    try:
        instant: datetime | None = message["Date"].datetime if message["Date"] else None
    except (ValueError, TypeError, AttributeError):
        return None
    return instant and (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)


def _of_warc(path: Path, body: bytes, seen: Counter[str]) -> Iterator[Saved]:
    """Every answer or resource that is a page; other records are what pages load, and are counted."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - only archives need it
    from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415

    try:
        for record in ArchiveIterator(BytesIO(body)):
            kind = _kind(record)
            status = record.http_headers.get_statuscode() if record.http_headers else "200"
            if record.rec_type not in _RECORDS or kind.partition(";")[0].strip().lower() not in _PAGES:
                seen[f"{record.rec_type} {kind}".strip()] += 1
            elif status != "200":
                seen[f"status {status}"] += 1
            else:
                yield _of_record(path, record, kind)
    except (ArchiveLoadFailed, ValueError, EOFError, zlib.error) as error:
        raise LandingError(f"{path}: not an archive that can be read: {error}") from error


_PAGES = frozenset(MEDIA_TYPES.values())


def _kind(record: Any) -> str:
    headers = record.http_headers or record.rec_headers
    return str(headers.get_header("Content-Type") or "")


def _of_record(path: Path, record: Any, kind: str) -> Saved:
    content = record.content_stream().read(PAGE_BYTES_MAX + 1)
    if len(content) > PAGE_BYTES_MAX:
        raise LandingError(f"{path}: a page larger than {PAGE_BYTES_MAX // 1024**2} MB")
    stamp, url = record.rec_headers.get_header("WARC-Date"), record.rec_headers.get_header("WARC-Target-URI")
    return Saved(
        body=content,
        media_type=kind,
        url=url.strip().strip("<>") if url else None,  # wget puts it into angle brackets
        read_at=datetime.fromisoformat(stamp).astimezone(UTC) if stamp else None,
    )
