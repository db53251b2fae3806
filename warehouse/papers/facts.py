"""The facts of papers, written anew wherever a sighting of theirs changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields

import duckdb

from transforms.records import Link
from transforms.truth.keys import Assignment
from transforms.truth.paper import Member, Paper, facts
from warehouse.database.sql import statement
from warehouse.database.staging import Row, append, stage
from warehouse.papers.arrivals import AtHand
from warehouse.papers.matches import matches_of, stage_paper_keys

PAPER_FACTS = tuple(field.name for field in fields(Paper))


def write_founded(
    connection: duckdb.DuckDBPyConnection,
    assignment: Assignment,
    clusters: Mapping[str, Sequence[str]],
    at_hand: AtHand,
) -> set[str]:
    """Write the papers founded now whose members are all at hand: they cannot stand in the table yet."""
    rows = [
        _paper_row(founder.paper_key, facts([at_hand.members[key] for key in clusters[founder.paper_key]]), ())
        for founder in assignment.founded
        if at_hand.members.keys() >= set(clusters[founder.paper_key])
    ]
    if rows:
        append(connection, "core.papers", rows)
    return {str(row["paper_key"]) for row in rows}


def refresh(connection: duckdb.DuckDBPyConnection, moved: Collection[str], keyed: Iterable[str]) -> None:
    """Recompute the facts of the papers whose sightings changed, and drop papers that have none left."""
    concerned = {*keyed, *(match.paper_key for match in matches_of(connection, moved).values())}
    if not stage_paper_keys(connection, concerned):
        return
    previous: dict[str, list[str]] = {}
    for old, new in connection.execute(statement("read_redirects")).fetchall():
        previous.setdefault(new, []).append(old)
    connection.execute(statement("create_members"))
    members: dict[str, list[Member]] = {}
    for row in connection.execute(statement("read_members")).fetchall():
        members.setdefault(row[0], []).append(_member(row[1:]))
    rows = [_paper_row(key, facts(group), previous.get(key, [])) for key, group in members.items()]
    stage(connection, "stage_papers", rows)
    if len(rows) < len(concerned):
        connection.execute(statement("delete_papers"))
    connection.execute(statement("merge_papers"))


def _member(row: tuple[object, ...]) -> Member:
    (
        key,
        source,
        trust,
        day,
        is_listed,
        title,
        abstract,
        authors,
        count,
        arxiv_id,
        doi,
        on,
        certain,
        org,
        inst,
        links,
    ) = row
    return Member(  # the columns are typed by the database
        sighting_key=key,  # type: ignore[arg-type]
        source=source,  # type: ignore[arg-type]
        trust=trust,  # type: ignore[arg-type]
        partition_on=day,  # type: ignore[arg-type]
        is_listed=is_listed,  # type: ignore[arg-type]
        title=title,  # type: ignore[arg-type]
        abstract=abstract,  # type: ignore[arg-type]
        authors=tuple(authors or ()),  # type: ignore[arg-type]
        author_count=count,  # type: ignore[arg-type]
        arxiv_id=arxiv_id,  # type: ignore[arg-type]
        doi=doi,  # type: ignore[arg-type]
        published_on=on,  # type: ignore[arg-type]
        published_certainty=certain,  # type: ignore[arg-type]
        organization=org,  # type: ignore[arg-type]
        institutions=tuple(inst or ()),  # type: ignore[arg-type]
        links=tuple(Link(**link) for link in (links or ())),  # type: ignore[attr-defined]
    )


def _paper_row(paper_key: str, paper: Paper, previous_keys: Sequence[str]) -> Row:
    return {
        "paper_key": paper_key,
        **{name: getattr(paper, name) for name in PAPER_FACTS},
        "previous_keys": sorted(previous_keys),
    }
