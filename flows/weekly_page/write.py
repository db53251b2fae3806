"""Writes the page of a week, whole or not at all."""

from __future__ import annotations

import html
import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flows.settings import Settings
from flows.weekly_page.facts import (
    Listed,
    Page,
    page_of,
    snapshot_before,
)
from warehouse import open_warehouse

NAME = "report.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Where the page lies, and what it is about."""

    path: Path
    page: Page

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
            f"{place}. {_plain(paper.name)}{_upvotes(paper)}" for place, paper in enumerate(self.page.papers[:5], 1)
        ]
        return "\n".join([f"**{self.summary}**", "", *lines, "", f"The whole page: `{self.path}`"])


def write_report(settings: Settings, week: date | None = None, out: Path | None = None) -> Written:
    """Write the page of the week in which `week` lies, or of the latest, to `out` or into the home.

    Raises NoSuchWeek where no paper is listed in it, and WarehouseError where nothing is published.
    """
    warehouse = open_warehouse(str(settings.home))
    with warehouse.reader() as reader:
        page = page_of(reader, week, snapshot_before(warehouse, reader))
    from flows.weekly_page.html import html_of  # noqa: PLC0415 - its plots take a second to import; no other command needs them

    path = (out or settings.home / NAME).absolute()
    _replace(path, html_of(page))
    return Written(path=path, page=page)


def _plain(text: str) -> str:
    """The text with every character of Markdown or HTML made harmless."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~$:])", r"\\\1", html.escape(" ".join(text.split())))


def _upvotes(paper: Listed) -> str:
    return "" if paper.upvotes is None else f" ({paper.upvotes} upvotes)"


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
