"""Which kind of page is at an address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from flows.pages.registry import KINDS, Kind

_VALUE = re.compile(r"\\{(\w+)\\}")


def kind_at(address: str) -> tuple[Kind, Mapping[str, str]]:
    """The kind of the page at an address, and the values in it. Raises LookupError where no page can be."""
    for pattern, kind in _patterns():
        if found := pattern.fullmatch(address):
            return kind, found.groupdict()
    raise LookupError(f"no kind of page is at {address!r}")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Kind], ...]:
    return tuple((re.compile(_VALUE.sub(r"(?P<\1>[^/]+)", re.escape(each.pattern))), each) for each in KINDS)
