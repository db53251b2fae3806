"""Printed dates as dates: a clock only where one was printed, a hidden year only by a stated rule."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from transforms.records import Certainty

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NUMBERS = {name: number for number, month in enumerate(MONTHS, start=1) for name in (month, month[:3])} | {"Sept": 9}
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_ENGLISH = re.compile(r"(?P<month>[A-Z][a-z]{2,8})\.? (?P<day>[0-9]{1,2})(?:, (?P<year>[0-9]{4}))?")
_LONGEST_GAP_BETWEEN_LEAP_DAYS = 8  # 1896 to 1904: a century year is none


def published(text: str, *, read_on: date) -> tuple[date, datetime | None, Certainty]:
    """The date, its UTC instant if a clock was printed, and how sure the year is.

    Reads `2026-05-30`, `2026-05-30T12:34:56.000Z`, `Apr 22, 2025` and `May 24`. A clock of exactly midnight means that
    none was known (seen 2026-04-03). A hidden year is the latest one that does not put the date after `read_on`.

    Raises:
        ValueError: the text is no such date; the message contains it.
    """
    try:
        return _published(text.strip(), read_on)
    except (ValueError, OverflowError) as error:  # an offset may lead out of the calendar, as 0001-01-01T00:30+23:00
        raise ValueError(f"not a date: {text[:80]!r}") from error


def month_number(name: str) -> int:
    """1 to 12 for an English month, in full or by its first three letters (`Sept` too), else ValueError."""
    if name not in _NUMBERS:
        raise ValueError(f"not a month: {name!r}")
    return _NUMBERS[name]


def _published(text: str, read_on: date) -> tuple[date, datetime | None, Certainty]:
    if _ISO.fullmatch(text):
        return date.fromisoformat(text), None, Certainty.STATED
    if _INSTANT.fullmatch(text):
        return *_with_clock(datetime.fromisoformat(text)), Certainty.STATED
    if printed := _ENGLISH.fullmatch(text):
        month, day = month_number(printed["month"]), int(printed["day"])
        if printed["year"]:
            return date(int(printed["year"]), month, day), None, Certainty.STATED
        return _latest(month, day, read_on), None, Certainty.INFERRED_YEAR
    raise ValueError("unknown form")


def _with_clock(printed: datetime) -> tuple[date, datetime | None]:
    if printed.time() == time(0):
        return printed.date(), None
    instant = printed.astimezone(UTC)
    return instant.date(), instant


def _latest(month: int, day: int, read_on: date) -> date:
    """The date in the latest year in which it exists and is not after `read_on`; ValueError if no year has it."""
    for year in range(read_on.year, read_on.year - _LONGEST_GAP_BETWEEN_LEAP_DAYS - 1, -1):
        try:
            found = date(year, month, day)
        except ValueError:  # 29 February in a common year
            continue
        if found <= read_on:
            return found
    raise ValueError(f"no such day in any year: month {month}, day {day}")
