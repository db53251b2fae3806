"""The stored evidence about pairs of sightings: blocks, comparisons, and what hangs together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import msgspec

from transforms.blocking import BLOCK_MOST_RECORDS, SAMPLES_SHARED_LEAST
from transforms.keys import partition_of
from transforms.resolve import (
    Comparison,
    Decision,
    Evidence,
    Prepared,
    Record,
    Rule,
    Verdict,
    block_keys,
    check_block,
    compare,
    prepare,
)
from warehouse.arrivals import AtHand
from warehouse.rows import Row
from warehouse.sqlfiles import statement
from warehouse.staging import stage

BLOCKS_SCANNED_ALONE = 1_000_000


@dataclass(frozen=True, slots=True)
class Component:
    """Everything that is connected to what changed."""

    keys: frozenset[str]
    comparisons: Sequence[Comparison]
    decisions: Sequence[Decision]


def forget(connection: duckdb.DuckDBPyConnection, keys: Collection[str]) -> set[str]:
    """Drop the evidence of sightings that are gone or say something else; returns whom they were the same as."""
    if not keys:
        return set()
    old = comparisons_of(connection, keys)
    connection.execute(statement("delete_blocks"))
    if old:
        connection.execute(statement("delete_comparisons"))
    ends = {end for item in old if item.verdict is Verdict.SAME for end in (item.left, item.right)}
    return ends - set(keys)


def compare_with_stored(
    connection: duckdb.DuckDBPyConnection, said: Collection[str], at_hand: AtHand
) -> list[Comparison]:
    """Compare the sightings with every stored one that the blocks propose, and store what counts."""
    if not said:
        return []
    records = {**at_hand.records, **records_of(connection, said - at_hand.records.keys())}
    blocks = [{"block_key": block, "sighting_key": key} for key in said for block in block_keys(records[key])]
    if not stage(connection, "stage_blocks", blocks):
        return []
    connection.execute(statement("insert_blocks"))
    if not _find_shared_places(connection):
        return []
    for block_key, count in connection.execute(statement("read_large_blocks"), {"most": BLOCK_MOST_RECORDS}).fetchall():
        check_block(block_key, count)
    connection.execute(statement("create_shared_blocks"))
    pairs = connection.execute(statement("read_candidates"), {"samples": SAMPLES_SHARED_LEAST}).fetchall()
    records |= records_of(connection, {key for pair in pairs for key in pair} - records.keys())
    compared = (compare(records[left], records[right]) for left, right in pairs)
    found = [item for item in compared if item is not None]
    if found:
        stage(connection, "stage_comparisons", map(_comparison_row, found))
        connection.execute(statement("insert_comparisons"))
    return found


def _find_shared_places(connection: duckdb.DuckDBPyConnection) -> int:
    """Find the rows with the staged blocks that are not alone: the one large scan of a load, of one column.

    It takes all threads where that pays. Returns how many rows there are.
    """
    ((stored,),) = connection.execute(statement("read_blocks_count")).fetchall()
    is_large = stored > BLOCKS_SCANNED_ALONE
    if is_large:
        connection.execute("reset threads")
    ((shared,),) = connection.execute(statement("create_shared_places")).fetchall()
    if is_large:
        connection.execute("set threads = 1")
    return int(shared)


def component_of(
    connection: duckdb.DuckDBPyConnection, said: frozenset[str], others: Iterable[str], found: Sequence[Comparison]
) -> Component:
    """What hangs together with the sightings in `said`, all of whose comparisons are in `found`, and with `others`."""
    decisions = [
        Decision(left=left, right=right, is_same=is_same)
        for left, right, is_same in connection.execute(statement("read_decisions")).fetchall()
    ]
    keys = set(said)
    comparisons = {(item.left, item.right): item for item in found}
    frontier = (_neighbours(keys, found, decisions) | set(others)) - keys
    while frontier:
        keys |= frontier
        more = comparisons_of(connection, frontier)
        comparisons |= {(item.left, item.right): item for item in more}
        frontier = _neighbours(frontier, more, decisions) - keys
    return Component(frozenset(keys), list(comparisons.values()), decisions)


def _neighbours(keys: Collection[str], comparisons: Iterable[Comparison], decisions: Iterable[Decision]) -> set[str]:
    pairs = [
        *((item.left, item.right) for item in comparisons if item.verdict is Verdict.SAME),
        *((item.left, item.right) for item in decisions if item.is_same),
    ]
    return {end for pair in pairs if pair[0] in keys or pair[1] in keys for end in pair}


def records_of(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> dict[str, Prepared]:
    """The resolver's view of the sightings named, ready to be compared."""
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
