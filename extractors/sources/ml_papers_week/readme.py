"""ML Papers of the Week, a README in Markdown: one page holds every week, each a heading and a table of ten rows.

Last compared with a real README of 130 weeks, 2023-01-01 to 2025-06-23.

The grammar: a preamble with a list of contents, then weeks from the latest to the first, each

* `## Top ML Papers of the Week (June 23 - June 29) - 2025`, where the year is the last day's and may be missing,
* the table's two opening lines, rows numbered from 1, then blank lines or `---`; after the last week any prose.

Weeks come from their headings: some anchors of the contents point to wrong weeks, so only their number is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from extractors.reading.lines import Lines, lines_of
from extractors.source import PageRequest, Source, mondays
from extractors.sources.ml_papers_week.rows import row_of
from transforms.fields.dates import month_number
from transforms.records import (
    Closing,
    Entry,
    Expectations,
    Finding,
    Listing,
    Page,
    Rejection,
)

NAME = "ml_papers_week"
WEEK_DAYS = 7
WEEK_DAYS_MAX = 10
# Every real week has ten rows; two of a week without a title or without a text is the worst that was seen.
EXPECTATIONS = Expectations(
    entries_min=10,
    entries_max=10,
    filled=(("title_text", 0.8), ("review", 0.8), ("links", 0.8), ("arxiv_id", 0.3)),
)
_HEADING = re.compile(
    r"## Top ML Papers of the Week \((?P<first_month>[A-Z][a-z]+) (?P<first_day>\d{1,2}) ?- ?"
    r"(?:(?P<last_month>[A-Z][a-z]+) )?(?P<last_day>\d{1,2})\)(?: - (?P<year>20\d\d))?\s*"
)
_CONTENT = re.compile(r"- \[Top ML Papers of the Week \([^()]+\)\]\(\S+\)\s*")
_PREAMBLE_HEADING = re.compile(r"# ML Papers of The Week\s*|## 20\d\d\s*")
_OPENING = (re.compile(r"\| \*\*Paper\*\*\s*\| \*\*Links\*\*\s*\|\s*"), re.compile(r"\| ?-{3,} ?\| ?-{3,} ?\|\s*"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Week:
    """A heading's line and days; `end` is the line after the week's last one."""

    line: int
    end: int
    first: date
    last: date
    findings: tuple[Finding, ...]


def parse(page: Page) -> tuple[Listing, ...]:
    """One listing for each week, in page order, whichever was asked for. PageChanged names the line.

    Entries carry no line number of their own: a new week on top moves every line, and would make each row look changed.
    """
    lines, findings = lines_of(page)
    weeks = tuple(_weeks(lines))
    listings = tuple(_listing(page, lines, week, findings, is_last=week is weeks[-1]) for week in weeks)
    _require_contents(lines, weeks)
    return listings


def request(partition_on: date, base_url: str) -> PageRequest:
    """The README, whichever week is asked for."""
    return PageRequest(source=NAME, asked_on=partition_on, url=f"{base_url.rstrip('/')}/README.md")


def _weeks(lines: Lines) -> Iterator[_Week]:
    headings = [number for number, text in enumerate(lines.texts, start=1) if text.startswith("## Top ")]
    if not headings:
        raise lines.changed(len(lines), "a heading '## Top ML Papers of the Week (…)'", "none up to this line")
    above: _Week | None = None
    for line, end in zip(headings, (*headings[1:], len(lines) + 1), strict=True):
        first, last = _days(lines, line, above)
        above = _Week(line=line, end=end, first=first, last=last, findings=_oddities(lines, line, first, last, above))
        yield above


def _days(lines: Lines, line: int, above: _Week | None) -> tuple[date, date]:
    """The week's days, which begin before those of the week above; only the week that follows on may lack its year."""
    heading = _HEADING.fullmatch(lines[line])
    if heading is None:
        raise lines.unlike(line, "'## Top ML Papers of the Week (June 23 - June 29) - 2025'")
    if heading["year"]:
        window = _window(heading, int(heading["year"]))
    else:
        window = _latest_before(heading, above.first) if above else None
        if above and window and (above.first - window[1]).days > WEEK_DAYS:
            raise lines.unlike(line, f"a year, or a week that ends in the {WEEK_DAYS} days before {above.first}")
    if window is None or not 1 <= (window[1] - window[0]).days + 1 <= WEEK_DAYS_MAX:
        raise lines.unlike(
            line, f"a window of at most {WEEK_DAYS_MAX} days, with a year unless it follows another week"
        )
    if above and window[0] >= above.first:
        expected = f"a week that begins before {above.first}, where the week above it begins"
        raise lines.changed(line, expected, f"one that begins on {window[0]}")
    return window


def _latest_before(heading: re.Match[str], day: date) -> tuple[date, date] | None:
    windows = (_window(heading, year) for year in (day.year, day.year - 1))
    return next((window for window in windows if window and window[0] < day), None)


def _window(heading: re.Match[str], year: int) -> tuple[date, date] | None:
    """The first and the last day, where `year` is the last day's; None if there are no such days."""
    try:
        first_month = month_number(heading["first_month"])
        last_month = month_number(heading["last_month"] or heading["first_month"])
        last = date(year, last_month, int(heading["last_day"]))
        return date(year - (first_month > last_month), first_month, int(heading["first_day"])), last
    except ValueError:
        return None


def _oddities(lines: Lines, line: int, first: date, last: date, above: _Week | None) -> tuple[Finding, ...]:
    """A week is read as printed, with a warning if it does not fit the others: real READMEs have such weeks."""
    days, apart = (last - first).days + 1, (above.first - last).days - 1 if above else 0
    odd = [lines.warning(line, "window_days", str(days), str(WEEK_DAYS))] if days != WEEK_DAYS else []
    if above and apart:
        observed = f"{first} to {last} below a week from {above.first}"
        name = "weeks_overlap" if apart < 0 else "weeks_apart"
        odd.append(lines.warning(line, name, observed, "weeks that follow on each other"))
    return tuple(odd)


def _require_contents(lines: Lines, weeks: Sequence[_Week]) -> None:
    """The preamble holds no table and no unknown heading, and announces no more weeks than follow."""
    announced = 0
    for number in range(1, weeks[0].line):
        text = lines[number]
        if text.startswith("|") or (text.startswith("#") and not _PREAMBLE_HEADING.fullmatch(text)):
            raise lines.unlike(number, "the heading of a week, a year or the page")
        announced += _CONTENT.fullmatch(text) is not None
    if announced > len(weeks):
        raise lines.changed(len(lines), f"{announced} weeks as in the contents", f"{len(weeks)} up to this line")


def _listing(page: Page, lines: Lines, week: _Week, findings: tuple[Finding, ...], *, is_last: bool) -> Listing:
    rows = [row_of(lines, number, position) for position, number in _rows(lines, week, is_last=is_last)]
    return Listing(
        source=NAME,
        page_sha256=page.sha256,
        partition_on=week.first,
        is_closed=True,
        entries=tuple(row for row, _ in rows if isinstance(row, Entry)),
        rejections=tuple(row for row, _ in rows if isinstance(row, Rejection)),
        findings=(*findings, *week.findings, *(finding for _, found in rows for finding in found)),
    )


def _rows(lines: Lines, week: _Week, *, is_last: bool) -> Iterator[tuple[int, int]]:
    """(position, line) of each row; every other line of the week must be of a known kind, so that a lost one shows."""
    table: list[int] = []
    prose: int | None = None
    for number in range(week.line + 1, week.end):
        text = lines[number]
        if text.strip() in ("", "---"):
            continue
        if text.startswith("|") and prose is None:
            table.append(number)
        elif is_last and not text.startswith(("|", "#")):
            prose = prose or number
        else:
            raise lines.unlike(prose or number, "a row of the week's table")
    for opening, number in zip(_OPENING, (*table[:2], week.end, week.end), strict=False):
        if number == week.end or not opening.fullmatch(lines[number]):
            raise lines.unlike(number, "the two opening lines of the week's table")
    yield from enumerate(table[2:], start=1)


SOURCE = Source(
    name=NAME,
    version=1,
    trust=5,
    stands_for="ML Papers of the Week: titles, links and an editor's summary, ten papers a week",
    comes_from="a README that holds all weeks, fetched or adopted",
    closes="at once",
    parse=parse,
    partitions=mondays,  # nearly every week begins on one; a page holds all its weeks anyhow
    expectations=EXPECTATIONS,
    closing=Closing.FIRST_READ,
    partition_days=WEEK_DAYS,
    request=request,
)
