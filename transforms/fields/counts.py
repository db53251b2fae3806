"""Numbers about a paper as printed (`12`, `-`, `1.92k`, `10 authors`) as whole numbers."""

from __future__ import annotations

import re
from decimal import Decimal

_COUNT = re.compile(r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:\.[0-9]+)?)(?P<unit>[kKmM]?)")
_AUTHORS = re.compile(r"(?P<number>[0-9]+)(?: authors?)?")
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000}
_MOST = 100_000_000
_MOST_AUTHORS = 20_000


def count(text: str) -> int:
    """A count of votes, comments or stars; the page prints 0 as a dash.

    Raises:
        ValueError: negative, broken, absurdly large, or no number; the message contains the text.
    """
    if text.strip() == "-":
        return 0
    printed = _COUNT.fullmatch(text.strip())
    value = Decimal(printed["number"].replace(",", "")) * _UNITS[printed["unit"].lower()] if printed else None
    if value is None or value != int(value) or value > _MOST:
        raise ValueError(f"not a count: {text[:80]!r}")
    return int(value)


def author_count(text: str) -> int:
    """The printed number of authors of a paper: at least one.

    Raises:
        ValueError: none, absurdly many, or no number; the message contains the text.
    """
    printed = _AUTHORS.fullmatch(text.strip())
    value = int(printed["number"]) if printed else 0
    if not 1 <= value <= _MOST_AUTHORS:
        raise ValueError(f"not a number of authors: {text[:80]!r}")
    return value
