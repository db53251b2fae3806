"""Which sighting belongs to which paper and why, and the keys that papers were given."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from transforms.matching.model import Comparison, Rule, Verdict
from transforms.truth.keys import (
    Assignment,
    Founder,
    paper_key_of,
    partition_of,
)
from warehouse.database.sql import statement
from warehouse.database.staging import Row, append, stage
from warehouse.papers.arrivals import By
from warehouse.papers.comparisons import stage_keys


@dataclass(frozen=True, slots=True)
class Match:
    """Why a sighting belongs to a paper: a row of core.matches."""

    paper_key: str
    rule: str
    score: float
    evidence: str
    decided_at_run: str


def matches_of(connection: duckdb.DuckDBPyConnection, keys: Collection[str]) -> dict[str, Match]:
    """The matches of the sightings named, as they stand."""
    if not stage_keys(connection, keys):
        return {}
    return {row[0]: Match(*row[1:]) for row in connection.execute(statement("read_matches")).fetchall()}


def founders_of(connection: duckdb.DuckDBPyConnection, keys: Iterable[str], matches: Iterable[Match]) -> list[Founder]:
    """Every key ever given whose founder is among the sightings, or which one of the matches bears."""
    ever = {*map(paper_key_of, keys), *(match.paper_key for match in matches)}
    if not stage_paper_keys(connection, ever):
        return []
    rows = connection.execute(statement("read_founders")).fetchall()
    return [Founder(paper_key=row[0], founding_key=row[1], founded_order=row[2]) for row in rows]


def explained(
    members: Sequence[str], paper_key: str, founding_key: str, comparisons: Sequence[Comparison], run_id: str
) -> dict[str, Match]:
    """Why each member belongs: its strongest comparison with another member."""
    inside = set(members)
    best: dict[str, Comparison] = {}
    if len(members) > 1:
        for item in sorted(comparisons, key=lambda item: (-item.score, item.left, item.right)):
            if item.verdict is Verdict.SAME and item.left in inside and item.right in inside:
                best.setdefault(item.left, item)
                best.setdefault(item.right, item)
    return {key: _match(key, paper_key, founding_key, best.get(key), run_id) for key in members}


def _match(key: str, paper_key: str, founding_key: str, best: Comparison | None, run_id: str) -> Match:
    if key == founding_key:
        return Match(paper_key, Rule.FOUNDED, 0.0, "the first sighting of this paper that was loaded", run_id)
    if best is None:
        return Match(
            paper_key, Rule.DECIDED, 0.0, "no evidence of its own: a person's decision or its key's heir", run_id
        )
    other = best.right if best.left == key else best.left
    reasons = "; ".join(f"{item.text} ({item.bits:+.1f} bits)" for item in best.evidence)
    return Match(paper_key, best.rule, best.score, f"with {other}: {reasons}", run_id)


def write_matches(
    connection: duckdb.DuckDBPyConnection,
    before: Mapping[str, Match],
    after: Mapping[str, Match],
    removed: Collection[str],
) -> None:
    """Write the matches that are new or other than before, and drop those of sightings that are gone."""
    first = [_match_row(key, match) for key, match in after.items() if key not in before]
    other = [_match_row(key, match) for key, match in after.items() if key in before and _differs(before[key], match)]
    if first:
        append(connection, "core.matches", first)
    if other:
        stage(connection, "stage_matches", other)
        connection.execute(statement("update_matches"))
    if removed:
        stage_keys(connection, removed)
        connection.execute(statement("delete_matches"))


def _differs(before: Match, after: Match) -> bool:
    """Whether a decision is another one; who decided it first stays on record while it stands."""
    return replace(before, decided_at_run=after.decided_at_run) != after


def _match_row(key: str, match: Match) -> Row:
    return {
        "sighting_key": key,
        "partition_on": partition_of(key),
        "paper_key": match.paper_key,
        "rule": match.rule,
        "score": match.score,
        "evidence": match.evidence,
        "decided_at_run": match.decided_at_run,
    }


def write_founders(
    connection: duckdb.DuckDBPyConnection,
    assignment: Assignment,
    founders: Sequence[Founder],
    by: By,
) -> None:
    """Write the keys given for the first time, and the redirects where they changed."""
    if assignment.founded:
        append(connection, "core.founders", [_founder_row(founder, by) for founder in assignment.founded])
    if not stage_paper_keys(connection, {founder.paper_key for founder in founders}):
        return
    standing = dict(connection.execute(statement("read_redirects")).fetchall())
    ours = {founder.paper_key for founder in founders}
    if {key: target for key, target in standing.items() if key in ours} == assignment.redirects:
        return
    connection.execute(statement("delete_redirects"))
    redirects = [
        {"previous_key": previous, "paper_key": paper_key, "decided_at_run": by.run_id}
        for previous, paper_key in sorted(assignment.redirects.items())
    ]
    append(connection, "core.redirects", redirects)


def _founder_row(founder: Founder, by: By) -> Row:
    return {
        "paper_key": founder.paper_key,
        "founding_key": founder.founding_key,
        "founded_order": founder.founded_order,
        "run_id": by.run_of([founder.founding_key]),
    }


def stage_paper_keys(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> int:
    """Stage paper keys for the next statement; returns how many."""
    rows = [{"paper_key": key} for key in sorted(keys)]
    return stage(connection, "stage_paper_keys", rows) if rows else 0
