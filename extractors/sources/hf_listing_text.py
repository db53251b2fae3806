"""The rendered text of a Daily Papers search page, adopted from a dump: titles, abstracts and mostly a dated block.

Last compared with a real dump of 2026-06-01 (58 papers). The page's date has no year: it is the latest one that does
not put the date after the day of reading.

The grammar; `|` is exactly one blank line, which also stands between any two of these parts:

* dump: preamble, entry, entry, …
* preamble: new | newsletter line | Subscribe | Daily Papers | by… | Mon D, the page's own date without its year
* entry: title | abstract, then mostly | block
* block: "  • N authors" or "slug Organisation", "·", "Mon D" or "Mon D, YYYY" and perhaps a number of comments

Every blank line is part of the grammar, so that the loss of any one line is noticed. Real entries may lack the block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from extractors.reading.lines import Lines, lines_of
from extractors.source import Source, every_day
from transforms.fields.dates import MONTHS, published
from transforms.records import (
    Closing,
    Entry,
    Expectations,
    Finding,
    Listing,
    Metric,
    Page,
)

NAME = "hf_listing_text"
TITLE_CHARACTERS_MAX = 300
ABSTRACT_CHARACTERS_MIN = 200
READ_LATE_DAYS = 31
EXPECTATIONS = Expectations(
    entries_min=1,
    entries_max=200,
    filled=(("title_text", 1.0), ("abstract_text", 1.0), ("published_on", 0.6)),
    abstract_characters=(ABSTRACT_CHARACTERS_MIN, 6000),
)
_PREAMBLE = ("new", "Get trending papers in your email inbox!", "Subscribe", "Daily Papers", "by")
_MONTH = "|".join(month[:3] for month in MONTHS)
_OWN_DATE = re.compile(rf"(?:{_MONTH}) \d{{1,2}}")
_DATED = re.compile(rf"(?P<date>(?:{_MONTH}) [1-9]\d?(?:, (?:19|20)\d\d)?)(?: (?P<comments>\d{{1,6}}))?")
_AUTHORS = re.compile(r"\s*\u2022 (\d{1,5}) authors?")
_ORGANIZATION = re.compile(r"\S+ (\S.*)")
_IN_A_LEAP_YEAR = date(2024, 12, 31)  # that year has every day that some year has


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paragraph:
    first_line: int
    lines: tuple[str, ...]


def parse(page: Page) -> tuple[Listing, ...]:
    """The one listing on the page. PageChanged names the line."""
    lines, findings = lines_of(page)
    paragraphs = tuple(_paragraphs(lines))
    read_on = page.fetched_at.date()
    partition_on = _own_date(lines, paragraphs, read_on)
    entries = tuple(_entries(lines, paragraphs[len(_PREAMBLE) + 1 :]))
    _require_whole_end(lines, entries)
    listing = Listing(
        source=NAME,
        page_sha256=page.sha256,
        partition_on=partition_on,
        is_closed=True,
        entries=entries,
        findings=(*findings, *_late_reading(lines, partition_on, read_on)),
    )
    return (listing,)


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
        text = _only_line(lines, paragraph, f"the preamble's {opening!r}")
        is_right = text.startswith(opening) if opening == "by" else text == opening
        if not is_right:
            raise lines.unlike(paragraph.first_line, f"the preamble's {opening!r}")
    if len(paragraphs) <= len(_PREAMBLE):
        raise lines.changed(len(lines), "the page's own date and entries", "the end of the dump")
    dated = paragraphs[len(_PREAMBLE)]
    text = _only_line(lines, dated, "the page's own date")
    if _OWN_DATE.fullmatch(text):
        with suppress(ValueError):
            return published(text, read_on=read_on)[0]
    raise lines.unlike(dated.first_line, "the page's own date as 'Jun 1'")


def _entries(lines: Lines, paragraphs: Sequence[_Paragraph]) -> Iterator[Entry]:
    place, position = 0, 0
    while place < len(paragraphs):
        position += 1
        title = paragraphs[place]
        if place + 1 == len(paragraphs):
            raise lines.changed(len(lines), f"the abstract of the title on line {title.first_line}", "the end")
        block = paragraphs[place + 2] if place + 2 < len(paragraphs) else None
        # Titles and abstracts are one line each: a paragraph of several is the block.
        block = block if block is not None and len(block.lines) > 1 else None
        yield _entry(lines, position, title, paragraphs[place + 1], block)
        place += 3 if block else 2


def _entry(lines: Lines, position: int, title: _Paragraph, abstract: _Paragraph, block: _Paragraph | None) -> Entry:
    title_text, abstract_text = _title(lines, title), _abstract(lines, abstract)
    published_text, comments, who = _block(lines, block) if block else (None, None, "")
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
        published=published_text,
        metrics=((Metric.COMMENTS, comments),) if comments else (),
    )


def _title(lines: Lines, paragraph: _Paragraph) -> str:
    text = _only_line(lines, paragraph, "a title")
    if len(text) > TITLE_CHARACTERS_MAX:
        expected = f"a title of at most {TITLE_CHARACTERS_MAX} characters"
        raise lines.changed(paragraph.first_line, expected, f"{len(text)} characters")
    if _DATED.fullmatch(text) or _AUTHORS.fullmatch(text) or text == "\u00b7":
        raise lines.unlike(paragraph.first_line, "a title, not a line of a block")
    return text


def _abstract(lines: Lines, paragraph: _Paragraph) -> str:
    text = _only_line(lines, paragraph, "an abstract")
    if len(text) < ABSTRACT_CHARACTERS_MIN:
        expected = f"an abstract of at least {ABSTRACT_CHARACTERS_MIN} characters"
        raise lines.changed(paragraph.first_line, expected, f"{len(text)} characters")
    return text


def _block(lines: Lines, block: _Paragraph) -> tuple[str, str | None, str]:
    """The date and the number of comments as printed, and the line with authors or organisation."""
    if len(block.lines) != 3 or block.lines[1] != "\u00b7":
        expected = "a block of three lines: who, '\u00b7', date"
        raise lines.changed(block.first_line, expected, f"{len(block.lines)} lines in a row")
    dated = _DATED.fullmatch(block.lines[2])
    if dated is None or not _is_day(dated["date"]):
        expected = "a date as 'Apr 25' or 'Apr 22, 2025', then perhaps a number of comments"
        raise lines.unlike(block.first_line + 2, expected)
    return dated["date"], dated["comments"], block.lines[0]


def _is_day(text: str) -> bool:
    try:
        published(text, read_on=_IN_A_LEAP_YEAR)
    except ValueError:
        return False
    return True


def _only_line(lines: Lines, paragraph: _Paragraph, what: str) -> str:
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
    """A warning if the day of reading, from which the year is inferred, is long after the page's own date."""
    days = (read_on - partition_on).days
    if days <= READ_LATE_DAYS:
        return ()
    observed, expected = f"read on {read_on}, {days} days after {partition_on}", f"at most {READ_LATE_DAYS} days"
    return (Finding.warning("read_long_after_own_date", observed, expected, lines.url),)


SOURCE = Source(
    name=NAME,
    version=1,
    trust=3,
    stands_for="a text dump of a listing: titles and abstracts, no ids",
    comes_from="the text of a search page, adopted from a file",
    closes="at once",
    parse=parse,
    partitions=every_day,
    expectations=EXPECTATIONS,
    closing=Closing.FIRST_READ,
)
