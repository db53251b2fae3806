"""The weekly page as HTML: one file that fetches nothing, in which every text from a page is text."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from flows.design.drawn import TOP, Plot
from flows.design.environment import environment_of, without_blank_lines
from flows.jobs.month_grid import MEANINGS, SIGNS, WEEKDAYS
from flows.weekly_page import plots
from flows.weekly_page.facts import WeeklyPage
from transforms.records import Status

# Papers shown with the first lines of their abstract; the others follow in a list that opens.
SHOWN = 12


def html_of(page: WeeklyPage) -> str:
    """The page; the same facts give the same bytes."""
    top = [each.paper_key for each in page.papers if each.upvotes is not None][: len(TOP)]
    text = (
        environment_of("flows.weekly_page")
        .get_template("report.html.j2")
        .render(
            page=page,
            shown=SHOWN,
            numbers={paper.paper_key: place for place, paper in enumerate(page.papers, start=1)},
            strip=_markup(plots.strip(page.readings, top)),
            curves=_markup(plots.curves(page.readings, top)),
            readings=plots.by_paper(page.readings),
            month_legend=[(state, SIGNS[state], meaning) for state, meaning in MEANINGS.items()],
            weekdays=WEEKDAYS,
            statuses=[status.value for status in Status],
        )
    )
    return without_blank_lines(text)


def _markup(plot: Plot | None) -> Mapping[str, Markup] | None:
    """Plots are our own markup and hold numbers and days only."""
    if plot is None:
        return None
    return {"wide": Markup(plot.wide), "narrow": Markup(plot.narrow)}  # noqa: S704
