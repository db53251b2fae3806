"""What one source offers: a record of plain functions and facts, no base class. Everything else derives from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from transforms.records import (
    Closing,
    Content,
    Expectations,
    Listing,
    Page,
    SourceFacts,
)
from transforms.series import family_of, series_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """One page to ask for: `asked_on` is the partition that it should stand for, None where only the page tells.

    `follow(page)` is the address to ask for instead where the page only says where the list is, like a redirect.
    `more(pages)` is the address of another page of the same list, given those that came, or None: all of them are kept
    as one page, their bodies one after another. The site's own words under one of `statuses` are a page too.
    With `is_answer` it is no page that is asked for, but the JSON of an API; with `is_xml` the XML of a service.
    """

    source: str
    asked_on: date | None
    url: str
    follow: Callable[[Page], str | None] | None = None
    more: Callable[[Sequence[Page]], str | None] | None = None
    statuses: frozenset[int] = frozenset({200})
    is_answer: bool = False
    is_xml: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPages:
    """In the place of a calendar: each page holds many partitions, and only the pages tell which there are.

    Called like a calendar, it gives one day for each page that may hold partitions of the range, ascending. `request`
    takes such a day. Each listing then names its neighbours on its page, so that gaps are told by the pages.
    """

    ask: Callable[[date, date], Sequence[date]]

    def __call__(self, first: date, last: date) -> Sequence[date]:
        """The days to ask for."""
        return self.ask(first, last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When partitions are fetched without being asked for: those `days_back` from the scheduled day, in UTC."""

    slug: str
    cron: str
    days_back: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One digest. Settings variables, schedules, the row in the documentation and tests derive from this record.

    Attributes:
        name: the name of the source's module or folder.
        version: rises whenever `parse` reads the same page otherwise; it is written to every row.
        trust: 1 is believed first where sources disagree.
        stands_for: what a partition lists, for the documentation.
        comes_from: what the page is and how one gets it, for the documentation.
        closes: what shows that a list will not grow any more, for the documentation.
        parse: reads a page into one listing per partition; raises PageChanged or WrongPartition.
        partitions: the partitions between two days, both included, as their first days, ascending; or `OnPages`.
        expectations: what a listing must look like to be loaded.
        closing: when a closed partition is final.
        partition_days: how many days a partition stands for: 1 for a daily list, 7 for a week.
        is_archive: whether it lists all that is announced, and nobody chose: where a digest lists a paper too, this one
            does not count as the first or last that listed it.
        request: the page to ask for, given a partition and the base address, which has no slash at its end; None if the
            pages only come as files.
        answer: the same for an answer of the site's API, which is a partial reading of the partition and asked for only
            where a person wants it; None if there is no such API.
        default_url: the public base address; without one, `url_variable` must be set before fetching.
        token_variable: the environment variable whose value is sent to this source's host as bearer token.
        requests_per_second_max: the source's own limit below the setting's; None if it has none.
        shows: what of it may be shown on public pages by its terms, beside facts and links: abstracts, reviews,
            summaries, names of accounts. Nothing where its terms are not known.
        schedules: when it is fetched; a source that has schedules and no address reads its inbox instead.
        of_series: for a source of several lists, the one of that name as a source of its own, named `source:series`;
            raises ValueError for a name that none can have. None for a source of one list.
        series_default: the lists that are fetched where the settings name none.
    """

    name: str
    version: int
    trust: int
    stands_for: str
    comes_from: str
    closes: str
    parse: Callable[[Page], tuple[Listing, ...]]
    partitions: Callable[[date, date], Sequence[date]]
    expectations: Expectations
    closing: Closing
    partition_days: int = 1
    is_archive: bool = False
    request: Callable[[date, str], PageRequest] | None = None
    answer: Callable[[date, str], PageRequest] | None = None
    default_url: str | None = None
    token_variable: str | None = None
    requests_per_second_max: float | None = None
    shows: frozenset[Content] = frozenset()
    schedules: tuple[Schedule, ...] = ()
    of_series: Callable[[str], Source] | None = None
    series_default: tuple[str, ...] = ()

    @property
    def url_variable(self) -> str:
        """The environment variable with the base address."""
        return f"PAPERLOG_{self.family.upper()}_URL"

    @property
    def series_variable(self) -> str:
        """The environment variable that says which lists of a source of several are fetched."""
        return f"PAPERLOG_{self.family.upper()}_SERIES"

    @property
    def family(self) -> str:
        """The name without a series."""
        return family_of(self.name)

    @property
    def series(self) -> str | None:
        """Which list it is of a source of several; None for all of them, and for a source of one."""
        return series_of(self.name)

    @property
    def is_several(self) -> bool:
        """Whether a list must be named before anything can be asked for or read."""
        return self.of_series is not None and self.series is None

    def partition_of(self, asked_on: date | None) -> date | None:
        """The partition that a page asked for with this day should stand for; None where only the page tells."""
        return None if isinstance(self.partitions, OnPages) else asked_on

    @property
    def facts(self) -> SourceFacts:
        """The part of this record that goes to the warehouse."""
        return SourceFacts(
            name=self.name,
            trust=self.trust,
            closing=self.closing,
            extractor_version=self.version,
            partition_days=self.partition_days,
            is_archive=self.is_archive,
        )


def every_day(first: date, last: date) -> list[date]:
    """The days between two days, both included: `partitions` of a list that may come on any day."""
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def working_days(first: date, last: date) -> list[date]:
    """The Mondays to Fridays among them."""
    return [day for day in every_day(first, last) if day.isoweekday() <= 5]


def mondays(first: date, last: date) -> list[date]:
    """The Mondays among them: `partitions` of a weekly list."""
    return [day for day in every_day(first, last) if day.isoweekday() == 1]
