"""A daily page taken apart into its JSON and its cards, to be changed and put together again."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

from flows.demo.pages import hf_day_page
from tests.support.pages import items_of, page_of
from transforms.records import Page

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


def reconstructed(day: date = DAY, count: int = 24) -> str:
    """A closed day of invented papers; papers of different days differ."""
    first = day.toordinal() * 40 % 90_000
    items = items_of(day, range(first, first + count))
    for item in items[1::2]:  # often enough that a history misses them
        item["paper"] |= {"githubRepo": f"https://github.com/example-lab/{item['paper']['id']}", "githubStars": 7}
    return hf_day_page(day, items, next_on=day + timedelta(days=3))


def fetched(body: str | bytes, day: date = DAY, **changes: Any) -> Page:
    """A body as it was fetched for a day."""
    return page_of("hf_daily", body, asked_on=day, fetched_at=datetime(2026, 4, 13, 10, tzinfo=UTC), **changes)
