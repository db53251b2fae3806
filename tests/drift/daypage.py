"""A daily page taken apart into its JSON and its cards, to be changed and put together again."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

from flows.demo.pages import hf_day_page, hf_item
from flows.demo.papers import invented_paper
from transforms.records import Page

BASE = "https://huggingface.co"
DAY = date(2026, 4, 10)
_PROPS = re.compile(r'(?<= data-props=")[^"]*(?=")')
_CARD = re.compile(r"<article.*?</article>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class DayPage:
    """The text of a page, the JSON in it and its cards, each as it is to be."""

    text: str
    said: dict[str, Any]
    cards: list[str]

    def edited(self, change: Callable[[dict[str, Any]], object]) -> DayPage:
        """The page with its JSON changed in place, its cards as they were."""
        said = copy.deepcopy(self.said)
        change(said)
        return replace(self, said=said)

    def each(self, change: Callable[[dict[str, Any]], object]) -> DayPage:
        """The page with every item of its JSON changed in place."""

        def change_all(said: dict[str, Any]) -> None:
            for item in said["dailyPapers"]:
                change(item)

        return self.edited(change_all)

    def recarded(self, change: Callable[[list[str]], list[str]]) -> DayPage:
        """The page with its cards changed, its JSON as it was."""
        return replace(self, cards=change(list(self.cards)))

    def html(self) -> str:
        """The page as a site would serve it."""
        props = json.dumps(self.said, ensure_ascii=False).replace("&", "&amp;").replace('"', "&quot;")
        text = _PROPS.sub(lambda _: props.replace("<", "&lt;"), self.text, count=1)
        cards = iter(self.cards)
        text = _CARD.sub(lambda _: next(cards, ""), text)
        return text.replace("</section>", "\n".join(cards) + "</section>", 1)


def taken_apart(text: str) -> DayPage:
    """The parts of a whole day page."""
    props = re.search(_PROPS, text[text.index('data-target="DailyPapers"') :])
    assert props
    head, mark, tail = text.partition(f' data-props="{props[0]}')
    # Other components of a real page have properties too: only those of the list are to be found again.
    whole = head.replace(" data-props=", " data-other=") + mark + tail
    return DayPage(whole, json.loads(unescape(props[0])), _CARD.findall(whole))


def page_of(
    body: str | bytes,
    *,
    asked_on: date | None = DAY,
    final_url: str | None = None,
    media_type: str = "text/html; charset=utf-8",
    fetched_at: datetime = datetime(2026, 4, 13, 10, tzinfo=UTC),
) -> Page:
    """A body as it was fetched for a day."""
    content = body.encode() if isinstance(body, str) else body
    url = f"{BASE}/papers/date/{asked_on}"
    return Page(
        source="hf_daily",
        asked_on=asked_on,
        url=url,
        final_url=final_url or url,
        fetched_at=fetched_at,
        media_type=media_type,
        body=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def reconstructed(day: date = DAY, count: int = 24) -> str:
    """A closed day of invented papers; papers of different days differ."""
    start = day.toordinal() * 40 % 90_000
    items = [_item(day, number, place) for place, number in enumerate(range(start, start + count))]
    return hf_day_page(day, items, previous_on=day - timedelta(days=1), next_on=day + timedelta(days=3))


def _item(day: date, number: int, place: int) -> dict[str, Any]:
    paper = invented_paper(number, f"{day:%y%m}")
    return hf_item(
        paper.arxiv_id,
        paper.title,
        paper.abstract,
        authors=paper.authors,
        published=f"{day - timedelta(days=1 + place % 3)}T00:00:00.000Z",
        upvotes=90 - 2 * place,
        comments=place % 4,
        organization=("example-lab", "Example Lab") if place % 2 == 0 else None,
        code=f"https://github.com/example-lab/paper-{number}" if place % 2 else None,
        stars=place * 7 if place % 2 else None,
        project=f"https://example-lab.example/{number}" if place % 4 == 0 else None,
    )
