"""Days as a person writes them: one parser for the command line and for the parameters of flows.

A day is `2026-03-10`, `today`, `yesterday` or `-7d`, seven days ago. `2026-03` is a month: all of its days. Sources
name their days in UTC, so today is the day in UTC.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from transforms.errors import PaperlogError

FORMS = "2026-03-10, today, yesterday, -7d or 2026-03"
# What a schema can check before anything runs; whether there is such a day, `days` finds out.
PATTERN = r"^(today|yesterday|-[0-9]{1,4}d|[0-9]{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)$"
_BACK = re.compile(r"-(\d{1,4})d", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class DayError(PaperlogError):
    """The text is no day, or the days cannot be asked for; the message says why."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A day, or all days of a month; `first` and `last` are included."""

    first: date
    last: date


def today() -> date:
    """The day it is, in UTC."""
    return datetime.now(UTC).date()


def days(text: str, now_on: date) -> Days:
    """The day or month that the text means on the day `now_on`. Raises DayError, which shows the text."""
    try:
        if found := _MONTH.fullmatch(text):
            first = date(int(found[1]), int(found[2]), 1)
            return Days(first=first, last=first.replace(day=calendar.monthrange(first.year, first.month)[1]))
        day = _day(text, now_on)
    except (ValueError, OverflowError):
        raise DayError(f"{text!r} is not a date: write {FORMS}") from None
    return Days(first=day, last=day)


def one_day(text: str, now_on: date) -> date:
    """The day that the text means; a month is refused."""
    found = days(text, now_on)
    if found.first != found.last:
        raise DayError(f"{text!r} is a month: name one day of it")
    return found.first


def span_to_fetch(first: Days | None, last: Days | None, only: Days | None = None) -> tuple[date, date]:
    """Both ends of a range to ask a site for, checked: in order, and not in the future. `only` stands for both ends.

    Left out, the first day is today, and the last one is the first day's own end for a month, else today. A month that
    is not over ends today.
    """
    if only and (first or last):
        raise DayError("give either one date or a range")
    if last and not first:
        raise DayError("a last day needs a first one")
    now_on = today()
    begin, end = _ends(only or first or Days(first=now_on, last=now_on), only or last, now_on)
    _check_order(begin, end)
    if end > now_on:
        raise DayError(f"{end} is in the future: today is {now_on} (UTC)")
    return begin, end


def span_kept(first: Days | None, last: Days | None) -> tuple[date | None, date | None]:
    """Both ends of a range of what is kept, open where nothing is given, and in order."""
    begin, end = None if first is None else first.first, None if last is None else last.last
    _check_order(begin, end)
    return begin, end


def instant(text: str) -> datetime:
    """An instant as ISO 8601, in UTC if it has no offset. Raises DayError, which shows the text."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise DayError(f"{text!r} is not a time: write for example 2026-04-11T08:57:36Z") from None


def _check_order(first: date | None, last: date | None) -> None:
    if first and last and last < first:
        raise DayError(f"the range runs backwards: {first} is after {last}")


def _ends(first: Days, last: Days | None, now_on: date) -> tuple[date, date]:
    if last is None:
        end = max(first.first, now_on)
        last = first if first.first != first.last else Days(first=end, last=end)
    is_running = last.first <= now_on <= last.last
    return first.first, now_on if is_running else last.last


def _day(text: str, now_on: date) -> date:
    """Not with `fromisoformat` alone, which also reads 20250303 and 2025-W10-1."""
    if text in {"today", "yesterday"}:
        return now_on - timedelta(days=text == "yesterday")
    if found := _BACK.fullmatch(text):
        return now_on - timedelta(days=int(found[1]))
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)
