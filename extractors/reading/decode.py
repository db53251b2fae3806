"""Bytes as text: BOM, UTF-16 by its NULs, strict UTF-8, declared charset, cp1252; damage is refused, not guessed."""

from __future__ import annotations

import codecs
import re

from extractors.errors import PageChanged
from transforms.records import Finding, Page

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# A declaration of either means cp1252: browsers read it so.
_LATIN_1 = frozenset({"iso8859-1", "ascii"})
_LEGACY = re.compile(r"cp125\d|iso8859-\d+|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis|euc_jp|euc_kr")
# UTF-32 first: its mark begins with that of UTF-16.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Every second byte of English text in UTF-16 is NUL, and single ones of Chinese text at the other place (U+4E00).
_START = 4096
_NULS_SHARE, _NULS_TIMES = 0.1, 2
# Single ones are damage that costs nothing but themselves.
_NULS_MAX = 8


def decoded(page: Page) -> tuple[str, tuple[Finding, ...]]:
    """The body as text: by BOM, UTF-16 or UTF-8, else the declared charset, else cp1252 with a finding; without NULs.

    A body that is UTF-8 but for a few damaged bytes raises PageChanged: as cp1252 all its other letters would be wrong.
    So does one with more NULs than damage makes: it is no text, or in an encoding that nothing tells.
    """
    text, findings = _text_of(page)
    count = text.count("\0")
    if not count:
        return text, findings
    if count > _NULS_MAX:
        expected = "text in UTF-8 or UTF-16: save it as UTF-8 and adopt it again"
        raise PageChanged(page.final_url, expected, f"{count} NUL characters, the first at {text.index(chr(0))}")
    nuls = Finding.warning("nul_characters", str(count), "0", page.final_url)
    return text.replace("\0", ""), (*findings, nuls)


def utf8(page: Page) -> tuple[bytes, tuple[Finding, ...]]:
    """The body in UTF-8 without BOM and NULs, as `decoded` reads it.

    One that needs no change is returned as it is, unchecked: decoding it later raises if it is not UTF-8.
    """
    if b"\0" not in page.body and not page.body.startswith(tuple(bom for bom, _ in _BOMS)):
        return page.body, ()
    text, findings = decoded(page)
    return text.encode(), findings


def strictly(page: Page, body: bytes, encoding: str) -> str:
    """The bytes in that encoding. Raises PageChanged naming the first byte that does not fit."""
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise PageChanged(page.final_url, f"text in {encoding}", f"byte {error.start} does not fit") from error


def _text_of(page: Page) -> tuple[str, tuple[Finding, ...]]:
    for bom, encoding in _BOMS:
        if page.body.startswith(bom):
            return strictly(page, page.body[len(bom) :], encoding), ()
    wide = _utf16_without_bom(page.body)
    if wide is not None:
        return strictly(page, page.body, wide), ()
    try:
        return page.body.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(page, error)
    declared = _declared(page)
    if declared is not None:
        return strictly(page, page.body, declared), ()
    text = page.body.decode("cp1252", errors="replace")
    observed = f"undeclared, {text.count(chr(0xFFFD))} characters unreadable as cp1252"
    return text, (Finding.warning("encoding", observed, "UTF-8", page.final_url),)


def _utf16_without_bom(body: bytes) -> str | None:
    """The encoding if NULs stand at every second place: as UTF-8 it would be valid, and as cp1252 other letters."""
    start = body[:_START]
    even, odd = start[::2].count(0), start[1::2].count(0)
    most, least = max(even, odd), min(even, odd)
    if most <= _NULS_MAX or most < _NULS_SHARE * len(start) / 2 or most <= _NULS_TIMES * least:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _refuse_damaged_utf8(page: Page, error: UnicodeDecodeError) -> None:
    lenient = page.body.decode("utf-8", errors="replace")
    damaged = lenient.count("\ufffd")
    intact = sum(1 for character in lenient if character > "\x7f") - damaged
    if intact > damaged:
        raise PageChanged(page.final_url, "UTF-8", f"a damaged character at byte {error.start}") from error


def _declared(page: Page) -> str | None:
    """The declared charset as a codec other than UTF-8 (which has just failed); latin-1 and ASCII mean cp1252."""
    head = page.body[:1024].decode("latin-1") if "html" in page.media_type else ""
    for text in (page.media_type, head):
        found = _CHARSET.search(text)
        if found:
            return _codec(found[1])
    return None


def _codec(name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        return None
    if codec in _LATIN_1:
        return "cp1252"
    return codec if _LEGACY.fullmatch(codec) else None
