"""The stored evidence about pairs of sightings: comparisons, and what they connect."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from transforms.matching.compare import compare
from transforms.matching.model import Comparison, PairDecision, Record, Verdict
from transforms.records import Packed, Sighting
from transforms.truth.keys import partition_of
from warehouse.database.sql import Connection, Row, Statements, append, row_of, stage
from warehouse.papers.changes import Arrival, Changes
from warehouse.papers.indexrows import packed
from warehouse.papers.sideindex import SideIndex

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True)
class Component:
    """Sightings that matches or decisions connect, with all their comparisons."""

    keys: frozenset[str]
    comparisons: Sequence[Comparison]
    decisions: Sequence[PairDecision]


def delete_comparisons(connection: Connection, index: SideIndex, keys: Collection[str]) -> set[str]:
    """Delete the comparisons of sightings that are gone or have another content.

    Returns what was resolved with them: their former matches, and what a person said to be the same.
    """
    if not keys:
        return set()
    index.delete(keys)
    old = comparisons_of(connection, keys)
    if old:
        _sql.run(connection, "delete_comparisons")
    return _neighbours(keys, old, _decisions(connection)) - set(keys)


def compare_with_stored(
    connection: Connection, index: SideIndex, keys: Collection[str], arrived: Mapping[str, Packed]
) -> list[Comparison]:
    """Compare sightings that the index does not hold yet with each other and all stored; store what is worth listing.

    Those that arrived just now are not read back from the database.
    """
    records = {**arrived, **packed_of(connection, [key for key in keys if key not in arrived])}
    pairs = index.propose(records[key] for key in sorted(keys))
    found = [item for left, right in pairs if (item := compare(left, right)) is not None]
    append(connection, "core.comparisons", [_row(connection, item) for item in found])
    return found


def component_of(
    connection: Connection, changed: frozenset[str], others: Iterable[str], found: Sequence[Comparison]
) -> Component:
    """What is connected to the changed sightings, all of whose comparisons are in `found`, and to the others."""
    decisions = _decisions(connection)
    keys = set(changed)
    comparisons = {(item.left, item.right): item for item in found}
    frontier = (_neighbours(keys, found, decisions) | set(others)) - keys
    while frontier:
        keys |= frontier
        more = comparisons_of(connection, frontier)
        comparisons |= {(item.left, item.right): item for item in more}
        frontier = _neighbours(frontier, more, decisions) - keys
    return Component(frozenset(keys), list(comparisons.values()), decisions)


def _decisions(connection: Connection) -> list[PairDecision]:
    """The latest manual decision about each pair."""
    latest = {(item.left, item.right): item for item in _sql.records(connection, "read_decisions", PairDecision)}
    return [item for _, item in sorted(latest.items())]


def _ties(comparisons: Iterable[Comparison]) -> Iterator[tuple[str, str]]:
    """The pairs whose sides are resolved together; `read_ties.sql` reads the same."""
    return ((item.left, item.right) for item in comparisons if item.verdict is not Verdict.UNDECIDED)


def _neighbours(
    keys: Collection[str], comparisons: Iterable[Comparison], decisions: Iterable[PairDecision]
) -> set[str]:
    pairs = [
        *_ties(comparisons),
        *((item.left, item.right) for item in decisions if item.is_same),
    ]
    return {end for pair in pairs if pair[0] in keys or pair[1] in keys for end in pair}


def stored_records(connection: Connection, keys: Iterable[str]) -> list[Record]:
    """What is compared of stored sightings, by their keys in order."""
    if not stage_keys(connection, keys):
        return []
    _sql.run(connection, "create_records")
    return _sql.records(connection, "read_records", Record)


def packed_of(connection: Connection, keys: Iterable[str]) -> dict[str, Packed]:
    """Stored sightings, ready to be compared."""
    return {record.key: packed(record) for record in stored_records(connection, keys)}


def packed_sighting(sighting: Sighting) -> Packed:
    """A sighting that has a title or an id, ready to be compared."""
    return packed(record_of(sighting))


def arrived_records(changes: Changes, arrivals: Mapping[str, Arrival]) -> dict[str, Packed]:
    """The arrivals with current content, ready to be compared; so they need not be read back from the database.

    Left out are those for which another page of the same partition, read later, has another content, and those that
    arXiv may name by their abstract.
    """
    return {
        key: arrival.packed or packed_sighting(arrival.sighting)
        for key, arrival in arrivals.items()
        if changes.changed[key].seen.content_key == arrival.content_key and not _may_be_named(arrival.sighting)
    }


def _may_be_named(sighting: Sighting) -> bool:
    """Whether a source gave neither title nor id, but an abstract (see `read_records.sql`)."""
    return not sighting.title_text and sighting.arxiv_id is None and sighting.abstract_text is not None


def record_of(sighting: Sighting) -> Record:
    """What is compared of a sighting that has a title or an id; `read_records.sql` makes the same of what is stored."""
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


def comparisons_of(connection: Connection, keys: Iterable[str]) -> list[Comparison]:
    """The stored comparisons in which one of the sightings stands."""
    return _sql.records(connection, "read_comparisons", Comparison) if stage_keys(connection, keys) else []


def _row(connection: Connection, item: Comparison) -> Row:
    evidence = msgspec.json.encode(item.evidence).decode()
    return row_of(connection, "core.comparisons", item, left_key=item.left, right_key=item.right, evidence=evidence)


def stage_keys(connection: Connection, keys: Iterable[str]) -> int:
    """Stage sighting keys for the next statement; returns how many."""
    rows = [{"sighting_key": key, "partition_on": partition_of(key)} for key in sorted(keys)]
    return stage(connection, "stage_keys", rows, like="core.sightings") if rows else 0
