"""From changed sightings to papers: compare, cluster, keep the keys, refresh the facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import duckdb
import msgspec

from transforms.keys import Assignment, Founder, assign
from transforms.papers import Member, Paper, facts
from transforms.records import Link
from transforms.resolve import (
    Comparison,
    Decision,
    Evidence,
    Record,
    Rule,
    Verdict,
    block_keys,
    cluster,
    compare,
)
from warehouse.readings import Changes
from warehouse.rows import Row
from warehouse.sqlfiles import statement
from warehouse.staging import stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Who brought a sighting: its rank within the load, and its run."""

    rank: int
    run_id: str


@dataclass(frozen=True, slots=True)
class _By:
    """Whom to name for a decision: the run of a sighting that arrived, else the run at hand."""

    arrivals: Mapping[str, Arrival]
    run_id: str

    def run_of(self, keys: Iterable[str]) -> str:
        return max((self.arrivals[key].run_id for key in keys if key in self.arrivals), default=self.run_id)


@dataclass(frozen=True, slots=True)
class _Match:
    paper_key: str
    rule: str
    score: float
    evidence: str
    decided_at_run: str


def resolve(
    connection: duckdb.DuckDBPyConnection, changes: Changes, arrivals: Mapping[str, Arrival], run_id: str
) -> Mapping[str, str]:
    """Bring papers up to date with what changed; returns each newly given paper key with its founding sighting.

    Args:
        connection: an open transaction in which the sightings are already current.
        changes: what changed.
        arrivals: who brought the sightings that are new or say something else.
        run_id: the run to name for decisions that no arrival explains.
    """
    severed = _forget(connection, changes.said | changes.removed)
    found = _compare(connection, changes.said)
    component = _component(connection, changes.said, severed, found)
    by = _By(arrivals, run_id)
    assignment, keyed = _key(connection, component, changes.removed, by)
    _refresh(connection, changes.moved, keyed)
    return {founder.paper_key: founder.founding_key for founder in assignment.founded}


def decide(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row], run_id: str) -> None:
    """Record people's decisions (rows of ops.decisions) and bring the papers concerned up to date.

    A decision about a sighting that is not loaded yet takes effect when it comes.
    """
    stage(connection, "stage_decisions", rows)
    connection.execute(statement("insert_decisions"))
    ends = {str(row[end]) for row in rows for end in ("left_key", "right_key")}
    known = frozenset(records_of(connection, ends))
    component = _component(connection, frozenset(), known, [])
    _, keyed = _key(connection, component, frozenset(), _By({}, run_id))
    _refresh(connection, frozenset(), keyed)


def records_of(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> dict[str, Record]:
    """The resolver's view of the sightings named."""
    _stage_keys(connection, keys)
    return {
        row[0]: Record(
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
        )
        for row in connection.execute(statement("read_records")).fetchall()
    }


def comparisons_of(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> list[Comparison]:
    """The stored comparisons in which one of the sightings stands."""
    _stage_keys(connection, keys)
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


def _forget(connection: duckdb.DuckDBPyConnection, keys: Collection[str]) -> set[str]:
    """Drop the evidence of sightings that are gone or say something else; returns whom they were the same as."""
    old = comparisons_of(connection, keys)
    if not keys:
        return set()
    connection.execute(statement("delete_blocks"))
    if old:
        connection.execute(statement("delete_comparisons"))
    ends = {end for item in old if item.verdict is Verdict.SAME for end in (item.left, item.right)}
    return ends - set(keys)


def _compare(connection: duckdb.DuckDBPyConnection, said: Collection[str]) -> list[Comparison]:
    records = records_of(connection, said)
    blocks = [
        {"block_key": block, "sighting_key": key} for key, record in records.items() for block in block_keys(record)
    ]
    stage(connection, "stage_blocks", blocks)
    connection.execute(statement("insert_blocks"))
    pairs = connection.execute(statement("read_candidates")).fetchall()
    records |= records_of(connection, {key for pair in pairs for key in pair} - records.keys())
    compared = (compare(records[left], records[right]) for left, right in pairs)
    found = [item for item in compared if item is not None]
    if found:
        stage(connection, "stage_comparisons", map(_comparison_row, found))
        connection.execute(statement("insert_comparisons"))
    return found


def _comparison_row(item: Comparison) -> Row:
    return {
        "left_key": item.left,
        "right_key": item.right,
        "verdict": item.verdict,
        "rule": item.rule,
        "score": item.score,
        "evidence": msgspec.json.encode(item.evidence).decode(),
    }


@dataclass(frozen=True, slots=True)
class _Component:
    """Everything that is connected to what changed."""

    keys: frozenset[str]
    comparisons: Sequence[Comparison]
    decisions: Sequence[Decision]


def _component(
    connection: duckdb.DuckDBPyConnection, said: frozenset[str], others: Iterable[str], found: Sequence[Comparison]
) -> _Component:
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
    return _Component(frozenset(keys), list(comparisons.values()), decisions)


def _neighbours(keys: Collection[str], comparisons: Iterable[Comparison], decisions: Iterable[Decision]) -> set[str]:
    pairs = [
        *((item.left, item.right) for item in comparisons if item.verdict is Verdict.SAME),
        *((item.left, item.right) for item in decisions if item.is_same),
    ]
    return {end for pair in pairs if pair[0] in keys or pair[1] in keys for end in pair}


def _key(
    connection: duckdb.DuckDBPyConnection, component: _Component, removed: Collection[str], by: _By
) -> tuple[Assignment, set[str]]:
    """Cluster the component and write who belongs to which paper; returns the paper keys concerned."""
    records = records_of(connection, component.keys)
    clusters = cluster(list(records.values()), component.comparisons, component.decisions)
    before = _matches(connection, {*component.keys, *removed})
    founders = [Founder(paper_key=row[0], founding_key=row[1], founded_order=row[2]) for row in _founders(connection)]
    ((last_order,),) = connection.execute(statement("read_founded_order")).fetchall()
    assignment = assign(
        clusters,
        founders,
        {key: match.paper_key for key, match in before.items() if key not in removed},
        {key: arrival.rank for key, arrival in by.arrivals.items()},
        last_order + 1,
    )
    founding = {founder.paper_key: founder.founding_key for founder in (*founders, *assignment.founded)}
    after: dict[str, _Match] = {}
    for members, paper_key in zip(clusters, assignment.keys, strict=True):
        run = by.run_of(members)
        after |= _explained(members, paper_key, founding[paper_key], component.comparisons, run)
    changed = {key: match for key, match in after.items() if _differs(before.get(key), match)}
    _write_matches(connection, changed, removed)
    _write_founders(connection, assignment, founders, by)
    return assignment, {match.paper_key for match in (*before.values(), *after.values())}


def _differs(before: _Match | None, after: _Match) -> bool:
    """Whether a decision is another one; who decided it first stays on record while it stands."""
    return before is None or replace(before, decided_at_run=after.decided_at_run) != after


def _matches(connection: duckdb.DuckDBPyConnection, keys: Collection[str]) -> dict[str, _Match]:
    _stage_keys(connection, keys)
    return {row[0]: _Match(*row[1:]) for row in connection.execute(statement("read_matches")).fetchall()}


def _founders(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int]]:
    """Founders among the staged keys (left by `_matches`)."""
    return connection.execute(statement("read_founders")).fetchall()


def _explained(
    members: Sequence[str], paper_key: str, founding_key: str, comparisons: Sequence[Comparison], run_id: str
) -> dict[str, _Match]:
    """Why each member belongs: its strongest comparison with another member."""
    inside = set(members)
    best: dict[str, Comparison] = {}
    if len(members) > 1:
        for item in sorted(comparisons, key=lambda item: (-item.score, item.left, item.right)):
            if item.verdict is Verdict.SAME and item.left in inside and item.right in inside:
                best.setdefault(item.left, item)
                best.setdefault(item.right, item)
    return {key: _match(key, paper_key, founding_key, best.get(key), run_id) for key in members}


def _match(key: str, paper_key: str, founding_key: str, best: Comparison | None, run_id: str) -> _Match:
    if key == founding_key:
        return _Match(paper_key, Rule.FOUNDED, 0.0, "the first sighting of this paper that was loaded", run_id)
    if best is None:
        return _Match(
            paper_key, Rule.DECIDED, 0.0, "no evidence of its own: a person's decision or its key's heir", run_id
        )
    other = best.right if best.left == key else best.left
    reasons = "; ".join(f"{item.text} ({item.bits:+.1f} bits)" for item in best.evidence)
    return _Match(paper_key, best.rule, best.score, f"with {other}: {reasons}", run_id)


def _write_matches(
    connection: duckdb.DuckDBPyConnection, changed: Mapping[str, _Match], removed: Collection[str]
) -> None:
    if changed:
        rows = [
            {
                "sighting_key": key,
                "paper_key": match.paper_key,
                "rule": match.rule,
                "score": match.score,
                "evidence": match.evidence,
                "decided_at_run": match.decided_at_run,
            }
            for key, match in changed.items()
        ]
        stage(connection, "stage_matches", rows)
        connection.execute(statement("merge_matches"))
    if removed:
        _stage_keys(connection, removed)
        connection.execute(statement("delete_matches"))


def _write_founders(
    connection: duckdb.DuckDBPyConnection,
    assignment: Assignment,
    founders: Sequence[Founder],
    by: _By,
) -> None:
    if assignment.founded:
        rows = [{**asdict(founder), "run_id": by.run_of([founder.founding_key])} for founder in assignment.founded]
        stage(connection, "stage_founders", rows)
        connection.execute(statement("insert_founders"))
    _stage_paper_keys(connection, {founder.paper_key for founder in founders})
    standing = dict(connection.execute(statement("read_redirects")).fetchall())
    ours = {founder.paper_key for founder in founders}
    if {key: target for key, target in standing.items() if key in ours} == assignment.redirects:
        return
    connection.execute(statement("delete_redirects"))
    redirects = [
        {"previous_key": previous, "paper_key": paper_key, "decided_at_run": by.run_id}
        for previous, paper_key in sorted(assignment.redirects.items())
    ]
    stage(connection, "stage_redirects", redirects)
    connection.execute(statement("insert_redirects"))


def _refresh(connection: duckdb.DuckDBPyConnection, moved: Collection[str], keyed: set[str]) -> None:
    """Recompute the facts of the papers whose sightings changed, and drop papers that have none left."""
    concerned = keyed | ({match.paper_key for match in _matches(connection, moved).values()} if moved else set())
    if not concerned:
        return
    _stage_paper_keys(connection, concerned)
    previous: dict[str, list[str]] = {}
    for old, new in connection.execute(statement("read_redirects")).fetchall():
        previous.setdefault(new, []).append(old)
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
    return {"paper_key": paper_key, **asdict(paper), "previous_keys": sorted(previous_keys)}


def _stage_keys(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> None:
    stage(connection, "stage_keys", [{"sighting_key": key} for key in sorted(keys)])


def _stage_paper_keys(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> None:
    stage(connection, "stage_paper_keys", [{"paper_key": key} for key in sorted(keys)])
