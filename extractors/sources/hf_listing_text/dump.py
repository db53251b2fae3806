"""A Daily Papers search page as a tool printed it: titles, abstracts and mostly a dated block, perhaps links and votes.

Last compared with a real dump of 2026-06-01 (58 papers, no links), and with captures by other tools up to 2026-10-02.

The grammar; `|` is at least one blank line:

* dump: menu, preamble, entry, entry, …, foot; menu and foot are words of the site's frame, or nothing
* preamble: new | newsletter line | Subscribe | Daily Papers | by… | perhaps a search term and tabs | Jun 1, the page's
  own date without its year
* entry: perhaps votes | title | abstract, then mostly | block
* block: "• N authors" with any bullet, or "slug Organisation", "·", "Mon D" or "Mon D, YYYY" and perhaps a number of
  comments

Between the same two parts of any entry stand equally many blank lines, so that losing any one line is noticed: of the
shortest form, which has nothing but these parts, even a blank one. An entry without a block is real.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from extractors.reading.captures import CleanLine, cleaned
from extractors.reading.lines import Lines, lines_of
from extractors.reading.marks import bare
from extractors.source import Source, every_day
from extractors.sources.hf_listing_text.cards import ABSTRACT_CHARACTERS_MIN, Card, cards_of, day_of
from extractors.sources.hf_listing_text.entries import comments_of, entries_of
from extractors.sources.hf_listing_text.gaps import require_even_gaps
from extractors.sources.hf_listing_text.preamble import OWN_DATE, frame_of
from transforms.records import (
    Closing,
    Entry,
    Expectations,
    Finding,
    Listing,
    Page,
)

NAME = "hf_listing_text"
EXPECTATIONS = Expectations(
    entries_min=1,
    entries_max=200,
    filled=(("title_text", 1.0), ("abstract_text", 1.0), ("published_on", 0.6)),
    abstract_characters=(ABSTRACT_CHARACTERS_MIN, 6000),
)


def parse(page: Page) -> tuple[Listing, ...]:
    """The one listing on the page, on the page's own date in the latest year that is not after the day of reading."""
    lines, findings = lines_of(page)
    found = cleaned(lines)
    frame = frame_of(lines, found)
    partition_on = _own_date(lines, frame.parts[-1], page.fetched_at.date())
    cards = cards_of(lines, found[frame.first : frame.end], has_headings=frame.has_headings)
    require_even_gaps(lines, frame, cards)
    entries = entries_of(lines, cards)
    _require_whole_end(lines, cards, entries, has_foot=frame.end < len(found))
    listing = Listing(
        source=NAME,
        page_sha256=page.sha256,
        partition_on=partition_on,
        is_closed=True,
        entries=entries,
        findings=(*findings, *_late_reading(lines, partition_on, page.fetched_at.date())),
    )
    return (listing,)


def _own_date(lines: Lines, line: CleanLine, read_on: date) -> date:
    """The printed year's day, or that of the latest year in which it exists and is not after `read_on`."""
    printed = OWN_DATE.fullmatch(bare(line.text))
    if printed is None:
        raise lines.unlike(line.number, "the page's own date as 'Jun 1'")
    years = [int(printed["year"])] if printed["year"] else range(read_on.year, read_on.year - 9, -1)
    days = (day_of(printed["month"], int(printed["day"]), year) for year in years)
    own = next((day for day in days if day is not None and day <= read_on), None)
    if own is None:
        raise lines.unlike(line.number, "the page's own date as 'Jun 1'")
    return own


def _require_whole_end(lines: Lines, cards: Sequence[Card], entries: Sequence[Entry], *, has_foot: bool) -> None:
    """Refuse an end that a cut could have made: no entries, an entry without block, a date that may go on."""
    if has_foot and entries:
        return
    block = cards[-1].block if cards else None
    if block is None:
        raise lines.changed(len(lines), "an entry's block: without one the dump may be cut", "the end of the dump")
    last, is_ended = block.dated, lines.is_ended or block.dated.last < len(lines)
    is_certain = "," in (entries[-1].published or "") and not comments_of(block)
    if not is_ended and not is_certain:
        expected = "a newline: this date may be cut; add the missing newline if the file is whole"
        raise lines.changed(last.number, expected, repr(lines[last.number]))


def _late_reading(lines: Lines, partition_on: date, read_on: date) -> tuple[Finding, ...]:
    """The year is inferred from the day of reading: say so where that lies far behind the page's own date."""
    days = (read_on - partition_on).days
    if days <= 31:
        return ()
    observed = f"read on {read_on}, {days} days after {partition_on}"
    return (Finding.warning("read_long_after_own_date", observed, "at most 31 days", lines.url),)


SOURCE = Source(
    name=NAME,
    version=3,
    trust=3,
    stands_for="a text dump of a listing: titles and abstracts, mostly no ids",
    comes_from="the text of a search page as a tool printed it, adopted from a file",
    closes="at once",
    parse=parse,
    partitions=every_day,
    expectations=EXPECTATIONS,
    closing=Closing.FIRST_READ,
    # A search page of the site of hf_daily, and so the same.
    shows=frozenset(),
)
