"""Names of lists: a source of several lists has one for each, `source:series`; of a source of one, it is the source's.

A series has states, gaps and sightings of its own, so everything inside is named by its list. What readers get has the
two in two columns.
"""

from __future__ import annotations

SERIES_MARK = ":"


def family_of(name: str) -> str:
    """The source of a list."""
    return name.partition(SERIES_MARK)[0]


def series_of(name: str) -> str | None:
    """The series of a list; None where the source has only one."""
    return name.partition(SERIES_MARK)[2] or None
