"""The contents of a page of ML/AI Papers of the Week: which weeks it announces, on itself or in year files.

Since 2026-04-16 README.md is only such an index, of `years/YYYY.md`: a week is in the file of the year of its last day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urljoin

from extractors.errors import IndexPage, PageChanged
from extractors.reading.lines import Lines, lines_of
from extractors.sources.ml_papers_week.weeks import (
    DAYS,
    WEEK_TITLE,
    Week,
    weeks_of,
    window,
)
from transforms.records import Page

_CONTENT = re.compile(rf"[-*]\s+\[{WEEK_TITLE}\s+\((?P<days>[^()]+)\)\]\((?P<target>\S+)\)\s*")
# Only files below the index itself: the page comes from the network, and must not lead elsewhere.
_YEAR_FILE = re.compile(r"(?:\./)?(?P<path>(?:[\w-]+/)*(?P<year>20\d\d)\.md)(?:#\S*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Announced:
    """A week that the contents announce in a year file; its last day is None if its days cannot be read."""

    path: str
    last: date | None


def year_file(page: Page, day: date) -> str | None:
    """The address of the file with the week of a day, if the page is the index; None for any other page.

    A day without a week belongs to the next later one's file, a day after the newest week to the newest file.
    """
    try:
        lines, _ = lines_of(page)
        announced = () if weeks_of(lines) else tuple(_announced(lines))
    except PageChanged:  # whoever reads the page will say where
        return None
    return urljoin(page.final_url, _holding(announced, day).path) if announced else None


def require_weeks(lines: Lines, weeks: Sequence[Week]) -> None:
    """The page holds as many weeks as its contents announce on itself. IndexPage names the files of an index."""
    files = dict.fromkeys(each.path for each in _announced(lines))
    if files and not weeks:
        found = f"the index: the weeks are in years/*.md; adopt those files ({', '.join(files)}) or ingest them"
        raise IndexPage(lines.url, "a page with weeks", found)
    if not weeks:
        raise lines.changed(len(lines), "a heading '## Top AI Papers of the Week (…)'", "none up to this line")
    on_itself = sum(_YEAR_FILE.fullmatch(found["target"]) is None for found in _contents(lines, weeks[0].line))
    if on_itself > len(weeks):
        raise lines.changed(len(lines), f"{on_itself} weeks as in the contents", f"{len(weeks)} up to this line")


def _contents(lines: Lines, end: int) -> Iterator[re.Match[str]]:
    """The lines of the contents before a line."""
    for text in lines.texts[: end - 1]:
        if (found := _CONTENT.fullmatch(text)) is not None:
            yield found


def _announced(lines: Lines) -> Iterator[_Announced]:
    for found in _contents(lines, len(lines) + 1):
        if (file := _YEAR_FILE.fullmatch(found["target"])) is not None:
            days = DAYS.fullmatch(found["days"])
            known = window(days, int(file["year"])) if days else None
            yield _Announced(path=file["path"], last=known[1] if known else None)


def _holding(announced: Sequence[_Announced], day: date) -> _Announced:
    dated = sorted((each.last, each.path) for each in announced if each.last)
    path = next((path for last, path in dated if last >= day), dated[-1][1] if dated else announced[0].path)
    return next(each for each in announced if each.path == path)
