"""The work that every contender does: thirty day pages in one go, then seven days one by one; times of each as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bs4 import BeautifulSoup

from tests.bench.measure import here

BULK_DAYS, SINGLE_DAYS = 30, 7
Row = dict[str, Any]


class Day(NamedTuple):
    """What one page gives to each of three tables."""

    papers: list[Row]
    listings: list[Row]
    metrics: list[Row]


def files() -> list[Path]:
    """The saved pages, in order."""
    return sorted(Path(sys.argv[1]).glob("*.html"))[: BULK_DAYS + SINGLE_DAYS]


def target() -> Path:
    """Where to write."""
    return Path(sys.argv[2])


def timed(load: Callable[[Sequence[Any]], object], days: Sequence[Any]) -> None:
    """Load the first days together and the others one by one; print the seconds of wall and CPU time of each."""
    bulk = _once(load, days[:BULK_DAYS])
    singles = [_once(load, [day]) for day in days[BULK_DAYS:]]
    sys.stdout.write(json.dumps({"bulk": bulk, "single": singles}) + "\n")


def day_of(path: Path) -> Day:
    """The rows of a page, read as most scripts do."""
    tag = BeautifulSoup(path.read_bytes(), "lxml").select_one('div[data-target="DailyPapers"]')
    return rows_of(json.loads(str(tag["data-props"])), path.stem)  # type: ignore[index]


def rows_of(page: dict[str, Any], observed_at: str) -> Day:
    """Papers, listings and metrics of one page's JSON, as the other contenders store them."""
    items, day = page["dailyPapers"], page["dateString"]
    papers = [
        {
            "id": item["paper"]["id"],
            "title": " ".join(item["paper"]["title"].split()),
            "abstract": item["paper"]["summary"],
            "authors": [author["name"] for author in item["paper"]["authors"]],
            "published_on": item["paper"]["publishedAt"][:10],
            "code_url": item["paper"].get("githubRepo"),
            "project_url": item["paper"].get("projectPage"),
            "organization": item.get("organization", {}).get("fullname"),
        }
        for item in items
    ]
    listings = [{"id": item["paper"]["id"], "day": day, "position": place} for place, item in enumerate(items, start=1)]
    metrics = [
        {"id": item["paper"]["id"], "day": day, "metric": name, "value": value, "observed_at": observed_at}
        for item in items
        for name, value in (
            ("upvotes", item["paper"]["upvotes"]),
            ("comments", item["numComments"]),
            ("github_stars", item["paper"].get("githubStars")),
        )
        if value is not None
    ]
    return Day(papers, listings, metrics)


def _once(load: Callable[[Sequence[Any]], object], days: Sequence[Any]) -> dict[str, float]:
    spent = here(lambda: load(days))
    return {"wall": spent.wall, "cpu": spent.cpu}
