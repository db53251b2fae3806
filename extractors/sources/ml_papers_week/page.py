"""ML/AI Papers of the Week, in Markdown: a page holds many weeks, each a heading and a table of ten rows.

Last compared with the year files of 2023 and 2026 and the index (read 2026-06-29), and with the single README of 130
weeks, 2023-01-01 to 2025-06-23, from which the list moved on 2026-04-16.

The grammar: a preamble, perhaps with a list of contents, then weeks from the latest to the first, each

* `## Top AI Papers of the Week (June 21 - June 28) - 2026`; the year is the last day's, and may stand in the page's
  title alone (`# AI Papers of the Week — 2026`), or follow from the week above; its papers' ids must fit it,
* the table's two opening lines, rows numbered from 1, then blank lines or `---`; after the last week any prose.

Which weeks there are stands only on the pages. A range without an issue is named as a gap; weeks may share a day. A
rewritten week is a new content of the same entries: an entry is named by its arXiv id, else by its paper's address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial

from extractors.reading.lines import Lines, lines_of
from extractors.source import OnPages, PageRequest, Schedule, Source
from extractors.sources.ml_papers_week.ages import age_findings
from extractors.sources.ml_papers_week.index import require_weeks, year_file
from extractors.sources.ml_papers_week.rows import row_of
from extractors.sources.ml_papers_week.weeks import (
    WEEK_DAYS,
    WEEK_DAYS_MAX,
    Week,
    weeks_of,
)
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
DEFAULT_URL = "https://raw.githubusercontent.com/dair-ai/AI-Papers-of-the-Week/main"
# Every real week has ten rows; two of a week without a title or without a text is the worst that was seen.
EXPECTATIONS = Expectations(
    entries_min=10,
    entries_max=10,
    filled=(("title_text", 0.8), ("review", 0.8), ("links", 0.8), ("arxiv_id", 0.3)),
)
_INVISIBLE = re.compile(r"\s*(?:---|<!--.*-->)?\s*")
_OPENING = (
    re.compile(r"\|\s*\*\*Paper\*\*\s*\|\s*\*\*Links\*\*\s*\|\s*"),
    re.compile(r"\|\s*:?-{3,}:?\s*\|\s*:?-{3,}:?\s*\|\s*"),
)


def parse(page: Page) -> tuple[Listing, ...]:
    """One listing for each week, in page order. PageChanged names the line, IndexPage the files that hold the weeks.

    Entries carry no line number of their own: a new week on top moves every line, and would make each row look changed.
    """
    lines, findings = lines_of(page)
    weeks = weeks_of(lines)
    listings = tuple(_listing(page, lines, weeks, at, findings) for at in range(len(weeks)))
    require_weeks(lines, weeks)
    return listings


def request(day: date, base_url: str) -> PageRequest:
    """The README, and where that is only the index, the file with the week of the day."""
    url = f"{base_url.rstrip('/')}/README.md"
    return PageRequest(source=NAME, asked_on=None, url=url, follow=partial(year_file, day=day))


def days_to_ask(first: date, last: date) -> Sequence[date]:
    """One day for each file that may hold weeks of the range: a week around New Year is in the later year's file."""
    days = [first, *(date(year, 1, 1) for year in range(first.year + 1, last.year + 1))]
    may_end_next_year = (last + timedelta(days=WEEK_DAYS_MAX - 1)).year > last.year
    return [*days, last] if may_end_next_year and last > days[-1] else days


def _listing(page: Page, lines: Lines, weeks: Sequence[Week], at: int, findings: tuple[Finding, ...]) -> Listing:
    week, is_last = weeks[at], at == len(weeks) - 1
    rows = [row_of(lines, number, position) for position, number in _rows(lines, week, is_last=is_last)]
    entries = tuple(row for row, _ in rows if isinstance(row, Entry))
    return Listing(
        source=NAME,
        page_sha256=page.sha256,
        partition_on=week.first,
        is_closed=True,
        entries=entries,
        rejections=tuple(row for row, _ in rows if isinstance(row, Rejection)),
        findings=(
            *findings,
            *week.findings,
            *age_findings(lines, week, entries),
            *(finding for _, found in rows for finding in found),
        ),
        previous_on=None if is_last else weeks[at + 1].first,
        next_on=weeks[at - 1].first if at else None,
    )


def _rows(lines: Lines, week: Week, *, is_last: bool) -> Iterator[tuple[int, int]]:
    """(position, line) of each row; every other line of the week must be of a known kind, so that a lost one shows."""
    table: list[int] = []
    prose: int | None = None
    for number in range(week.line + 1, week.end):
        text = lines[number]
        if _INVISIBLE.fullmatch(text):
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
    version=3,
    trust=5,
    stands_for="ML/AI Papers of the Week: titles, links and an editor's summary, ten papers a week",
    comes_from="the file of a year that README.md names, or a README with all weeks, fetched or adopted",
    closes="at once",
    parse=parse,
    partitions=OnPages(ask=days_to_ask),
    expectations=EXPECTATIONS,
    closing=Closing.FIRST_READ,
    partition_days=WEEK_DAYS,
    request=request,
    default_url=DEFAULT_URL,
    # The repository has no licence: its editor's summaries are not to be copied.
    shows=frozenset(),
    schedules=(
        Schedule(slug="mondays", cron="0 16 * * 1", days_back=(0,)),
        Schedule(slug="tuesdays", cron="0 12 * * 2", days_back=(0,)),
    ),
)
