"""Issues of digests from a few values, for tests of channels."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from transforms.digest.records import DigestPaper, Issue, Item, News, Place, Reason, Unread

MONDAY = date(2026, 3, 2)


def told(number: int, news: News = News.NEW, **paper: Any) -> Item:
    """What is new about the paper of that number; `paper` are fields of it."""
    key = f"p-{number:05}"
    plain = DigestPaper(
        paper_key=key,
        record=f"hf_daily/{number}",
        title=f"Paper {number} of Tides",
        abstract=f"We measure tide {number} with care.",
        authors=("Bo Sample", "Ada Örn", "Cy Test"),
        categories=("cs.LG",),
        arxiv_id=f"2603.{number:05}",
        first_on=MONDAY,
        upvotes=number,
        places=(Place(source="hf_daily", partition_on=MONDAY, position=1),),
    )
    reasons = (Reason(kind="words", text="“tide” in the title"),)
    return Item(news=news, paper=replace(plain, **paper), reasons=reasons, entry_key=f"{news}/{key}")


def issue(*items: Item, day: int = 0, unread: tuple[Unread, ...] = (), **more: Any) -> Issue:
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
    return Issue(**(values | more), items=items, unread=unread)


def refused(day: int = 1) -> Unread:
    """A list that was refused."""
    return Unread(
        source="hf_daily",
        partition_on=MONDAY + timedelta(days=day),
        state="refused",
        reason="main article: 0 instead of 1",
        last_good_on=MONDAY,
    )
