"""The shape of the steps that every flow is made of: the same whether plain functions or Prefect tasks do the work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from extractors.landing.landing import Kept
from flows.pipeline.outcome import Result
from flows.settings import Settings
from transforms.records import Cause, PartitionRow
from warehouse import Manifest


class Progress(Protocol):
    """Where a long run tells how far it is."""

    def expect(self, count: int) -> None:
        """So many more partitions or files are to come."""

    def note(self, line: str) -> None:
        """Something happened that finishes nothing."""

    def done(self, line: str) -> None:
        """One partition or file is finished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Had:
    """One partition or file after the step that keeps its page: either `kept` or the reason why there is no page.

    `is_unasked` marks one that nobody asked for, because its host had failed for others before.
    """

    source: str
    asked_on: date | None
    kept: Kept | None = None
    reason: str | None = None
    cause: Cause | None = None
    is_transient: bool = False
    is_unasked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Both ends included; None leaves an end open."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date | None) -> bool:
        """Whether the day lies inside; an unknown day lies only in a span without ends."""
        if day is None:
            return self.first is None and self.last is None
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


class FetchIncomplete(Exception):
    """Some pages of a chunk failed in a way that a retry may help; `had` holds the outcome of every partition."""

    def __init__(self, had: tuple[Had, ...]) -> None:
        self.had = had
        missing = [each for each in had if each.is_transient]
        super().__init__(f"{len(missing)} of {len(had)} pages missing: {missing[0].reason}")


class Fetch(Protocol):
    """Fetches and keeps the pages of a chunk; FetchIncomplete where a retry may help."""

    def __call__(
        self, settings: Settings, source: str, partitions: tuple[date, ...], since: datetime, progress: Progress
    ) -> tuple[Had, ...]:
        """See `chunks.fetch_chunk`."""


class Adopt(Protocol):
    """Keeps the files of a chunk."""

    def __call__(
        self, settings: Settings, source: str, files: tuple[Path, ...], fetched_at: datetime | None
    ) -> tuple[Had, ...]:
        """See `chunks.adopt_chunk`."""


class Load(Protocol):
    """Reads the kept pages of a chunk and loads them in one transaction."""

    def __call__(
        self, settings: Settings, flow: str, had: tuple[Had, ...], span: Span, progress: Progress
    ) -> tuple[Result, ...]:
        """See `chunks.load_chunk`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The steps as one set: plain functions, or the same functions as Prefect tasks."""

    fetch: Fetch
    adopt: Adopt
    load: Load
    partitions: Callable[[Settings, str, Span], dict[date, PartitionRow]]
    publish: Callable[[Settings], Manifest]
