"""The weekly page as HTML: one file that fetches nothing, in which every text from a page is text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from flows.design.drawn import TOP, Plot
from flows.design.environment import environment_of, without_blank_lines
from flows.jobs.month_grid import MEANINGS, SIGNS, WEEKDAYS
from flows.shown import counted
from flows.weekly_page import plots
from flows.weekly_page.facts import Known, WeeklyPage
from flows.weekly_page.headline import headline_of
from flows.weekly_page.history import Trends
from flows.weekly_page.panels import panels_of, row_bars
from flows.weekly_page.rises import Rises
from flows.weekly_page.words import rounded, week_before
from transforms.records import Status

# Papers shown with the first lines of their abstract; the others follow in a list that opens.
SHOWN = 12
# What a trend says: of which papers its share is, and what they have to do with it.
SAID = {"topics": "papers with keywords are about", "institutions": "papers with an institution come from"}


def html_of(page: WeeklyPage, *, linked: bool = False) -> str:
    """The page; the same facts give the same bytes. `linked`: the pages of other weeks are files beside it."""
    top = [each.paper_key for each in page.papers if each.upvotes is not None][: len(TOP)]
    panels, trends = panels_of(page), {"topics": page.topics, "institutions": page.institutions}
    curves = plots.curves(page.readings, top, page.ages)
    text = (
        _templates()
        .get_template("report.html.j2")
        .render(
            page=page,
            linked=linked,
            shown=SHOWN,
            headline=headline_of(page),
            sections=_sections(page, has_panels=bool(panels)),
            panels=panels,
            numbers={paper.paper_key: place for place, paper in enumerate(page.papers, start=1)},
            curves=_markup(curves),
            coloured=plots.coloured(page.readings, top) if curves else {},
            curves_title=plots.curves_title(page.readings, page.ages),
            has_band=sum(each.is_enough for each in page.ages) > 1,
            readings=plots.by_paper(page.readings),
            rises_title=_rises_title(page.rises),
            rises_words=_rises_words(page.rises),
            rises_cut=_rises_cut(page.rises),
            trend_titles={name: _trend_title(each, SAID[name]) for name, each in trends.items()},
            trend_bars={
                name: [row_bars(trend.shares, each.weeks, each.highest) for trend in each.most]
                for name, each in trends.items()
            },
            before_words={name: _before(each) for name, each in trends.items()},
            month_legend=[(state, SIGNS[state], meaning) for state, meaning in MEANINGS.items()],
            weekdays=WEEKDAYS,
            statuses=[status.value for status in Status],
        )
    )
    return without_blank_lines(text)


def index_of(known: Known) -> str:
    """The list of all weeks, with links to the pages beside it."""
    template = _templates().get_template("index.html.j2")
    has_dumps = any(each.dumped_count for each in known.weeks)
    return without_blank_lines(template.render(weeks=known.weeks, manifest=known.manifest, has_dumps=has_dumps))


def _sections(page: WeeklyPage, *, has_panels: bool) -> list[tuple[str, str]]:
    """The anchors of the page's parts, with their names."""
    listed = [("rising", "Rising"), ("reviews", "Reviewed"), ("topics", "Topics"), ("institutions", "Institutions")]
    return [
        *([("weeks", "Eight weeks")] if has_panels else []),
        ("papers", "New"),
        *(listed if page.papers else [("reviews", "Reviewed")]),
        ("missing", "Missing"),
        ("coverage", "Coverage"),
        ("health", "Runs"),
    ]


def _rises_title(rises: Rises) -> str:
    if not rises.usual:
        rose, papers = len(rises.risen), counted(len(rises.all), "paper")
        return f"{rose or 'None'} of {papers} gained upvotes in the day after the first reading."
    papers, count = counted(len(rises.all), "paper"), rises.unusual_count
    return f"{count or 'None'} of {papers} gained more in a day than nine in ten papers usually do."


def _rises_cut(rises: Rises) -> str:
    """That only the strongest are shown; empty where all are."""
    shown, risen = len(rises.shown), len(rises.risen)
    return f"Shown are the first {shown} of the {risen} that gained any." if shown < risen else ""


def _rises_words(rises: Rises) -> str:
    if not rises.all:
        return ""
    shortest, longest = rises.hours
    hours = f"{longest}" if shortest == longest else f"{shortest} to {longest}"
    read = f"Upvotes gained between the first reading and one {hours} hours later, then upvotes at that reading."
    if not (usual := rises.usual):
        return f"{read} Too few papers of the half year before were read twice in time to tell what is usual."
    low, middle, high = (rounded(each) for each in (usual.usual_low, usual.usual_middle, usual.usual_high))
    band = f"The shaded band is what eight in ten of {usual.usual_count:,} papers gained in the half year before"
    return f"{read} {band}: {low} to {high}, the middle one {middle}."


def _trend_title(trends: Trends, words: str) -> str:
    if not trends.most:
        return ""
    first = next(iter(trends.rising), trends.most[0])
    said = f"{first.share:.0%} of this week's {words} {first.name}"
    if first.usual_share is None:
        return f"{said}."
    return f"{said}, after {f'{first.usual_share:.0%}' if first.usual_share else 'none'} in the eight weeks before."


def _before(trends: Trends) -> str:
    """The heading of the column about the last week before."""
    if trends.before is None:
        return "Before"
    name = week_before(trends.weeks[trends.before], trends.weeks[-1]).removeprefix("the ")
    return name[:1].upper() + name[1:]


@cache
def _templates() -> Environment:
    environment = environment_of("flows.weekly_page")
    environment.filters["percent"] = lambda share: "" if share is None else f"{share:.0%}"
    return environment


def _markup(plot: Plot | None) -> Mapping[str, Markup] | None:
    """Plots are our own markup and hold numbers and days only."""
    if plot is None:
        return None
    return {"wide": Markup(plot.wide), "narrow": Markup(plot.narrow)}  # noqa: S704
