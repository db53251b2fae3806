"""Elements as their words and pieces, and the dates that arXiv prints."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING

from extractors.errors import PageChanged
from extractors.reading.markup import iso_day
from transforms.fields.dates import month_number

if TYPE_CHECKING:
    from bs4 import Tag

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG_ENDS = ("", "day", "sday", "nesday", "rsday", "urday")
_PRINTED = re.compile(
    r"(?P<weekday>[A-Z][a-z]{2})(?P<rest>[a-z]{0,6}), (?P<day>\d{1,2}) (?P<month>\S+) (?P<year>\d{4})"
)


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


def day_in(text: str, where: str) -> date:
    """The date of `Thu, 03 Feb 2011`, `Wednesday, 12 August 2026` or `2026-08-12`. PageChanged for a wrong weekday."""
    found = _PRINTED.fullmatch(text)
    if found is None:
        return iso_day(text, where=where)
    try:
        day = date(int(found["year"]), month_number(found["month"]), int(found["day"]))
    except ValueError as error:
        raise PageChanged(where, "a date like Thu, 03 Feb 2011", repr(text)) from error
    if found["rest"] not in _LONG_ENDS or found["weekday"] != _WEEKDAYS[day.weekday()]:
        raise PageChanged(where, f"{_WEEKDAYS[day.weekday()]} for {day}", repr(text))
    return day
