"""What a site serves instead of the page: errors, challenges, logins, and things of another kind.

A media type is only what a server calls a thing: mirrors call pages `application/octet-stream`. What a body is shows by
its first bytes, and whether it is the right page is for the extractor to say.
"""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import urlsplit

from extractors.errors import FetchError, PermanentFetchError, TransientFetchError
from transforms.records import Cause

HEAD_BYTES = 65536
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
# arXiv says so in a line of plain text, also with status 200 (2026-03).
_TOO_OFTEN = re.compile(rb"\s*rate (?:limit )?exceeded\.?\s*", re.IGNORECASE)
_TOO_OFTEN_BYTES_MAX = 200
_CHALLENGE_MARKS = re.compile(rb"g-recaptcha|h-captcha|cf-chl-|captcha-delivery\.com", re.IGNORECASE)
# A challenge page is small; a large page with such a word in it is a list with a paper about captchas.
_CHALLENGE_BYTES_MAX = 32 * 1024
_TEXT_SUFFIXES = (".txt", ".md")
_TEXTUAL = re.compile(r"text/[\w.+-]+|application/([\w.-]+\+)?xml")
_OTHER_TYPES = re.compile(r"(image|audio|video|font|model)/.*|application/(pdf|zip|gzip|x-tar|wasm)")
# First bytes that no text has.
_OTHER_THINGS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\s*%PDF-\d"), "a PDF"),
    (
        re.compile(rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|BM....\0\0\0\0|II\*\0|MM\0\*", re.DOTALL),
        "an image",
    ),
    (re.compile(rb"(?:<\?xml[^>]*>\s*)?<svg\b", re.IGNORECASE), "an image"),
    (
        re.compile(rb"\0\0\0.ftyp|\x1aE\xdf\xa3|RIFF....AVI |OggS\0|ID3[\x02-\x04]\0|fLaC\0|\0\0\x01\xba", re.DOTALL),
        "a film",
    ),
    (re.compile(rb"PK\x03\x04|\x1f\x8b\x08|BZh[1-9]1AY|\xfd7zXZ\0|7z\xbc\xaf|\x28\xb5\x2f\xfd|Rar!\x1a"), "an archive"),
    (re.compile(rb"\x7fELF|MZ.\0.\0|\0asm|\xca\xfe\xba\xbe|wOF[F2][\0\x01]|SQLite format 3\0", re.DOTALL), "a program"),
)
# Comments may come first; GitHub's README files begin with single elements, which make no HTML document.
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?:\s|\0|<!--(?:(?!-->).)*-->|<\?xml[^>]*>)*+"
    rb"<\0?(?:!\0?d\0?o\0?c\0?t\0?y\0?p\0?e\0?\s\0?h\0?t\0?m\0?l|h\0?t\0?m\0?l|head|title|body|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_JSON_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*[\[{]")
_XML_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[?!A-Za-z]")
_SNIFFED_BYTES = 4096
_MEDIA_TYPE_MAX = 200


def refusal_of(status: int, url: str) -> FetchError | None:
    """The error for a status other than 200; None for 200."""
    if status == 200:
        return None
    if status == 429:
        return TransientFetchError(url, "asked too often: answered 429", cause=Cause.RATE_LIMITED)
    if status in {401, 402, 403, 407, 451, 511}:
        return PermanentFetchError(url, f"blocked: answered {status}", cause=Cause.BLOCKED)
    if status in {408, 425} or status >= 500:
        return TransientFetchError(url, f"answered {status}", cause=Cause.HOST_DOWN)
    cause = Cause.NOT_FOUND if status in {404, 410} else Cause.BAD_ANSWER
    return PermanentFetchError(url, f"answered {status}", cause=cause)


def require_not_too_often(url: str, body: bytes) -> None:
    """Raise `rate_limited` for an answer that says nothing but that, whatever its status."""
    if len(body) <= _TOO_OFTEN_BYTES_MAX and _TOO_OFTEN.fullmatch(body):
        said = body.decode("ascii").strip()
        raise TransientFetchError(url, f"asked too often: answered {said!r}", cause=Cause.RATE_LIMITED)


def require_page(asked: str, url: str, media_type: str, body: bytes) -> None:
    """Raise `blocked` if the answer at `url` is a challenge, or of another kind than the address that was `asked` for.

    An address that ends in .txt or .md should give text, any other HTML.
    """
    _require_any(url, body)
    thing = _other_thing(body, wants_text=urlsplit(asked).path.endswith(_TEXT_SUFFIXES), declared=_essence(media_type))
    if thing:
        raise PermanentFetchError(url, f"blocked: answered with {thing} instead of the page", cause=Cause.BLOCKED)
    title = title_of(body)
    if any(challenge in title for challenge in _CHALLENGES):
        raise PermanentFetchError(url, f"blocked: answered with a challenge page titled {title!r}", cause=Cause.BLOCKED)
    if len(body) <= _CHALLENGE_BYTES_MAX and _CHALLENGE_MARKS.search(body):
        raise PermanentFetchError(url, "blocked: answered with a captcha", cause=Cause.BLOCKED)


def require_answer(url: str, body: bytes) -> None:
    """Raise `blocked` if the answer at `url` is a page or a thing, and no JSON.

    One that begins as JSON does passes: whoever reads it says where it breaks off.
    """
    _require_any(url, body)
    if _JSON_BEGINS.match(body):
        return
    raise _instead_of("JSON", url, body)


def require_xml(url: str, body: bytes) -> None:
    """Raise `blocked` if the answer at `url` is a page or a thing, and no XML.

    What stands in it is not looked at: titles of papers are about captchas, too. Whoever reads it says where it breaks
    off.
    """
    _require_any(url, body)
    if _XML_BEGINS.match(body) and not _HTML.match(body[:_SNIFFED_BYTES]):
        return
    raise _instead_of("XML", url, body)


def _require_any(url: str, body: bytes) -> None:
    if not body:
        raise TransientFetchError(url, "answered with an empty body", cause=Cause.CUT_OFF)


def _instead_of(wanted: str, url: str, body: bytes) -> FetchError:
    title = title_of(body)
    found = f"a page titled {title!r}" if title else _other_thing(body, wants_text=True, declared="") or "text"
    return PermanentFetchError(url, f"blocked: answered with {found} instead of {wanted}", cause=Cause.BLOCKED)


def media_type_of(declared: str, body: bytes) -> str:
    """The declared media type if it is one of a page or text, else what the body shows; its charset stays."""
    declared = "".join(filter(str.isprintable, declared))[:_MEDIA_TYPE_MAX]
    if _TEXTUAL.fullmatch(_essence(declared)):
        return declared
    _, mark, parameters = declared.partition(";")
    return f"{'text/html' if _HTML.match(body[:_SNIFFED_BYTES]) else 'text/plain'}{mark}{parameters}"


def title_of(body: bytes) -> str:
    """The title of an HTML page in lower case, blanks made one; empty if it has none."""
    title = _TITLE.search(body[:HEAD_BYTES])
    return " ".join(unescape(title[1].decode("utf-8", "replace")).lower().split()) if title else ""


def _essence(media_type: str) -> str:
    return "".join(filter(str.isprintable, media_type.partition(";")[0])).strip().lower()[:_MEDIA_TYPE_MAX]


def _other_thing(body: bytes, *, wants_text: bool, declared: str) -> str | None:
    """What the body is, if that is nothing that was asked for."""
    is_html = _HTML.match(body[:_SNIFFED_BYTES]) is not None
    if is_html:
        return "text/html" if wants_text else None
    if thing := next((name for first, name in _OTHER_THINGS if first.match(body[:_SNIFFED_BYTES])), None):
        return thing
    if _is_json(body):
        return "JSON"
    if wants_text and declared == "text/html" and body.lstrip()[:1] == b"<":
        return declared  # a part of a page, as some error pages are
    return declared if _OTHER_TYPES.fullmatch(declared) else None


def _is_json(body: bytes) -> bool:
    if not _JSON_BEGINS.match(body):
        return False
    try:
        json.loads(body)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True
