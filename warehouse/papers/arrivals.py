"""What a load changed in the current sightings, and what it need not read back from the database to follow it up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from transforms.matching.model import Record
from transforms.matching.prepare import Prepared, prepare
from transforms.records import Sighting
from transforms.truth.partition import Current


@dataclass(frozen=True, slots=True, order=True)
class Partition:
    """One source and partition."""

    source: str
    partition_on: date

    def listing(self, page_sha256: str) -> ListingKey:
        """A page as a listing of this partition."""
        return ListingKey(self.source, self.partition_on, page_sha256)


@dataclass(frozen=True, slots=True, order=True)
class ListingKey:
    """One page as a listing of one partition."""

    source: str
    partition_on: date
    page_sha256: str

    @property
    def partition(self) -> Partition:
        """The partition."""
        return Partition(self.source, self.partition_on)


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
    """A sighting as a load brought it: its rank within the load, its run, and how far its source is believed."""

    rank: int
    run_id: str
    trust: int
    sighting: Sighting
    content_key: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """Which run decided something: the one that brought a sighting, else the current one."""

    arrivals: Mapping[str, Arrival]
    run_id: str

    def run_of(self, keys: Iterable[str]) -> str:
        """The latest run that brought one of the sightings."""
        return max((self.arrivals[key].run_id for key in keys if key in self.arrivals), default=self.run_id)


def arrived(changes: Changes, arrivals: Mapping[str, Arrival]) -> dict[str, Prepared]:
    """The arrivals with current content, ready to be compared: none of them need be read back from the database.

    Another page of the same partition may have been read later than the one that brought a sighting.
    """
    return {
        key: prepare(record_of(arrival.sighting))
        for key, arrival in arrivals.items()
        if changes.changed[key].seen.content_key == arrival.content_key
    }


def record_of(sighting: Sighting) -> Record:
    """The resolver's view of a sighting; `read_records.sql` makes the same of what is stored."""
    described = sighting.review.summary if sighting.review and sighting.abstract_text is None else None
    return Record(
        key=sighting.sighting_key,
        source=sighting.source,
        partition_on=sighting.partition_on,
        arxiv_id=sighting.arxiv_id,
        doi=sighting.doi,
        title=sighting.title_text,
        abstract=sighting.abstract_text,
        authors=sighting.authors,
        published_on=sighting.published_on,
        institutions=tuple(institution.name for institution in sighting.institutions),
        urls=tuple(link.url for link in sighting.links),
        author_count=sighting.author_count,
        description=described,
    )
