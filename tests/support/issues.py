"""Issues of digests about papers that nobody wrote, for whatever writes and sends them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from transforms.digest.records import DigestPaper, Issue, Item, News, Place, Reason, ReviewNote, Unread
from transforms.records import Link

MONDAY = date(2026, 3, 2)
MADE_AT = datetime(2026, 3, 9, 6, 30, tzinfo=UTC)


def paper(number: int = 1, **fields: Any) -> DigestPaper:
    """A paper with everything that most papers have; `fields` replace or add any of it."""
    known: dict[str, Any] = {
        "paper_key": f"p{number}",
        "record": f"hf_daily/{MONDAY}/-/2603.{number:05}",
        "title": f"Looms That Learn, Part {number}",
        "abstract": f"We weave {number} looms into one, and ask what the threads remember of each other afterwards.",
        "authors": ("Ada Orn", "Bo Sample", "Cy Test", "Di Model"),
        "author_count": 4,
        "institutions": ("The Clock Lab", "Mila"),
        "categories": ("cs.LG",),
        "arxiv_id": f"2603.{number:05}",
        "published_on": MONDAY - timedelta(days=3),
        "upvotes": 10 + number,
        "first_on": MONDAY,
        "places": (place(position=number),),
    }
    return DigestPaper(**(known | fields))


def place(**fields: Any) -> Place:
    """Where a paper stands: first on Monday's daily list, unless `fields` say otherwise."""
    known: dict[str, Any] = {"source": "hf_daily", "partition_on": MONDAY, "position": 1}
    return Place(**(known | fields))


def item(number: int = 1, news: News = News.NEW, **fields: Any) -> Item:
    """One thing to tell: by default a new paper of that number, wished for by a word."""
    known: dict[str, Any] = {
        "news": news,
        "paper": paper(number),
        "reasons": (Reason(kind="words", text="“looms” in the title"),),
        "entry_key": f"{news}/hf_daily/{MONDAY}/-/2603.{number:05}",
    }
    return Item(**(known | fields))


def unread(state: str = "refused", day: int = 1, **fields: Any) -> Unread:
    """A daily list that could not be looked at, so many days after Monday."""
    known: dict[str, Any] = {
        "source": "hf_daily",
        "partition_on": MONDAY + timedelta(days=day),
        "state": state,
        "reason": "the page has no list of papers" if state == "refused" else None,
        "last_good_on": MONDAY + timedelta(days=day - 1),
    }
    return Unread(**(known | fields))


def issue(items: Sequence[Item] = (), **fields: Any) -> Issue:
    """What the reader `ada` is told of the week that begins on that Monday."""
    known: dict[str, Any] = {
        "issue_id": "ada-2026-03-09-mail",
        "reader": "ada",
        "title": "Looms and tides",
        "made_at": MADE_AT,
        "since_on": MONDAY,
        "until_on": MONDAY + timedelta(days=6),
        "items": tuple(items),
    }
    return Issue(**(known | fields))


def rich_issue() -> Issue:
    """Every kind of news, troubles, an open list, reviews, long texts, and things that are missing."""
    tides = paper(
        2,
        title="Tide Tables for Every Harbour: a Survey of What the Moon Has Asked of Us Since 1687, with Corrections",
        abstract="Harbours differ. " * 40,
        author_count=1204,
        institutions=("Massachusetts Institute of Technology", "Max Planck Institute for Intelligent Systems", "Mila"),
        links=(Link(kind="code", url="https://example.org/tides"),),
        places=(
            place(position=2),
            place(source="weekly_review", partition_days=7, is_review=True),
            place(source="arxiv_announced", series="cs.LG", partition_on=MONDAY + timedelta(days=1)),
        ),
        reviews=(
            ReviewNote(source="weekly_review", partition_on=MONDAY, verdict="Careful work; the tables are worth it."),
        ),
    )
    untitled = paper(3, title=None, authors=(), author_count=None, institutions=(), arxiv_id=None, upvotes=None)
    return issue(
        [
            item(1),
            item(2, paper=tides, reasons=(Reason(kind="authors", text="Ada Orn"), Reason(kind="words", text="“tide”"))),
            item(3, paper=untitled),
            item(4, News.LATE, detail="listed for 27 February 2026, seen on 3 March 2026"),
            item(5, News.ROSE, detail="12 to 61 upvotes"),
            item(6, News.REVIEWED, paper=paper(6, reviews=tides.reviews), detail="reviewed in weekly_review"),
            item(7, News.VERSION, detail="v3 of 4 March 2026"),
            item(8, News.VERSION, paper=paper(8, is_withdrawn=True), detail="v2 of 5 March 2026"),
        ],
        unread=(
            unread("refused", 2),
            unread("missing", 3, source="arxiv_announced", series="cs.CL"),
            unread("open", 6),
        ),
        left_out_count=12,
    )
