"""From changed sightings to papers: compare, cluster, keep the keys, refresh the facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from transforms.keys import Assignment, assign
from transforms.resolve import BLOCK_KEYS_VERSION, Comparison, Verdict, cluster
from warehouse.arrivals import NOTHING_AT_HAND, Arrival, AtHand, By, at_hand_of
from warehouse.memberships import Match, explained, founders_of, matches_of, write_founders, write_matches
from warehouse.pairs import Component, compare_with_stored, component_of, forget, records_of
from warehouse.paperfacts import refresh, write_founded
from warehouse.readings import Changes
from warehouse.rows import Row
from warehouse.sqlfiles import statement
from warehouse.staging import stage

PORTION = 5_000
"""So many sightings at a time when all are resolved again: their texts are held in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What a resolution brought: each new paper key with its founding sighting, and pairs with a doubtful id."""

    founded: Mapping[str, str]
    suspects: Sequence[Comparison]


def resolve(
    connection: duckdb.DuckDBPyConnection, changes: Changes, arrivals: Mapping[str, Arrival], run_id: str
) -> Resolved:
    """Bring papers up to date with what changed.

    Args:
        connection: an open transaction in which the sightings are already current.
        changes: what changed.
        arrivals: who brought the sightings that are new or say something else.
        run_id: the run to name for decisions that no arrival explains.
    """
    said = frozenset(changes.said)
    at_hand = at_hand_of(changes, arrivals)
    severed = forget(connection, said - changes.new | changes.removed)
    found = compare_with_stored(connection, said, at_hand)
    component = component_of(connection, said, severed, found)
    by = By(arrivals, run_id)
    assignment, clusters = _key(connection, component, changes.removed, by, at_hand)
    founded = write_founded(connection, assignment, clusters, at_hand)
    refresh(connection, changes.moved, clusters.keys() - founded)
    return Resolved(
        founded={founder.paper_key: founder.founding_key for founder in assignment.founded},
        suspects=[item for item in found if item.verdict is Verdict.SUSPECT],
    )


def bring_up_to_version(connection: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Where other rules made the stored blocks and comparisons, make them anew and resolve every sighting again."""
    stored = connection.execute(statement("read_resolver_version")).fetchone()
    if stored == (BLOCK_KEYS_VERSION,):
        return
    connection.execute(statement("delete_resolver_version"))
    connection.execute(statement("insert_resolver_version"), {"version": BLOCK_KEYS_VERSION})
    everything = [row[0] for row in connection.execute(statement("read_all_sightings")).fetchall()]
    connection.execute(statement("clear_blocks"))
    connection.execute(statement("clear_comparisons"))
    for start in range(0, len(everything), PORTION):
        compare_with_stored(connection, everything[start : start + PORTION], NOTHING_AT_HAND)
    for keys in _portions(_tied(connection, everything)):
        component = component_of(connection, frozenset(), keys, [])
        _, clusters = _key(connection, component, frozenset(), By({}, run_id), NOTHING_AT_HAND)
        refresh(connection, frozenset(), clusters)


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


def decide(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row], run_id: str) -> None:
    """Record people's decisions (rows of ops.decisions) and bring the papers concerned up to date.

    A decision about a sighting that is not loaded yet takes effect when it comes.
    """
    stage(connection, "stage_decisions", rows)
    connection.execute(statement("insert_decisions"))
    ends = {str(row[end]) for row in rows for end in ("left_key", "right_key")}
    known = frozenset(records_of(connection, ends))
    component = component_of(connection, frozenset(), known, [])
    _, clusters = _key(connection, component, frozenset(), By({}, run_id), NOTHING_AT_HAND)
    refresh(connection, frozenset(), clusters)


def _key(
    connection: duckdb.DuckDBPyConnection,
    component: Component,
    removed: Collection[str],
    by: By,
    at_hand: AtHand,
) -> tuple[Assignment, Mapping[str, Sequence[str]]]:
    """Cluster the component and write who belongs to which paper; returns the paper keys concerned, with members."""
    here = at_hand.records.keys() & component.keys
    records = {key: at_hand.records[key] for key in here} | records_of(connection, component.keys - here)
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
