"""The weeks of a page of ML/AI Papers of the Week, by their headings.

Seen in 181 real weeks until 2026-06: 6 to 8 days from any weekday (170 Mondays, 10 Sundays, 1 Tuesday), of which nine
pairs share a day; `(Jan 1-8)`, `(Mar 27 - April 2)`, `(May 29-June 4)` and `(June 21 - June 28) - 2026`; 16 to 22
March 2026 without an issue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from extractors.reading.lines import Lines
from transforms.fields.dates import month_number
from transforms.records import Finding

WEEK_DAYS = 7
WEEK_DAYS_USUAL = (6, 8)
WEEK_DAYS_MAX = 10
_DASH = "[-\u2013\u2014]"
WEEK_TITLE = r"Top (?:AI|ML) Papers of [Tt]he Week"
DAYS = re.compile(
    rf"(?P<first_month>[A-Z][a-z]+)\s+(?P<first_day>\d{{1,2}})\s*{_DASH}\s*"
    r"(?:(?P<last_month>[A-Z][a-z]+)\s+)?(?P<last_day>\d{1,2})"
)
_HEADING = re.compile(rf"##\s+{WEEK_TITLE}\s+\((?P<days>{DAYS.pattern})\)(?:\s*{_DASH}\s*(?P<year>20\d\d))?\s*")
_YEAR = re.compile(r"20\d\d\s*$")
_PAGE_TITLE = re.compile(rf"#\s+(?:AI|ML) Papers of [Tt]he Week(?:\s+{_DASH}\s+(?P<year>20\d\d))?\s*")
_PREAMBLE_HEADING = re.compile(rf"{_PAGE_TITLE.pattern}|## 20\d\d\s*")

Window = tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A heading's line and days, both included; `end` is the line after the week's last one.

    `has_year` tells that the heading itself has the year: else it is that of the page's title or of the week above.
    """

    line: int
    end: int
    first: date
    last: date
    has_year: bool
    findings: tuple[Finding, ...]


def weeks_of(lines: Lines) -> tuple[Week, ...]:
    """The weeks in page order, from the latest to the first; empty if no heading begins like one. PageChanged else."""
    headings = [number for number, text in enumerate(lines.texts, start=1) if text.startswith("## Top ")]
    if not headings:
        return ()
    year = _page_year(lines, headings[0])
    weeks = tuple(_weeks(lines, headings, year))
    return (*weeks[:-1], _told_if_late(lines, weeks[-1], year))


def window(days: re.Match[str], year: int) -> Window | None:
    """The first and the last day of a match of `DAYS`, where `year` is the last day's; None if there are none such."""
    try:
        first_month = month_number(days["first_month"])
        last_month = month_number(days["last_month"] or days["first_month"])
        last = date(year, last_month, int(days["last_day"]))
        return date(year - (first_month > last_month), first_month, int(days["first_day"])), last
    except ValueError:
        return None


def _page_year(lines: Lines, first_heading: int) -> int | None:
    """The year in the page's own title; the preamble has no table, and no heading that is unknown."""
    year = None
    for number in range(1, first_heading):
        text = lines[number]
        if text.startswith("|") or (text.startswith("#") and not _PREAMBLE_HEADING.fullmatch(text)):
            raise lines.unlike(number, "the heading of a week, a year or the page")
        if (title := _PAGE_TITLE.fullmatch(text)) and title["year"]:
            year = int(title["year"])
    return year


def _weeks(lines: Lines, headings: list[int], page_year: int | None) -> Iterator[Week]:
    above: Week | None = None
    for line, end in zip(headings, (*headings[1:], len(lines) + 1), strict=True):
        first, last = _days(lines, line, above, page_year)
        odd = _oddities(lines, line, first, last, above)
        has_year = _YEAR.search(lines[line]) is not None
        above = Week(line=line, end=end, first=first, last=last, has_year=has_year, findings=odd)
        yield above


def _days(lines: Lines, line: int, above: Week | None, page_year: int | None) -> Window:
    """The week's days, which begin before those of the week above."""
    heading = _HEADING.fullmatch(lines[line])
    if heading is None:
        raise lines.unlike(line, "'## Top AI Papers of the Week (June 21 - June 28) - 2026'")
    printed = int(heading["year"]) if heading["year"] else None
    if printed and page_year and printed != page_year:
        raise lines.unlike(line, f"a week that ends in {page_year}, the year in the page's title")
    year = printed or page_year
    found = window(heading, year) if year else _window_below(lines, line, heading, above)
    if found is None or not 1 <= (found[1] - found[0]).days + 1 <= WEEK_DAYS_MAX:
        raise lines.unlike(
            line, f"a window of at most {WEEK_DAYS_MAX} days, with a year unless it follows another week"
        )
    if above and found[0] >= above.first:
        expected = f"a week that begins before {above.first}, where the week above it begins"
        raise lines.changed(line, expected, f"one that begins on {found[0]}")
    return found


def _window_below(lines: Lines, line: int, heading: re.Match[str], above: Week | None) -> Window | None:
    """The latest such days that begin before those of the week above; only the week that follows on has no year."""
    if above is None:
        return None
    windows = (window(heading, year) for year in (above.first.year, above.first.year - 1))
    found = next((each for each in windows if each and each[0] < above.first), None)
    if found and (above.first - found[1]).days > WEEK_DAYS:
        raise lines.unlike(line, f"a year, or a week that ends in the {WEEK_DAYS} days before {above.first}")
    return found


def _oddities(lines: Lines, line: int, first: date, last: date, above: Week | None) -> tuple[Finding, ...]:
    """A week is read as printed, with a warning if no real one is like it. Weeks may share one day."""
    odd: list[Finding] = []
    days, apart = (last - first).days + 1, (above.first - last).days - 1 if above else 0
    least, most = WEEK_DAYS_USUAL
    if not least <= days <= most:
        odd.append(lines.warning(line, "window_days", str(days), f"{least} to {most}"))
    if above and (apart > 0 or apart < -1):
        observed = f"{first} to {last} below a week from {above.first}"
        name = "weeks_apart" if apart > 0 else "weeks_overlap"
        odd.append(lines.warning(line, name, observed, "weeks that follow on each other"))
    return tuple(odd)


def _told_if_late(lines: Lines, week: Week, year: int | None) -> Week:
    """The page of a year goes back to New Year's day, else its end may be cut off."""
    if year is None or week.first <= date(year, 1, 1):
        return week
    observed, expected = f"no week before {week.first}", f"one that begins by {date(year, 1, 1)}"
    late = lines.warning(week.line, "year_begins_late", observed, expected)
    return replace(week, findings=(*week.findings, late))
