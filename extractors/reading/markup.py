"""HTML read strictly: elements by selector, and JSON that a page carries in an attribute of one start tag.

What is not as expected raises PageChanged with page, selector and count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from extractors.errors import PageChanged

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

# lxml gives a longer attribute as empty, without an error (seen with lxml 6.1).
_LXML_CHARACTERS_MAX = 10_000_000
_ESCAPE = re.compile(rb"&[^&;]{0,4};?")
_PLAIN = {b"&lt;": b"<", b"&gt;": b">", b"&#39;": b"'", b"&amp;": b"&"}
_QUOTED = rb"\"[^\"]*+\"|'[^']*+'"
_PLACEHOLDER = "the value that was cut out"


class NoValue(PageChanged):
    """An attribute that must have a value is missing or empty."""


def soup_of(text: str) -> BeautifulSoup:
    """Parse with lxml, always: html.parser needs quadratic time on hostile input."""
    from bs4 import BeautifulSoup  # noqa: PLC0415 - a third of the start of commands that read no page

    return BeautifulSoup(text, "lxml")


def rewritten(text: str) -> str:
    """The same page with every attribute quoted, in its order, and tags in small letters."""
    from bs4.dammit import EntitySubstitution  # noqa: PLC0415 - as in soup_of
    from bs4.formatter import HTMLFormatter  # noqa: PLC0415

    class AsWritten(HTMLFormatter):
        def attributes(self, tag: Tag) -> list[tuple[str, Any]]:  # the usual one sorts them
            return list(tag.attrs.items())

    return soup_of(text).decode(formatter=AsWritten(entity_substitution=EntitySubstitution.substitute_xml))


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
    """The only element that matches, or None if there is none; two are an error."""
    found = node.select(selector)
    if len(found) > 1:
        raise PageChanged(f"{where} {selector}", "at most 1 element", str(len(found)))
    return found[0] if found else None


def attribute(tag: Tag, name: str, *, where: str) -> str:
    """The value of an attribute that must be there and not empty."""
    value = tag.get(name)
    if not isinstance(value, str) or not value:
        observed = "an empty attribute" if value == "" else "no such attribute"
        raise NoValue(f"{where} {tag.name}[{name}]", "a value", observed)
    return value


def iso_day(text: str, *, where: str) -> date:
    """A date printed as YYYY-MM-DD."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise PageChanged(where, "a date YYYY-MM-DD", repr(text)) from error
    if day.isoformat() != text:  # fromisoformat also reads 20260107 and 2026-W02-3
        raise PageChanged(where, "a date YYYY-MM-DD", repr(text))
    return day


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """The value of an attribute that carries data, in UTF-8, and the text before and after its start tag."""

    value: bytes
    before: str
    after: str


def embedded_json(body: bytes, *, tag: str, marker: str, name: str, where: str) -> Embedded | None:
    """The attribute `name` of the one start tag with `marker`, unescaped once; None without such a tag.

    Only that start tag is cut out and parsed: 13 times faster than parsing the page. The whole page is parsed only if
    the marker comes after attributes that hide it. The cut heeds quotes, because `>` is not escaped inside attributes.
    The rest is decoded strictly. NoValue if the attribute is empty, or too long for lxml.
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
    """The value if it holds only the five usual escapes: replacing them is faster than a parser.

    The parser gets the tag with a placeholder for the value, and must find that in the attribute: else None, as for a
    value with other escapes.
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
    """The last `<` before each place of the marker: faster than an expression that tries every tag."""
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
