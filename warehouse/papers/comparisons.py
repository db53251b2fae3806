"""The stored evidence about pairs of sightings: comparisons, and what hangs together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import msgspec

from transforms.matching.compare import compare
from transforms.matching.model import Comparison, Evidence, PairDecision, Record, Rule, Verdict
from transforms.matching.prepare import Prepared, prepare
from transforms.truth.keys import partition_of
from warehouse.database.sql import statement
from warehouse.database.staging import Row, append, stage
from warehouse.papers.arrivals import AtHand
from warehouse.papers.sideindex import SideIndex


@dataclass(frozen=True, slots=True)
class Component:
    """Everything that is connected to what changed."""

    keys: frozenset[str]
    comparisons: Sequence[Comparison]
    decisions: Sequence[PairDecision]


def forget(connection: duckdb.DuckDBPyConnection, index: SideIndex, keys: Collection[str]) -> set[str]:
    """Drop the evidence of sightings that are gone or say something else; returns whom they were the same as."""
    if not keys:
        return set()
    index.forget(keys)
    old = comparisons_of(connection, keys)
    if old:
        connection.execute(statement("delete_comparisons"))
    ends = {end for item in old if item.verdict is Verdict.SAME for end in (item.left, item.right)}
    return ends - set(keys)


def compare_with_stored(
    connection: duckdb.DuckDBPyConnection, index: SideIndex, said: Collection[str], at_hand: AtHand
) -> list[Comparison]:
    """Compare the sightings, of which the index knows none, with each other and all stored; store what counts."""
    records = {**at_hand.records, **records_of(connection, [key for key in said if key not in at_hand.records])}
    pairs = index.propose(records[key] for key in sorted(said))
    found = [item for left, right in pairs if (item := compare(left, right)) is not None]
    if found:
        append(connection, "core.comparisons", map(_comparison_row, found))
    return found


def component_of(
    connection: duckdb.DuckDBPyConnection, said: frozenset[str], others: Iterable[str], found: Sequence[Comparison]
) -> Component:
    """What hangs together with the sightings in `said`, all of whose comparisons are in `found`, and with `others`."""
    decisions = _decisions(connection)
    keys = set(said)
    comparisons = {(item.left, item.right): item for item in found}
    frontier = (_neighbours(keys, found, decisions) | set(others)) - keys
    while frontier:
        keys |= frontier
        more = comparisons_of(connection, frontier)
        comparisons |= {(item.left, item.right): item for item in more}
        frontier = _neighbours(frontier, more, decisions) - keys
    return Component(frozenset(keys), list(comparisons.values()), decisions)


def _decisions(connection: duckdb.DuckDBPyConnection) -> list[PairDecision]:
    """People's last word about each pair."""
    rows = connection.execute(statement("read_decisions")).fetchall()
    last = {(left, right): is_same for left, right, is_same in rows}
    return [PairDecision(left=left, right=right, is_same=is_same) for (left, right), is_same in sorted(last.items())]


def _neighbours(
    keys: Collection[str], comparisons: Iterable[Comparison], decisions: Iterable[PairDecision]
) -> set[str]:
    pairs = [
        *((item.left, item.right) for item in comparisons if item.verdict is Verdict.SAME),
        *((item.left, item.right) for item in decisions if item.is_same),
    ]
    return {end for pair in pairs if pair[0] in keys or pair[1] in keys for end in pair}


def records_of(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> dict[str, Prepared]:
    """The resolver's view of the sightings named, as the warehouse says it, ready to be compared."""
    if not stage_keys(connection, keys):
        return {}
    connection.execute(statement("create_records"))
    return {row[0]: prepare(_record(row)) for row in connection.execute(statement("read_records")).fetchall()}


def _record(row: tuple[Any, ...]) -> Record:
    return Record(
        key=row[0],
        source=row[1],
        partition_on=row[2],
        arxiv_id=row[3],
        doi=row[4],
        title=row[5],
        abstract=row[6],
        authors=tuple(row[7] or ()),
        published_on=row[8],
        institutions=tuple(row[9] or ()),
        urls=tuple(row[10] or ()),
        author_count=row[11],
        description=row[12],
    )


def comparisons_of(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> list[Comparison]:
    """The stored comparisons in which one of the sightings stands."""
    if not stage_keys(connection, keys):
        return []
    return [
        Comparison(
            left=left,
            right=right,
            verdict=Verdict(verdict),
            rule=Rule(rule),
            score=score,
            evidence=msgspec.json.decode(evidence, type=tuple[Evidence, ...]),
        )
        for left, right, verdict, rule, score, evidence in connection.execute(statement("read_comparisons")).fetchall()
    ]


def _comparison_row(item: Comparison) -> Row:
    return {
        "left_key": item.left,
        "right_key": item.right,
        "verdict": item.verdict,
        "rule": item.rule,
        "score": item.score,
        "evidence": msgspec.json.encode(item.evidence).decode(),
    }


def stage_keys(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> int:
    """Stage sighting keys for the next statement; returns how many."""
    rows = [{"sighting_key": key, "partition_on": partition_of(key)} for key in sorted(keys)]
    return stage(connection, "stage_keys", rows) if rows else 0
