"""The report page as HTML: one file that fetches nothing, in which every text from a page is text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from flows.weekly_page import plots
from flows.weekly_page.calendar import SIGNS
from flows.weekly_page.facts import Listed, Page, Reading
from transforms.records import Status

# Papers shown with their abstract's first lines; the others follow in a list that opens.
SHOWN = 12
KINDS = {"arxiv": "arXiv", "doi": "DOI", "code": "code", "mention": "mentioned link"}


def html_of(page: Page) -> str:
    """The page; the same facts give the same bytes."""
    top = [each.paper_key for each in page.papers if each.upvotes is not None][: len(plots.TOP)]
    said = (
        _environment()
        .get_template("report.html.j2")
        .render(
            page=page,
            shown=SHOWN,
            numbers={paper.paper_key: place for place, paper in enumerate(page.papers, start=1)},
            strip=_drawn(plots.strip(page.readings, top)),
            curves=_drawn(plots.curves(page.readings, top)),
            read_papers=_read_papers(page),
            signs=SIGNS,
            statuses=[status.value for status in Status],
        )
    )
    return "\n".join(line.rstrip() for line in said.splitlines() if line.strip()) + "\n"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("flows.weekly_page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": _day, "moment": _moment, "count": _count, "kind": _kind, "words": _words}
    return environment


def _read_papers(page: Page) -> list[tuple[int, Listed, list[Reading]]]:
    """Papers with their place on the list and their readings, oldest first; those without are left out."""
    readings: dict[str, list[Reading]] = {}
    for each in page.readings:
        readings.setdefault(each.paper_key, []).append(each)
    places = enumerate(page.papers, start=1)
    return [(place, paper, readings[paper.paper_key]) for place, paper in places if paper.paper_key in readings]


def _drawn(drawing: plots.Drawing | None) -> Mapping[str, Markup] | None:
    """Drawings are our own markup and hold numbers and days only."""
    if drawing is None:
        return None
    return {"wide": Markup(drawing.wide), "narrow": Markup(drawing.narrow)}  # noqa: S704


def _day(day: date | None, form: str = "%A {day} %B %Y") -> str:
    return day.strftime(form.replace("{day}", str(day.day))) if day else ""


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _kind(kind: str) -> str:
    return KINDS.get(kind, kind)


def _words(name: str) -> str:
    return name.replace("_", " ")
