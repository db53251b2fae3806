"""This week against the eight before it, as small bars: one a week, with its number; a week that has none is a gap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flows.shown import counted
from flows.weekly_page.facts import WeeklyPage
from flows.weekly_page.history import WeekCounts
from flows.weekly_page.words import (
    as_rounded,
    day_of,
    rounded,
    week_before,
)

Value = float | None

# Sizes in CSS pixels. A panel's bars have numbers above them, those in a row of a table have none.
PANEL_SLOT, PANEL_BAR, PANEL_HEIGHT, PANEL_TOP = 25, 18, 48, 16
ROW_SLOT, ROW_BAR, ROW_HEIGHT = 9, 7, 20
# With fewer weeks there is nothing to compare.
WEEKS_LEAST = 2
NO_UPVOTES = "No upvotes of this week were read in time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One week's bar, from its upper left corner; without height where the week has no number."""

    week_on: date
    x: float
    y: float
    width: float
    height: float
    label: str
    is_this: bool

    @property
    def middle(self) -> float:
        """Where its number stands."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A sentence about this week, and the bars behind it; None where fewer than two weeks have a number."""

    name: str
    title: str
    noun: str
    bars: tuple[Bar, ...] | None

    @property
    def description(self) -> str:
        """The bars in words."""
        said = ", ".join(f"{each.label or 'nothing'} in that of {day_of(each.week_on)}" for each in self.bars or ())
        return f"{self.noun}, a bar for each week: {said}."


def panels_of(page: WeeklyPage) -> tuple[Panel, ...]:
    """How long a week's lists were, what upvotes its papers had, how many were reviewed.

    Without a list, or another week to compare with, there is none.
    """
    if not page.papers:
        return ()
    counts = page.counts
    panels = (
        _panel("papers", counts, "Papers a list", lambda each: each.papers_a_list, _papers),
        _panel("median", counts, "Upvotes of the middle paper", lambda each: each.upvotes_median, _middle),
        _panel("most", counts, "Upvotes of the first paper", lambda each: each.upvotes_most, _first),
        _panel("reviewed", counts, "Papers reviewed", lambda each: each.reviewed_count or None, _reviewed),
    )
    shown = tuple(each for each in panels if each)
    return shown if any(each.bars for each in shown) else ()


def row_bars(values: Sequence[Value], weeks: Sequence[date], highest: float) -> tuple[Bar, ...]:
    """Bars for a row of a table, all rows on one scale."""
    return tuple(_bars(values, weeks, highest, slot=ROW_SLOT, width=ROW_BAR, height=ROW_HEIGHT, top=0))


def _panel(
    name: str,
    counts: Sequence[WeekCounts],
    noun: str,
    value_of: Callable[[WeekCounts], Value],
    words: Callable[[Value], str],
) -> Panel | None:
    values, weeks = [value_of(each) for each in counts], [each.week_on for each in counts]
    known = [each for each in values if each is not None]
    if not known:
        return None
    title = f"{words(values[-1])}{_difference(values, weeks)}."
    sizes = {"slot": PANEL_SLOT, "width": PANEL_BAR, "height": PANEL_HEIGHT, "top": PANEL_TOP}
    bars = tuple(_bars(values, weeks, max(known), **sizes)) if len(known) >= WEEKS_LEAST else None
    return Panel(name=name, title=title, noun=noun, bars=bars)


def _bars(
    values: Sequence[Value], weeks: Sequence[date], highest: float, *, slot: int, width: int, height: int, top: int
) -> Iterator[Bar]:
    for place, (value, week) in enumerate(zip(values, weeks, strict=True)):
        size = round(max(height * value / (highest or 1.0), 1.0), 2) if value is not None else 0.0
        yield Bar(
            week_on=week,
            x=place * slot + (slot - width) / 2,
            y=round(top + height - size, 2),
            width=width,
            height=size,
            label="" if value is None else rounded(value),
            is_this=place == len(values) - 1,
        )


def _difference(values: Sequence[Value], weeks: Sequence[date]) -> str:
    """How the last value differs from the last one before it that is known; empty where either is not."""
    this = values[-1]
    earlier = [(value, week) for value, week in zip(values[:-1], weeks[:-1], strict=True) if value is not None]
    if this is None or not earlier:
        return ""
    before, week = earlier[-1]
    name, change = week_before(week, weeks[-1]), as_rounded(this) - as_rounded(before)
    if not change:
        return f", as in {name}"
    return f", {rounded(abs(change))} {'more' if change > 0 else 'fewer'} than in {name}"


def _papers(value: Value) -> str:
    return "No list of this week is loaded" if value is None else f"{rounded(value)} papers a list"


def _middle(value: Value) -> str:
    return NO_UPVOTES if value is None else f"The middle paper has {rounded(value)} upvotes"


def _first(value: Value) -> str:
    return NO_UPVOTES if value is None else f"The first paper has {rounded(value)} upvotes"


def _reviewed(value: Value) -> str:
    return "No review of this week is loaded" if value is None else f"{counted(round(value), 'paper')} reviewed"
