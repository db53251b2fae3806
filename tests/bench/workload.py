"""Invented digests of any length, of the real size and shape: the same seed and day always give the same bytes.

The shape was measured on twelve captured day pages: 5.7 KB of JSON and 5.6 KB of card an entry, 34 tags a card, 37 KB
around the cards. Abstracts are 180 words, two fifths of them drawn from 30,000 invented rare words, so that any rule
that looks for rare words finds as many as in real ones.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from typing import Any

from flows.demo.pages import (
    hf_card,
    hf_item,
    hf_page,
    long_review,
    weekly_dump,
)
from transforms.records import Page

FIRST_DAY = date(2023, 1, 2)
SEED = 20
LISTED_AGAIN = 0.004
COMMON = [
    "the",
    "of",
    "and",
    "a",
    "to",
    "we",
    "in",
    "for",
    "that",
    "with",
    "is",
    "on",
    "this",
    "our",
    "by",
    "as",
    "are",
    "from",
    "which",
    "an",
    "model",
    "models",
    "it",
    "can",
    "be",
    "or",
    "at",
    "language",
    "training",
    "data",
    "results",
    "show",
    "learning",
    "performance",
    "these",
    "large",
    "tasks",
    "while",
    "method",
    "methods",
    "propose",
    "using",
    "across",
    "new",
    "has",
    "have",
    "more",
    "their",
    "than",
    "not",
    "when",
    "also",
    "both",
    "however",
    "existing",
    "approach",
    "framework",
    "reasoning",
    "between",
    "first",
    "two",
    "into",
    "further",
    "through",
    "such",
    "over",
    "without",
    "only",
    "each",
    "demonstrate",
    "novel",
    "based",
    "present",
    "work",
    "state",
    "improves",
    "significantly",
    "image",
    "video",
    "generation",
    "evaluation",
    "benchmark",
    "high",
    "code",
    "paper",
    "introduce",
    "during",
    "inference",
    "remains",
    "task",
    "quality",
    "human",
    "efficient",
    "one",
    "policy",
    "space",
    "visual",
    "time",
    "under",
    "its",
    "how",
    "they",
    "most",
    "design",
    "general",
    "multiple",
    "information",
    "different",
    "domain",
    "key",
    "where",
    "agent",
]
SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "qui",
    "ro",
    "su",
    "ta",
    "ve",
    "xi",
    "zo",
    "bra",
    "cle",
    "dri",
    "flo",
    "gru",
    "pla",
    "ster",
    "tron",
    "vex",
    "lin",
    "mar",
]
SURNAMES = [
    "Alder",
    "Birch",
    "Cloud",
    "Dune",
    "Elm",
    "Fern",
    "Grey",
    "Hazel",
    "Iris",
    "Juniper",
    "Kestrel",
    "Larch",
    "Moss",
    "Nettle",
    "Oak",
    "Pine",
    "Quill",
    "Reed",
]
GIVEN = [
    "Ada",
    "Bruno",
    "Chidi",
    "Dalia",
    "Emre",
    "Freya",
    "Goran",
    "Hana",
    "Ines",
    "Jonas",
    "Kaya",
    "Lior",
    "Mina",
    "Nils",
    "Oya",
    "Petra",
]
_WEIGHTS = tuple(accumulate(1 / (rank + 4) for rank in range(len(COMMON))))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One invented paper; `number` counts from 0 over the whole digest."""

    number: int
    title: str
    abstract: str
    authors: tuple[str, ...]

    @property
    def arxiv_id(self) -> str:
        """Ids follow the days, as real ones do, and stay apart for 10 million papers."""
        return (
            f"{23 + self.number // 600_000:02d}{self.number // 50_000 % 12 + 1:02d}.{50_000 + self.number % 50_000:05d}"
        )


def paper(number: int) -> Paper:
    """The paper of that number."""
    dice = random.Random(SEED * 10_000_019 + number)
    words = dice.choices(COMMON, cum_weights=_WEIGHTS, k=108) + dice.choices(rare_words(), k=72)
    dice.shuffle(words)
    sentences = [" ".join(words[at : at + 18]).capitalize() + "." for at in range(0, len(words), 18)]
    title = " ".join(word.capitalize() for word in dice.choices(rare_words(), k=4) + dice.sample(COMMON[20:], k=3))
    authors = tuple(f"{dice.choice(GIVEN)} {dice.choice(SURNAMES)}" for _ in range(1 + int(dice.expovariate(0.16))))
    return Paper(number=number, title=title, abstract=" ".join(sentences), authors=authors)


@cache
def rare_words() -> tuple[str, ...]:
    """The invented words."""
    dice = random.Random(SEED)
    return tuple(sorted({"".join(dice.choices(SYLLABLES, k=dice.choice((3, 3, 4)))) for _ in range(32_000)})[:30_000])


def list_days(count: int) -> tuple[date, ...]:
    """So many Mondays to Fridays from the first day on."""
    days = (FIRST_DAY + timedelta(days=offset) for offset in range(count * 2 + 7))
    return tuple(day for day in days if day.isoweekday() <= 5)[:count]


def listed(place: int, entries: int) -> tuple[Paper, ...]:
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
    said = {
        "canSubmit": False,
        "dateString": day.isoformat(),
        "dailyPapers": items,
        "prevDate": (day - timedelta(days=1)).isoformat(),
        "publisher": {"fullname": "Example Curator", "user": "example-curator"},
        "periodType": "day",
        "nextDate": later.isoformat(),
        "query": {},
        "isTrending": False,
    }
    around = "<!--[0-->" + _LINE.format(_ICON + _HYDRATION) * 12
    text = hf_page(said, around + "\n".join(_full_card(item) for item in items))
    read_at = datetime.combine(later, time(9 + reading, 30), UTC) + timedelta(days=reading)
    return page_of(
        text, "hf_daily", day, f"https://digest.example/papers/date/{day}", read_at, "text/html; charset=utf-8"
    )


def day_pages(days: int, entries: int = 36, start: int = 0) -> Iterator[Page]:
    """One page a day."""
    return (day_page(place, entries) for place in range(start, start + days))


def week_page(week: int, entries: int = 36) -> Page:
    """The weekly review that reviews fifteen papers of that week's five days."""
    monday = FIRST_DAY + timedelta(weeks=week)
    papers = [each for place in range(week * 5, week * 5 + 5) for each in listed(place, entries)[:3]]
    reviews = [_review(each) for each in papers]
    url = f"https://digest.example/weekly/{monday}.txt"
    read_at = datetime.combine(monday + timedelta(days=8), time(12), UTC)
    return page_of(weekly_dump(monday, reviews[:3], reviews[3:]), "weekly_review", monday, url, read_at, "text/plain")


def page_of(text: str, source: str, day: date, url: str, read_at: datetime, media_type: str) -> Page:
    """The text as a page that was read at that time."""
    body = text.encode()
    return Page(
        source=source,
        asked_on=day,
        url=url,
        final_url=url,
        fetched_at=read_at,
        media_type=media_type,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
    )


def _item(of: Paper, day: date, dice: random.Random, reading: int) -> dict[str, Any]:
    """An item with all that real ones carry beside what is read: accounts, avatars, generated summaries."""
    item = hf_item(
        of.arxiv_id,
        of.title,
        of.abstract,
        authors=of.authors,
        published=f"{day - timedelta(days=dice.randrange(1, 4))}T00:00:00.000Z",
        upvotes=int(dice.expovariate(0.04)) + 1 + reading * dice.randrange(9),
        comments=dice.randrange(5),
        organization=(f"lab-{of.number % 40}", f"Example Lab {of.number % 40}") if of.number % 2 else None,
        project=f"https://project-{of.number}.example/" if of.number % 3 == 0 else None,
        code=f"https://github.com/example-lab/paper-{of.number}" if of.number % 2 == 0 else None,
        stars=of.number * 11 % 900 if of.number % 2 == 0 else None,
    )
    account = {"avatarUrl": f"/avatars/{of.number:032x}.svg", "isHf": False, "isMod": False, "followerCount": 3}
    for author, place in zip(item["paper"]["authors"], range(99), strict=False):
        author |= {"_id": f"6a03d7c386b0{of.number * 100 + place:012x}"}
        if place % 4 == 0:
            author |= {
                "user": {**account, "user": f"user-{place}", "fullname": author["name"], "type": "user"},
                "status": "claimed_verified",
            }
    item["submittedBy"] |= account
    item["paper"]["submittedOnDailyBy"] |= account
    item["paper"]["ai_summary"] = of.abstract[:220]
    item["paper"]["ai_keywords"] = of.abstract.split()[20:32]
    return item


def _full_card(item: dict[str, Any]) -> str:
    """The card with the icons, faces and hydration comments that real ones carry."""
    card = hf_card(item)
    faces = "".join(_FACE.format(item["numComments"] * 10 + place) for place in range(4))
    extra = f'{_LINE.format(_ICON)}<ul class="flex flex-row-reverse">{faces}</ul>{_LINE.format(_HYDRATION * 18)}'
    return card.replace("</article>", f"{extra}</article>")


def _review(of: Paper) -> Sequence[str]:
    words = of.abstract.split()
    sections = [f"{' '.join(words[at : at + 60])}." for at in (0, 30, 60, 90)]
    return long_review(
        of.abstract,
        "Example Lab",
        "Example Lab, University of Example",
        f"It studies {of.title}.",
        sections,
        "It may help.",
    )
