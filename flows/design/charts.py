"""Small plots as points and lines in a box, which a template draws as SVG: cheap enough for every paper's page.

They hold numbers and days only, never text from a page. Each is laid out twice, for wide and narrow screens, so that
its text has the size of the page's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil, log10

WIDE, NARROW = (680, 230), (340, 210)
# The number of a point at the top of the scale stands above it, and needs room there.
LEFT, RIGHT, TOP, BOTTOM = 46, 34, 24, 30
# A number is printed beside its point, and further to the left where it would not fit: so wide is one of its digits.
LABEL_RIGHT, LABEL_UP, DIGIT = 9, 7, 8
LABELS_WIDE, LABELS_NARROW = 6, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A label at a place along one side."""

    at: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A mark with its value in words; `is_named` if its number is printed beside it."""

    x: float
    y: float
    text: str
    label: str
    label_x: float
    is_named: bool = False

    @property
    def label_y(self) -> float:
        """The line on which its number stands."""
        return round(self.y - LABEL_UP, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar with its value in words."""

    x: float
    y: float
    width: float
    height: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One drawing: its size, the sides' labels, and what is in it."""

    width: int
    height: int
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    line: str = ""
    dots: tuple[Dot, ...] = ()
    bars: tuple[Bar, ...] = ()

    @property
    def left(self) -> int:
        """Where the inner part begins."""
        return LEFT

    @property
    def right(self) -> int:
        """Where the inner part ends."""
        return self.width - RIGHT

    @property
    def bottom(self) -> int:
        """Where the inner part ends below."""
        return self.height - BOTTOM


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One plot: what it shows in words, and its drawings."""

    title: str
    description: str
    wide: Box
    narrow: Box


def curve(title: str, unit: str, points: Sequence[tuple[datetime, int]]) -> Chart | None:
    """A number over time; None for fewer than two readings, which are no curve."""
    ordered = sorted(points)
    if len(ordered) < 2 or ordered[0][0] == ordered[-1][0]:
        return None
    (first, start), (last, end) = ordered[0], ordered[-1]
    said = f"From {start:,} {unit} on {first:%Y-%m-%d %H:%M} UTC to {end:,} on {last:%Y-%m-%d %H:%M} UTC"
    wide, narrow = (_curve(size, unit, ordered) for size in (WIDE, NARROW))
    return Chart(title=title, description=f"{said}, {len(ordered)} readings.", wide=wide, narrow=narrow)


def bars(title: str, unit: str, counts: Sequence[tuple[str, int]]) -> Chart | None:
    """Numbers by time, such as `("2026-03", 12)`, in their order; None for fewer than two."""
    if len(counts) < 2:
        return None
    most, number = max(counts, key=lambda each: each[1])
    said = f"{counts[0][0]} to {counts[-1][0]}; most in {most}: {number:,} {unit}."
    wide, narrow = (_bars(size, unit, counts) for size in (WIDE, NARROW))
    return Chart(title=title, description=said, wide=wide, narrow=narrow)


def _curve(size: tuple[int, int], unit: str, points: Sequence[tuple[datetime, int]]) -> Box:
    width, height = size
    top, ticks = _scale(max(value for _, value in points))
    first, span = points[0][0], points[-1][0] - points[0][0]
    places = [
        (
            round(LEFT + (width - LEFT - RIGHT) * ((moment - first) / span), 1),
            round(_height(value, top, height), 1),
        )
        for moment, value in points
    ]
    named = {0, len(points) - 1}
    dots = tuple(
        Dot(
            x=x,
            y=y,
            text=f"{moment:%Y-%m-%d %H:%M} UTC: {value:,} {unit}",
            label=f"{value:,}",
            label_x=_beside(x, f"{value:,}", width),
            is_named=place in named,
        )
        for place, ((x, y), (moment, value)) in enumerate(zip(places, points, strict=True))
    )
    line = "M" + "L".join(f"{x:g} {y:g}" for x, y in places)
    up = tuple(Tick(at=_height(each, top, height), text=f"{each:,}") for each in ticks)
    return Box(width=width, height=height, across=_days(width, first, span), up=up, line=line, dots=dots)


def _bars(size: tuple[int, int], unit: str, counts: Sequence[tuple[str, int]]) -> Box:
    width, height = size
    top, ticks = _scale(max(value for _, value in counts))
    step = (width - LEFT - RIGHT) / len(counts)
    drawn = tuple(
        Bar(
            x=round(LEFT + place * step + min(step * 0.12, 3), 1),
            y=round(_height(value, top, height), 1),
            width=round(step - 2 * min(step * 0.12, 3), 1),
            height=round(height - BOTTOM - _height(value, top, height), 1),
            text=f"{name}: {value:,} {unit}",
        )
        for place, (name, value) in enumerate(counts)
    )
    every = ceil(len(counts) / (LABELS_WIDE if width > NARROW[0] else LABELS_NARROW))
    across = tuple(
        Tick(at=round(LEFT + (place + 0.5) * step, 1), text=name)
        for place, (name, _) in enumerate(counts)
        if place % every == 0
    )
    up = tuple(Tick(at=_height(each, top, height), text=f"{each:,}") for each in ticks)
    return Box(width=width, height=height, across=across, up=up, bars=drawn)


def _beside(x: float, label: str, width: int) -> float:
    return round(min(x + LABEL_RIGHT, width - DIGIT * len(label)), 1)


def _height(value: float, top: float, height: int) -> float:
    return round(TOP + (height - TOP - BOTTOM) * (1 - value / top), 1)


def _scale(most: int) -> tuple[int, tuple[int, ...]]:
    """A round number not below `most`, and three or four steps up to it."""
    size = 10 ** int(log10(max(most, 1)))
    steps = (size // 4, size // 2, size, 2 * size, max(5 * size // 2, 3))
    step = next(each for each in steps if each and each * 4 >= most)
    count = max(1, ceil(most / step))
    return step * count, tuple(step * each for each in range(count + 1))


def _days(width: int, first: datetime, span: timedelta) -> tuple[Tick, ...]:
    """Days or hours since the first reading."""
    is_hours = span < timedelta(days=2)
    unit = timedelta(hours=1) if is_hours else timedelta(days=1)
    length = span / unit
    count = LABELS_WIDE if width > NARROW[0] else LABELS_NARROW
    step = max(1, ceil(length / count))
    inner = width - LEFT - RIGHT
    ticks = [
        Tick(at=round(LEFT + inner * each / length, 1), text=_moment(first + each * unit, is_hours=is_hours))
        for each in range(0, int(length) + 1, step)
    ]
    while len(ticks) > 1 and any(after.at - before.at < inner / (count + 1.5) for before, after in pairwise(ticks)):
        ticks = ticks[::2]
    return tuple(ticks)


def _moment(moment: datetime, *, is_hours: bool) -> str:
    return f"{moment:%H:%M}" if is_hours else f"{moment.day} {moment:%b}"
