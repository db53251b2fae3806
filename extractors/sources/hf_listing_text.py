"""The rendered text of a Daily Papers search page, adopted from a dump: titles, abstracts and mostly a dated block.

Last compared with a real dump of 2026-06-01 (58 papers).

The grammar; `|` is exactly one blank line, which also stands between any two of these parts:

* dump: preamble, entry, entry, …
* preamble: new | newsletter line | Subscribe | Daily Papers | by… | Mon D, the page's own date without its year
* entry: title | abstract, then mostly | block
* block: "  • N authors" or "slug Organisation", "·", "Mon D" or "Mon D, YYYY" and perhaps a number of comments

Every blank line is part of the grammar, so that losing any one line is noticed. An entry without a block is real.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from extractors.reading.lines import Lines, lines_of
from extractors.source import Source
from transforms.records import (
    Closing,
    Entry,
    Expectations,
    Finding,
    Level,
    Listing,
    Metric,
    Page,
)

NAME = "hf_listing_text"
VERSION = 1
TITLE_CHARACTERS_MAX = 300
ABSTRACT_CHARACTERS_MIN = 200
EXPECTATIONS = Expectations(
    entries_min=1,
    entries_max=200,
    filled=(("title_text", 1.0), ("abstract_text", 1.0), ("published_on", 0.6)),
    abstract_characters=(ABSTRACT_CHARACTERS_MIN, 6000),
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PREAMBLE = ("new", "Get trending papers in your email inbox!", "Subscribe", "Daily Papers", "by")
_DATED = re.compile(
    rf"(?P<date>(?P<month>{'|'.join(_MONTHS)}) (?P<day>[1-9]\d?)(?:, (?P<year>(?:19|20)\d\d))?)"
    r"(?: (?P<comments>\d{1,6}))?"
)
_AUTHORS = re.compile(r"\s*\u2022 (\d{1,5}) authors?")
_ORGANIZATION = re.compile(r"\S+ (\S.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paragraph:
    first_line: int
    lines: tuple[str, ...]


def parse(page: Page) -> tuple[Listing, ...]:
    """The one listing on the page, on the page's own date in the latest year that is not after the day of reading."""
    lines, findings = lines_of(page)
    paragraphs = tuple(_paragraphs(lines))
    partition_on = _own_date(lines, paragraphs, page.fetched_at.date())
    entries = tuple(_entries(lines, paragraphs[len(_PREAMBLE) + 1 :]))
    _require_whole_end(lines, entries)
    listing = Listing(
        source=NAME,
        page_sha256=page.sha256,
        partition_on=partition_on,
        is_closed=True,
        entries=entries,
        findings=(*findings, *_late_reading(lines, partition_on, page.fetched_at.date())),
    )
    return (listing,)


def partitions(first: date, last: date) -> Sequence[date]:
    """Any day may have such a page."""
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def _paragraphs(lines: Lines) -> Iterator[_Paragraph]:
    """Runs of lines, each apart from the next by exactly one blank line; none before the first or after the last."""
    run: list[str] = []
    for number, text in enumerate(lines.texts, start=1):
        if text.strip():
            run.append(text)
            continue
        if not run:
            raise lines.changed(number, "a text: exactly one blank line stands between two parts", "a blank line")
        yield _Paragraph(first_line=number - len(run), lines=tuple(run))
        run = []
    if not run:
        raise lines.changed(len(lines), "the last line of an entry's block", "a blank line at the end of the dump")
    yield _Paragraph(first_line=len(lines) - len(run) + 1, lines=tuple(run))


def _own_date(lines: Lines, paragraphs: Sequence[_Paragraph], read_on: date) -> date:
    for paragraph, opening in zip(paragraphs, _PREAMBLE, strict=False):
        text = _single(lines, paragraph, f"the preamble's {opening!r}")
        is_right = text.startswith(opening) if opening == "by" else text == opening
        if not is_right:
            raise lines.unlike(paragraph.first_line, f"the preamble's {opening!r}")
    if len(paragraphs) <= len(_PREAMBLE):
        raise lines.changed(len(lines), "the page's own date and entries", "the end of the dump")
    dated = paragraphs[len(_PREAMBLE)]
    own = re.fullmatch(r"([A-Z][a-z]{2}) (\d{1,2})", _single(lines, dated, "the page's own date"))
    latest = _latest(own[1], int(own[2]), read_on) if own else None
    if latest is None:
        raise lines.unlike(dated.first_line, "the page's own date as 'Jun 1'")
    return latest


def _latest(month: str, day: int, read_on: date) -> date | None:
    """The date in the latest year in which it exists and is not after `read_on`."""
    for year in range(read_on.year, read_on.year - 9, -1):
        found = _date(month, day, year)
        if found is not None and found <= read_on:
            return found
    return None


def _date(month: str, day: int, year: int) -> date | None:
    try:
        return date(year, _MONTHS.index(month) + 1, day)
    except ValueError:
        return None


def _entries(lines: Lines, paragraphs: Sequence[_Paragraph]) -> Iterator[Entry]:
    place, position = 0, 0
    while place < len(paragraphs):
        position += 1
        title = paragraphs[place]
        if place + 1 == len(paragraphs):
            raise lines.changed(len(lines), f"the abstract of the title on line {title.first_line}", "the end")
        block = paragraphs[place + 2] if place + 2 < len(paragraphs) else None
        block = block if block is not None and len(block.lines) > 1 else None
        yield _entry(lines, position, title, paragraphs[place + 1], block)
        place += 3 if block else 2


def _entry(lines: Lines, position: int, title: _Paragraph, abstract: _Paragraph, block: _Paragraph | None) -> Entry:
    title_text, abstract_text = _title(lines, title), _abstract(lines, abstract)
    published, comments, who = _block(lines, block) if block else (None, None, "")
    authors, organization = _AUTHORS.fullmatch(who), _ORGANIZATION.fullmatch(who)
    if block and not (authors or organization):
        raise lines.unlike(block.first_line, "'  \u2022 N authors' or 'slug Organisation Name'")
    return Entry(
        position=position,
        place=f"line {title.first_line}",
        first_line=title.first_line,
        said="\n\n".join("\n".join(part.lines) for part in (title, abstract, block) if part),
        title=title_text,
        abstract=abstract_text,
        author_count=authors[1] if authors else None,
        organization=organization[1] if organization and not authors else None,
        published=published,
        metrics=((Metric.COMMENTS, comments),) if comments else (),
    )


def _title(lines: Lines, paragraph: _Paragraph) -> str:
    text = _single(lines, paragraph, "a title")
    if len(text) > TITLE_CHARACTERS_MAX:
        expected = f"a title of at most {TITLE_CHARACTERS_MAX} characters"
        raise lines.changed(paragraph.first_line, expected, f"{len(text)} characters")
    if _DATED.fullmatch(text) or _AUTHORS.fullmatch(text) or text == "\u00b7":
        raise lines.unlike(paragraph.first_line, "a title, not a line of a block")
    return text


def _abstract(lines: Lines, paragraph: _Paragraph) -> str:
    text = _single(lines, paragraph, "an abstract")
    if len(text) < ABSTRACT_CHARACTERS_MIN:
        expected = f"an abstract of at least {ABSTRACT_CHARACTERS_MIN} characters"
        raise lines.changed(paragraph.first_line, expected, f"{len(text)} characters")
    return text


def _block(lines: Lines, block: _Paragraph) -> tuple[str, str | None, str]:
    """The date and the number of comments as printed, and the line that says who."""
    if len(block.lines) != 3 or block.lines[1] != "\u00b7":
        raise lines.changed(
            block.first_line, "a block of three lines: who, '\u00b7', date", f"{len(block.lines)} lines in a row"
        )
    number = block.first_line + 2
    dated = _DATED.fullmatch(block.lines[2])
    # 2024 knows every day that some year has
    if dated is None or _date(dated["month"], int(dated["day"]), int(dated["year"] or 2024)) is None:
        raise lines.unlike(number, "a date as 'Apr 25' or 'Apr 22, 2025', then perhaps a number of comments")
    return dated["date"], dated["comments"], block.lines[0]


def _single(lines: Lines, paragraph: _Paragraph, what: str) -> str:
    if len(paragraph.lines) != 1:
        expected = f"{what} on one line between blank lines"
        raise lines.changed(paragraph.first_line, expected, f"{len(paragraph.lines)} lines in a row")
    return paragraph.lines[0]


def _require_whole_end(lines: Lines, entries: Sequence[Entry]) -> None:
    """Refuse an end that a cut could have made: no entries, an entry without block, a date that may go on."""
    last = entries[-1] if entries else None
    if last is None or last.published is None:
        raise lines.changed(len(lines), "an entry's block: without one the dump may be cut", "the end of the dump")
    is_certain = "," in last.published and not last.metrics
    if not lines.is_ended and not is_certain:
        expected = "a newline: this date may be cut; add the missing newline if the file is whole"
        raise lines.changed(len(lines), expected, repr(lines[len(lines)]))


def _late_reading(lines: Lines, partition_on: date, read_on: date) -> tuple[Finding, ...]:
    """The year is inferred from the day of reading: say so where that lies far behind the page's own date."""
    days = (read_on - partition_on).days
    if days <= 31:
        return ()
    return (
        Finding(
            check_name="read_long_after_own_date",
            level=Level.WARNING,
            observed=f"read on {read_on}, {days} days after {partition_on}",
            expected="at most 31 days",
            place=lines.url,
        ),
    )


SOURCE = Source(
    name=NAME,
    version=VERSION,
    parse=parse,
    partitions=partitions,
    expectations=EXPECTATIONS,
    closing=Closing.FIRST_READ,
    trust=3,
    suffix="txt",
)
