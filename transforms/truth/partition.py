"""What is true of one partition, given all its readings: their order is that of reading, never that of loading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from transforms.records import Closing, Outcome

AGREEING_READS_APART = timedelta(hours=12)
# A closed list read so long after its day needs no second reading: else a backfill would never end.
SETTLED_AFTER = timedelta(days=7)
# Sites take single entries off a list; a list that lost more is a partial page. Two of three are most of a list.
SHRINK_ALWAYS_ALLOWED = 2
SHRINK_OF_FEW_ALLOWED, FEW = 1, 10
SHRINK_ALLOWED_SHARE = 0.1


class State(StrEnum):
    """The state of a partition. `missing` never comes from a reading."""

    OPEN = "open"
    FINAL = "final"
    NO_LIST = "no_list"
    REFUSED = "refused"
    MISSING = "missing"
    UNRECOVERABLE = "unrecoverable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One entry of one reading: its place, and a key of its content."""

    sighting_key: str
    content_key: str
    position: int
    first_line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One page read once for one partition."""

    page_sha256: str
    fetched_at: datetime
    outcome: Outcome
    is_closed: bool = False
    is_degraded: bool = False
    is_partial: bool = False
    seen: tuple[Seen, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """The sightings on the page."""
        return frozenset(entry.sighting_key for entry in self.seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """The current truth of one sighting: its content and place, and the page on which it was first read so."""

    seen: Seen
    page_sha256: str
    first_read_at: datetime
    is_listed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is true of a partition. `doubtful` readings are not used; `measured` ones give metrics."""

    state: State
    entries_count: int
    last_read_at: datetime
    current: tuple[Current, ...]
    measured: tuple[Reading, ...]
    doubtful: tuple[Reading, ...]


def judge(readings: Iterable[Reading], *, partition_on: date, closing: Closing) -> Truth:
    """Decide the state, the current list and the trusted readings of one partition.

    Args:
        readings: every reading of the partition, in any order, at least one.
        partition_on: first day of the partition.
        closing: when the source's partitions become final.
    """
    ordered = sorted(readings, key=lambda reading: (reading.fetched_at, reading.is_closed, reading.page_sha256))
    listings = [reading for reading in ordered if reading.outcome is Outcome.LISTING]
    accepted, doubtful = _trusted(_fullest(listings))
    current = _current(accepted)
    return Truth(
        state=_state(accepted, ordered, partition_on, closing),
        entries_count=sum(each.is_listed for each in current),
        last_read_at=ordered[-1].fetched_at,
        current=current,
        measured=_measured(accepted, listings, doubtful),
        doubtful=tuple(doubtful),
    )


def _fullest(listings: Sequence[Reading]) -> Sequence[Reading]:
    """Degraded readings count only if there is nothing better."""
    full = [reading for reading in listings if not reading.is_degraded]
    return full or listings


def _trusted(listings: Sequence[Reading]) -> tuple[list[Reading], list[Reading]]:
    accepted: list[Reading] = []
    doubtful: list[Reading] = []
    for reading in listings:
        shrinks = not reading.is_partial and shrinks_too_much(_listed(accepted), reading.keys)
        (doubtful if shrinks else accepted).append(reading)
    return accepted, doubtful


def _listed(accepted: Sequence[Reading]) -> frozenset[str]:
    """What the latest whole list has; partial readings prove nothing about what a list must hold."""
    return next((reading.keys for reading in reversed(accepted) if not reading.is_partial), frozenset())


def shrinks_too_much(before: frozenset[str], after: frozenset[str]) -> bool:
    """Whether a later list lost more entries than lists are known to lose: two, or a tenth; of fewer than ten, one."""
    always = SHRINK_OF_FEW_ALLOWED if len(before) < FEW else SHRINK_ALWAYS_ALLOWED
    allowed = max(always, SHRINK_ALLOWED_SHARE * len(before))
    return len(before - after) > allowed


def _measured(
    accepted: Sequence[Reading], listings: Sequence[Reading], doubtful: Sequence[Reading]
) -> tuple[Reading, ...]:
    """Readings whose page differs from the one read just before: the same bytes again are no new measurement."""
    usable = [
        reading for reading in listings if reading not in doubtful and (reading in accepted or reading.is_degraded)
    ]
    pairs = zip([None, *usable], usable, strict=False)
    return tuple(now for before, now in pairs if before is None or before.page_sha256 != now.page_sha256)


def _current(accepted: Sequence[Reading]) -> tuple[Current, ...]:
    latest: dict[str, Current] = {}
    on_whole: set[str] = set()
    for reading in accepted:
        listed = reading.keys
        if not reading.is_partial:
            latest = {key: replace(known, is_listed=key in listed) for key, known in latest.items()}
            on_whole |= listed
        for seen in reading.seen:
            known = latest.get(seen.sighting_key)
            # Places on a partial list are its own; what a whole list holds keeps the whole list's.
            if reading.is_partial and known is not None and known.is_listed and seen.sighting_key in on_whole:
                continue
            if known is None or known.seen != seen or not known.is_listed:
                latest[seen.sighting_key] = Current(
                    seen=seen, page_sha256=reading.page_sha256, first_read_at=reading.fetched_at, is_listed=True
                )
    return tuple(latest[key] for key in sorted(latest))


def _state(accepted: Sequence[Reading], ordered: Sequence[Reading], partition_on: date, closing: Closing) -> State:
    is_beyond = any(reading.outcome is Outcome.OUT_OF_REACH for reading in ordered)
    if accepted:
        # What nobody can read again stays as it was read; else every backfill would ask for it in vain.
        is_last = is_beyond and any(reading.is_closed and not reading.is_partial for reading in accepted)
        return State.FINAL if is_last or _is_final(accepted, partition_on, closing) else State.OPEN
    judged = [reading for reading in ordered if reading.outcome not in (Outcome.LISTING, Outcome.OUT_OF_REACH)]
    is_over = bool(judged) and judged[-1].fetched_at.date() > partition_on + timedelta(days=1)
    if is_beyond and not (is_over and judged[-1].outcome is Outcome.NO_LIST):
        return State.UNRECOVERABLE
    if judged[-1].outcome is Outcome.REFUSED:
        return State.REFUSED
    return State.NO_LIST if is_over else State.OPEN


def _is_final(accepted: Sequence[Reading], partition_on: date, closing: Closing) -> bool:
    accepted = [reading for reading in accepted if not reading.is_partial]
    closed = [reading for reading in accepted if reading.is_closed]
    if closing is Closing.FIRST_READ:
        return bool(closed)
    if any(reading.fetched_at.date() >= partition_on + SETTLED_AFTER for reading in closed):
        return True
    return any(
        later.is_closed and later.fetched_at - earlier.fetched_at >= AGREEING_READS_APART and later.keys == earlier.keys
        for place, later in enumerate(accepted)
        for earlier in accepted[:place]
    )
