"""Issues of digests for tests of feeds and notes: one a day, of papers about tides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support import issues
from tests.support.issues import MONDAY
from transforms.digest.records import Issue, Item, News, Reason, Unread


def told(number: int, news: News = News.NEW, **paper: Any) -> Item:
    """What is new about the paper of that number; `paper` are fields of it."""
    key = f"p-{number:05}"
    tides: dict[str, Any] = {
        "paper_key": key,
        "record": f"hf_daily/{number}",
        "title": f"Paper {number} of Tides",
        "abstract": f"We measure tide {number} with care.",
        "authors": ("Bo Sample", "Ada Örn", "Cy Test"),
        "author_count": None,
        "institutions": (),
        "published_on": None,
        "upvotes": number,
        "places": (issues.place(),),
    }
    return issues.item(
        number,
        news,
        paper=issues.paper(number, **(tides | paper)),
        reasons=(Reason(kind="words", text="“tide” in the title"),),
        entry_key=f"{news}/{key}",
    )


def issue(*items: Item, day: int = 0, **more: Any) -> Issue:
    """The issue of so many days after Monday 2 March 2026."""
    on = MONDAY + timedelta(days=day)
    values: dict[str, Any] = {
        "issue_id": f"vision:{on}",
        "reader": "vision",
        "title": "Vision",
        "made_at": datetime(on.year, on.month, on.day, 6, 30, tzinfo=UTC),
        "since_on": on,
        "until_on": on,
    }
    return issues.issue(items, **(values | more))


def refused(day: int = 1) -> Unread:
    """A list that was refused."""
    return issues.unread("refused", day, reason="main article: 0 instead of 1", last_good_on=MONDAY)
