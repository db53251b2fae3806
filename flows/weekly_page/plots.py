"""The weekly page's plot, upvotes by age over what is usual: numbers and days only, never text from a page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import log2

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator

from flows.design.drawn import BAND, MARKERS, MUTED, TOP, Plot, plot
from flows.weekly_page.rises import UsualAge
from flows.weekly_page.shown_papers import UpvoteReading

# Fewer papers that were read so often make no picture: two readings are a rise, and no curve.
LINES_LEAST, READINGS_LEAST = 5, 3


def curves(readings: Sequence[UpvoteReading], top: Sequence[str], ages: Sequence[UsualAge]) -> Plot | None:
    """Upvotes by age over what was usual in the half year before, the first five `top` papers numbered.

    None where fewer than five papers were read three times.
    """
    lines = _curved(readings)
    if len(lines) < LINES_LEAST:
        return None
    longest = max(line[-1].days for line in lines.values())
    band = [each for each in ages if each.is_enough and each.hours / 24 <= longest * 1.1]

    def draw(axes: Axes, _is_wide: bool) -> None:  # noqa: FBT001 - one function draws both widths
        if len(band) > 1:
            days = [each.hours / 24 for each in band]
            low, high = [each.low for each in band], [each.high for each in band]
            axes.fill_between(days, low, high, color=BAND, linewidth=0)
            axes.plot(days, [each.middle for each in band], color=MUTED, linewidth=1.4, linestyle=(0, (4, 3)))
        for key, line in lines.items():
            if key not in top:
                axes.plot(*_points(line), color=MUTED, linewidth=0.7, alpha=0.35)
        for place, key in reversed(tuple(enumerate(top[: len(TOP)]))):
            if key in lines:
                days, upvotes = _points(lines[key])
                axes.plot(days, upvotes, color=TOP[place], marker=MARKERS[place], markersize=4.5, linewidth=1.8)
        _scale_upvotes(axes, [upvotes for line in lines.values() for upvotes in _points(line)[1]])
        axes.set_title("upvotes, logarithmic", loc="left", fontsize="medium", color=MUTED)
        _number_ends(axes, [(lines[key], place) for place, key in enumerate(top[: len(TOP)]) if key in lines])
        axes.set_xlim(left=max(min(line[0].days for line in lines.values()) - longest / 12, 0))
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.set_xlabel("days since the list day began (UTC)")

    description = f"Upvotes of {len(lines)} papers by days since their list day; {_usual_in_words(band)}"
    return plot("curves", curves_title(readings, ages), description, draw, heights=(3.6, 3.6))


def curves_title(readings: Sequence[UpvoteReading], ages: Sequence[UsualAge]) -> str:
    """What the curves show, in a sentence: how many papers stand above what is usual at their age."""
    usual = {each.half_day: each for each in ages if each.is_enough}
    last = [line[-1] for line in _curved(readings).values()]
    compared = [(each, usual[age]) for each in last if (age := int(each.days * 2)) in usual]
    if not compared:
        return f"How {len(last)} papers of this week rose from reading to reading"
    above = sum(each.upvotes > age.high for each, age in compared)
    return f"{above} of {len(compared)} papers have more upvotes than nine in ten papers had at their age"


def coloured(readings: Sequence[UpvoteReading], top: Sequence[str]) -> dict[str, int]:
    """The papers whose lines have a colour and a number, with the number."""
    lines = _curved(readings)
    return {key: place for place, key in enumerate(top[: len(TOP)], start=1) if key in lines}


def by_paper(readings: Sequence[UpvoteReading]) -> dict[str, list[UpvoteReading]]:
    """The readings of each paper, oldest first."""
    ordered = sorted(readings, key=lambda each: (each.paper_key, each.observed_at))
    return {key: list(line) for key, line in groupby(ordered, key=lambda each: each.paper_key)}


def _curved(readings: Sequence[UpvoteReading]) -> dict[str, list[UpvoteReading]]:
    return {key: line for key, line in by_paper(readings).items() if len(line) >= READINGS_LEAST}


def _points(line: Sequence[UpvoteReading]) -> tuple[list[float], list[int]]:
    return [each.days for each in line], [each.upvotes for each in line]


def _number_ends(axes: Axes, ends: Sequence[tuple[Sequence[UpvoteReading], int]]) -> None:
    """Number the lines at their ends, pushed apart evenly where they end close to each other."""
    ordered = sorted(ends, key=lambda each: (each[0][-1].upvotes, -each[1]))
    heights = [log2(max(line[-1].upvotes, 1)) for line, _ in ordered]
    room = log2(axes.get_ylim()[1]) / 20
    for _ in range(60):
        for lower in range(len(heights) - 1):
            lack = room - (heights[lower + 1] - heights[lower])
            if lack > 0:
                heights[lower] -= lack / 2
                heights[lower + 1] += lack / 2
    for (line, place), height in zip(ordered, heights, strict=True):
        _number(axes, line[-1].days, 2**height, place, offset=(10, -3))


def _scale_upvotes(axes: Axes, upvotes: Sequence[int]) -> None:
    """Let each doubling take the same room: most papers have few upvotes, and one has hundreds."""
    axes.set_yscale("symlog", linthresh=2, base=2)
    most = max(upvotes)
    ticks = [tick for tick in (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000) if tick <= most * 1.6]
    axes.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_ylim(0, most * 1.5)


def _usual_in_words(band: Sequence[UsualAge]) -> str:
    if len(band) <= 1:
        return "too few papers of the half year before were read at these ages to tell what is usual."
    said = ", ".join(f"{each.low:.0f} to {each.high:.0f} after {each.hours / 24:.1f} days" for each in band)
    return f"eight in ten papers of the half year before had {said}."


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
