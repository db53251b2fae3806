"""The parameters of the flows: their schema refuses what it can before a run starts, the rest is read here.

They come as text, so that `yesterday` and `2026-03` are as good as a date, and so that a wrong one ends the run with a
reason in place of a traceback. The days are read by the code that reads them for the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from pydantic import WithJsonSchema

from extractors.source import Source
from extractors.sources import SOURCES
from flows import days
from flows.days import FORMS, PATTERN, DayError, Days
from flows.pipeline.work import Span
from transforms.series import SERIES_FORM, SERIES_MARK

DAYS_BACK_MAX = 36_500  # a century: no digest is older, and no date can overflow

# Left out is "", which the form of Prefect's UI sends for an empty field (3.8.8). With a null in the schema it has no
# field to type in, or a refusal does not say what the text should look like.
_DAY_OR_NONE = f"{PATTERN.removesuffix('$')}?$"
Day = Annotated[
    str | None,
    WithJsonSchema({"type": "string", "pattern": _DAY_OR_NONE, "description": f"{FORMS}, in UTC"}),
]
Back = Annotated[int, WithJsonSchema({"type": "integer", "minimum": 0, "maximum": DAYS_BACK_MAX})]
Many = Annotated[int, WithJsonSchema({"type": "integer", "minimum": 1, "maximum": DAYS_BACK_MAX})]


def _names(sources: Iterable[Source]) -> dict[str, object]:
    """A schema for names of sources; one of several lists has the name of a list behind it, or none for all of them."""
    found = tuple(sources)
    known = [f"{each.name}({SERIES_MARK}{SERIES_FORM})?" if each.of_series else each.name for each in found]
    shown = [f"{each.name} or {each.name}{SERIES_MARK}SERIES" if each.of_series else each.name for each in found]
    return {"type": "string", "pattern": f"^({'|'.join(known)})$", "description": ", ".join(shown)}


SourceName = Annotated[str, WithJsonSchema(_names(SOURCES.values()))]
FetchedName = Annotated[str, WithJsonSchema(_names(each for each in SOURCES.values() if each.request))]


def span_asked_for(first: str | None, last: str | None, scheduled_at: datetime) -> tuple[date, date] | None:
    """Both ends of a range to fetch; None if there is none. Raises DayError as the command line does.

    Words such as `yesterday` count from the time for which the run was scheduled. Without `to` it is the one day or
    month of `from`.
    """
    begin, end = _days("from", first, scheduled_at), _days("to", last, scheduled_at)
    if begin is None and end is None:
        return None
    return days.span_to_fetch(begin, end) if end else days.span_to_fetch(None, None, begin)


def span_kept(first: str | None, last: str | None, scheduled_at: datetime) -> Span:
    """A range of what is kept already, open where nothing is given."""
    begin, end = days.span_kept(_days("from", first, scheduled_at), _days("to", last, scheduled_at))
    return Span(first=begin, last=end)


def day_of(name: str, text: str | None, scheduled_at: datetime) -> date | None:
    """The one day that a parameter names."""
    try:
        return days.one_day(text, _day_of(scheduled_at)) if text else None
    except DayError as error:
        raise DayError(f"{name}: {error}") from error


def each_day(name: str, texts: Sequence[str], scheduled_at: datetime) -> tuple[date, ...]:
    """The days that a list of at least one names."""
    found = tuple(day for text in texts if (day := day_of(name, text, scheduled_at)))
    if not found:
        raise DayError(f"{name}: name at least one day")
    return found


def days_before(scheduled_at: datetime, count: int) -> tuple[date, date]:
    """The first and the last of so many days before the scheduled one."""
    require_back([count], least=1)
    yesterday = _day_of(scheduled_at) - timedelta(days=1)
    return yesterday - timedelta(days=count - 1), yesterday


def require_back(days_back: list[int], *, least: int = 0) -> list[int]:
    """The same numbers of days, none of which may lie in the future or before all digests."""
    for each in days_back:
        if not least <= each <= DAYS_BACK_MAX:
            raise DayError(f"days_back: {each} is not between {least} and {DAYS_BACK_MAX}")
    return days_back


def _days(name: str, text: str | None, scheduled_at: datetime) -> Days | None:
    try:
        return days.days(text, _day_of(scheduled_at)) if text else None
    except DayError as error:
        raise DayError(f"{name}: {error}") from error


def _day_of(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
