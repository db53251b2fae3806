"""Pages from hosts or from files, a chunk at a time: each is kept before it is read."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from extractors.errors import (
    EmptyList,
    FetchError,
    HostClosed,
    IndexPage,
    LandingError,
    PageChanged,
    PermanentFetchError,
    TransientFetchError,
    WrongPartition,
)
from extractors.http.fetcher import Fetcher
from extractors.http.login import login_sign
from extractors.landing.adopt import pages_of_file
from extractors.landing.landing import Kept
from extractors.source import Source
from extractors.sources import source_named
from flows.pipeline.outcome import FetchedPartition, FetchIncomplete
from flows.pipeline.work import OWN_CLOCK, Clock, Progress
from flows.places.landing import landing_of
from flows.places.warehouse import moments_of
from flows.settings import Settings
from transforms.records import Cause, Page

# After so many failures of the host in a row, the other partitions are skipped.
FAILURES_IN_A_ROW = 4
# A page that is not there or breaks off shows nothing about the host, so such failures do not count.
HOSTS_FAULT = frozenset({Cause.HOST_DOWN, Cause.BLOCKED, Cause.RATE_LIMITED, Cause.FORBIDDEN_BY_ROBOTS})

# A single day that fails for hours must not hold up the others: a later backfill asks for it again.
OUTAGE_SHARE = 1 / 2


def fetch_chunk(
    settings: Settings,
    source: str,
    partitions: tuple[date, ...],
    since: datetime,
    progress: Progress,
    *,
    answer: bool = False,
    clock: Clock = OWN_CLOCK,
) -> tuple[FetchedPartition, ...]:
    """Fetch and keep one page per partition, or with `answer` what the source's API answers.

    One that was read since `since` is not asked for again, so a retry is cheap.
    The outcomes come in the order in which the pages were kept, which is that in which a replay reads them. If more
    than half is missing in a way that a retry may help, FetchIncomplete holds them.
    """
    fetcher = PartitionFetcher(settings, source_named(source), since, answer=answer, clock=clock)
    pages: list[FetchedPartition] = []
    with fetcher.session, ThreadPoolExecutor(settings.fetches_at_once) as pool:
        for each in pool.map(fetcher.fetch_and_keep, partitions):
            pages.append(each)
            progress.note(f"{source} {each.asked_on}: {'kept' if each.kept else f'not fetched: {each.reason}'}")
    ordered = tuple(sorted(pages, key=lambda each: (False, each.kept.order) if each.kept else (True, each.asked_on)))
    if sum(each.is_transient for each in ordered) > OUTAGE_SHARE * len(ordered):
        raise FetchIncomplete(ordered)
    return ordered


def adopt_chunk(
    settings: Settings, source: str, files: tuple[Path, ...], fetched_at: datetime | None
) -> tuple[FetchedPartition, ...]:
    """Keep each page of each file; a file that cannot be kept becomes a failed run, and the others still load."""
    landing = landing_of(settings)
    pages: list[FetchedPartition] = []
    for file in files:
        page = FetchedPartition(source=source, asked_on=None)
        try:
            pages += [replace(page, kept=landing.keep(each)) for each in pages_of_file(file, source, fetched_at)]
        except LandingError as error:
            pages.append(replace(page, reason=str(error), cause=error.cause))
    return tuple(pages)


class PartitionFetcher:
    """Fetches and keeps the pages, or the answers, of one source, as settings and its record allow. Threads share one.

    `session` is a context manager that closes the connections.
    """

    def __init__(
        self, settings: Settings, source: Source, since: datetime, *, answer: bool = False, clock: Clock
    ) -> None:
        """A page that was read since `since` is not asked for again, so that a retry asks only for what is missing."""
        self._request = settings.requests_to(source, answer=answer)
        self._is_answer = answer
        self._source = source
        self._landing = landing_of(settings)
        self._since = since
        self._clock = clock
        self._failures: list[FetchError] = []
        self._lock = threading.Lock()
        self.session = Fetcher(
            settings.contact,
            token=settings.tokens.get(source.family),
            requests_per_second=settings.pace_of(source),
            moments=moments_of(settings, clock.now),
            now=clock.now,
        )

    def fetch_and_keep(self, day: date) -> FetchedPartition:
        """The kept page of a day, or the reason why there is none."""
        partition = FetchedPartition(source=self._source.name, asked_on=day)
        known = self._known(day)
        if known and self._since <= known.fetched_at <= self._clock.now():  # one from the future is not fresh
            return replace(partition, kept=known)
        if (given_up := self._given_up()) is not None:
            return replace(_failed(partition, given_up), reason=f"not asked for: {given_up}", is_skipped=True)
        try:
            page = self.session.fetch(self._request(day), self._confirmable(known) if known else None)
            (require_items if self._is_answer else require_list)(self._source, page)
        except FetchError as error:
            self._note(error)
            return _failed(partition, error)
        self._note(None)
        with self._lock:  # the landing numbers what it keeps: a replay reads the pages in that order
            return replace(partition, kept=self._landing.keep(page))

    def _known(self, day: date) -> Kept | None:
        with suppress(LandingError):  # a damaged reading is asked for again
            return self._landing.latest(self._source.name, day, is_answer=self._is_answer)
        return None

    def _confirmable(self, known: Kept) -> Page | None:
        """The known page, if its host may say that it is the same; a damaged one is fetched whole, and replaced."""
        with suppress(LandingError):
            return self._landing.load(known) if known.etag or known.last_modified else None
        return None

    def _note(self, error: FetchError | None) -> None:
        """Count failures of the host in a row; any other answer shows that it is there."""
        with self._lock:
            if isinstance(error, HostClosed):  # it said so itself
                self._failures = [error] * FAILURES_IN_A_ROW
            elif error is not None and error.cause in HOSTS_FAULT:
                self._failures = [*self._failures, error]
            else:
                self._failures = []

    def _given_up(self) -> FetchError | None:
        failures = self._failures
        return failures[-1] if len(failures) >= FAILURES_IN_A_ROW else None


def require_list(source: Source, page: Page) -> None:
    """Raise `blocked` for a page with the signs of a login or a consent on which there is no list.

    A list with a login in its corner is a list, so the extractor has the last word.
    """
    sign = login_sign(page.final_url, page.body)
    if sign is None:
        return
    try:
        source.parse(page)
    except (EmptyList, IndexPage):
        return
    except PageChanged as error:
        raise PermanentFetchError(
            page.final_url, f"blocked: answered with {sign}, on which there is no list", cause=Cause.BLOCKED
        ) from error
    except Exception:  # noqa: BLE001 - whoever reads the kept page says what is wrong with it
        return


def require_items(source: Source, page: Page) -> None:
    """Raise for an answer without items, or with those of another day: such a one says nothing about the day's list."""
    try:
        source.parse(page)
    except EmptyList as error:
        why = "answered with an empty list: none of that day, or none yet; the day's page tells"
        raise PermanentFetchError(page.final_url, why, cause=Cause.EMPTY_LIST) from error
    except WrongPartition as error:
        why = f"answered with the items of {error.found_on}; the day's page tells whether it has a list"
        raise PermanentFetchError(page.final_url, why, cause=Cause.WRONG_DAY) from error
    except Exception:  # noqa: BLE001 - whoever reads the kept answer says what is wrong with it
        return


def _failed(partition: FetchedPartition, error: FetchError) -> FetchedPartition:
    is_transient = isinstance(error, TransientFetchError)
    return replace(partition, reason=str(error), cause=error.cause, is_transient=is_transient)
