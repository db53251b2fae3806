"""Day pages: open and closed, of a wrong day, cut, changed, with odd items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flows.demo.pages import SITE, hf_card, hf_day_page, hf_item, hf_page
from flows.demo.papers import InventedPaper, invented_paper
from tests.pages.make import Case

DAY = date(2026, 1, 7)


def cases() -> Iterator[Case]:
    """Every saved page of this source."""
    items = [_item(invented_paper(number)) for number in range(1, 4)]
    page = hf_day_page(DAY, items, next_on=date(2026, 1, 8))
    case = Case(suffix="html", name="closed_day", why="a whole page of a closed day", text=page)
    case = replace(case, asked_on=DAY, url=f"{SITE}/papers/date/{DAY}")
    yield case
    yield replace(case, name="open_day", why="no nextDate yet: the list may grow", text=hf_day_page(DAY, items[:1]))
    yield replace(
        case,
        name="adopted_day",
        why="adopted from a file: the page alone says which day it is",
        asked_on=None,
        url=None,
    )
    yield replace(case, name="wrong_day", why="a Saturday redirects to another day's list", asked_on=date(2026, 1, 10))
    yield replace(case, name="empty_day", why="an empty list is never loaded", text=hf_day_page(DAY, []))
    yield replace(
        case, name="cut_page", why="a page cut in its cards, while its JSON is whole", text=page[: len(page) * 3 // 4]
    )
    yield replace(
        case, name="changed_layout", why="the list has another name", text=page.replace("dailyPapers", "papersOfDay")
    )
    yield replace(
        case,
        name="cards_only",
        why="no JSON, the day known by its address",
        text=hf_day_page(DAY, items, with_json=False),
    )
    yield replace(
        case,
        name="cards_only_adopted",
        why="no JSON, and no address that says which day it is",
        text=hf_day_page(DAY, items, with_json=False),
        asked_on=None,
        url=None,
    )
    yield replace(
        case, name="cards_in_other_order", why="cards and JSON disagree", text=_with_cards(items, items[::-1])
    )
    yield from _daily_items(case, items)


def _daily_items(case: Case, items: Sequence[dict[str, Any]]) -> Iterator[Case]:
    def page_with(changed: dict[str, Any]) -> str:
        return hf_day_page(DAY, [items[0], changed, items[2]], next_on=date(2026, 1, 8))

    paper = items[1]["paper"]
    yield replace(
        case,
        name="unknown_field",
        why="a new field and a vanished one are warnings",
        text=page_with({**_without(items[1], "numComments"), "paper": {**paper, "aiVerdict": "new"}}),
    )
    yield replace(
        case, name="submitter_missing", why="2603.16733 had none", text=page_with(_without(items[1], "submittedBy"))
    )
    yield replace(
        case,
        name="title_missing",
        why="one bad item is a rejection, not a lost page",
        text=page_with({**items[1], "paper": _without(paper, "title")}),
    )
    yield replace(
        case,
        name="unreadable_item",
        why="an item of another shape is a rejection",
        text=page_with({**items[1], "paper": {**paper, "authors": "Ada Alder"}}),
    )
    hostile = "a > b \"quoted\" 'single' </script> </div> &amp; <article> é \u202e"
    yield replace(
        case,
        name="hostile_title",
        why="`>`, quotes, end tags and an entity inside the attribute",
        text=page_with({**items[1], "title": hostile, "paper": {**paper, "title": hostile}}),
    )
    yield replace(
        case,
        name="outer_title_differs",
        why="the paper's own title is used, with a warning",
        text=page_with({**items[1], "title": "Another Title"}),
    )
    yield replace(
        case,
        name="other_upvotes_on_card",
        why="a warning only",
        text=_with_cards(items, [_voted(items[0]), *items[1:]]),
    )


def _item(paper: InventedPaper) -> dict[str, Any]:
    return hf_item(
        paper.arxiv_id,
        paper.title,
        paper.abstract,
        authors=paper.authors,
        published="2026-01-06T00:00:00.000Z",
        upvotes=paper.number * 7,
        comments=paper.number - 1,
        organization=("example-org", "Example Organisation") if paper.number == 2 else None,
        code=f"https://github.com/example/paper-{paper.number}" if paper.number > 1 else None,
        stars=1234 if paper.number > 1 else None,
        project="https://project.example.org/" if paper.number == 3 else None,
        media=("https://media.example.org/a.mp4",) if paper.number == 3 else (),
    )


def _without(fields: dict[str, Any], name: str) -> dict[str, Any]:
    return {each: value for each, value in fields.items() if each != name}


def _voted(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "paper": {**item["paper"], "upvotes": item["paper"]["upvotes"] + 1}}


def _with_cards(items: Sequence[dict[str, Any]], cards: Sequence[dict[str, Any]]) -> str:
    said = {
        "canSubmit": False,
        "dateString": DAY.isoformat(),
        "dailyPapers": list(items),
        "prevDate": "2026-01-06",
        "publisher": {},
        "periodType": "day",
        "query": {},
        "isTrending": False,
    }
    return hf_page(said, "\n".join(hf_card(item) for item in cards))
