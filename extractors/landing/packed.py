"""A file's bytes, unpacked: gzip is told by its first bytes, whatever the name; other packers are named."""

from __future__ import annotations

import gzip
import zlib
from io import BufferedReader
from pathlib import Path

from extractors.errors import LandingError, UnreadableError
from extractors.landing.archives import is_archive
from extractors.landing.files import PAGE_BYTES_MAX

ARCHIVE_BYTES_MAX = 64 * PAGE_BYTES_MAX
_GZIP = b"\x1f\x8b"
_TIMES_PACKED_MAX = 2  # a server that packs what is packed already
_OTHERS = {
    b"\xfd7zXZ\0": "xz",
    b"BZh": "bzip2",
    b"(\xb5/\xfd": "zstd",
    b"PK\x03\x04": "zip",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "rar",
    b"%PDF-": "PDF, which holds no page",
}


def unpacked(path: Path) -> tuple[Path, bytes]:
    """The file's name without `.gz`, and its bytes, unpacked; LandingError names what cannot be unpacked."""
    if not path.is_file():
        raise LandingError(f"{path}: no such file" if not path.exists() else f"{path}: not a regular file")
    try:
        with path.open("rb") as file:
            name, body, most = _read(path, file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise LandingError(f"{path}: cannot be unpacked: {error}; get the file again") from error
    except OSError as error:
        raise UnreadableError(path, error) from error
    if len(body) > most:
        raise LandingError(f"{path}: larger than {most // 1024**2} MB, too large for a page")
    if not body:
        raise LandingError(f"{path}: the file is empty")
    return name, body


def _read(path: Path, file: BufferedReader) -> tuple[Path, bytes, int]:
    name = path
    stream: BufferedReader | gzip.GzipFile = file
    for _ in range(_TIMES_PACKED_MAX):
        is_named = name.suffix.lower() == ".gz"
        if stream.peek(2)[:2] != _GZIP and not (is_named and stream is file):
            break
        stream = gzip.GzipFile(fileobj=stream, mode="rb")
        name = name.with_suffix("") if is_named else name
    start = stream.peek(4096)[:4096]
    _refuse_others(path, start)
    most = ARCHIVE_BYTES_MAX if is_archive(name, start) else PAGE_BYTES_MAX
    return name, stream.read(most + 1), most


def _refuse_others(path: Path, start: bytes) -> None:
    packer = next((packer for magic, packer in _OTHERS.items() if start.startswith(magic)), None)
    packer = "gzip, for the third time" if start.startswith(_GZIP) else packer
    if packer:
        raise LandingError(f"{path}: packed as {packer}: unpack it, and adopt what is in it")
