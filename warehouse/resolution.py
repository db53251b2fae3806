"""From changed sightings to papers: compare, cluster, keep the keys, refresh the facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import duckdb
import msgspec

from transforms.blocking import BLOCK_MOST_RECORDS
from transforms.keys import Assignment, Founder, assign, paper_key_of
from transforms.papers import Member, Paper, facts
from transforms.records import Link, Sighting
from transforms.resolve import (
    BLOCK_KEYS_VERSION,
    Comparison,
    Decision,
    Evidence,
    Prepared,
    Record,
    Rule,
    Verdict,
    block_keys,
    check_block,
    cluster,
    compare,
    prepare,
)
from warehouse.readings import Changes
from warehouse.rows import Row
from warehouse.sqlfiles import statement
from warehouse.staging import stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A sighting as a load brought it: its rank within the load, its run, and how far its source is believed."""

    rank: int
    run_id: str
    trust: int
    sighting: Sighting
    content_key: str


@dataclass(frozen=True, slots=True)
class _By:
    """Whom to name for a decision: the run of a sighting that arrived, else the run at hand."""

    arrivals: Mapping[str, Arrival]
    run_id: str

    def run_of(self, keys: Iterable[str]) -> str:
        return max((self.arrivals[key].run_id for key in keys if key in self.arrivals), default=self.run_id)


@dataclass(frozen=True, slots=True)
class _AtHand:
    """What a load brought and is now true of its sightings: it need not be read back from the database."""

    records: Mapping[str, Prepared]
    members: Mapping[str, Member]
    new: frozenset[str] = frozenset()
    unheard: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What a resolution brought: each new paper key with its founding sighting, and pairs with a doubtful id."""

    founded: Mapping[str, str]
    suspects: Sequence[Comparison]


PAPER_FACTS = tuple(field.name for field in fields(Paper))
NOTHING_AT_HAND = _AtHand({}, {})


@dataclass(frozen=True, slots=True)
class _Match:
    paper_key: str
    rule: str
    score: float
    evidence: str
    decided_at_run: str


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
    at_hand = _at_hand(changes, arrivals)
    severed = _forget(connection, said - changes.new | changes.removed)
    found = _compare(connection, said, at_hand)
    component = _component(connection, said, severed, found)
    by = _By(arrivals, run_id)
    assignment, clusters = _key(connection, component, changes.removed, by, at_hand)
    founded = _write_founded(connection, assignment, clusters, at_hand)
    _refresh(connection, changes.moved, clusters.keys() - founded)
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
    everything = frozenset(row[0] for row in connection.execute(statement("read_all_sightings")).fetchall())
    if not everything:
        return
    _forget(connection, everything)
    component = _component(connection, everything, (), _compare(connection, everything, NOTHING_AT_HAND))
    _, clusters = _key(connection, component, frozenset(), _By({}, run_id), NOTHING_AT_HAND)
    _refresh(connection, frozenset(), clusters)


def decide(connection: duckdb.DuckDBPyConnection, rows: Sequence[Row], run_id: str) -> None:
    """Record people's decisions (rows of ops.decisions) and bring the papers concerned up to date.

    A decision about a sighting that is not loaded yet takes effect when it comes.
    """
    stage(connection, "stage_decisions", rows)
    connection.execute(statement("insert_decisions"))
    ends = {str(row[end]) for row in rows for end in ("left_key", "right_key")}
    known = frozenset(records_of(connection, ends))
    component = _component(connection, frozenset(), known, [])
    _, clusters = _key(connection, component, frozenset(), _By({}, run_id), NOTHING_AT_HAND)
    _refresh(connection, frozenset(), clusters)


def records_of(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> dict[str, Prepared]:
    """The resolver's view of the sightings named, ready to be compared."""
    if not _stage_keys(connection, keys):
        return {}
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
    if not _stage_keys(connection, keys):
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


def _at_hand(changes: Changes, arrivals: Mapping[str, Arrival]) -> _AtHand:
    """The arrivals that say what is now current: another page of the same day may outweigh them."""
    current = {
        key: (arrival, changes.said[key].is_listed)
        for key, arrival in arrivals.items()
        if changes.said[key].seen.content_key == arrival.content_key
    }
    return _AtHand(
        records={key: _record_at_hand(key, arrival.sighting) for key, (arrival, _) in current.items()},
        members={key: _member_at_hand(key, arrival, is_listed) for key, (arrival, is_listed) in current.items()},
        new=changes.new,
        unheard=changes.unheard,
    )


def _record_at_hand(key: str, sighting: Sighting) -> Prepared:
    described = sighting.review.summary if sighting.review and sighting.abstract_text is None else None
    return prepare(
        Record(
            key=key,
            source=sighting.source,
            partition_on=sighting.partition_on,
            arxiv_id=sighting.arxiv_id,
            doi=sighting.doi,
            title=sighting.title_text,
            abstract=sighting.abstract_text,
            authors=sighting.authors,
            published_on=sighting.published_on,
            institutions=tuple(institution.name for institution in sighting.institutions),
            urls=tuple(link.url for link in sighting.links),
            author_count=sighting.author_count,
            description=described,
        )
    )


def _member_at_hand(key: str, arrival: Arrival, is_listed: bool) -> Member:  # noqa: FBT001 - a fact, not a switch
    sighting = arrival.sighting
    return Member(
        sighting_key=key,
        source=sighting.source,
        trust=arrival.trust,
        partition_on=sighting.partition_on,
        is_listed=is_listed,
        title=sighting.title_text,
        abstract=sighting.abstract_text,
        authors=sighting.authors,
        author_count=sighting.author_count,
        arxiv_id=sighting.arxiv_id,
        doi=sighting.doi,
        published_on=sighting.published_on,
        published_certainty=sighting.published_certainty,
        organization=sighting.organization,
        institutions=tuple(institution.name for institution in sighting.institutions),
        links=sighting.links,
    )


def _forget(connection: duckdb.DuckDBPyConnection, keys: Collection[str]) -> set[str]:
    """Drop the evidence of sightings that are gone or say something else; returns whom they were the same as."""
    if not keys:
        return set()
    old = comparisons_of(connection, keys)
    connection.execute(statement("delete_blocks"))
    if old:
        connection.execute(statement("delete_comparisons"))
    ends = {end for item in old if item.verdict is Verdict.SAME for end in (item.left, item.right)}
    return ends - set(keys)


def _compare(connection: duckdb.DuckDBPyConnection, said: Collection[str], at_hand: _AtHand) -> list[Comparison]:
    if not said:
        return []
    records = {**at_hand.records, **records_of(connection, said - at_hand.records.keys())}
    blocks = [{"block_key": block, "sighting_key": key} for key in said for block in block_keys(records[key])]
    if not stage(connection, "stage_blocks", blocks):
        return []
    connection.execute(statement("insert_blocks"))
    for block_key, count in connection.execute(statement("read_large_blocks"), {"most": BLOCK_MOST_RECORDS}).fetchall():
        check_block(block_key, count)
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
    connection: duckdb.DuckDBPyConnection,
    component: _Component,
    removed: Collection[str],
    by: _By,
    at_hand: _AtHand,
) -> tuple[Assignment, Mapping[str, Sequence[str]]]:
    """Cluster the component and write who belongs to which paper; returns the paper keys concerned, with members."""
    here = at_hand.records.keys() & component.keys
    records = {key: at_hand.records[key] for key in here} | records_of(connection, component.keys - here)
    clusters = cluster(list(records.values()), component.comparisons, component.decisions)
    before = _matches(connection, {*component.keys, *removed} - at_hand.new)
    founders = _founders(connection, component.keys - at_hand.unheard, before.values())
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
    _write_matches(connection, before, after, removed)
    _write_founders(connection, assignment, founders, by)
    left = {match.paper_key: () for match in before.values()}
    return assignment, {**left, **dict(zip(assignment.keys, clusters, strict=True))}


def _differs(before: _Match | None, after: _Match) -> bool:
    """Whether a decision is another one; who decided it first stays on record while it stands."""
    return before is None or replace(before, decided_at_run=after.decided_at_run) != after


def _matches(connection: duckdb.DuckDBPyConnection, keys: Collection[str]) -> dict[str, _Match]:
    if not _stage_keys(connection, keys):
        return {}
    return {row[0]: _Match(*row[1:]) for row in connection.execute(statement("read_matches")).fetchall()}


def _founders(connection: duckdb.DuckDBPyConnection, keys: Iterable[str], matches: Iterable[_Match]) -> list[Founder]:
    """Every key ever given whose founder is among the sightings, or which one of the matches bears."""
    ever = {*map(paper_key_of, keys), *(match.paper_key for match in matches)}
    if not _stage_paper_keys(connection, ever):
        return []
    rows = connection.execute(statement("read_founders")).fetchall()
    return [Founder(paper_key=row[0], founding_key=row[1], founded_order=row[2]) for row in rows]


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
    connection: duckdb.DuckDBPyConnection,
    before: Mapping[str, _Match],
    after: Mapping[str, _Match],
    removed: Collection[str],
) -> None:
    first = [_match_row(key, match) for key, match in after.items() if key not in before]
    other = [_match_row(key, match) for key, match in after.items() if key in before and _differs(before[key], match)]
    if first:
        stage(connection, "stage_matches", first)
        connection.execute(statement("insert_matches"))
    if other:
        stage(connection, "stage_matches", other)
        connection.execute(statement("merge_matches"))
    if removed:
        _stage_keys(connection, removed)
        connection.execute(statement("delete_matches"))


def _match_row(key: str, match: _Match) -> Row:
    return {
        "sighting_key": key,
        "paper_key": match.paper_key,
        "rule": match.rule,
        "score": match.score,
        "evidence": match.evidence,
        "decided_at_run": match.decided_at_run,
    }


def _write_founders(
    connection: duckdb.DuckDBPyConnection,
    assignment: Assignment,
    founders: Sequence[Founder],
    by: _By,
) -> None:
    if assignment.founded:
        stage(connection, "stage_founders", [_founder_row(founder, by) for founder in assignment.founded])
        connection.execute(statement("insert_founders"))
    if not _stage_paper_keys(connection, {founder.paper_key for founder in founders}):
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
    stage(connection, "stage_redirects", redirects)
    connection.execute(statement("insert_redirects"))


def _founder_row(founder: Founder, by: _By) -> Row:
    return {
        "paper_key": founder.paper_key,
        "founding_key": founder.founding_key,
        "founded_order": founder.founded_order,
        "run_id": by.run_of([founder.founding_key]),
    }


def _write_founded(
    connection: duckdb.DuckDBPyConnection,
    assignment: Assignment,
    clusters: Mapping[str, Sequence[str]],
    at_hand: _AtHand,
) -> set[str]:
    """Write the papers founded now whose members are all at hand: they cannot stand in the table yet."""
    rows = [
        _paper_row(founder.paper_key, facts([at_hand.members[key] for key in clusters[founder.paper_key]]), ())
        for founder in assignment.founded
        if at_hand.members.keys() >= set(clusters[founder.paper_key])
    ]
    if rows:
        stage(connection, "stage_papers", rows)
        connection.execute(statement("insert_papers"))
    return {str(row["paper_key"]) for row in rows}


def _refresh(connection: duckdb.DuckDBPyConnection, moved: Collection[str], keyed: Iterable[str]) -> None:
    """Recompute the facts of the papers whose sightings changed, and drop papers that have none left."""
    concerned = {*keyed, *(match.paper_key for match in _matches(connection, moved).values())}
    if not _stage_paper_keys(connection, concerned):
        return
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
    return {
        "paper_key": paper_key,
        **{name: getattr(paper, name) for name in PAPER_FACTS},
        "previous_keys": sorted(previous_keys),
    }


def _stage_keys(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> int:
    rows = [{"sighting_key": key} for key in sorted(keys)]
    return stage(connection, "stage_keys", rows) if rows else 0


def _stage_paper_keys(connection: duckdb.DuckDBPyConnection, keys: Iterable[str]) -> int:
    rows = [{"paper_key": key} for key in sorted(keys)]
    return stage(connection, "stage_paper_keys", rows) if rows else 0
