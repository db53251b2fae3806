"""The weekly page's plots: what they show, drawn by the common system.

A plot shows numbers and days only, never text from a page. The same points always give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator

from flows.design.drawn import MARKERS, MUTED, TOP, Plot, plot
from flows.weekly_page.shown_papers import UpvoteReading

# Beyond so many days the early readings of an even scale would be drawn on top of each other.
LONG_DAYS = 60


def curves(readings: Sequence[UpvoteReading], top: Sequence[str]) -> Plot | None:
    """Upvotes by days since the list day, the first five `top` papers numbered; None without a second reading."""
    lines = by_paper(readings)
    if not any(len(each) > 1 for each in lines.values()):
        return None

    def draw(axes: Axes, _is_wide: bool) -> None:  # noqa: FBT001 - one function draws both widths
        for key, line in lines.items():
            if key not in top:
                axes.plot(*_points(line), color=MUTED, linewidth=0.8, alpha=0.45, marker=".", markersize=3)
        for place, key in reversed(tuple(enumerate(top[: len(TOP)]))):
            if key in lines:
                days, upvotes = _points(lines[key])
                axes.plot(days, upvotes, color=TOP[place], marker=MARKERS[place], markersize=4.5, linewidth=1.8)
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.set_title("upvotes", loc="left", fontsize="medium", color=MUTED)
        _number_ends(axes, [(lines[key], place) for place, key in enumerate(top[: len(TOP)]) if key in lines])
        axes.set_xlabel(_scale_days(axes, max(line[-1].days for line in lines.values())))

    description = (
        f"Upvotes of {len(lines)} papers by days since their list day. The first five of the list have its numbers."
    )
    return plot("curves", "Upvote curves", description, draw, heights=(3.5, 3.4))


def strip(readings: Sequence[UpvoteReading], top: Sequence[str]) -> Plot | None:
    """Every paper a dot: its last known upvotes by list day, the `top` papers numbered; None without upvotes."""
    last = {key: line[-1] for key, line in by_paper(readings).items()}
    if not last:
        return None
    days = sorted({each.listed_on for each in last.values()}, reverse=True)

    def draw(axes: Axes, is_wide: bool) -> None:  # noqa: FBT001 - one function draws both widths
        for key, reading in last.items():
            height = days.index(reading.listed_on)
            if key in top[: len(TOP)]:
                place = list(top).index(key)
                axes.plot([reading.upvotes], [height], color=TOP[place], marker=MARKERS[place], markersize=6)
                _number(axes, reading.upvotes, height, place, offset=(0, 7))
            else:
                axes.plot([reading.upvotes], [height], color=MUTED, marker="o", markersize=4.5, alpha=0.45)
        axes.set_yticks(range(len(days)), [_day(each, is_wide=is_wide) for each in days])
        axes.set_ylim(-0.6, len(days) - 0.3)
        axes.set_xlim(left=0)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.set_xlabel("upvotes at the last reading")

    height = 0.85 + 0.42 * len(days)
    description = (
        f"Last known upvotes of {len(last)} papers, one row a list day. The first five of the list have its numbers."
    )
    return plot("strip", "Upvotes by list day", description, draw, heights=(height, height))


def by_paper(readings: Sequence[UpvoteReading]) -> dict[str, list[UpvoteReading]]:
    """The readings of each paper, oldest first."""
    ordered = sorted(readings, key=lambda each: (each.paper_key, each.observed_at))
    return {key: list(line) for key, line in groupby(ordered, key=lambda each: each.paper_key)}


def _points(line: Sequence[UpvoteReading]) -> tuple[list[float], list[int]]:
    return [each.days for each in line], [each.upvotes for each in line]


def _number_ends(axes: Axes, ends: Sequence[tuple[Sequence[UpvoteReading], int]]) -> None:
    """Number the lines at their ends, pushed apart evenly where they end close to each other."""
    room = (axes.get_ylim()[1] - axes.get_ylim()[0]) / 17
    ordered = sorted(ends, key=lambda each: each[0][-1].upvotes)
    heights = [float(line[-1].upvotes) for line, _ in ordered]
    for _ in range(60):
        for lower in range(len(heights) - 1):
            lack = room - (heights[lower + 1] - heights[lower])
            if lack > 0:
                heights[lower] -= lack / 2
                heights[lower + 1] += lack / 2
    for (line, place), height in zip(ordered, heights, strict=True):
        _number(axes, line[-1].days, height, place, offset=(10, -3))


def _scale_days(axes: Axes, longest: float) -> str:
    """Let the days run evenly, or logarithmically where a late reading would press the first ones together."""
    axes.set_xlim(left=0)
    if longest <= LONG_DAYS:
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        return "days since the list day began (UTC)"
    axes.set_xscale("symlog", linthresh=1)
    axes.set_xlim(0, longest * 1.6)
    ticks = [day for day in (0, 1, 3, 10, 30, 100, 300, 1000, 3000) if day <= longest * 1.6]
    axes.set_xticks(ticks, [str(day) for day in ticks])
    axes.xaxis.set_minor_locator(NullLocator())
    return "days since the list day began (UTC), logarithmic"


def _number(axes: Axes, x: float, y: float, place: int, offset: tuple[int, int]) -> None:
    axes.annotate(
        str(place + 1),
        (x, y),
        xytext=offset,
        textcoords="offset points",
        color=TOP[place],
        fontweight="bold",
        ha="center",
        annotation_clip=False,
    )


def _day(day: date, *, is_wide: bool) -> str:
    return f"{day:%a} {day.day} {day:%b}" if is_wide else f"{day:%a} {day.day}"
