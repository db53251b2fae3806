"""A chunk of pages from the network: several answers are waited for at once, each page is kept before it is read."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, datetime

from extractors.errors import FetchError, LandingError, TransientFetchError
from extractors.http.fetcher import Fetcher
from extractors.landing.landing import Kept, Landing
from extractors.source import Source
from extractors.sources import source_named
from flows.pipeline.steps import FetchIncomplete, Had, Progress
from flows.settings import Settings, SettingsError
from transforms.records import Cause

# After so many days in a row that failed for the host's sake, the rest of the chunk is not asked for.
FAILURES_IN_A_ROW = 4
# One day of many that fails for hours must not hold up the others: a later backfill asks for it again.
OUTAGE_SHARE = 1 / 2
HOSTS_FAULT = frozenset({Cause.HOST_DOWN, Cause.BLOCKED, Cause.RATE_LIMITED, Cause.FORBIDDEN_BY_ROBOTS})


def fetch_chunk(
    settings: Settings, source: str, partitions: tuple[date, ...], since: datetime, progress: Progress
) -> tuple[Had, ...]:
    """Fetch and keep one page per partition. A page read since `since` is not asked for again, so a retry is cheap.

    The outcomes come in the order in which the pages were kept, which is that in which a replay reads them. Where more
    than half is missing in a way that a retry may help, FetchIncomplete holds them.
    """
    asker = _Asker(settings, source_named(source), since)
    had: list[Had] = []
    with asker.fetcher() as fetcher, ThreadPoolExecutor(settings.fetches_at_once) as pool:
        for each in pool.map(lambda day: asker.ask(fetcher, day), partitions):
            had.append(each)
            progress.note(_told(each))
    ordered = tuple(sorted(had, key=_place))
    if sum(each.is_transient for each in ordered) > OUTAGE_SHARE * len(ordered):
        raise FetchIncomplete(ordered)
    return ordered


def kept_already(
    settings: Settings, source: str, partitions: Sequence[date], read_at: dict[date, datetime | None], since: datetime
) -> tuple[Had, ...]:
    """The pages that were kept since `since` and never loaded, because whoever kept them was stopped before."""
    if not partitions:
        return ()
    wanted, latest = set(partitions), dict[date, Kept]()
    for kept in Landing(settings.landing).readings(source, min(wanted), max(wanted)):
        day = kept.asked_on
        if day in wanted and kept.fetched_at >= since and not _is_loaded(kept, read_at.get(day)):
            latest[day] = kept
    return tuple(Had(source=source, asked_on=day, kept=kept) for day, kept in latest.items())


class _Asker:
    """Asks for the pages of one source. Threads share one; a host that fails again and again is left alone."""

    def __init__(self, settings: Settings, source: Source, since: datetime) -> None:
        if source.request is None:
            raise SettingsError(f"{source.name} cannot be fetched: adopt files of it instead")
        if source.name not in settings.urls:
            raise SettingsError(f"PAPERLOG_{source.name.upper()}_URL is not set: {source.name} has no public address")
        self._settings = settings
        self._source = source.name
        self._request = source.request
        self._base_url = settings.urls[source.name]
        self._landing = Landing(settings.landing)
        self._since = since
        self._failures: list[FetchError] = []
        self._lock = threading.Lock()

    def fetcher(self) -> Fetcher:
        """A session that keeps the pace of this machine."""
        settings = self._settings
        token = settings.token if self._source.startswith("hf_") else None
        return Fetcher(
            settings.contact,
            token=token,
            requests_per_second=settings.requests_per_second,
            pace_folder=settings.pace,
        )

    def ask(self, fetcher: Fetcher, day: date) -> Had:
        """The page of a day, kept, or why there is none."""
        known = self._known(day)
        if known and known.fetched_at >= self._since:
            return Had(source=self._source, asked_on=day, kept=known)
        if (given_up := self._given_up()) is not None:
            return self._failed(day, given_up, is_unasked=True)
        try:
            page = fetcher.fetch(self._request(day, self._base_url), known)
        except FetchError as error:
            self._note(error)
            return self._failed(day, error)
        self._note(None)
        with self._lock:
            return Had(source=self._source, asked_on=day, kept=self._landing.keep(page))

    def _known(self, day: date) -> Kept | None:
        with suppress(LandingError):  # a reading that is damaged is asked for anew
            return self._landing.latest(self._source, day)
        return None

    def _failed(self, day: date, error: FetchError, *, is_unasked: bool = False) -> Had:
        return Had(
            source=self._source,
            asked_on=day,
            reason=f"not asked for: {error}" if is_unasked else str(error),
            cause=error.cause,
            is_transient=isinstance(error, TransientFetchError),
            is_unasked=is_unasked,
        )

    def _note(self, error: FetchError | None) -> None:
        with self._lock:
            if error is not None and error.cause in HOSTS_FAULT:
                self._failures.append(error)
            else:  # any other answer shows that the host is there
                self._failures.clear()

    def _given_up(self) -> FetchError | None:
        with self._lock:
            return self._failures[-1] if len(self._failures) >= FAILURES_IN_A_ROW else None


def _is_loaded(kept: Kept, read_at: datetime | None) -> bool:
    return read_at is not None and read_at >= kept.fetched_at


def _place(had: Had) -> tuple[bool, object]:
    return (False, had.kept.order) if had.kept else (True, had.asked_on)


def _told(had: Had) -> str:
    return f"{had.source} {had.asked_on}: {'kept' if had.kept else f'not fetched: {had.reason}'}"
