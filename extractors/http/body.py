"""Read the body of one answer within its limits, decompressed piece by piece."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import requests
from urllib3.exceptions import HTTPError

from extractors.errors import PermanentFetchError, TransientFetchError
from transforms.records import Cause

READ_BYTES = 65536


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How large a body may become once decompressed, and how many seconds a request may take, to the last byte."""

    bytes_max: int = 16 * 1024 * 1024  # the largest real page has 0.6 MB; BeautifulSoup takes over 60 s for 100 MB
    seconds_max: float = 60.0


def body_of(response: requests.Response, url: str, bounds: Bounds) -> bytes:
    """The whole body, decompressed.

    Raises:
        TransientFetchError: it is shorter than announced, or damaged.
        PermanentFetchError: it is larger than the bounds, or in an encoding that was not asked for.
    """
    inflater = _Gzip() if _is_compressed(response, url) else None
    body = bytearray()
    for piece in _pieces(response, url):
        for part in inflater.parts(piece, url) if inflater else (piece,):
            body += part
            if len(body) > bounds.bytes_max:
                raise PermanentFetchError(url, f"larger than {bounds.bytes_max / 1024**2:g} MB")
    _require_length(response, url)
    if inflater and not inflater.inflate.eof:
        raise TransientFetchError(url, "the compressed body is cut off", cause=Cause.CUT_OFF)
    return bytes(body)


@dataclass(slots=True)
class _Gzip:
    """Inflates at most READ_BYTES at a time: a decompression bomb meets the size limit before it fills the memory."""

    inflate: zlib._Decompress = field(default_factory=lambda: zlib.decompressobj(wbits=31))

    def parts(self, piece: bytes, url: str) -> Iterator[bytes]:
        while piece:
            if self.inflate.eof:  # one more member follows
                self.inflate = zlib.decompressobj(wbits=31)
            try:
                yield self.inflate.decompress(piece, READ_BYTES)
            except zlib.error as error:
                raise TransientFetchError(
                    url, f"the compressed body is damaged: {error}", cause=Cause.CUT_OFF
                ) from error
            piece = self.inflate.unconsumed_tail or self.inflate.unused_data


def _is_compressed(response: requests.Response, url: str) -> bool:
    """Stacked and other encodings are refused: only gzip is in Accept-Encoding."""
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise PermanentFetchError(url, f"the content encoding {encoding[:60]!r} was not asked for")
    return encoding.endswith("gzip")


def _pieces(response: requests.Response, url: str) -> Iterator[bytes]:
    """The raw pieces, one read of the socket each: `iter_content` would wait for a whole piece before it gives one."""
    while True:
        try:
            piece = response.raw.read1(READ_BYTES, decode_content=False)
        except (HTTPError, OSError) as error:
            raise TransientFetchError(url, f"the connection broke off: {error}", cause=Cause.CUT_OFF) from error
        if not piece:
            return
        yield piece


def _require_length(response: requests.Response, url: str) -> None:
    """urllib3 raises no error for a body shorter than announced if it is compressed."""
    announced = response.headers.get("Content-Length", "")
    read = response.raw.tell()
    # Compared as text: Python makes no number of more than 4,300 digits.
    if announced.isdecimal() and (announced.lstrip("0") or "0") != str(read):
        shown = announced if len(announced) <= 20 else f"{announced[:20]}… ({len(announced)} digits)"
        raise TransientFetchError(url, f"the body is {read} bytes, {shown} were announced", cause=Cause.CUT_OFF)
