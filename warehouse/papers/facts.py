"""The facts of papers, recomputed wherever a sighting of theirs changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from transforms.records import Sighting
from transforms.truth.keys import Assignment
from transforms.truth.paper import Member, facts
from transforms.truth.partition import Current
from warehouse.database.sql import Connection, Row, Statements, append, row_of, stage
from warehouse.papers.changes import Arrival
from warehouse.papers.matches import matches_of, redirects_of, stage_paper_keys

# A fact of a paper that has the same name in both records needs no line of its own.
_SHARED = {each.name for each in fields(Member)} & {each.name for each in fields(Sighting)} - {"institutions"}

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMember:
    """A member and its paper."""

    paper_key: str
    member: Member


def write_founded(
    connection: Connection,
    assignment: Assignment,
    clusters: Mapping[str, Sequence[str]],
    members: Mapping[str, Member],
) -> set[str]:
    """Write the papers founded now all of whose members are given: they cannot stand in the table yet."""
    founded = {
        founder.paper_key: [members[key] for key in clusters[founder.paper_key]]
        for founder in assignment.founded
        if members.keys() >= set(clusters[founder.paper_key])
    }
    append(connection, "core.papers", [_row(connection, key, group, ()) for key, group in founded.items()])
    return set(founded)


def member_of(arrival: Arrival, current: Current) -> Member:
    """A sighting that arrived as a member of a paper; `read_members.sql` makes the same of what is stored."""
    sighting = arrival.sighting
    return Member(
        **{name: getattr(sighting, name) for name in _SHARED},
        sighting_key=sighting.sighting_key,
        trust=arrival.trust,
        is_listed=current.is_listed,
        title=sighting.title_text,
        abstract=sighting.abstract_text,
        institutions=tuple(institution.name for institution in sighting.institutions),
    )


def refresh(connection: Connection, relisted: Collection[str], keyed: Iterable[str]) -> None:
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
    for previous_key, paper_key in redirects_of(connection).items():
        previous[paper_key].append(previous_key)
    _sql.run(connection, "create_members")
    members: dict[str, list[Member]] = defaultdict(list)
    for stored in _sql.records(connection, "read_members", StoredMember):
        members[stored.paper_key].append(stored.member)
    rows = [_row(connection, key, group, previous[key]) for key, group in members.items()]
    stage(connection, "stage_papers", rows, like="core.papers")
    if len(rows) < len(concerned):
        _sql.run(connection, "delete_papers")
    _sql.run(connection, "merge_papers")


def _row(connection: Connection, paper_key: str, members: Sequence[Member], previous_keys: Iterable[str]) -> Row:
    paper = facts(members)
    return row_of(connection, "core.papers", paper, paper_key=paper_key, previous_keys=sorted(previous_keys))
