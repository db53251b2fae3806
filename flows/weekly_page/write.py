"""Writes the page of a week, whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType

from extractors.landing.files import write_whole
from flows.home import REPORT
from flows.places.warehouse import warehouse_of
from flows.settings import Settings, tell_library
from flows.shown import counted, markdown
from flows.weekly_page.facts import (
    KnownWeek,
    WeeklyPage,
    changes_since_kept,
    known_of,
    page_of,
)
from flows.weekly_page.headline import headline_of

INDEX = "index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPage:
    """A page and its file."""

    path: Path
    page: WeeklyPage

    @property
    def summary(self) -> str:
        """The page in one line."""
        papers, reviewed = len(self.page.papers), len({each.paper_key for each in self.page.reviewed})
        return f"week of {self.page.week_on}: {papers} papers, {len(self.page.new)} new, {reviewed} reviewed"

    @property
    def headline(self) -> dict[str, str]:
        """The sentences that open the page, by their labels."""
        found = headline_of(self.page)
        return {"week": found.lede, **{each.label.lower(): each.text for each in found.lines}}

    @property
    def markdown(self) -> str:
        """The headline; titles are text there too, whatever characters they hold."""
        headline = headline_of(self.page)
        lines = [f"* {each.label}: {markdown(each.text)}" for each in headline.lines]
        return "\n".join([f"**{self.summary}**", "", headline.lede, "", *lines, "", f"The whole page: `{self.path}`"])


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPages:
    """A folder with a page for each week, and a list of them."""

    folder: Path
    weeks: tuple[KnownWeek, ...]

    @property
    def summary(self) -> str:
        """The pages in one line."""
        first, last = self.weeks[-1].name, self.weeks[0].name
        return f"{counted(len(self.weeks), 'week')}, {first} to {last}, and {INDEX}"


def write_page(settings: Settings, week: date | None = None, out: Path | None = None) -> WrittenPage:
    """Write the page of the week that contains the day `week`, or of the latest with a list, to `out` or into the home.

    Raises NoSuchWeek if nothing is known of it, and WarehouseError if nothing is published.
    """
    warehouse = warehouse_of(settings)
    with warehouse.reader() as reader:
        known = known_of(reader, settings)
        changes = changes_since_kept(warehouse, reader)
        page = page_of(reader, settings, known, known.week_on(week), before=changes)
    path = (out or settings.home / REPORT).absolute()
    with _pages_made(path.parent) as html:
        text = html.html_of(page)
    _write(path, text)
    return WrittenPage(path=path, page=page)


def write_pages(settings: Settings, folder: Path) -> WrittenPages:
    """Write a page for each week with a list or a review into a folder, with links between them, and a list of all.

    Raises NoSuchWeek if there is none, and WarehouseError if nothing is published.
    """
    place = folder.absolute()
    place.mkdir(parents=True, exist_ok=True)
    with warehouse_of(settings).reader() as reader, _pages_made(place) as html:
        known = known_of(reader, settings)
        for week in known.weeks:
            page = page_of(reader, settings, known, week.week_on)
            _write(place / f"{week.name}.html", html.html_of(page, linked=True))
        _write(place / INDEX, html.index_of(known))
    return WrittenPages(folder=place, weeks=known.weeks)


def _write(path: Path, text: str) -> None:
    write_whole(path, text.encode())
    path.chmod(0o644)  # a file that is written whole is private at first, and this one is for others to open


@contextmanager
def _pages_made(folder: Path) -> Iterator[ModuleType]:
    """The module that makes pages. Matplotlib takes a second to import, which no flow but this one should wait for."""
    with _place_for_plots(folder):
        from flows.weekly_page import html  # noqa: PLC0415

        yield html


@contextmanager
def _place_for_plots(folder: Path) -> Iterator[None]:
    """Matplotlib will not be imported without a folder for its cache: one beside the page where no other is to be had.

    A system whose only writable folder is the home has none.
    """
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        with tempfile.TemporaryDirectory(prefix=".plots-", dir=folder) as made:
            tell_library("MPLCONFIGDIR", made)
            yield
    else:
        yield
