"""What a source module offers: plain functions in a record, no base class."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from transforms.records import (
    Closing,
    Expectations,
    Listing,
    Page,
    SourceFacts,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """One page to ask for: `asked_on` is the partition that it should stand for."""

    source: str
    asked_on: date
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When partitions are fetched without being asked for: those `days_back` from the scheduled day, in UTC."""

    slug: str
    cron: str
    days_back: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One digest. `parse` raises PageChanged or WrongPartition, and returns one listing per partition on the page.

    `version` rises whenever the meaning of `parse` changes; it is written to every row.
    `partitions(first, last)` gives the partitions in the range, both ends included, as their first days, ascending.
    `request(partition_on, base_url)` is None for a source that can only be adopted from files.
    `default_url` is None where there is no public page: then `PAPERLOG_<NAME>_URL` must be set before fetching.
    `suffix` is how a kept page is named (`html`, `txt`, `md`). `trust` 1 is believed first where sources disagree.
    `partition_days` is how many days a partition stands for: 1 for a daily list, 7 for a week.
    `token_variable` is the environment variable whose value is sent to this source's host as bearer token.
    `requests_per_second_max` is the source's own limit below the setting's; None if it has none.
    `schedules` are when it is fetched; a source that has schedules and no address reads its inbox instead.
    """

    name: str
    version: int
    parse: Callable[[Page], tuple[Listing, ...]]
    partitions: Callable[[date, date], Sequence[date]]
    expectations: Expectations
    closing: Closing
    trust: int
    suffix: str
    request: Callable[[date, str], PageRequest] | None = None
    default_url: str | None = None
    partition_days: int = 1
    token_variable: str | None = None
    requests_per_second_max: float | None = None
    schedules: tuple[Schedule, ...] = ()

    @property
    def url_variable(self) -> str:
        """The environment variable that holds the base address."""
        return f"PAPERLOG_{self.name.upper()}_URL"

    @property
    def facts(self) -> SourceFacts:
        """The part of this record that the warehouse may know."""
        return SourceFacts(
            name=self.name,
            trust=self.trust,
            closing=self.closing,
            extractor_version=self.version,
            partition_days=self.partition_days,
        )
