"""From changed sightings to papers: compare, cluster, keep the keys, refresh the facts."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex

from transforms.matching.blocking import BLOCK_KEYS_VERSION
from transforms.matching.cluster import cluster, doubtful_identifiers
from transforms.matching.model import Comparison, Record, Verdict
from transforms.truth.keys import Assignment, assign
from warehouse.database.sql import Connection, Statements
from warehouse.papers.changes import Arrival, Changes
from warehouse.papers.comparisons import (
    Component,
    arrived_records,
    compare_with_stored,
    component_of,
    delete_comparisons,
    packed_of,
    stored_records,
)
from warehouse.papers.indexrows import Packer, pack_here
from warehouse.papers.papers import (
    Attribution,
    Match,
    explain_matches,
    founders_of,
    matches_of,
    member_of,
    refresh_papers,
    strongest,
    write_founded,
    write_founders,
    write_matches,
)
from warehouse.papers.sideindex import SideIndex

PORTION = 5_000
"""Sightings that are read at a time where all are resolved again: their texts are held in memory."""

LOGGED_EVERY = 20 * PORTION
"""Sightings between two log lines while a side index is made again: about half a minute (2026-11)."""

_log = logging.getLogger(__name__)
_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The result of a resolution: each new paper key with its founding sighting, and pairs with a doubtful id."""

    founded: Mapping[str, str]
    suspects: Sequence[Comparison]


NOTHING_RESOLVED = Resolved(founded={}, suspects=())


def resolve(
    connection: Connection,
    index: SideIndex,
    changes: Changes,
    arrivals: Mapping[str, Arrival],
    run_id: str,
) -> Resolved:
    """Bring papers up to date with what changed.

    Args:
        connection: an open transaction in which the sightings are already current.
        index: the side index, in sync with the warehouse as it was before them.
        changes: what changed.
        arrivals: the sightings that are new or changed, with the runs that brought them.
        run_id: the run to name for decisions that no arrival explains.
    """
    changed = frozenset(changes.changed)
    arrived = arrived_records(changes, arrivals)
    former = delete_comparisons(connection, index, changed - changes.added | changes.removed)
    found = compare_with_stored(connection, index, changed, arrived) if changed else []
    component = component_of(connection, changed, former, found)
    attribution = Attribution(arrivals, run_id)
    assignment, clusters, moved = _assign_keys(connection, index, component, changes, attribution, arrived)
    doubtful = doubtful_identifiers(component.comparisons)
    members = {key: member_of(arrivals[key], changes.changed[key], is_doubtful=key in doubtful) for key in arrived}
    founded = write_founded(connection, assignment, clusters, members)
    stirred = changed.union(former, *((item.left, item.right) for item in found if item.verdict is Verdict.SUSPECT))
    told = {key for key, keys in clusters.items() if not stirred.isdisjoint(keys)}
    refresh_papers(connection, changes.relisted, (moved | told) - founded)
    return Resolved(
        founded={founder.paper_key: founder.founding_key for founder in assignment.founded},
        suspects=[item for item in found if item.verdict is Verdict.SUSPECT],
    )


def resolve_again(connection: Connection, index: SideIndex, keys: Collection[str], run_id: str) -> None:
    """Resolve sightings about which a person decided something, with all that is connected to them.

    A decision about a sighting that is not loaded yet takes effect when it comes.
    """
    _resolve_component(connection, index, index.records(keys), run_id)


def resolve_named(connection: Connection, index: SideIndex, abstract_keys: Collection[str], run_id: str) -> None:
    """Compare and resolve again the sightings without title and id that have one of these abstracts.

    What arXiv has under the abstract, and so what is compared of them, is another thing than before.
    """
    keys = frozenset(_sql.column(connection, "read_nameless", {"abstract_keys": list(abstract_keys)}))
    if not keys:
        return
    former = delete_comparisons(connection, index, keys)
    found = compare_with_stored(connection, index, keys, {})
    _resolve(connection, index, component_of(connection, keys, former, found), run_id)


def sync_index(
    connection: Connection, index: SideIndex, run_id: str, packer: Packer = pack_here, portion: int = PORTION
) -> None:
    """Bring the side index to the state of the warehouse, and the warehouse to the current matching rules.

    Where all sightings are indexed or resolved again, `portion` of them are at a time, and `packer` makes them ready.
    """
    version, stamp = _sql.run(connection, "read_resolver").fetchone() or (None, None)
    if version != BLOCK_KEYS_VERSION:
        _resolve_all(connection, index, run_id, packer, portion)
        return
    indexed, previous = index.stamps()
    if stamp is not None and stamp == indexed:
        return
    # The process ended after the index was committed and before the warehouse was: only what it touched is in doubt.
    if stamp is not None and stamp == previous:
        touched = index.touched()
        index.delete(touched)
        index.add(packed_of(connection, touched).values())
    else:
        keys = _sql.column(connection, "read_all_sightings")
        if keys:
            said = "is missing or not this warehouse's: made again from"
            _log.warning("%s %s %d sightings", index.name, said, len(keys))
        index.fill(packer(_records_of(connection, keys, portion, index.name)))
    index.commit(stamp)


def commit_index(connection: Connection, index: SideIndex) -> None:
    """Commit the index and record its state in the warehouse: the last step before the warehouse itself commits."""
    if index.is_changed:
        stamp = token_hex(8)
        _sql.run(connection, "update_resolver", {"stamp": stamp})
        index.commit(stamp)


def _resolve_all(connection: Connection, index: SideIndex, run_id: str, packer: Packer, portion: int) -> None:
    """Other rules made the comparisons: compare and resolve every sighting again."""
    _sql.run(connection, "delete_resolver")
    _sql.run(connection, "insert_resolver", {"version": BLOCK_KEYS_VERSION})
    _sql.run(connection, "clear_comparisons")
    index.clear()
    keys = _sql.column(connection, "read_all_sightings")
    if keys:
        _log.warning("the matching has other rules than before: %d sightings are compared again", len(keys))
    for records in packer(_records_of(connection, keys, portion, "compared again")):
        ready = {record.sighting_key: record for record in records}
        compare_with_stored(connection, index, ready, ready)
    for groups in _portions(_connected(connection, keys), portion):
        _resolve_component(connection, index, groups, run_id)


def _resolve_component(connection: Connection, index: SideIndex, keys: Iterable[str], run_id: str) -> None:
    """Resolve what is connected to stored sightings, from what is stored."""
    _resolve(connection, index, component_of(connection, frozenset(), keys, []), run_id)


def _resolve(connection: Connection, index: SideIndex, component: Component, run_id: str) -> None:
    _, clusters, _ = _assign_keys(connection, index, component, Changes(), Attribution({}, run_id), ())
    refresh_papers(connection, frozenset(), clusters)


def _records_of(connection: Connection, keys: Sequence[str], portion: int, what: str) -> Iterator[list[Record]]:
    """The records of all sightings, in portions; logs the progress of what becomes of them."""
    for place, some in enumerate(_portions(([key] for key in keys), portion)):
        if place and place * portion % LOGGED_EVERY == 0:
            _log.warning("%s: %d of %d sightings", what, place * portion, len(keys))
        yield stored_records(connection, some)


def _connected(connection: Connection, keys: Iterable[str]) -> list[list[str]]:
    """The sightings in groups that can be resolved one by one: what matches, and what is one paper until now."""
    groups = {key: [key] for key in keys}
    for left, right in _sql.run(connection, "read_ties").fetchall():
        # A decision may name a sighting that is not loaded.
        if left in groups and right in groups and groups[left] is not groups[right]:
            small, large = sorted((groups[left], groups[right]), key=len)
            large += small
            groups |= dict.fromkeys(small, large)
    return list({id(group): group for group in groups.values()}.values())


def _portions(groups: Iterable[Sequence[str]], least: int) -> Iterator[list[str]]:
    """Whole groups, together not many more than `least`."""
    portion: list[str] = []
    for group in groups:
        portion += group
        if len(portion) >= least:
            yield portion
            portion = []
    if portion:
        yield portion


def _clusters(index: SideIndex, component: Component, arrived: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """The component's clusters; an arrival that is like no other is one by itself, and its record is not read."""
    pairs = [(item.left, item.right) for item in component.comparisons]
    pairs += [(item.left, item.right) for item in component.decisions]
    alone = component.keys.intersection(arrived).difference(*pairs)
    records = index.records(component.keys - alone)
    joined = cluster(list(records.values()), component.comparisons, component.decisions)
    return tuple(sorted([*joined, *((key,) for key in alone)]))


def _assign_keys(
    connection: Connection,
    index: SideIndex,
    component: Component,
    changes: Changes,
    attribution: Attribution,
    arrived: Collection[str],
) -> tuple[Assignment, Mapping[str, Sequence[str]], set[str]]:
    """Cluster the component, give each cluster its paper key, and write matches, founders and redirects.

    Returns the assignment, the members of each paper concerned, none for a paper that lost all of them, and the papers
    whose members are other ones than before.
    """
    clusters = _clusters(index, component, arrived)
    before = matches_of(connection, {*component.keys, *changes.removed} - changes.added)
    founders = founders_of(connection, {*component.keys, *changes.removed} - changes.first_read, before.values())
    assignment = assign(
        clusters,
        founders,
        {key: match.paper_key for key, match in before.items() if key not in changes.removed},
        {key: arrival.rank for key, arrival in attribution.arrivals.items()},
        _sql.column(connection, "read_founded_order")[0] + 1,
    )
    founding = {founder.paper_key: founder.founding_key for founder in (*founders, *assignment.founded)}
    best = strongest(clusters, component.comparisons)
    after: dict[str, Match] = {}
    for members, paper_key in zip(clusters, assignment.keys, strict=True):
        run_id = attribution.run_of(members)
        after |= explain_matches(members, paper_key, founding[paper_key], best, run_id)
    write_matches(connection, before, after, changes.removed)
    write_founders(connection, assignment, founders, attribution)
    held: dict[str, set[str]] = defaultdict(set)
    for key, match in before.items():
        held[match.paper_key].add(key)
    papers = {**dict.fromkeys(held, ()), **dict(zip(assignment.keys, clusters, strict=True))}
    return assignment, papers, {key for key, members in papers.items() if set(members) != held.get(key)}
