"""On which days arXiv has lists: Mondays to Fridays, without those whose announcement falls out.

arXiv announces on the evenings of Sunday to Thursday, 20:00 in New York, and the list has the next day's date: Sunday
evening's is Monday's. An evening without announcement is therefore a missing list of the day AFTER it.

Published evenings of 2026 (arxiv-docs `source/help/availability.md` of 2026-05-13): Thu 01-01, Mon 01-19, Fri 06-19,
Fri 07-03, Mon 09-07, Thu 11-26, Fri 12-25, Tue 12-29, Thu 12-31. Missing are the lists of Fri 01-02, Tue 01-20,
Tue 09-08, Fri 11-27, Wed 12-30, and of Fri 2027-01-01. A Friday evening never has an announcement, so that the three
Fridays say nothing for sure: in 2020 and 2025 the Sunday after such a holiday had none either (27 December 2020;
"Sunday 6 July" in the list of 2025), which would be the lists of Mon 06-22, 07-06 and 12-28. These stay list days: only
their pages can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from extractors.source import working_days

_EVENINGS_OFF = (
    date(2026, 1, 1), date(2026, 1, 19), date(2026, 6, 19), date(2026, 7, 3), date(2026, 9, 7),
    date(2026, 11, 26), date(2026, 12, 25), date(2026, 12, 29), date(2026, 12, 31),
)  # fmt: skip
_YEARS = frozenset({2026})  # of which all holidays are published
_FRIDAY = 5
_MISSING = frozenset(evening + timedelta(days=1) for evening in _EVENINGS_OFF if evening.isoweekday() != _FRIDAY)
_DOUBTFUL = frozenset(evening + timedelta(days=3) for evening in _EVENINGS_OFF if evening.isoweekday() == _FRIDAY)


def list_days(first: date, last: date) -> Sequence[date]:
    """The days between two days, both included, that may have a list."""
    return [day for day in working_days(first, last) if day not in _MISSING]


def why_none(day: date) -> str | None:
    """Why no list has this date, as far as weekday and published holidays tell; else None."""
    if not working_days(day, day):
        return f"arXiv has no list of a {day:%A}"
    evening = day - timedelta(days=1)
    return f"arXiv published that it does not announce on the evening of {evening}" if day in _MISSING else None


def is_sure(day: date) -> bool:
    """Whether published dates alone tell that the day had an announcement."""
    return day.year in _YEARS and why_none(day) is None and day not in _DOUBTFUL


def is_over(day: date, at: datetime) -> bool:
    """Whether a list of that day must have been there by then: announcements come late at times, but within the day."""
    return at >= datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
