"""Answers in XML, read strictly: whole, without entities, without network, each part counted where it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from extractors.errors import PageChanged, PageCut

Element: TypeAlias = Any  # an element of lxml, which has no types


def root_of(body: bytes, *, where: str, closing: bytes) -> Element:
    """The root of an answer that ends with `closing`.

    Raises PageCut for one that breaks off, and PageChanged for one that is no well-formed XML, or has a document type,
    from which entities could come.
    """
    from lxml import etree  # noqa: PLC0415 - commands that read import this module too

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root: Element = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        said = str(error).split(", line ")[0][:200]
        if not body.rstrip().endswith(closing):
            raise PageCut(where, f"an answer that ends with {closing.decode()}", f"it breaks off: {said}") from error
        place = f"{where} line {error.lineno}"
        raise PageChanged(place, "well-formed XML", said) from error
    except ValueError as error:
        raise PageChanged(where, "well-formed XML", str(error)[:200]) from error
    if root.getroottree().docinfo.doctype:
        raise PageChanged(where, "XML without a document type", root.getroottree().docinfo.doctype[:100])
    return root


def name_of(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, name: str | None = None) -> Iterator[Element]:
    """The elements directly inside, of that name in any namespace; comments and the like are none."""
    for each in element:
        if isinstance(each.tag, str) and (name is None or name_of(each) == name):
            yield each


def one(element: Element, name: str, *, where: str) -> Element:
    """The only element of that name directly inside; PageChanged for none or several."""
    found = list(children(element, name))
    if len(found) != 1:
        raise PageChanged(where, f"one <{name}> in <{name_of(element)}>", str(len(found)))
    return found[0]


def maybe(element: Element, name: str, *, where: str) -> Element | None:
    """The element of that name directly inside, None for none; PageChanged for several."""
    found = list(children(element, name))
    if len(found) > 1:
        raise PageChanged(where, f"at most one <{name}> in <{name_of(element)}>", str(len(found)))
    return found[0] if found else None


def text_of(element: Element | None) -> str | None:
    """The text inside, that of elements within it too; None where there is none."""
    if element is None:
        return None
    return "".join(element.itertext()).strip() or None
