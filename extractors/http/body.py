"""Read one answer within limits of size and time; refuse what a site serves instead of a page."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from extractors.errors import FetchError, PermanentFetchError, TransientFetchError
from transforms.records import Cause

READ_BYTES = 65536
_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_CHALLENGES = (
    "just a moment",
    "attention required",
    "access denied",
    "verify you are human",
    "verifying you are human",
    "are you a robot",
    "security check",
    "captcha",
    "ddos protection",
    "please wait",
)
_CHALLENGE_MARKS = re.compile(rb"g-recaptcha|h-captcha|cf-chl-|captcha-delivery\.com", re.IGNORECASE)
# A challenge page is small; a large page with such a word in it is a list with a paper about captchas.
_CHALLENGE_BYTES_MAX = 32 * 1024
_TEXT_SUFFIXES = (".txt", ".md")
_TEXTUAL = re.compile(r"text/[\w.+-]+|application/([\w.-]+\+)?xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How large a body may become once decompressed, and how many seconds its reading may take in all."""

    bytes_max: int = 16 * 1024 * 1024  # the largest real page has 0.6 MB; BeautifulSoup takes over 60 s for 100 MB
    seconds_max: float = 60.0


def body_of(response: requests.Response, url: str, bounds: Bounds) -> bytes:
    """The whole body, decompressed.

    Raises:
        TransientFetchError: it is shorter than announced, damaged or slow.
        PermanentFetchError: it is larger than the bounds, or in an encoding that was not asked for.
    """
    inflater = _Gzip() if _is_compressed(response, url) else None
    body = bytearray()
    for piece in _pieces(response, url, time.monotonic() + bounds.seconds_max):
        for part in inflater.parts(piece, url) if inflater else (piece,):
            body += part
            if len(body) > bounds.bytes_max:
                raise PermanentFetchError(url, f"larger than {bounds.bytes_max / 1024**2:g} MB")
    _require_length(response, url)
    if inflater and not inflater.inflate.eof:
        raise TransientFetchError(url, "the compressed body is cut off", cause=Cause.CUT_OFF)
    return bytes(body)


def refusal_of(status: int, url: str) -> FetchError | None:
    """The error for a status other than 200; None for 200."""
    if status == 200:
        return None
    if status == 429:
        return TransientFetchError(url, "asked too often: answered 429", cause=Cause.RATE_LIMITED)
    if status in {408, 425} or status >= 500:
        return TransientFetchError(url, f"answered {status}", cause=Cause.HOST_DOWN)
    if status in {401, 403, 407, 451}:
        return PermanentFetchError(url, f"blocked: answered {status}", cause=Cause.BLOCKED)
    cause = Cause.NOT_FOUND if status in {404, 410} else Cause.BAD_ANSWER
    return PermanentFetchError(url, f"answered {status}", cause=cause)


def require_page(url: str, media_type: str, body: bytes) -> None:
    """Raise `blocked` if an answer with status 200 is a challenge page, or of another media type than asked for."""
    essence = media_type.partition(";")[0].strip().lower()
    wants_text = urlsplit(url).path.endswith(_TEXT_SUFFIXES)
    if essence and (not _TEXTUAL.fullmatch(essence) or (wants_text and essence == "text/html")):
        raise PermanentFetchError(url, f"blocked: answered with {essence} instead of the page", cause=Cause.BLOCKED)
    if not body:
        raise TransientFetchError(url, "answered with an empty body", cause=Cause.CUT_OFF)
    title = _TITLE.search(body[:READ_BYTES])
    text = " ".join(unescape(title[1].decode("utf-8", "replace")).lower().split()) if title else ""
    if any(challenge in text for challenge in _CHALLENGES):
        raise PermanentFetchError(url, f"blocked: answered with a challenge page titled {text!r}", cause=Cause.BLOCKED)
    if len(body) <= _CHALLENGE_BYTES_MAX and _CHALLENGE_MARKS.search(body):
        raise PermanentFetchError(url, "blocked: answered with a captcha", cause=Cause.BLOCKED)


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


def _pieces(response: requests.Response, url: str, deadline: float) -> Iterator[bytes]:
    """The raw pieces, one read of the socket each.

    The deadline is checked between reads: `iter_content` would wait for a whole piece, and so for ever on a drip feed.
    """
    while True:
        if time.monotonic() > deadline:
            raise TransientFetchError(url, "the body took too long", cause=Cause.HOST_DOWN)
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
    if announced.isdecimal() and int(announced) != read:
        raise TransientFetchError(url, f"the body is {read} bytes, {announced} were announced", cause=Cause.CUT_OFF)
