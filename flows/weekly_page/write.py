"""Writes the page of a week, whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from extractors.landing.files import write_whole
from flows.settings import Settings, tell_library
from flows.shown import markdown
from flows.weekly_page.facts import WeeklyPage, changes_since_kept, page_of
from warehouse import open_warehouse

NAME = "report.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPage:
    """A page and its file."""

    path: Path
    page: WeeklyPage

    @property
    def summary(self) -> str:
        """The page in one line."""
        week, papers = self.page.week_on, len(self.page.papers)
        reviewed = sum(1 for each in self.page.reviews if each.is_reviewed and each.week_on == week)
        return f"week of {week}: {papers} papers, {len(self.page.newest)} new, {reviewed} reviewed"

    @property
    def markdown(self) -> str:
        """The page's first lines; titles are text there too, whatever characters they hold."""
        lines = [
            f"{place}. {markdown(paper.name)}{'' if paper.upvotes is None else f' ({paper.upvotes} upvotes)'}"
            for place, paper in enumerate(self.page.papers[:5], 1)
        ]
        return "\n".join([f"**{self.summary}**", "", *lines, "", f"The whole page: `{self.path}`"])


def write_page(settings: Settings, week: date | None = None, out: Path | None = None) -> WrittenPage:
    """Write the page of the week that contains the day `week`, or of the latest, to `out` or into the home.

    Raises NoSuchWeek if no paper is listed in it, and WarehouseError if nothing is published.
    """
    warehouse = open_warehouse(str(settings.home))
    with warehouse.reader() as reader:
        page = page_of(reader, settings, week, changes_since_kept(warehouse, reader))
    path = (out or settings.home / NAME).absolute()
    with _place_for_plots(path.parent):
        # Matplotlib takes a second to import, which no flow but this one should wait for.
        from flows.weekly_page.html import html_of  # noqa: PLC0415

        text = html_of(page)
    write_whole(path, text.encode())
    path.chmod(0o644)  # a file that is written whole is private at first, and this one is for others to open
    return WrittenPage(path=path, page=page)


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
