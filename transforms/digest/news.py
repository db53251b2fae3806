"""What is new for a reader since the last look: which papers, as what kind of news, in which order.

Pure: the snapshot's papers, what the ledger says was told, and what was looked at last time go in; items come out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2b
from typing import Final

from transforms.digest.interests import Choice
from transforms.digest.readers import DigestReader, Interests
from transforms.digest.records import DigestPaper, Item, News, Place
from transforms.series import list_of

PAPER: Final = "paper"
RISE: Final = "rise"
_ORDER: Final = tuple(News)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that a reader was told, on one channel.

    `what` is `paper`, `rise`, `review/<list>/<day>` or `version/<number>`; `record` is the smallest record that the
    paper had then, and `paper_key` its key. `is_left_out`: there was no room for it, which the issue said.
    """

    what: str
    record: str
    paper_key: str
    upvotes: int | None = None
    told_on: date
    is_left_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was looked at: up to which day, the newest list of each source that was there, and the lists still open.

    Lists are named `source` or `source:series`, those that are open with their first day behind a slash. `wishes` is
    what the reader's interests were then, as a text that is another one when they change.
    """

    until_on: date
    newest: Mapping[str, date] = field(default_factory=dict)
    still_open: frozenset[str] = frozenset()
    wishes: str = ""

    def was_over(self, place: Place) -> bool:
        """Whether the place's list was over when the look came: it was not the newest of its source, or not open."""
        name = list_name(place)
        # Of a source that had nothing yet, everything before the day of the look counts as over.
        newest = self.newest.get(name, self.until_on - timedelta(days=1))
        is_growing = place.partition_on == newest and f"{name}/{newest}" in self.still_open
        return place.partition_on <= newest and not is_growing


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """An item with its score among the reader's."""

    item: Item
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The items that a reader is told, in their order, and those for which there is no room."""

    items: tuple[Item, ...]
    left_out: tuple[Item, ...]


def selection(
    reader: DigestReader,
    papers: Iterable[DigestPaper],
    choose: Callable[[DigestPaper], Choice | None],
    told: Mapping[str, Sequence[Told]],
    before: Look | None,
    upvotes_before: Mapping[str, int],
) -> Selection:
    """What the reader is told of these papers.

    `told` and `upvotes_before`, those that were known at the last look, are by the papers' present keys. Without
    `before` it is the first look, to which nothing is late.
    """
    ranked = [
        Ranked(item=item, score=choice.score)
        for paper in papers
        if (choice := choose(paper)) is not None
        for item in _items(reader, paper, choice, told.get(paper.paper_key, ()), before, upvotes_before)
    ]
    ordered = [each.item for each in sorted(ranked, key=_rank)]
    return Selection(items=tuple(ordered[: reader.at_most]), left_out=tuple(ordered[reader.at_most :]))


def told_with(item: Item) -> Iterator[str]:
    """What else is told by telling the item: reviews that a paper has already are no news later."""
    what = item.entry_key.removesuffix(f"/{item.paper.record}")
    yield what
    if what == PAPER:
        yield from (_of_review(each) for each in _reviews(item.paper))


def wishes_of(interests: Interests) -> str:
    """The interests as a short text, by which two states of them are compared."""
    return blake2b(repr(interests).encode(), digest_size=8).hexdigest()


def list_name(place: Place) -> str:
    """The list's name in the warehouse."""
    return list_of(place.source, place.series) if place.series else place.source


def _items(
    reader: DigestReader,
    paper: DigestPaper,
    choice: Choice,
    told: Sequence[Told],
    before: Look | None,
    upvotes_before: Mapping[str, int],
) -> Iterator[Item]:
    whats = {each.what for each in told}
    if PAPER not in whats:
        news, detail = _kind_of(reader, paper, before, upvotes_before)
        yield _item(news, paper, choice, PAPER, detail)
        return
    for place in _reviews(paper):
        if _of_review(place) not in whats:
            yield _item(News.REVIEWED, paper, choice, _of_review(place), f"by {list_name(place)}")
    gained = (paper.upvotes or 0) - max((each.upvotes or 0 for each in told), default=0)
    if 0 < reader.rises <= gained and RISE not in whats:
        yield _item(News.ROSE, paper, choice, RISE, f"{gained:,} more upvotes, {paper.upvotes:,} now")
    if reader.versions and _is_newer(paper, told, whats):
        day = f"{paper.latest_version_on:%-d %B %Y}"
        yield _item(News.VERSION, paper, choice, f"version/{paper.latest_version}", f"v{paper.latest_version} of {day}")


def _kind_of(
    reader: DigestReader, paper: DigestPaper, before: Look | None, upvotes_before: Mapping[str, int]
) -> tuple[News, str]:
    """As what a paper is told for the first time."""
    in_time = [each for each in paper.places if before is None or not before.was_over(each)]
    is_known = len(in_time) < len(paper.places) or paper.first_on < min(each.partition_on for each in paper.places)
    if in_time and is_known and all(each.is_review for each in in_time):
        return News.REVIEWED, f"by {list_name(in_time[0])}"
    if in_time:
        return News.NEW, ""
    if before and before.wishes != wishes_of(reader.interests):
        return News.NEW, "fits since your interests changed"
    wished, earlier = reader.interests.upvotes, upvotes_before.get(paper.paper_key)
    if earlier is not None and earlier < wished <= (paper.upvotes or 0):
        return News.ROSE, f"{paper.upvotes:,} upvotes, {earlier:,} before"
    return News.LATE, ""


def _is_newer(paper: DigestPaper, told: Sequence[Told], whats: Collection[str]) -> bool:
    """Whether arXiv got a version after the reader was told of the paper, and the reader does not know of it."""
    if paper.latest_version is None or paper.latest_version_on is None or paper.latest_version < 2:
        return False
    first_told_on = min(each.told_on for each in told)
    return paper.latest_version_on > first_told_on and f"version/{paper.latest_version}" not in whats


def _item(news: News, paper: DigestPaper, choice: Choice, what: str, detail: str) -> Item:
    entry_key = f"{what}/{paper.record}"
    return Item(news=news, paper=paper, reasons=choice.reasons, detail=detail, entry_key=entry_key)


def _reviews(paper: DigestPaper) -> tuple[Place, ...]:
    """One place for each review: a review may stand in two sections of one page."""
    return tuple({_of_review(each): each for each in reversed(paper.places) if each.is_review}.values())[::-1]


def _of_review(place: Place) -> str:
    return f"review/{list_name(place)}/{place.partition_on}"


def _rank(ranked: Ranked) -> tuple[int, float, int, str]:
    item = ranked.item
    return _ORDER.index(item.news), -ranked.score, -(item.paper.upvotes or 0), item.entry_key
