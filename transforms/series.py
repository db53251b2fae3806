"""Names of lists: a source of several lists has one for each, `source:series`; of a source of one, it is the source's.

A series has states, gaps and sightings of its own, so everything inside is named by its list. What readers get has the
two in two columns.
"""

from __future__ import annotations

SERIES_MARK = ":"
SERIES_FORM = r"[A-Za-z][A-Za-z0-9_.-]{0,31}"
"""A series as an expression: what may stand in the name of a file and in an address."""


def list_of(family: str, series: str) -> str:
    """The name of a list."""
    return f"{family}{SERIES_MARK}{series}"


def family_of(name: str) -> str:
    """The source of a list."""
    return name.partition(SERIES_MARK)[0]


def series_of(name: str) -> str | None:
    """The series of a list; None where the source has only one."""
    return name.partition(SERIES_MARK)[2] or None
