"""The pages of what papers name: authors, institutions and topics, each as a list of all and a page of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flows.design.charts import Chart, bars
from flows.pages import links
from flows.pages.asked import ROWS_A_PAGE, Asked, NoSuchPage, Part, part_of
from flows.pages.papers import PaperRow, papers_of
from flows.pages.slugs import LENGTH_MAX, hash_in, name_of
from flows.shown import counted
from warehouse import Reader

What = Literal["author", "institution", "topic"]
NAMES_A_PAGE = 100
NAMES_MOST = 1_000_000
# Beyond so many months a bar is a year.
MONTHS_SHOWN = 36
PLURALS: dict[What, str] = {"author": "authors", "institution": "institutions", "topic": "topics"}
ABOUT: dict[What, str] = {
    "author": "A name is not a person: two people of one name are one row.",
    "institution": "Institutions that a review names, or under which a list files papers.",
    "topic": "The keywords that sites give to their papers. Not every site has some.",
}
_ADDRESSES: dict[What, Callable[[str], str]] = {
    "author": links.author,
    "institution": links.institution,
    "topic": links.topic,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRow:
    """A name with how many papers name it; `more_count` of them are reviewed, or have the author first."""

    key: str
    name: str
    papers_count: int
    more_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """All names of a kind, most papers first; `words` are what they were looked through for.

    Names of fewer papers than `papers_from` are left out.
    """

    heading: str
    what: What
    words: str
    papers_from: int
    names: tuple[NameRow, ...]
    part: Part

    @property
    def about(self) -> str:
        """What is a name here."""
        least = f" Names of fewer than {self.papers_from} papers have no page." if self.papers_from > 1 else ""
        return f"{ABOUT[self.what]}{least}"

    @property
    def more(self) -> str:
        """What the second number says."""
        return "First author" if self.what == "author" else "Reviewed"

    @property
    def most(self) -> int:
        """The most papers of a name on this page."""
        return max((each.papers_count for each in self.names), default=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePage:
    """The papers of a name, newest first."""

    heading: str
    what: What
    key: str
    spellings: tuple[str, ...]
    first_on: date | None
    last_on: date | None
    counts: tuple[tuple[str, int], ...]
    papers: tuple[PaperRow, ...]
    part: Part

    @property
    def address(self) -> str:
        """Its own address."""
        return _ADDRESSES[self.what](self.key)

    @property
    def plural(self) -> str:
        """The address of all names of its kind."""
        return PLURALS[self.what]

    @property
    def about(self) -> str:
        """What is a name here."""
        return ABOUT[self.what]

    @property
    def chart(self) -> Chart | None:
        """Its papers over time; None if they are of one month."""
        return bars("Papers over time", "papers", self.counts)

    @property
    def summary(self) -> str:
        """The page in a sentence."""
        papers = counted(self.part.total, "paper")
        if self.first_on is None or self.last_on is None:
            return f"{papers}, newest first."
        return f"{papers} from {self.first_on:%B %Y} to {self.last_on:%B %Y}, newest first."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name(NameRow):
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    key: str
    paper_key: str
    on_day: date | None
    spellings: tuple[str, ...] = ()


def names_page(what: What) -> Callable[[Reader, Asked], Names]:
    """All names of a kind."""

    def page(reader: Reader, asked: Asked) -> Names:
        return _names(what, asked, _found(reader, what, asked, asked.limits(NAMES_A_PAGE)))

    return page


def names_pages(what: What) -> Callable[[Reader, Sequence[Asked]], tuple[Names, ...]]:
    """The same for several parts of one list, which is read once."""

    def pages(reader: Reader, asked: Sequence[Asked]) -> tuple[Names, ...]:
        found = _found(reader, what, asked[0], {"most": NAMES_MOST, "offset": 0})
        starts = ((each.page - 1) * NAMES_A_PAGE for each in asked)
        return tuple(
            _names(what, each, found[start : start + NAMES_A_PAGE]) for each, start in zip(asked, starts, strict=True)
        )

    return pages


def name_page(what: What) -> Callable[[Reader, Asked], NamePage]:
    """The page of one name."""

    def page(reader: Reader, asked: Asked) -> NamePage:
        key = _key_of(reader, what, asked.text("slug"))
        if what == "author":
            found = reader.records("pages/author_papers", _Place, {"key": key})
        else:
            found = reader.records(f"pages/{what}_papers", _Place, {"keys": [key]})
        if not found:
            raise NoSuchPage(f"no {what} of this name is known; all of them are at /{PLURALS[what]}")
        part = part_of(asked, len(found))
        papers = papers_of(reader, [each.paper_key for each in _shown(found, part)])
        return _name(what, key, found, part, papers)

    return page


def name_pages(what: What) -> Callable[[Reader, Sequence[Asked]], tuple[NamePage | None, ...]]:
    """The same for many names, which takes hardly longer than for one; None for one that no paper names."""
    query = "pages/papers_of_authors" if what == "author" else f"pages/{what}_papers"

    def pages(reader: Reader, asked: Sequence[Asked]) -> tuple[NamePage | None, ...]:
        keys = [_key_of(reader, what, each.text("slug")) for each in asked]
        places: dict[str, list[_Place]] = {}
        for each in reader.records(query, _Place, {"keys": sorted(set(keys))}):
            places.setdefault(each.key, []).append(each)
        parts = [part_of(each, len(places.get(key, ()))) for key, each in zip(keys, asked, strict=True)]
        shown = [_shown(places.get(key, ()), part) for key, part in zip(keys, parts, strict=True)]
        wanted = {each.paper_key for placed in shown for each in placed}
        papers = {each.paper_key: each for each in papers_of(reader, sorted(wanted))}
        return tuple(
            _name(what, key, places[key], part, [papers[each.paper_key] for each in placed]) if placed else None
            for key, part, placed in zip(keys, parts, shown, strict=True)
        )

    return pages


def _found(reader: Reader, what: What, asked: Asked, limits: Mapping[str, object]) -> tuple[_Name, ...]:
    chosen: dict[str, object] = {"words": asked.text("q") or None, "least": asked.names_from}
    return reader.records(f"pages/{PLURALS[what]}", _Name, {**chosen, **limits})


def _names(what: What, asked: Asked, found: Sequence[_Name]) -> Names:
    return Names(
        heading=PLURALS[what].capitalize(),
        what=what,
        words=asked.text("q"),
        papers_from=asked.names_from,
        names=tuple(
            NameRow(key=each.key, name=each.name, papers_count=each.papers_count, more_count=each.more_count)
            for each in found
        ),
        part=part_of(asked, found[0].total if found else 0, NAMES_A_PAGE),
    )


def _shown(found: Sequence[_Place], part: Part) -> Sequence[_Place]:
    return found[part.first - 1 : part.first - 1 + ROWS_A_PAGE]


def _name(what: What, key: str, found: Sequence[_Place], part: Part, papers: Sequence[PaperRow]) -> NamePage:
    spellings = Counter(spelling for each in found for spelling in each.spellings)
    days = [each.on_day for each in found if each.on_day]
    return NamePage(
        heading=found[0].spellings[0] if what == "institution" else spellings.most_common(1)[0][0],
        what=what,
        key=key,
        spellings=tuple(sorted(spellings)),
        first_on=min(days, default=None),
        last_on=max(days, default=None),
        counts=_counts(days),
        papers=tuple(papers),
        part=part,
    )


def _key_of(reader: Reader, what: What, slug: str) -> str:
    """The name in a slug; one that was cut is looked for by its hash."""
    if cut := hash_in(slug):
        rows = reader.named(f"pages/long_{what}", {"hash": cut, "longer": LENGTH_MAX // 12}).rows
        if rows:
            return str(rows[0][0])
    return name_of(slug) or ""


def _counts(days: Sequence[date]) -> tuple[tuple[str, int], ...]:
    """Papers by month, or by year where there are many months; those without any in between are counted as none."""
    if not days:
        return ()
    first, last = min(days), max(days)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if count > MONTHS_SHOWN:
        years = Counter(str(each.year) for each in days)
        return tuple((str(year), years[str(year)]) for year in range(first.year, last.year + 1))
    months = Counter(f"{each:%Y-%m}" for each in days)
    names = [
        f"{first.year + place // 12}-{place % 12 + 1:02d}" for place in range(first.month - 1, first.month - 1 + count)
    ]
    return tuple((name, months[name]) for name in names)
