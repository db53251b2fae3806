"""Elements as their words and pieces."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import Tag


def words(tag: Tag) -> str:
    """The words of an element, its blanks single."""
    return " ".join(tag.get_text().split())


def pieces(tag: Tag) -> Iterator[str | Tag]:
    """What stands directly in an element, in page order: texts and elements, no comments."""
    from bs4.element import NavigableString  # noqa: PLC0415 - as in soup_of
    from bs4.element import Tag as Element  # noqa: PLC0415

    for child in tag.children:
        if isinstance(child, Element):
            yield child
        elif type(child) is NavigableString:
            yield str(child)


def outside(tag: Tag, closed: Collection[str]) -> Iterator[str | Tag]:
    """Everything in an element at any depth, in page order; of the elements with these names nothing but themselves."""
    opened = [pieces(tag)]
    while opened:
        piece = next(opened[-1], None)
        if piece is None:
            opened.pop()
            continue
        yield piece
        if not isinstance(piece, str) and piece.name not in closed:
            opened.append(pieces(piece))
