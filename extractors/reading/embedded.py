"""JSON that a page carries in an attribute of one start tag, cut out without parsing the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from extractors.errors import PageChanged
from extractors.reading.select import attribute, maybe, one, soup_of

if TYPE_CHECKING:
    from bs4 import Tag

_ESCAPE = re.compile(rb"&[^&;]{0,4};?")
_PLAIN = {b"&lt;": b"<", b"&gt;": b">", b"&#39;": b"'", b"&amp;": b"&"}
_QUOTED = rb"\"[^\"]*+\"|'[^']*+'"
_PLACEHOLDER = "the value that was cut out"
_LXML_CHARACTERS_MAX = 10_000_000  # beyond that lxml gives an attribute as empty, without a word


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """The value of an attribute that carries data, in UTF-8, and the text before and after its start tag."""

    value: bytes
    before: str
    after: str


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
