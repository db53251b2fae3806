"""Reads text and HTML strictly: what is not as expected raises PageChanged with page, selector and count."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from extractors.errors import PageChanged
from transforms.records import Finding, Level, Page

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_LATIN_1 = frozenset({"iso8859-1", "ascii"})
_LEGACY = re.compile(r"cp125\d|iso8859-\d+|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis|euc_jp|euc_kr")
_ESCAPE = re.compile(rb"&[^&;]{0,4};?")
_PLAIN = {b"&lt;": b"<", b"&gt;": b">", b"&#39;": b"'", b"&amp;": b"&"}
_QUOTED = rb"\"[^\"]*+\"|'[^']*+'"
_PLACEHOLDER = "the value that was cut out"
_LXML_CHARACTERS_MAX = 10_000_000  # beyond that lxml gives an attribute as empty, without a word
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class NoValue(PageChanged):
    """An attribute that must hold something is missing or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """The value of an attribute that carries data, in UTF-8, and the text before and after its start tag."""

    value: bytes
    before: str
    after: str


def decoded(page: Page) -> tuple[str, tuple[Finding, ...]]:
    """The body as text: BOM, strict UTF-8, else the declared charset, else cp1252 with a finding; without NULs.

    A body that is UTF-8 but for a few damaged bytes raises PageChanged: read as cp1252 it would be mojibake throughout.
    """
    text, findings = _text_of(page)
    if "\0" not in text:
        return text, findings
    nuls = Finding(
        check_name="nul_characters", level=Level.WARNING, observed=str(text.count("\0")), expected="0", place=page.url
    )
    return text.replace("\0", ""), (*findings, nuls)


def soup_of(text: str) -> BeautifulSoup:
    """Parse with lxml, always: html.parser needs quadratic time on hostile input."""
    from bs4 import BeautifulSoup  # noqa: PLC0415 - a third of the start of commands that read no page

    return BeautifulSoup(text, "lxml")


def one(node: Tag, selector: str, *, where: str) -> Tag:
    """The only element that matches."""
    found = node.select(selector)
    if len(found) != 1:
        raise PageChanged(f"{where} {selector}", "exactly 1 element", str(len(found)))
    return found[0]


def many(node: Tag, selector: str, *, where: str, at_least: int = 1) -> tuple[Tag, ...]:
    """All elements that match, in page order."""
    found = node.select(selector)
    if len(found) < at_least:
        raise PageChanged(f"{where} {selector}", f"at least {at_least} elements", str(len(found)))
    return tuple(found)


def maybe(node: Tag, selector: str, *, where: str) -> Tag | None:
    """The only element that matches, or None where there is none; two are an error."""
    found = node.select(selector)
    if len(found) > 1:
        raise PageChanged(f"{where} {selector}", "at most 1 element", str(len(found)))
    return found[0] if found else None


def attribute(tag: Tag, name: str, *, where: str) -> str:
    """The value of an attribute that must be there and not empty."""
    value = tag.get(name)
    if not isinstance(value, str):
        raise NoValue(f"{where} {tag.name}[{name}]", "a value", "no such attribute")
    if not value:
        raise NoValue(f"{where} {tag.name}[{name}]", "a value", "an empty attribute")
    return value


def utf8(page: Page) -> tuple[bytes, tuple[Finding, ...]]:
    """The body in UTF-8 without BOM and NULs, as `decoded` reads it.

    One that needs no change is handed over as it is and unproven: who decodes it meets what is no UTF-8.
    """
    if b"\0" not in page.body and not page.body.startswith(tuple(bom for bom, _ in _BOMS)):
        return page.body, ()
    text, findings = decoded(page)
    return text.encode(), findings


def embedded_json(body: bytes, *, tag: str, marker: str, name: str, where: str) -> Embedded | None:
    """The attribute `name` of the one start tag with `marker`, unescaped once; None without such a tag.

    Only that start tag is cut out and parsed, or the whole text where the marker stands behind other attributes that
    hide it. The cut heeds quotes, because `>` is not escaped inside attributes. The rest is decoded strictly.
    NoValue where nothing is in it: lxml gives that, without a word, beyond 10,000,000 characters.
    """
    opens = re.compile(rb"<%b\s[^>]{0,500}?%b" % (tag.encode(), re.escape(marker.encode())))
    starts = [start for start in _tags_around(body, marker.encode()) if opens.match(body, start)]
    place = f"{where} {tag}[{marker}]"
    if not starts:
        return _embedded_anywhere(body, tag, marker, name, place)
    if len(starts) > 1:
        raise PageChanged(place, "1 start tag", str(len(starts)))
    cut = _plainly_escaped(body, starts[0], tag, name) or _parsed(body, starts[0], tag, name, place)
    return Embedded(value=cut.value, before=body[: starts[0]].decode(), after=body[cut.end :].decode())


class _Cut(NamedTuple):
    """An attribute's value, and where its start tag ends."""

    value: bytes
    end: int


def _parsed(body: bytes, start: int, tag: str, name: str, place: str) -> _Cut:
    """The value as a parser reads it."""
    whole = re.compile(rb"<%b(?:[^>\"']++|%b)*+>" % (tag.encode(), _QUOTED)).match(body, start)
    if whole is None:
        raise PageChanged(place, "a complete start tag", "one that never ends")
    return _Cut(_value(one(soup_of(whole[0].decode()), tag, where=place), name, place), whole.end())


def _value(node: Tag, name: str, place: str) -> bytes:
    return attribute(node, name, where=place).encode("utf-8", "surrogatepass")


def _plainly_escaped(body: bytes, start: int, tag: str, name: str) -> _Cut | None:
    """The value where it holds none but the usual five escapes: quicker than a parser, which sees the tag without it.

    None where the parser does not find the attribute in that place, or the value needs more than that.
    """
    head = re.compile(rb"<%b(?:[^>\"']|%b){0,2000}?\s%b=\"" % (tag.encode(), _QUOTED, name.encode())).match(body, start)
    if head is None:
        return None
    first, last = head.end(), body.find(b'"', head.end())
    rest = re.compile(rb"(?:[^>\"']++|%b)*+>" % _QUOTED).match(body, last + 1)
    if rest is None or not 0 < last - first <= _LXML_CHARACTERS_MAX or body.find(b"\r", first, last) >= 0:
        return None
    node = soup_of(head[0].decode() + _PLACEHOLDER + body[last : rest.end()].decode()).find(tag)
    if node is None or node.get(name) != _PLACEHOLDER:
        return None
    try:
        value = _ESCAPE.sub(lambda escape: _PLAIN[escape[0]], body[first:last].replace(b"&quot;", b'"'))
    except KeyError:
        return None
    return _Cut(value, rest.end())


def _tags_around(body: bytes, marker: bytes) -> Iterator[int]:
    """Where the last `<` before each place of the marker stands: quicker than an expression that tries every tag."""
    place = body.find(marker)
    while place >= 0:
        yield max(0, body.rfind(b"<", 0, place))
        place = body.find(marker, place + 1)


def _embedded_anywhere(body: bytes, tag: str, marker: str, name: str, place: str) -> Embedded | None:
    if marker.encode() not in body:
        return None
    text = body.decode()
    node = maybe(soup_of(text), f"{tag}[{marker}]", where=place)
    return Embedded(value=_value(node, name, place), before=text, after="") if node is not None else None


def _text_of(page: Page) -> tuple[str, tuple[Finding, ...]]:
    for bom, encoding in _BOMS:
        if page.body.startswith(bom):
            return _strictly(page, page.body[len(bom) :], encoding), ()
    try:
        return page.body.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(page, error)
    declared = _declared(page)
    if declared is not None:
        return _strictly(page, page.body, declared), ()
    text = page.body.decode("cp1252", errors="replace")
    observed = f"undeclared, {text.count(chr(0xFFFD))} characters unreadable as cp1252"
    return text, (
        Finding(check_name="encoding", level=Level.WARNING, observed=observed, expected="UTF-8", place=page.url),
    )


def _strictly(page: Page, body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise PageChanged(page.url, f"text in {encoding}", f"byte {error.start} does not fit") from error


def _refuse_damaged_utf8(page: Page, error: UnicodeDecodeError) -> None:
    lenient = page.body.decode("utf-8", errors="replace")
    damaged = lenient.count("\ufffd")
    intact = sum(1 for character in lenient if character > "\x7f") - damaged
    if intact > damaged:
        raise PageChanged(page.url, "UTF-8", f"a damaged character at byte {error.start}") from error


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
