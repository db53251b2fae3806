"""Pages of invented digests of any length, of the real size and shape: the same day always gives the same bytes.

The shape was measured on twelve captured day pages: 5.7 KB of JSON and 5.6 KB of card an entry, 34 tags a card, 37 KB
around the cards.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from flows.demo.pages import Item, hf_card, hf_day, hf_page, weekly_dump
from flows.demo.papers import InventedPaper, invented_review, listed_item
from tests.bench.data.papers import SEED, paper
from tests.support.pages import page_of
from transforms.records import Page

FIRST_DAY = date(2023, 1, 2)
LISTED_AGAIN = 0.004
_CURVE = "M5.19 2.67a.94.94 0 0 1 1.62 0l3.31 5.72a.94.94 0 0 1-.82 1.4H2.7a.94.94 0 0 1-.82-1.4l3.31-5.7v-.02Z" * 20
_ICON = (
    '<svg class="mr-1.5 text-gray-500" xmlns="http://www.w3.org/2000/svg" aria-hidden="true" width="1em" height="1em" '
    f'viewBox="0 0 12 12"><path fill="currentColor" d="{_CURVE}"></path></svg><!---->'
)
_FACE = (
    '<li class="-mr-2 h-4 w-4 md:h-5 md:w-5 bg-linear-to-br block flex-none rounded-full border-2 border-white '
    'from-gray-300"><img class="overflow-hidden rounded-full" src="/avatars/0f{:030x}.svg" alt="" loading="lazy"/>'
    "<!--[-1--><!--]--></li>"
)
_LINE = (
    '<div class="inline-flex min-w-0 max-w-full items-center rounded-full border border-blue-200/70 bg-blue-50 py-0.5 '
    "text-blue-700 hover:border-blue-200 hover:bg-blue-100 dark:border-blue-500/20 dark:bg-blue-900/30 "
    "dark:text-blue-300 "
    'dark:hover:border-blue-500/30 dark:hover:bg-blue-900/50 px-2 text-sm gap-1.5 mt-1">{}</div><!--]-->'
)
_HYDRATION = "<!--[-1--><!--]--> "


def list_days(count: int) -> tuple[date, ...]:
    """So many Mondays to Fridays from the first day on."""
    days = (FIRST_DAY + timedelta(days=offset) for offset in range(count * 2 + 7))
    return tuple(day for day in days if day.isoweekday() <= 5)[:count]


def listed(place: int, entries: int) -> tuple[InventedPaper, ...]:
    """The papers of the day at that place: all new but for a few that earlier days listed."""
    dice = random.Random(f"{SEED} day {place}")
    numbers = [
        dice.randrange(place * entries) if place and dice.random() < LISTED_AGAIN else place * entries + slot
        for slot in range(entries)
    ]
    return tuple(paper(number) for number in dict.fromkeys(numbers))


def day_page(place: int, entries: int = 36, reading: int = 0) -> Page:
    """The page of the day at that place as read for the first time (0) or again a day later (1, with more upvotes)."""
    day, later = list_days(place + 2)[-2:]
    dice = random.Random(f"{SEED} page {place}")
    items = [_item(each, day, dice, reading) for each in listed(place, entries)]
    items.sort(key=lambda item: -item["paper"]["upvotes"])
    around = "<!--[0-->" + _LINE.format(_ICON + _HYDRATION) * 12
    text = hf_page(hf_day(day, items, next_on=later), around + "\n".join(map(_full_card, items)))
    read_at = datetime.combine(later, time(9 + reading, 30), UTC) + timedelta(days=reading)
    return page_of("hf_daily", text, asked_on=day, fetched_at=read_at)


def day_pages(days: int, entries: int = 36) -> Iterator[Page]:
    """One page a day."""
    return (day_page(place, entries) for place in range(days))


def week_page(week: int, entries: int = 36) -> Page:
    """The weekly review that reviews fifteen papers of that week's five days."""
    monday = FIRST_DAY + timedelta(weeks=week)
    papers = [each for place in range(week * 5, week * 5 + 5) for each in listed(place, entries)[:3]]
    reviews = [invented_review(each) for each in papers]
    read_at = datetime.combine(monday + timedelta(days=8), time(12), UTC)
    url = f"https://digest.example/weekly/{monday}.txt"
    text = weekly_dump(monday, reviews[:3], reviews[3:])
    return page_of("weekly_review", text, asked_on=monday, url=url, fetched_at=read_at)


def _item(of: InventedPaper, day: date, dice: random.Random, reading: int) -> Item:
    """An item with all that real ones carry beside what is read: accounts, avatars, generated summaries."""
    upvotes = int(dice.expovariate(0.04)) + 1 + reading * dice.randrange(9)
    item = listed_item(of, day, of.number, upvotes)
    account = {"avatarUrl": f"/avatars/{of.number:032x}.svg", "isHf": False, "isMod": False, "followerCount": 3}
    for place, author in enumerate(item["paper"]["authors"]):
        author["_id"] = f"6a03d7c386b0{of.number * 100 + place:012x}"
        if place % 4 == 0:
            user = {**account, "user": f"user-{place}", "fullname": author["name"], "type": "user"}
            author |= {"user": user, "status": "claimed_verified"}
    item["submittedBy"] |= account
    item["paper"]["submittedOnDailyBy"] |= account
    item["paper"]["ai_summary"] = of.abstract[:220]
    item["paper"]["ai_keywords"] = of.abstract.split()[20:32]
    return item


def _full_card(item: Item) -> str:
    """The card with the icons, faces and hydration comments that real ones carry."""
    card = hf_card(item)
    faces = "".join(_FACE.format(item["numComments"] * 10 + place) for place in range(4))
    extra = f'{_LINE.format(_ICON)}<ul class="flex flex-row-reverse">{faces}</ul>{_LINE.format(_HYDRATION * 18)}'
    return card.replace("</article>", f"{extra}</article>")
