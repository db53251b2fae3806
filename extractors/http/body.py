"""Reads one answer within a size and a time, and tells a page from what is served instead of one."""

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
_CHALLENGE_BYTES_MAX = 32 * 1024  # such a page is small; a large one that speaks of captchas is a list of papers
_TEXT_SUFFIXES = (".txt", ".md")
_TEXTUAL = re.compile(r"text/[\w.+-]+|application/([\w.-]+\+)?xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How large a body may become once decompressed, and how many seconds its reading may take in all."""

    bytes_max: int = 16 * 1024 * 1024
    seconds_max: float = 60.0


def body_of(response: requests.Response, url: str, bounds: Bounds) -> bytes:
    """The whole body, decompressed. Short, damaged or slow raises TransientFetchError, too large the permanent one."""
    inflate = _inflater(response, url)
    body = bytearray()
    for piece in _pieces(response, url, time.monotonic() + bounds.seconds_max):
        for part in inflate.parts(piece, url):
            body += part
            if len(body) > bounds.bytes_max:
                raise PermanentFetchError(url, f"larger than {bounds.bytes_max / 1024**2:g} MB")
    _require_all(response, inflate, url)
    return bytes(body)


def refusal_of(status: int, url: str) -> FetchError | None:
    """The error that a status other than 200 stands for; None for 200."""
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
    """Raise `blocked` where the answer to a right address is a challenge, or not of the kind that was asked for."""
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
class _Plain:
    is_complete: bool = True

    def parts(self, piece: bytes, url: str) -> Iterator[bytes]:  # noqa: ARG002 - the same call as _Gzip's
        yield piece


@dataclass(slots=True)
class _Gzip:
    """Inflates at most READ_BYTES at a time: a bomb is noticed long before it fills the memory."""

    inflate: zlib._Decompress = field(default_factory=lambda: zlib.decompressobj(wbits=31))

    @property
    def is_complete(self) -> bool:
        return self.inflate.eof

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


def _inflater(response: requests.Response, url: str) -> _Plain | _Gzip:
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding in {"", "identity"}:
        return _Plain()
    if encoding in {"gzip", "x-gzip"}:
        return _Gzip()
    raise PermanentFetchError(url, f"the content encoding {encoding[:60]!r} was not asked for")


def _pieces(response: requests.Response, url: str, deadline: float) -> Iterator[bytes]:
    """The raw pieces as they come, one read from the socket each: a drip feed meets the deadline."""
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


def _require_all(response: requests.Response, inflate: _Plain | _Gzip, url: str) -> None:
    announced = response.headers.get("Content-Length", "")
    read = response.raw.tell()
    if announced.isdecimal() and int(announced) != read:
        raise TransientFetchError(url, f"the body is {read} bytes, {announced} were announced", cause=Cause.CUT_OFF)
    if not inflate.is_complete:
        raise TransientFetchError(url, "the compressed body is cut off", cause=Cause.CUT_OFF)
