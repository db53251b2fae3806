"""What an empty list means: nothing in this category, nothing announced, or nothing announced yet.

The catchup page itself says that it does not know. A list that is never empty on a day of announcement does: it stands
behind the empty one, asked for in its place.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.errors import NoList, PageChanged
from extractors.sources.arxiv_announced.calendar import is_over, is_sure, why_none
from extractors.sources.arxiv_announced.frame import Frame
from extractors.sources.arxiv_announced.subjects import BUSY, WITNESS, codes_called
from transforms.records import Cause, Finding, Page


def decided(frames: Sequence[Frame], series: str, page: Page) -> tuple[Finding, ...]:
    """Nothing but findings where the list is really empty. Raises NoList for a day without announcement.

    PageChanged if neither a busy list nor the published dates tell which it is.
    """
    first, *others = frames
    if first.total:
        raise PageChanged(first.where, f"{first.total} entries, its total", "the words that there are no updates")
    if not first.is_catchup:
        _require_alone(others)
        return ()  # this page has the day of the last announcement, so there was one
    if (why := why_none(first.day)) is not None:
        raise NoList(first.day, why, cause=Cause.NOT_ANNOUNCED)
    if series in BUSY:
        _require_alone(others)
        raise _nothing(first, series, page)
    if others:
        return _by_witness(first, others, page)
    if is_sure(first.day) and is_over(first.day, page.fetched_at):
        observed = f"no updates, on a day that arXiv did not publish as one without announcement: {first.day}"
        return (Finding.warning("empty_by_calendar", observed, f"the same day's list of {WITNESS} too", first.where),)
    expected = f"behind it the list of {WITNESS} of that day, which tells whether anything was announced"
    raise PageChanged(first.where, expected, "an empty list alone: adopt both pages in one file, or ingest the day")


def _by_witness(first: Frame, others: Sequence[Frame], page: Page) -> tuple[Finding, ...]:
    witness = others[0]
    _require_alone(others[1:])
    codes = codes_called(witness.name or "")
    if not witness.is_catchup or witness.day != first.day or not codes & BUSY or (witness.total is None):
        expected = f"the catchup page of {WITNESS} for {first.day}"
        raise PageChanged(witness.where, expected, f"{witness.name} for {witness.day}")
    if witness.is_empty != (witness.total == 0) or witness.is_beyond:
        raise PageChanged(witness.where, "entries, or the words that there are none", f"a total of {witness.total}")
    if witness.is_empty:
        raise _nothing(first, WITNESS, page)
    return ()


def _nothing(first: Frame, series: str, page: Page) -> NoList:
    """An announcement may come late, so that its lack is believed when the day is over."""
    if not is_over(first.day, page.fetched_at):
        return NoList(first.day, f"{series} has nothing either, so far", cause=Cause.TOO_EARLY)
    return NoList(first.day, f"{series}, which is never empty, has no updates", cause=Cause.NOT_ANNOUNCED)


def _require_alone(others: Sequence[Frame]) -> None:
    if others:
        raise PageChanged(others[0].where, "nothing behind an empty list that needs no witness", "another document")
