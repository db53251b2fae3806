"""The work that every contender does: thirty day pages in one go, then seven days one by one; times of each as JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

BULK_DAYS, SINGLE_DAYS = 30, 7
Row = dict[str, Any]


def files() -> list[Path]:
    """The saved pages, in order."""
    return sorted(Path(sys.argv[1]).glob("*.html"))[: BULK_DAYS + SINGLE_DAYS]


def target() -> Path:
    """Where to write."""
    return Path(sys.argv[2])


def timed(load: Callable[[Sequence[Any]], object], days: Sequence[Any]) -> None:
    """Load the first days together and the others one by one; print the seconds of wall and CPU time of each."""
    said: dict[str, Any] = {"bulk": _once(load, days[:BULK_DAYS]), "single": []}
    for day in days[BULK_DAYS:]:
        said["single"].append(_once(load, [day]))
    sys.stdout.write(json.dumps(said) + "\n")


def rows_of(day: dict[str, Any], observed_at: str) -> tuple[list[Row], list[Row], list[Row]]:
    """Papers, listings and metrics of one page's JSON, as the other contenders store them."""
    papers: list[Row] = []
    listings: list[Row] = []
    metrics: list[Row] = []
    for position, item in enumerate(day["dailyPapers"], start=1):
        paper = item["paper"]
        papers.append(
            {
                "id": paper["id"],
                "title": " ".join(paper["title"].split()),
                "abstract": paper["summary"],
                "authors": [author["name"] for author in paper["authors"]],
                "published_on": paper["publishedAt"][:10],
                "code_url": paper.get("githubRepo"),
                "project_url": paper.get("projectPage"),
                "organization": item.get("organization", {}).get("fullname"),
            }
        )
        listings.append({"id": paper["id"], "day": day["dateString"], "position": position})
        numbers = {
            "upvotes": paper["upvotes"],
            "comments": item["numComments"],
            "github_stars": paper.get("githubStars"),
        }
        metrics += [
            {"id": paper["id"], "day": day["dateString"], "metric": name, "value": value, "observed_at": observed_at}
            for name, value in numbers.items()
            if value is not None
        ]
    return papers, listings, metrics


def _once(load: Callable[[Sequence[Any]], object], days: Sequence[Any]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    load(days)
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
