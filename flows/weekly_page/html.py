"""The weekly page as HTML: one file that fetches nothing, in which every text from a page is text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from flows.jobs.month_grid import MEANINGS, SIGNS, WEEKDAYS
from flows.shown import visible
from flows.weekly_page import plots
from flows.weekly_page.facts import WeeklyPage
from transforms.records import Status

# Papers shown with the first lines of their abstract; the others follow in a list that opens.
SHOWN = 12
KINDS = {"arxiv": "arXiv", "doi": "DOI", "code": "code", "mention": "mentioned link"}


def html_of(page: WeeklyPage) -> str:
    """The page; the same facts give the same bytes."""
    top = [each.paper_key for each in page.papers if each.upvotes is not None][: len(plots.TOP)]
    text = (
        _environment()
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
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("flows.weekly_page"),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,  # a misspelt name fails; Jinja's default prints nothing
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "day": _day,
        "moment": lambda moment: f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "",
        "count": lambda number, one, many="": f"{number:,} {one if number == 1 else many or f'{one}s'}",
        "kind": lambda kind: KINDS.get(kind, kind),
        "words": lambda name: name.replace("_", " "),
    }
    return environment


def _visible(value: object) -> object:
    """Text without marks that would make a line read otherwise than it is; our own markup as it is."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _day(day: date | None, form: str = "%A {day} %B %Y") -> str:
    return day.strftime(form.replace("{day}", str(day.day))) if day else ""


def _markup(plot: plots.Plot | None) -> Mapping[str, Markup] | None:
    """Plots are our own markup and hold numbers and days only."""
    if plot is None:
        return None
    return {"wide": Markup(plot.wide), "narrow": Markup(plot.narrow)}  # noqa: S704
