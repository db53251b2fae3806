"""Reads HTML strictly: what is not as expected raises PageChanged with page, selector and count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extractors.errors import PageChanged

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag


class NoValue(PageChanged):
    """An attribute that must hold something is missing or empty."""


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
