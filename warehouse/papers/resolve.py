"""From changed sightings to papers: compare, cluster, keep the keys, refresh the facts."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex

import duckdb

from transforms.matching.blocking import BLOCK_KEYS_VERSION
from transforms.matching.cluster import cluster
from transforms.matching.model import Comparison, Verdict
from transforms.matching.prepare import Prepared
from transforms.truth.keys import Assignment, assign
from warehouse.database.sql import statement
from warehouse.database.staging import Row, stage
from warehouse.papers.arrivals import (
    NOTHING_AT_HAND,
    Arrival,
    AtHand,
    By,
    at_hand_of,
)
from warehouse.papers.changes import Changes
from warehouse.papers.comparisons import (
    Component,
    compare_with_stored,
    component_of,
    forget,
    records_of,
)
from warehouse.papers.facts import refresh, write_founded
from warehouse.papers.matches import (
    Match,
    explained,
    founders_of,
    matches_of,
    write_founders,
    write_matches,
)
from warehouse.papers.sideindex import SideIndex

PORTION = 5_000
"""So many sightings at a time when all are resolved again: their texts are held in memory."""

TOLD_EVERY = 20 * PORTION
"""How often the making of a large side index is told of, in sightings."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What a resolution brought: each new paper key with its founding sighting, and pairs with a doubtful id."""

    founded: Mapping[str, str]
    suspects: Sequence[Comparison]


def resolve(
    connection: duckdb.DuckDBPyConnection,
    index: SideIndex,
    changes: Changes,
    arrivals: Mapping[str, Arrival],
    run_id: str,
) -> Resolved:
    """Bring papers up to date with what changed.

    Args:
        connection: an open transaction in which the sightings are already current.
        index: the side index, in line with the warehouse as it was before them.
        changes: what changed.
        arrivals: who brought the sightings that are new or say something else.
        run_id: the run to name for decisions that no arrival explains.
    """
    said = frozenset(changes.said)
    at_hand = at_hand_of(changes, arrivals)
    severed = forget(connection, index, said - changes.new | changes.removed)
    found = compare_with_stored(connection, index, said, at_hand) if said else []
    component = component_of(connection, said, severed, found)
    by = By(arrivals, run_id)
    assignment, clusters = _key(connection, index, component, changes.removed, by, at_hand)
    founded = write_founded(connection, assignment, clusters, at_hand)
    refresh(connection, changes.moved, clusters.keys() - founded)
    return Resolved(
        founded={founder.paper_key: founder.founding_key for founder in assignment.founded},
        suspects=[item for item in found if item.verdict is Verdict.SUSPECT],
    )


def bring_in_line(connection: duckdb.DuckDBPyConnection, index: SideIndex, run_id: str) -> None:
    """Make the side index say what the warehouse says, and the warehouse what the rules of today say."""
    version, stamp = connection.execute(statement("read_resolver")).fetchone() or (None, None)
    if version != BLOCK_KEYS_VERSION:
        _resolve_all(connection, index, run_id)
        return
    indexed, before = index.stamps()
    if stamp is not None and stamp == indexed:
        return
    if stamp is not None and stamp == before:  # a load ended between the two commits: only what it touched is in doubt
        touched = index.touched()
        index.forget(touched)
        index.add(records_of(connection, touched).values())
    else:
        index.fill(_all_records(connection, index.name))
    index.commit(stamp)


def settle(connection: duckdb.DuckDBPyConnection, index: SideIndex) -> None:
    """Commit the index, and let the warehouse name its state: the last step before the warehouse itself commits."""
    if index.is_changed:
        stamp = token_hex(8)
        connection.execute(statement("update_resolver"), {"stamp": stamp})
        index.commit(stamp)


def _resolve_all(connection: duckdb.DuckDBPyConnection, index: SideIndex, run_id: str) -> None:
    """Other rules made the comparisons: compare and resolve every sighting again."""
    connection.execute(statement("delete_resolver"))
    connection.execute(statement("insert_resolver"), {"version": BLOCK_KEYS_VERSION})
    connection.execute(statement("clear_comparisons"))
    index.clear()
    everything = _all_sightings(connection)
    for start in range(0, len(everything), PORTION):
        compare_with_stored(connection, index, everything[start : start + PORTION], NOTHING_AT_HAND)
    for keys in _portions(_tied(connection, everything)):
        component = component_of(connection, frozenset(), keys, [])
        _, clusters = _key(connection, index, component, frozenset(), By({}, run_id), NOTHING_AT_HAND)
        refresh(connection, frozenset(), clusters)


def _all_records(connection: duckdb.DuckDBPyConnection, file: str) -> Iterator[Collection[Prepared]]:
    """Every sighting's record, in portions; tells how far the file that gets them is."""
    everything = _all_sightings(connection)
    if everything:
        _log.warning("%s is missing or not this warehouse's: made anew, %d sightings", file, len(everything))
    for start in range(0, len(everything), PORTION):
        if start and start % TOLD_EVERY == 0:
            _log.warning("%s: %d of %d sightings", file, start, len(everything))
        yield records_of(connection, everything[start : start + PORTION]).values()


def _all_sightings(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [key for (key,) in connection.execute(statement("read_all_sightings")).fetchall()]


def _tied(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> list[list[str]]:
    """The sightings in groups that can be resolved one by one: what is the same, or is one paper until now."""
    first = {key: key for key in keys}

    def find(key: str) -> str:
        while first[key] != key:
            first[key] = first[first[key]]
            key = first[key]
        return key

    for left, right in connection.execute(statement("read_ties")).fetchall():
        if left in first and right in first:  # a decision may name what is not loaded
            low, high = sorted((find(left), find(right)))
            first[high] = low
    groups: dict[str, list[str]] = {}
    for key in first:
        groups.setdefault(find(key), []).append(key)
    return list(groups.values())


def _portions(groups: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    """Whole groups, together not many more than PORTION."""
    portion: list[str] = []
    for group in groups:
        portion += group
        if len(portion) >= PORTION:
            yield portion
            portion = []
    if portion:
        yield portion


def decide(connection: duckdb.DuckDBPyConnection, index: SideIndex, rows: Sequence[Row], run_id: str) -> None:
    """Record people's decisions (rows of ops.decisions) and bring the papers concerned up to date.

    A decision about a sighting that is not loaded yet takes effect when it comes.
    """
    stage(connection, "stage_decisions", rows)
    connection.execute(statement("insert_decisions"))
    ends = {str(row[end]) for row in rows for end in ("left_key", "right_key")}
    known = frozenset(index.records(ends))
    component = component_of(connection, frozenset(), known, [])
    _, clusters = _key(connection, index, component, frozenset(), By({}, run_id), NOTHING_AT_HAND)
    refresh(connection, frozenset(), clusters)


def _key(
    connection: duckdb.DuckDBPyConnection,
    index: SideIndex,
    component: Component,
    removed: Collection[str],
    by: By,
    at_hand: AtHand,
) -> tuple[Assignment, Mapping[str, Sequence[str]]]:
    """Cluster the component and write who belongs to which paper; returns the paper keys concerned, with members."""
    here = at_hand.records.keys() & component.keys
    records = {key: at_hand.records[key] for key in here} | index.records(component.keys - here)
    clusters = cluster(list(records.values()), component.comparisons, component.decisions)
    before = matches_of(connection, {*component.keys, *removed} - at_hand.new)
    founders = founders_of(connection, component.keys - at_hand.unheard, before.values())
    ((last_order,),) = connection.execute(statement("read_founded_order")).fetchall()
    assignment = assign(
        clusters,
        founders,
        {key: match.paper_key for key, match in before.items() if key not in removed},
        {key: arrival.rank for key, arrival in by.arrivals.items()},
        last_order + 1,
    )
    founding = {founder.paper_key: founder.founding_key for founder in (*founders, *assignment.founded)}
    after: dict[str, Match] = {}
    for members, paper_key in zip(clusters, assignment.keys, strict=True):
        run = by.run_of(members)
        after |= explained(members, paper_key, founding[paper_key], component.comparisons, run)
    write_matches(connection, before, after, removed)
    write_founders(connection, assignment, founders, by)
    left = {match.paper_key: () for match in before.values()}
    return assignment, {**left, **dict(zip(assignment.keys, clusters, strict=True))}
