"""Numbers, days and lists of names as a sentence holds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

# From so many days on, days in a row are named by the first and the last.
IN_A_ROW = 3
WHOLE_FROM = 9.95


def listed(names: Iterable[str]) -> str:
    """`a, b and c`."""
    found = list(names)
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def rounded(number: float | None) -> str:
    """The number as `as_rounded` gives it; `0` where there is none."""
    return f"{as_rounded(number or 0.0):,.12g}"


def as_rounded(number: float) -> float:
    """Whole where it is ten or more, else with one digit after the point: differences are those of what is printed."""
    return float(round(number)) if number >= WHOLE_FROM else round(number, 1)


def day_of(day: date) -> str:
    """`2 March`."""
    return f"{day.day} {day:%B}"


def week_before(week_on: date, this_on: date) -> str:
    """An earlier week, seen from this one: `the week before`, else `the week of 2 March`."""
    return "the week before" if this_on - week_on == timedelta(days=7) else f"the week of {day_of(week_on)}"


def days_of(days: Sequence[date]) -> str:
    """`Monday 2 and Wednesday 4 March`, `Monday 2 to Friday 6 March`: ascending days, the month where it ends."""
    groups: list[list[date]] = []
    for day in days:
        if groups and day - groups[-1][-1] == timedelta(days=1):
            groups[-1].append(day)
        else:
            groups.append([day])
    ends = [[group[0], group[-1]] if len(group) >= IN_A_ROW else group for group in groups]
    flat = [day for group in ends for day in group]
    named = iter([_named(day, after) for day, after in zip(flat, [*flat[1:], None], strict=True)])
    parts: list[str] = []
    for group, shown in zip(groups, ends, strict=True):
        names = [next(named) for _ in shown]
        parts += [" to ".join(names)] if len(group) >= IN_A_ROW else names
    return listed(parts)


def _named(day: date, after: date | None) -> str:
    is_same_month = after is not None and (after.year, after.month) == (day.year, day.month)
    return f"{day:%A} {day.day}" if is_same_month else f"{day:%A} {day_of(day)}"
