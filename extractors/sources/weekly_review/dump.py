"""The weekly review as a text dump: 3 top entries and a list of 15, each an abstract with a short or long review.

Last compared with real dumps of the weeks from 2026-03-31 and 2026-06-21. The page's own HTML is not known.

Each line is one text, and only its place tells which: so the grammar is exact, and anything that a lost or a cut line
could have made is refused with its number. A page is read whole or not at all. What mail, editors and Markdown put
around every line is taken off before (`tokens_of`), and so are escapes where nearly all marks have one; lines that a
tool broke are never joined.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from extractors.errors import WrongPartition
from extractors.reading.captures import broken
from extractors.reading.lines import Lines, lines_of
from extractors.reading.marks import without_escapes
from extractors.reading.tokens import tokens_of
from extractors.source import PageRequest, Schedule, Source, mondays
from extractors.sources.weekly_review.entries import Block, blocks_of
from transforms.fields.dates import month_number
from transforms.records import (
    Closing,
    Entry,
    Expectations,
    Finding,
    Listing,
    Page,
)

NAME = "weekly_review"
TOP_COUNT, LIST_COUNT = 3, 15
WINDOW_DAYS = 7
_DAY = r"([A-Z][a-z]+)\.? (\d{1,2})"
_HEADER = re.compile(rf"(?:#+ )?(\**)Last (\d{{1,2}}) Days \({_DAY} [-\u2013\u2014] {_DAY}, (\d{{4}})\)\1")
_ABSTRACT_CHARACTERS_MIN = 200
EXPECTATIONS = Expectations(
    entries_min=TOP_COUNT + LIST_COUNT,
    entries_max=TOP_COUNT + LIST_COUNT,
    filled=(("abstract_text", 1.0), ("review", 1.0)),
    abstract_characters=(_ABSTRACT_CHARACTERS_MIN, 6000),
)


def parse(page: Page) -> tuple[Listing, ...]:
    """The one listing on the page. PageChanged names the line; WrongPartition if the page is of another week."""
    printed, findings = lines_of(page)
    lines = tokens_of(printed)
    texts, in_doubt = without_escapes(lines.texts)
    lines = replace(lines, texts=texts)
    first, days = _window(lines)
    if page.asked_on is not None and page.asked_on != first:
        raise WrongPartition(page.asked_on, first)
    _require_unbroken(lines)
    blocks = blocks_of(lines, first=2)
    _require_shape(lines, blocks)
    _require_recurrence(lines, blocks)
    _require_sections(lines, blocks)
    _require_whole_end(lines, blocks)
    listing = Listing(
        source=NAME,
        page_sha256=page.sha256,
        partition_on=first,
        is_closed=True,
        entries=_entries(lines, blocks),
        findings=(*findings, *_window_findings(lines, days), *_escapes_kept(lines, in_doubt=in_doubt)),
    )
    return (listing,)


def request(partition_on: date, base_url: str) -> PageRequest:
    """The week's dump, named after its first day."""
    url = f"{base_url.rstrip('/')}/{partition_on.isoformat()}.txt"
    return PageRequest(source=NAME, asked_on=partition_on, url=url)


def _window(lines: Lines) -> tuple[date, int]:
    """The window's first day and length. Only the last day's year is printed; over New Year the first has another."""
    expected = "'Last N Days (Month d \u2013 Month d, YYYY)' with dates N days apart"
    header = _HEADER.fullmatch(" ".join(lines[1].split()))
    if header is None:
        raise lines.unlike(1, expected)
    _, days_text, month, day, last_month, last_day, year = header.groups()
    days = int(days_text)
    try:
        last = date(int(year), month_number(last_month), int(last_day))
        first = last - timedelta(days=days - 1)
        stated = date(first.year, month_number(month), int(day))
    except ValueError as error:
        raise lines.unlike(1, expected) from error
    if days < 1 or stated != first:
        raise lines.unlike(1, expected)
    return first, days


def _require_unbroken(lines: Lines) -> None:
    """A tool that breaks its lines leaves none as long as an abstract."""
    if len(lines) > TOP_COUNT + LIST_COUNT and max(map(len, lines.texts)) < _ABSTRACT_CHARACTERS_MIN:
        raise broken(lines, 2, "an abstract on one line")


def _require_shape(lines: Lines, blocks: Sequence[Block]) -> None:
    if len(blocks) != TOP_COUNT + LIST_COUNT:
        expected = f"{TOP_COUNT} top entries and a list of {LIST_COUNT}"
        raise lines.changed(len(lines), expected, f"{len(blocks)} entries up to this line")


def _require_recurrence(lines: Lines, blocks: Sequence[Block]) -> None:
    """Two lost lines may leave the grammar intact, with texts paired wrongly: then a top entry is not listed again."""
    listed = Counter(block.lines for block in blocks[TOP_COUNT:])
    for block in blocks[:TOP_COUNT]:
        if block.lines not in listed:
            raise lines.changed(block.first_line, "a top entry that stands again in the list", "none that is identical")
    seen: Counter[str] = Counter()
    for block in blocks:
        seen[block.lines[0]] += 1
        if seen[block.lines[0]] > 2:
            raise lines.changed(block.first_line, "an abstract that stands at most twice", "its third place")
        if block.lines[0] == block.lines[1]:
            raise lines.changed(block.first_line, "a summary after the abstract", "the same text again")


def _require_sections(lines: Lines, blocks: Sequence[Block]) -> None:
    """Three sections without a marker look like four with one line lost, unless a second copy has three as well."""
    copies = Counter(block.lines for block in blocks)
    for block in blocks:
        if block.has_unmarked_gap and copies[block.lines] < 2:
            number = block.first_line + 4
            last = lines.on_page(block.last_line - 1)
            raise lines.changed(number, f"4 sections up to line {last}", "3, and no sign of the fourth")


def _require_whole_end(lines: Lines, blocks: Sequence[Block]) -> None:
    """A closing line or a second copy proves that nothing was cut off; else the last summary needs its newline."""
    last = blocks[-1]
    is_proven = lines.is_ended or last.is_long or last.lines in {block.lines for block in blocks[:-1]}
    if not is_proven:
        expected = "a newline: this summary may be cut; add the missing newline if the file is whole"
        raise lines.changed(last.last_line, expected, "the end of the dump")


def _entries(lines: Lines, blocks: Sequence[Block]) -> tuple[Entry, ...]:
    top = (block.entry(lines, "top", position) for position, block in enumerate(blocks[:TOP_COUNT], start=1))
    listed = (block.entry(lines, "list", position) for position, block in enumerate(blocks[TOP_COUNT:], start=1))
    return (*top, *listed)


def _window_findings(lines: Lines, days: int) -> tuple[Finding, ...]:
    return () if days == WINDOW_DAYS else (lines.warning(1, "window_days", str(days), str(WINDOW_DAYS)),)


def _escapes_kept(lines: Lines, *, in_doubt: bool) -> Iterator[Finding]:
    """Backslashes before marks may be of the page's own or of a tool: they are kept, and the first place is named."""
    if in_doubt:
        at = next(number for number in range(1, len(lines) + 1) if re.search(r"\\[*_]", lines[number]))
        yield lines.warning(at, "escapes_kept", "a backslash before some marks", "before all of them, or before none")


SOURCE = Source(
    name=NAME,
    version=3,
    trust=4,
    stands_for="a week's reviews: abstracts and review sections, no titles",
    comes_from="a text dump `<first day>.txt`, fetched or adopted",
    closes="at once",
    parse=parse,
    partitions=mondays,  # the weeks that are asked for; an adopted dump may start on any day
    expectations=EXPECTATIONS,
    closing=Closing.FIRST_READ,
    partition_days=WINDOW_DAYS,
    request=request,
    # Whose texts these are, and on what terms, nobody said: reviews are works of their writers.
    shows=frozenset(),
    # One of these seven days is a Monday: that of the last whole week.
    schedules=(Schedule(slug="mondays", cron="0 14 * * 1", days_back=tuple(range(7, 14))),),
)
