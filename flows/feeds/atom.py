"""Atom, RFC 4287, and its archives, RFC 5005: text is text, and a character that XML cannot hold is left out."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from flows.feeds.feed import Feed, Item

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
SUFFIX = ".xml"
ARCHIVE = "fh:archive"
_HISTORY = "http://purl.org/syndication/history/1.0"
# All but the characters of XML 1.0, production 2.
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# An Atom feed must say when it changed, also one without items.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def atom_of(feed: Feed, *, own_url: str | None) -> bytes:
    """The feed as a document; `own_url` is where it will lie, if that is known, and may be relative."""
    root = ET.Element("feed", xmlns=NAMESPACE)
    if feed.is_archive:
        root.set("xmlns:fh", _HISTORY)
        ET.SubElement(root, ARCHIVE)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.description)
    _add(root, "id", feed.id)
    _add(root, "updated", _moment(feed.updated_at or _NEVER))
    _add(root, "generator", feed.is_of)
    _add(ET.SubElement(root, "author"), "name", feed.is_of)
    _link(root, "self", own_url, MEDIA_TYPE)
    _link(root, "alternate", feed.home_url, "text/html")
    for rel, name in (("current", feed.latest), ("prev-archive", feed.older), ("next-archive", feed.newer)):
        _link(root, rel, name and f"{name}{SUFFIX}", MEDIA_TYPE)
    for each in feed.items:
        _add_item(ET.SubElement(root, "entry"), each)
    ET.indent(root, space=" ")
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _add_item(entry: ET.Element, item: Item) -> None:
    _add(entry, "title", item.title)
    _add(entry, "id", item.id)
    _add(entry, "published", _moment(item.published_at))
    _add(entry, "updated", _moment(item.updated_at))
    for name in item.authors:
        _add(ET.SubElement(entry, "author"), "name", name)
    for category in item.categories:
        ET.SubElement(entry, "category", term=_possible(category))
    _link(entry, "alternate", item.url, None)
    if item.page_url != item.url:
        _link(entry, "related", item.page_url, "text/html")
    if item.summary:
        _add(entry, "summary", item.summary)
    _add(entry, "content", item.content, type="html" if item.is_html else "text")


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = _possible(text)


def _link(parent: ET.Element, rel: str, url: str | None, media_type: str | None) -> None:
    if url:
        kind = {"type": media_type} if media_type else {}
        ET.SubElement(parent, "link", {"rel": rel, "href": _possible(url), **kind})


def _possible(text: str) -> str:
    return _IMPOSSIBLE.sub("", text)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
