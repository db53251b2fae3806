"""The week in words made from its numbers: what was listed, what stands out, what is missing.

A sentence is left out where the data do not carry it. Nothing is compared with a week of which nothing is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.design.names import NamedPaper
from flows.shown import counted
from flows.weekly_page.facts import WeeklyPage
from flows.weekly_page.history import Trend, Trends, WeekCounts
from flows.weekly_page.words import (
    day_of,
    days_of,
    listed,
    rounded,
    week_before,
)

# From so many weeks on it is worth saying between what and what they were.
RANGE_LEAST = 3
NAMED_MOST = 3
# A field that few papers have now, and many had before, is worth a word.
FEW, MANY = 0.1, 0.5

Part = str | NamedPaper


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A label, and a sentence in parts: words, and papers that are shown as links. `anchor` is where it is shown."""

    label: str
    parts: tuple[Part, ...]
    anchor: str
    is_trouble: bool = False

    @property
    def text(self) -> str:
        """The sentence without links."""
        return "".join(each if isinstance(each, str) else each.name for each in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The sentences that open the page."""

    lede: str
    lines: tuple[Line, ...]


def headline_of(page: WeeklyPage) -> Headline:
    """The headline of a week's page."""
    found = (_most_upvoted(page), _rose_most(page), *_trends(page), _reviewed(page))
    lines = (*found, *_apart(page), *_missing(page), _unusual(page))
    return Headline(lede=" ".join(_lede(page)), lines=tuple(each for each in lines if each))


def _lede(page: WeeklyPage) -> Iterator[str]:
    this = page.counts[-1]
    if not this.lists_count:
        yield "No list of this week is loaded."
        return
    papers = "One paper" if this.papers_count == 1 else f"{this.papers_count:,} papers"
    yield f"{papers} on {counted(this.lists_count, 'list')}, {_how_many_new(this)}."
    yield from _compared(this, page.counts[:-1], is_first=page.is_first)


def _how_many_new(this: WeekCounts) -> str:
    if this.new_count == this.papers_count:
        return "listed for the first time" if this.papers_count == 1 else "all listed for the first time"
    return f"{this.new_count:,} of them listed for the first time" if this.new_count else "all of them listed before"


def _compared(this: WeekCounts, before: Sequence[WeekCounts], *, is_first: bool) -> Iterator[str]:
    known = [each for each in before if each.papers_a_list is not None]
    if not known:
        yield "It is the first week with a list." if is_first else "No list of the eight weeks before is loaded."
        return
    last = known[-1]
    had = f"{week_before(last.week_on, this.week_on)} had {rounded(last.papers_a_list)}"
    yield f"That is {rounded(this.papers_a_list)} a list; {had}."
    if len(known) < RANGE_LEAST:
        return
    rates = sorted(each.papers_a_list or 0.0 for each in known)
    is_whole = len(known) == len(before)
    weeks = "The eight weeks before" if is_whole else f"Of the eight weeks before, the {len(known)} with a list"
    low, high = rounded(rates[0]), rounded(rates[-1])
    yield f"{weeks} had {low if low == high else f'{low} to {high}'} papers a list."


def _most_upvoted(page: WeeklyPage) -> Line | None:
    voted = [each for each in page.papers if each.upvotes]
    if not voted:
        return None
    most = voted[0].upvotes or 0
    best = [each for each in voted if each.upvotes == most]
    votes = f"{counted(most, 'upvote')}{' each' if len(best) > 1 else ''}"
    parts: list[Part] = []
    for place, paper in enumerate(best[:NAMED_MOST]):
        parts += [_between(place, min(len(best), NAMED_MOST)), paper] if place else [paper]
    more = f" and {len(best) - NAMED_MOST} more" if len(best) > NAMED_MOST else ""
    whose = f", {best[0].whose}" if len(best) == 1 and best[0].whose else ""
    return Line(label="Most upvoted", parts=(*parts, f"{more}{whose}: {votes}"), anchor="papers")


def _rose_most(page: WeeklyPage) -> Line | None:
    rise = page.rises.strongest
    if rise is None:
        return None
    usual = f"; nine in ten papers of {rise.source} gain at most {rounded(rise.usual_high)}" if rise.has_usual else ""
    said = f": {rise.gained:+,} upvotes within {round(rise.hours)} hours{usual}"
    return Line(label="Rose fastest", parts=(page.rises.papers[rise.paper_key], said), anchor="rising")


def _trends(page: WeeklyPage) -> Iterator[Line | None]:
    yield _trend("Topics", page.topics, "topics")
    yield _trend("Institutions", page.institutions, "institutions")


def _trend(label: str, trends: Trends, anchor: str) -> Line | None:
    if not trends.is_compared:
        return None
    said = [_against_usual(each, "more") for each in trends.rising[:2]]
    said += [_against_usual(each, "fewer") for each in trends.falling[:1]]
    return Line(label=label, parts=("; ".join(said),), anchor=anchor) if said else None


def _against_usual(trend: Trend, word: str) -> str:
    expected = (trend.usual_share or 0.0) * trend.of_counts[-1]
    usual = f"{word} than the {rounded(expected)} to be expected" if expected else "in none of the weeks before"
    return f"{trend.name} in {trend.count} of {counted(trend.of_counts[-1], 'paper')}, {usual}"


def _reviewed(page: WeeklyPage) -> Line | None:
    reviewed = page.reviewed
    if not reviewed:
        return None
    sources = listed(sorted({each.source for each in reviewed}))
    papers = {each.paper_key for each in reviewed}
    listed_count = len(papers & {each.paper_key for each in page.papers})
    also = f"; {listed_count or 'none'} of them on this week's lists" if page.papers else ""
    return Line(label="Reviewed", parts=(f"{counted(len(papers), 'paper')} by {sources}{also}",), anchor="reviews")


def _apart(page: WeeklyPage) -> Iterator[Line]:
    for dump in page.dumps:
        papers = counted(len(dump.papers), "paper")
        said = f"{papers} in a dump of a listing ({dump.source}, {day_of(dump.partition_on)}), which is no day's list"
        yield Line(label="Not counted", parts=(said,), anchor="dumps")


def _missing(page: WeeklyPage) -> Iterator[Line]:
    if days := page.missing.days:
        said = f"{days_of(days)} {'was' if len(days) == 1 else 'were'} not read"
        yield Line(label="Missing", parts=(said,), anchor="missing", is_trouble=True)
    if growing := sorted({each.partition_on for each in page.missing.open if each.partition_on}):
        said = f"the {'list' if len(growing) == 1 else 'lists'} of {days_of(growing)} may still grow"
        yield Line(label="Not closed", parts=(said,), anchor="missing")


def _unusual(page: WeeklyPage) -> Line | None:
    said = []
    papers, before = page.counts[-1].papers_count, sum(each.papers_count for each in page.counts[:-1])
    with_words, with_words_before = page.topics.of_count, sum(page.topics.of_counts[:-1])
    if with_words < FEW * papers and with_words_before > MANY * before:
        now = f"the site printed keywords with {with_words} of {counted(papers, 'paper')}"
        said.append(f"{now}, and with {with_words_before:,} of {before:,} in the weeks before")
    if rejected := sum(int(str(row["open_count"])) for row in page.quarantine):
        said.append(f"{counted(rejected, 'entry', 'entries')} could not be read")
    return Line(label="Unusual", parts=("; ".join(said),), anchor="health", is_trouble=True) if said else None


def _between(place: int, count: int) -> str:
    return " and " if place == count - 1 else ", "
