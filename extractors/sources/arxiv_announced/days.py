"""The dates that arXiv prints: `Thu, 03 Feb 2011`, `Wednesday, 12 August 2026`, `2026-08-12`."""

from __future__ import annotations

import re
from datetime import date

from extractors.errors import PageChanged
from extractors.reading.markup import iso_day
from transforms.fields.dates import month_number

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG_ENDS = ("", "day", "sday", "nesday", "rsday", "urday")
_PRINTED = re.compile(
    r"(?P<weekday>[A-Z][a-z]{2})(?P<rest>[a-z]{0,6}), (?P<day>\d{1,2}) (?P<month>\S+) (?P<year>\d{4})"
)


def day_in(text: str, where: str) -> date:
    """The date of a text that is nothing else. PageChanged for any other, and for a wrong weekday."""
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
