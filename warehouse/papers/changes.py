"""What a load brought, and what it changed in the current sightings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from transforms.records import Packed, Sighting
from transforms.truth.partition import Current


@dataclass(frozen=True, slots=True, order=True)
class Partition:
    """One source and partition."""

    source: str
    partition_on: date


@dataclass(frozen=True, slots=True, order=True)
class ListingKey:
    """One page as a listing of one partition."""

    partition: Partition
    page_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a load changed. A sighting that only has another position changes nothing about its paper.

    Attributes:
        changed: sightings that are new or whose content is another one.
        added: those of `changed` that were not current before: nothing is matched or compared with them.
        first_read: those of `added` whose partition was never read before: no key was ever founded on them.
        relisted: sightings with the same content that vanished from their list or came back.
        removed: sightings that are no longer current.
        partitions: the partitions in which anything changed.
        doubtful: readings that lost too many entries to be believed.
    """

    changed: Mapping[str, Current] = field(default_factory=dict)
    added: frozenset[str] = frozenset()
    first_read: frozenset[str] = frozenset()
    relisted: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    partitions: frozenset[Partition] = frozenset()
    doubtful: frozenset[ListingKey] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A sighting as a load brought it: its rank within the load, its run, and how far its source is believed.

    `is_archive`: its source lists all that is announced. `packed` is the sighting ready to be compared, if it is.
    """

    rank: int
    run_id: str
    trust: int
    is_archive: bool
    sighting: Sighting
    content_key: str
    packed: Packed | None = None
