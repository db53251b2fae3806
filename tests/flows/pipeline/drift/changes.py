"""What may happen to a daily page, by name: each change gives a page, and says how it must end."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.flows.pipeline.drift.daypage import DAY, DayPage, fetched
from tests.support.pages import SITE
from transforms.records import Page

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ends:
    """`refused` with the check that stopped it, `no_list`, or `loaded` with a check that warns (empty: with none)."""

    state: str
    check: str = ""
    cause: str | None = None


REFUSED_SHAPE = Ends("refused", "page_changed", "layout_changed")
QUARANTINED = Ends("refused", "rejected_share", "unexpected_content")


def content(check: str) -> Ends:
    """Refused by a check of the content."""
    return Ends("refused", check, "unexpected_content")


def _paper(change: Callable[[Item], object]) -> Callable[[DayPage], Page]:
    return lambda day: fetched(day.each(lambda item: change(item["paper"])).html())


def _items(change: Callable[[Item], object]) -> Callable[[DayPage], Page]:
    return lambda day: fetched(day.each(change).html())


def _said(change: Callable[[Item], object]) -> Callable[[DayPage], Page]:
    return lambda day: fetched(day.edited(change).html())


def _cards(change: Callable[[list[str]], list[str]]) -> Callable[[DayPage], Page]:
    return lambda day: fetched(day.recarded(change).html())


def _text(change: Callable[[str], str], **named: Any) -> Callable[[DayPage], Page]:
    return lambda day: fetched(change(day.html()), **named)


def _body(change: Callable[[bytes], bytes], **named: Any) -> Callable[[DayPage], Page]:
    return lambda day: fetched(change(day.html().encode()), **named)


def _renamed(old: str, new: str) -> Callable[[Item], object]:
    def change(item: Item) -> None:
        if old in item:
            item[new] = item.pop(old)

    return change


def _without(*names: str) -> Callable[[Item], object]:
    def change(item: Item) -> None:
        for name in names:
            item.pop(name, None)

    return change


def _with(**values: object) -> Callable[[Item], object]:
    return lambda item: item.update(values)


def _both(item: Item, name: str, value: object) -> None:
    item[name] = item["paper"][name] = value


def _comment(item: Item) -> None:
    _both(item, "summary", f"Congratulations on {item['paper']['title'][:20]}! Great work, love it.")


def _own_summary(item: Item) -> None:
    words = " ".join(item["paper"]["summary"].split()[:28])
    _both(item, "summary", f"{words} is what {item['paper']['title'].split()[0]} does.")


def _bot(item: Item) -> None:
    said = "This is an automated message from the Librarian. I found the following papers similar to this paper. "
    _both(item, "summary", said * 6 + item["paper"]["title"])


def _authors_with_accounts_lost(paper: Item) -> None:
    paper["authors"] = paper["authors"][:1]


def _moved(years: int = 0, days: int = 0) -> Callable[[Item], object]:
    def change(paper: Item) -> None:
        printed = date.fromisoformat(paper["publishedAt"][:10])
        moved = printed.replace(year=printed.year + years) + timedelta(days=days)
        paper["publishedAt"] = f"{moved}{paper['publishedAt'][10:]}"

    return change


def _half(said: Item) -> None:
    said["dailyPapers"] = said["dailyPapers"][: len(said["dailyPapers"]) // 2]


def _half_of_both(day: DayPage) -> Page:
    half = day.edited(_half)
    return fetched(half.recarded(lambda cards: cards[: len(half.said["dailyPapers"])]).html())


def _twice(said: Item) -> None:
    said["dailyPapers"][1] = said["dailyPapers"][0]


def _twice_on_both(day: DayPage) -> Page:
    return fetched(day.edited(_twice).recarded(lambda cards: [cards[0], cards[0], *cards[2:]]).html())


def _rotated_ids(said: Item) -> None:
    ids = [item["paper"]["id"] for item in said["dailyPapers"]]
    for item, paper_id in zip(said["dailyPapers"], [*ids[1:], ids[0]], strict=True):
        item["paper"]["id"] = paper_id


def _rotated_abstracts(said: Item) -> None:
    texts = [item["paper"]["summary"] for item in said["dailyPapers"]]
    for item, text in zip(said["dailyPapers"], [*texts[1:], texts[0]], strict=True):
        item["paper"]["summary"] = text


def _rotated_titles(said: Item) -> None:
    titles = [item["paper"]["title"] for item in said["dailyPapers"]]
    for item, title in zip(said["dailyPapers"], [*titles[1:], titles[0]], strict=True):
        _both(item, "title", title)


def _swapped(paper: Item) -> None:
    paper["title"], paper["summary"] = paper["summary"], paper["title"]


def _escaped_twice(text: str) -> str:
    return re.sub(r'(?<= data-props=")[^"]*(?=")', lambda found: html.escape(found[0]), text, count=1)


def _props(value: str) -> Callable[[str], str]:
    return lambda text: re.sub(r'(?<= data-props=")[^"]*(?=")', lambda _: value, text, count=1)


def _logged_in(text: str) -> str:
    return text.replace('href="/login?next=', 'href="/account?next=').replace("Log In", "Example Reader")


CHALLENGE = "<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
MAINTENANCE = "<html><head><title>We will be back</title></head><body><h1>Maintenance</h1></body></html>"

CHANGES: Mapping[str, tuple[Callable[[DayPage], Page], Ends]] = {
    # the JSON's fields: renamed, dropped, retyped, emptied
    "id renamed": (_paper(_renamed("id", "paperId")), REFUSED_SHAPE),
    "id dropped": (_paper(_without("id")), REFUSED_SHAPE),
    "id a number": (_paper(lambda paper: paper.update(id=float(paper["id"]))), REFUSED_SHAPE),
    "id without its last zero": (
        _said(lambda said: said["dailyPapers"][0]["paper"].update(id="2604.1")),
        REFUSED_SHAPE,
    ),
    "title renamed": (_paper(_renamed("title", "name")), REFUSED_SHAPE),
    "title emptied": (_paper(_with(title="")), REFUSED_SHAPE),
    "summary renamed": (_paper(_renamed("summary", "abstract")), content("filled_abstract_text")),
    "summary dropped": (_paper(_without("summary")), content("filled_abstract_text")),
    "summary emptied": (_items(lambda item: _both(item, "summary", "")), content("filled_abstract_text")),
    "summary an object": (_paper(lambda paper: paper.update(summary={"text": paper["summary"]})), REFUSED_SHAPE),
    "authors renamed": (_paper(_renamed("authors", "creators")), content("filled_authors")),
    "authors emptied": (_paper(_with(authors=[])), content("filled_authors")),
    "authors plain strings": (
        _paper(lambda paper: paper.update(authors=[each["name"] for each in paper["authors"]])),
        REFUSED_SHAPE,
    ),
    "authors with accounts lost": (_paper(_authors_with_accounts_lost), content("card_authors_differ_often")),
    "authors all the same": (
        _paper(lambda paper: paper.update(authors=[{"name": "Hugging Face"}])),
        content("authors_alike"),
    ),
    "upvotes negative": (_paper(lambda paper: paper.update(upvotes=-paper["upvotes"] - 1)), QUARANTINED),
    "upvotes as text": (_paper(lambda paper: paper.update(upvotes=str(paper["upvotes"]))), REFUSED_SHAPE),
    "upvotes with a fraction": (_paper(lambda paper: paper.update(upvotes=paper["upvotes"] + 0.5)), REFUSED_SHAPE),
    "upvotes gone": (_paper(_without("upvotes")), Ends("loaded", "vanished_field")),
    "comments gone": (_items(_without("numComments")), Ends("loaded", "vanished_field")),
    "dates as numbers": (_paper(_with(publishedAt=1_775_000_000)), REFUSED_SHAPE),
    "dates in another order": (_paper(_with(publishedAt="10/04/2026")), QUARANTINED),
    "dates dropped": (_paper(_without("publishedAt")), content("filled_published_on")),
    "dates a year late": (_paper(_moved(years=1)), content("days_since_published")),
    "dates a year early": (_paper(_moved(years=-1)), content("days_since_published")),
    "dates two months early": (_paper(_moved(days=-60)), content("days_since_published")),
    "submitters gone": (_items(_without("submittedBy")), Ends("loaded", "vanished_field")),
    "repositories gone": (_paper(_without("githubRepo", "githubStars")), Ends("loaded", "vanished_field")),
    "a field that nobody knows": (_paper(_with(readingTime=7)), Ends("loaded", "unknown_field")),
    "items nested one deeper": (
        _said(lambda said: said.update(dailyPapers=[{"node": item} for item in said["dailyPapers"]])),
        REFUSED_SHAPE,
    ),
    "items as an object": (
        _said(lambda said: said.update(dailyPapers=dict(enumerate(map(str, said["dailyPapers"]))))),
        REFUSED_SHAPE,
    ),
    "list renamed": (_said(_renamed("dailyPapers", "papers")), REFUSED_SHAPE),
    "day renamed": (_said(_renamed("dateString", "date")), REFUSED_SHAPE),
    "day printed otherwise": (_said(_with(dateString="April 10, 2026")), REFUSED_SHAPE),
    # content that is not what it stands for
    "comments for abstracts": (_items(_comment), content("abstracts_too_short")),
    "the site's own summaries for abstracts": (_items(_own_summary), content("abstracts_too_short")),
    "a bot's message for abstracts": (_items(_bot), content("abstracts_alike")),
    "titles for abstracts": (
        _items(lambda item: _both(item, "summary", item["paper"]["title"])),
        content("abstract_lengths"),
    ),
    "abstracts for titles": (_paper(_swapped), content("card_title_differ_often")),
    "one title for all": (_items(lambda item: _both(item, "title", "Daily Papers")), content("title_text_alike")),
    "ids of the next paper": (_said(_rotated_ids), REFUSED_SHAPE),
    "abstracts of the next paper": (_said(_rotated_abstracts), content("outer_text_differs_often")),
    "titles of the next paper": (_said(_rotated_titles), content("card_title_differ_often")),
    "ids that are none": (
        _said(lambda said: said["dailyPapers"][2]["paper"].update(id="../../etc/passwd")),
        REFUSED_SHAPE,
    ),
    # the list
    "half the JSON": (_said(_half), REFUSED_SHAPE),
    "half the JSON and half the cards": (_half_of_both, Ends("loaded")),
    "an empty list": (_said(_with(dailyPapers=[])), Ends("refused", "page_changed", "empty_list")),
    "the first paper twice": (_twice_on_both, Ends("loaded", "quarantined")),
    "the first paper twice in the JSON": (_said(_twice), REFUSED_SHAPE),
    "cards in another order": (_cards(lambda cards: cards[::-1]), REFUSED_SHAPE),
    "two cards swapped": (_cards(lambda cards: [cards[1], cards[0], *cards[2:]]), REFUSED_SHAPE),
    "a card missing": (_cards(lambda cards: cards[:-1]), REFUSED_SHAPE),
    "a card too many": (_cards(lambda cards: [*cards, cards[-1]]), REFUSED_SHAPE),
    "no cards": (_cards(lambda _: []), REFUSED_SHAPE),
    # another page
    "the day before": (_said(_with(dateString=str(DAY - timedelta(days=1)))), Ends("no_list", "", "wrong_day")),
    "the newest day": (
        lambda day: fetched(
            day.edited(_with(dateString="2026-06-03")).html(), final_url=f"{SITE}/papers/date/2026-06-03"
        ),
        Ends("no_list", "", "wrong_day"),
    ),
    "a week": (_said(_with(periodType="week", dateString="2026-W15")), REFUSED_SHAPE),
    "a month": (_said(_with(periodType="month", dateString="2026-04")), REFUSED_SHAPE),
    "trending": (_said(_with(isTrending=True)), REFUSED_SHAPE),
    "a search": (_said(_with(query={"q": "agents"})), REFUSED_SHAPE),
    "a challenge with status 200": (_text(lambda _: CHALLENGE), REFUSED_SHAPE),
    "a maintenance notice with status 200": (_text(lambda _: MAINTENANCE), REFUSED_SHAPE),
    "an API's answer": (
        _text(lambda _: json.dumps([{"paper": {"id": "2604.00001"}}])),
        Ends("refused", "page_changed", "layout_changed"),
    ),
    "an API's error": (
        _text(lambda _: '{"error": "Too many requests"}'),
        Ends("refused", "page_changed", "layout_changed"),
    ),
    "a logged-in reader's page": (_text(_logged_in), Ends("loaded")),
    # the text
    "cut in the middle": (_text(lambda text: text[: len(text) // 2]), Ends("refused", "page_changed", "cut_off")),
    "cut at three quarters and closed": (_text(lambda text: text[: len(text) * 3 // 4] + "</html>"), REFUSED_SHAPE),
    "JSON escaped twice": (_text(_escaped_twice), Ends("loaded", "degraded_cards_only")),
    "JSON emptied": (_text(_props("")), Ends("loaded", "degraded_cards_only")),
    "JSON that is none": (_text(_props("{oops")), Ends("loaded", "degraded_cards_only")),
    "JSON emptied and the last card cut": (
        _text(lambda text: re.sub(r'(?<= data-props=")[^"]*(?=")', "", text).rsplit("</h3>", 1)[0] + "</html>"),
        REFUSED_SHAPE,
    ),
    "JSON null": (_text(_props("null")), Ends("loaded", "degraded_cards_only")),
    "JSON a list": (_text(_props("[]")), REFUSED_SHAPE),
    "hydration target renamed": (
        _text(lambda text: text.replace('data-target="DailyPapers"', 'data-target="Papers"')),
        Ends("loaded", "degraded_cards_only"),
    ),
    "the page twice": (_text(lambda text: text + text), REFUSED_SHAPE),
    "a damaged byte": (_body(lambda body: body.replace(b"e", b"\xe9", 1)), Ends("refused", "page_changed")),
    "read as latin-1 and written as UTF-8": (
        _body(lambda body: body.decode("latin-1").encode(), media_type="text/html"),
        Ends("loaded"),
    ),
    "NULs in the text": (_text(lambda text: text.replace("</head>", "\0\0</head>")), Ends("loaded", "nul_characters")),
    "a byte order mark": (_body(lambda body: b"\xef\xbb\xbf" + body), Ends("loaded")),
    "UTF-16 with its mark": (lambda day: fetched(day.html().encode("utf-16")), Ends("loaded")),
}
