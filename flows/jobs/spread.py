"""A backfill whose pages are fetched on several machines, and loaded here as they come.

A piece is some days of one list. The machines share nothing but the lake and the bucket with the pages: whoever fetches
a piece claims it in the lake's catalog, and keeps its pages in the bucket, where they are found. A claim ends with its
process, so a piece that nobody is at any more is seen at once. It is then fetched here, as are pieces for which no
machine is free and days that another could not fetch: so the backfill comes to its end also without any other machine,
and each failure has its reason on record.
"""

from __future__ import annotations

import time
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Protocol

from extractors.landing.landing import Kept, Landing
from flows.pipeline.outcome import FetchedPartition
from flows.pipeline.run import fetched, fetched_lists, in_chunks
from flows.pipeline.work import Work
from flows.places.landing import landing_of
from flows.settings import LANDING, Settings, SettingsError
from warehouse.lake.address import LakeAddress, lake_address

PIECE_DAYS = 20
# A machine takes a few seconds to start what fetches a piece.
LEFT_ALONE = timedelta(seconds=30)
LOOKS_EVERY = timedelta(seconds=2)
# Clocks of two machines differ a little: a page that was read so long before the backfill is as good as a new one.
CLOCKS_DIFFER_AT_MOST = timedelta(minutes=5)

Lists = Iterable[tuple[str, Sequence[date]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Days of one list that one machine fetches; a page that was read since `since` is not asked for again."""

    source: str
    days: tuple[date, ...]
    since: datetime

    def __post_init__(self) -> None:
        """Raise ValueError for a piece without days."""
        if not self.days:
            raise ValueError("a piece has at least one day")

    @property
    def name(self) -> str:
        """What its claim is known by."""
        return f"fetch {self.source} {self.days[0]} to {self.days[-1]}, {len(self.days)} days"


class Crew(Protocol):
    """Machines that fetch pieces, whenever they come to it, by `fetch_piece`."""

    def send(self, piece: Piece) -> None:
        """Ask them to fetch a piece."""


def fetch_piece(work: Work, piece: Piece) -> tuple[FetchedPartition, ...] | None:
    """Fetch and keep what is missing of the piece, and load nothing; None if another machine is at it.

    Raises SettingsError where machines share no pages.
    """
    with _claimed(work.settings, piece) as is_mine:
        return _rest(work, piece, _kept(work, landing_of(work.settings), piece)) if is_mine else None


def fetched_by(work: Work, crew: Crew | None, lists: Lists) -> Iterator[tuple[FetchedPartition, ...]]:
    """The partitions of each list, fetched and kept by the machines of a crew, or without one by this process."""
    return _in_pieces(work, crew, lists) if crew else fetched_lists(work, lists)


def _in_pieces(work: Work, crew: Crew, lists: Lists) -> Iterator[tuple[FetchedPartition, ...]]:
    """The partitions of each list as the machines of `crew` fetch and keep them, piece by piece in their order.

    Once a host failed so often in a row that the rest of a list is skipped, the pieces behind it are skipped too, but
    for what is kept of them. Raises SettingsError where machines share no pages.
    """
    _shared(work.settings)
    since = work.clock.now() - CLOCKS_DIFFER_AT_MOST
    pieces = [
        Piece(source=source, days=days, since=since) for source, asked in lists for days in in_chunks(asked, PIECE_DAYS)
    ]
    for piece in pieces:
        crew.send(piece)
    landing, skipped, patience = landing_of(work.settings), list[FetchedPartition](), LEFT_ALONE
    for piece in pieces:
        if skipped:
            kept, last = _kept(work, landing, piece), replace(skipped[-1], source=piece.source)
            rest = tuple(replace(last, asked_on=day) for day in piece.days if day not in kept)
        else:
            kept, rest = _ended(work, landing, piece, patience)
            # Where nobody came for one piece, there is no waiting for the next until somebody is seen.
            patience = LEFT_ALONE if kept else timedelta()
        skipped += [each for each in rest if each.is_skipped]
        ordered = sorted(kept.values(), key=lambda each: each.order)
        yield (*(FetchedPartition(source=piece.source, asked_on=each.asked_on, kept=each) for each in ordered), *rest)


def _ended(
    work: Work, landing: Landing, piece: Piece, patience: timedelta
) -> tuple[dict[date, Kept], tuple[FetchedPartition, ...]]:
    """What another machine kept of the piece, and what came of the rest here."""
    while True:
        _await(work, landing, piece, patience)
        with _claimed(work.settings, piece) as is_mine:
            if is_mine:  # else one started this moment
                kept = _kept(work, landing, piece)
                return kept, _rest(work, piece, kept)


def _rest(work: Work, piece: Piece, kept: Container[date]) -> tuple[FetchedPartition, ...]:
    """Fetch what nobody kept since the backfill began."""
    missing = [day for day in piece.days if day not in kept]
    return tuple(chain.from_iterable(fetched(work, piece.source, missing)))


def _await(work: Work, landing: Landing, piece: Piece, patience: timedelta) -> None:
    """Return when every day of the piece is kept, or nobody has been at it for so long."""
    alone_since, told = time.monotonic(), set[date]()
    while True:
        is_claimed = _is_claimed(work.settings, piece)
        kept = _kept(work, landing, piece)
        for day in sorted(kept.keys() - told):
            work.progress.note(f"{piece.source} {day}: kept")
        told |= kept.keys()
        if len(kept) == len(piece.days):
            return
        if is_claimed:
            alone_since = time.monotonic()
        elif time.monotonic() - alone_since >= patience.total_seconds():
            work.progress.note(f"{piece.name}: nobody is at it: {len(piece.days) - len(kept)} are fetched here")
            return
        time.sleep(LOOKS_EVERY.total_seconds())


def _kept(work: Work, landing: Landing, piece: Piece) -> dict[date, Kept]:
    """The newest page of each day that was read since the backfill began, and not in the future."""
    now = work.clock.now() + CLOCKS_DIFFER_AT_MOST
    found = (each for each in landing.asked(piece.source, piece.days) if not each.is_answer)
    return {each.asked_on: each for each in found if each.asked_on and piece.since <= each.fetched_at <= now}


def _shared(settings: Settings) -> LakeAddress:
    if settings.bucket is None or settings.warehouse is None:
        raise SettingsError(f"machines share no pages here: set {LANDING} to fetch on several of them")
    return lake_address(settings.warehouse)


def _claimed(settings: Settings, piece: Piece) -> AbstractContextManager[bool]:
    address = _shared(settings)
    # Imported here, because only a lake needs the extra.
    from warehouse.lake.shared.claims import claimed  # noqa: PLC0415

    return claimed(address, f"{settings.bucket} {piece.name}")


def _is_claimed(settings: Settings, piece: Piece) -> bool:
    from warehouse.lake.shared.claims import is_claimed  # noqa: PLC0415

    return is_claimed(_shared(settings), f"{settings.bucket} {piece.name}")
