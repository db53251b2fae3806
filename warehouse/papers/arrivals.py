"""What a load brought, kept at hand so that it need not be read back from the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from transforms.matching.model import Record
from transforms.matching.prepare import Prepared, prepare
from transforms.records import Sighting
from transforms.truth.paper import Member
from warehouse.papers.changes import Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A sighting as a load brought it: its rank within the load, its run, and how far its source is believed."""

    rank: int
    run_id: str
    trust: int
    sighting: Sighting
    content_key: str


@dataclass(frozen=True, slots=True)
class By:
    """Whom to name for a decision: the run of a sighting that arrived, else the run at hand."""

    arrivals: Mapping[str, Arrival]
    run_id: str

    def run_of(self, keys: Iterable[str]) -> str:
        """The latest run that brought one of the sightings."""
        return max((self.arrivals[key].run_id for key in keys if key in self.arrivals), default=self.run_id)


@dataclass(frozen=True, slots=True)
class AtHand:
    """What a load brought and is now true of its sightings: it need not be read back from the database."""

    records: Mapping[str, Prepared]
    members: Mapping[str, Member]
    new: frozenset[str] = frozenset()
    unheard: frozenset[str] = frozenset()


NOTHING_AT_HAND = AtHand({}, {})


def at_hand_of(changes: Changes, arrivals: Mapping[str, Arrival]) -> AtHand:
    """The arrivals that say what is now current: another page of the same day may outweigh them."""
    current = {
        key: (arrival, changes.said[key].is_listed)
        for key, arrival in arrivals.items()
        if changes.said[key].seen.content_key == arrival.content_key
    }
    return AtHand(
        records={key: prepare(record_of(arrival.sighting)) for key, (arrival, _) in current.items()},
        members={key: _member_at_hand(key, arrival, is_listed) for key, (arrival, is_listed) in current.items()},
        new=changes.new,
        unheard=changes.unheard,
    )


def record_of(sighting: Sighting) -> Record:
    """The resolver's view of a sighting."""
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


def _member_at_hand(key: str, arrival: Arrival, is_listed: bool) -> Member:  # noqa: FBT001 - a fact, not a switch
    sighting = arrival.sighting
    return Member(
        sighting_key=key,
        source=sighting.source,
        trust=arrival.trust,
        partition_on=sighting.partition_on,
        is_listed=is_listed,
        title=sighting.title_text,
        abstract=sighting.abstract_text,
        authors=sighting.authors,
        author_count=sighting.author_count,
        arxiv_id=sighting.arxiv_id,
        doi=sighting.doi,
        published_on=sighting.published_on,
        published_certainty=sighting.published_certainty,
        organization=sighting.organization,
        institutions=tuple(institution.name for institution in sighting.institutions),
        links=sighting.links,
    )
