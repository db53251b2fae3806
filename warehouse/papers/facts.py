"""The facts of papers, recomputed wherever a sighting of theirs changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from transforms.truth.keys import Assignment
from transforms.truth.paper import Member, facts
from warehouse.database.sql import Row, Statements, append, row_of, stage
from warehouse.papers.arrivals import ArrivedSightings
from warehouse.papers.matches import matches_of, redirects_of, stage_paper_keys

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMember(Member):
    """A member with its paper."""

    paper_key: str


def write_founded(
    connection: duckdb.DuckDBPyConnection,
    assignment: Assignment,
    clusters: Mapping[str, Sequence[str]],
    here: ArrivedSightings,
) -> set[str]:
    """Write the papers founded now all of whose members have just arrived: they cannot stand in the table yet."""
    founded = {
        founder.paper_key: clusters[founder.paper_key]
        for founder in assignment.founded
        if here.members.keys() >= set(clusters[founder.paper_key])
    }
    rows = [_row(connection, key, [here.members[each] for each in members], ()) for key, members in founded.items()]
    append(connection, "core.papers", rows)
    return set(founded)


def refresh(connection: duckdb.DuckDBPyConnection, relisted: Collection[str], keyed: Iterable[str]) -> None:
    """Recompute the facts of the papers whose sightings changed, and drop papers that have none left.

    Args:
        connection: an open transaction.
        relisted: sightings that vanished from their list or came back: only their papers' facts may have changed.
        keyed: papers that got or lost members, or whose members changed.
    """
    concerned = {*keyed, *(match.paper_key for match in matches_of(connection, relisted).values())}
    if not stage_paper_keys(connection, concerned):
        return
    previous: dict[str, list[str]] = defaultdict(list)
    for redirect in redirects_of(connection):
        previous[redirect.paper_key].append(redirect.previous_key)
    _sql.run(connection, "create_members")
    members: dict[str, list[Member]] = defaultdict(list)
    for member in _sql.records(connection, "read_members", StoredMember):
        members[member.paper_key].append(member)
    rows = [_row(connection, key, group, previous[key]) for key, group in members.items()]
    stage(connection, "stage_papers", rows, like="core.papers")
    if len(rows) < len(concerned):
        _sql.run(connection, "delete_papers")
    _sql.run(connection, "merge_papers")


def _row(
    connection: duckdb.DuckDBPyConnection, paper_key: str, members: Sequence[Member], previous_keys: Iterable[str]
) -> Row:
    paper = facts(members)
    return row_of(connection, "core.papers", paper, paper_key=paper_key, previous_keys=sorted(previous_keys))
