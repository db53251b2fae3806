"""The day and clock in a file's name, as browsers, crawlers and scripts write them; UTC unless the name has a zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

_DATE = (
    r"(?:(?P<y>\d{4})(?P<d1>[-._]?)(?P<m>\d{2})(?P=d1)(?P<d>\d{2})"
    r"|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d{4})"  # 28.2.2026
    r"|(?P<n1>\d{1,2})(?P<s3>[_-])(?P<n2>\d{1,2})(?P=s3)(?P<y3>\d{4}))"  # 2_28_2026, or the day first
)
_ANOTHER_DATE = r"(?!\d{4}(?P<s4>[-._]?)\d{2}(?P=s4)\d{2}(?!\d))"
_CLOCK = (
    r"(?P<H>\d{1,2})(?:(?P<c>[:：∶h._-]?)(?P<M>\d{2})(?:(?:(?P=c)|m)(?P<S>\d{2})(?!\d)(?:[.,]\d{1,6})?)?+)?"  # noqa: RUF001
    r"(?:[ _]?(?P<half>[ap])\.?m\b\.?)?"
    r"(?:[ _]?(?P<zone>Z|(?:(?:GMT|UTC)[+-]\d|[+-]\d{2}|(?:GMT|UTC)[+-]\d{2}):?(?:\d{2})?(?!\d)))?(?!\d)"
    r"(?![ _]?(?-i:(?!GMT)[A-Z]{2,4}T|MSK)\b)"  # CET, PDT, AEST: letters that mean several zones; GMT is UTC
)
_STAMP = re.compile(
    rf"(?<!\d){_DATE}(?P<between>[T.]|(?:[ _,()-]|\bat\b|\bum\b)+|(?<=\d{{8}})(?=\d{{4}})){_ANOTHER_DATE}{_CLOCK}",
    re.IGNORECASE,
)
# Seconds or milliseconds since 1970, of the years 2014 to 2033.
_EPOCH = re.compile(r"(?<!\d)(1[4-9]\d{8})(\d{3})?(?!\d)")
_HOURS_MAX = 14


def clock_in(name: str) -> datetime | None:
    """The first day with a clock in the name that is a time, in UTC; None where there is none."""
    return next(_clocks(name), None)


def _clocks(name: str) -> Iterator[datetime]:
    for found in _STAMP.finditer(name):
        try:
            instant = _instant(found)
        except (ValueError, OverflowError):
            continue
        if instant is not None:
            yield instant
    for seconds in _EPOCH.finditer(name):
        yield datetime.fromtimestamp(int(seconds[1]), UTC)


def _instant(found: re.Match[str]) -> datetime | None:
    hour, minute, second = int(found["H"]), found["M"], int(found["S"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    elif minute is None:  # a number of any meaning
        return None
    day, zone = _day(found), _zone(found)
    if day is None or zone is None:
        return None
    return datetime(*day, hour, int(minute or 0), second, tzinfo=zone).astimezone(UTC)


def _day(found: re.Match[str]) -> tuple[int, int, int] | None:
    """Year, month, day; None where nothing tells the month from the day."""
    if found["y"]:
        return int(found["y"]), int(found["m"]), int(found["d"])
    if found["y2"]:
        return int(found["y2"]), int(found["m2"]), int(found["d2"])
    one, other = int(found["n1"]), int(found["n2"])
    if one > 12 or one == other:
        return int(found["y3"]), other, one
    if other > 12 or found["half"]:  # who writes am and pm writes the month first
        return int(found["y3"]), one, other
    return None


def _zone(found: re.Match[str]) -> timezone | None:
    """UTC where none is named; None where it may be the end of a span of hours: `0600-0900`."""
    text = found["zone"]
    if not text or text in "Zz":
        return UTC
    text = text.upper().removeprefix("GMT").removeprefix("UTC")
    if text[0] == "-" and len(text) == len(found["zone"]) and found["between"].upper() != "T":
        return None
    hours, minutes = _hours_minutes(text[1:])
    if hours > _HOURS_MAX or minutes >= 60:
        return None
    return timezone((-1 if text[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))


def _hours_minutes(text: str) -> tuple[int, int]:
    """Of `1`, `01`, `0130` and `1:30`."""
    digits = text.replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "")
    return int(hours), int(minutes or 0)
