"""Papers as they are stored: which sighting belongs to which and why, the keys they were given, their facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from transforms.matching.model import Comparison, Rule, Verdict
from transforms.records import Sighting
from transforms.truth.keys import (
    Assignment,
    Founder,
    paper_key_of,
    partition_of,
)
from transforms.truth.paper import Member, facts
from transforms.truth.partition import Current
from warehouse.database.sql import Connection, Row, Statements, append, row_of, stage
from warehouse.papers.changes import Arrival
from warehouse.papers.comparisons import stage_keys

# Verdicts of pairs that may have been joined.
ONE_PAPER = frozenset({Verdict.SAME, Verdict.OTHER_IDENTIFIER})

# A fact that has the same name in both records needs no line in `member_of`.
_SHARED = {each.name for each in fields(Member)} & {each.name for each in fields(Sighting)} - {"institutions"}

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Why a sighting belongs to a paper: a row of core.matches."""

    sighting_key: str
    paper_key: str
    rule: str
    score: float
    evidence: str
    decided_at_run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMember:
    """A member and its paper."""

    paper_key: str
    member: Member


@dataclass(frozen=True, slots=True)
class Attribution:
    """Which run decided something: the one that brought a sighting, else the current one."""

    arrivals: Mapping[str, Arrival]
    run_id: str

    def run_of(self, keys: Iterable[str]) -> str:
        """The latest run that brought one of the sightings."""
        return max((self.arrivals[key].run_id for key in keys if key in self.arrivals), default=self.run_id)


def matches_of(connection: Connection, keys: Collection[str]) -> dict[str, Match]:
    """The stored matches of the sightings, by sighting."""
    stored = _sql.records(connection, "read_matches", Match) if stage_keys(connection, keys) else []
    return {match.sighting_key: match for match in stored}


def founders_of(connection: Connection, keys: Iterable[str], matches: Iterable[Match]) -> list[Founder]:
    """Every key ever given whose founder is among the sightings, or which one of the matches has."""
    given = {*map(paper_key_of, keys), *(match.paper_key for match in matches)}
    return _sql.records(connection, "read_founders", Founder) if stage_paper_keys(connection, given) else []


def redirects_of(connection: Connection) -> dict[str, str]:
    """The redirects from or to the paper keys that were staged last: each previous key with its paper's key."""
    return dict(_sql.run(connection, "read_redirects").fetchall())


def strongest(clusters: Iterable[Sequence[str]], comparisons: Iterable[Comparison]) -> dict[str, Comparison]:
    """For each member of a cluster that was compared with another member: the strongest comparison."""
    place = {key: number for number, members in enumerate(clusters) if len(members) > 1 for key in members}
    best: dict[str, Comparison] = {}
    for item in sorted(comparisons, key=lambda item: (-item.score, item.left, item.right)):
        if item.verdict in ONE_PAPER and item.left in place and place[item.left] == place.get(item.right):
            best.setdefault(item.left, item)
            best.setdefault(item.right, item)
    return best


def explain_matches(
    members: Sequence[str], paper_key: str, founding_key: str, best: Mapping[str, Comparison], run_id: str
) -> dict[str, Match]:
    """Why each member belongs, given its strongest comparison with another member, if there is one."""
    return {key: _match(key, paper_key, founding_key, best.get(key), run_id) for key in members}


def _match(key: str, paper_key: str, founding_key: str, best: Comparison | None, run_id: str) -> Match:
    match = Match(
        sighting_key=key,
        paper_key=paper_key,
        rule=Rule.FOUNDED,
        score=0.0,
        evidence="the first sighting of this paper that was loaded",
        decided_at_run=run_id,
    )
    if key == founding_key:
        return match
    if best is None:
        return replace(match, rule=Rule.DECIDED, evidence="no direct evidence: manual decision or inherited key")
    other = best.right if best.left == key else best.left
    reasons = "; ".join(f"{item.text} ({item.bits:+.1f} bits)" for item in best.evidence)
    return replace(match, rule=best.rule, score=best.score, evidence=f"with {other}: {reasons}")


def write_matches(
    connection: Connection,
    before: Mapping[str, Match],
    after: Mapping[str, Match],
    removed: Collection[str],
) -> None:
    """Write the matches that are new or differ, and delete those of sightings that are gone."""
    append(
        connection, "core.matches", [_match_row(connection, match) for key, match in after.items() if key not in before]
    )
    other = [
        _match_row(connection, match) for key, match in after.items() if key in before and _differs(before[key], match)
    ]
    if other:
        stage(connection, "stage_matches", other, like="core.matches")
        _sql.run(connection, "merge_matches")
    if removed:
        stage_keys(connection, removed)
        _sql.run(connection, "delete_matches")


def _differs(before: Match, after: Match) -> bool:
    """Whether a decision is another one; the run that decided it first stays on record while it stands."""
    return replace(before, decided_at_run=after.decided_at_run) != after


def _match_row(connection: Connection, match: Match) -> Row:
    return row_of(connection, "core.matches", match, partition_on=partition_of(match.sighting_key))


def write_founders(
    connection: Connection,
    assignment: Assignment,
    founders: Sequence[Founder],
    attribution: Attribution,
) -> None:
    """Write the keys given for the first time, and the redirects where they changed."""
    founded = [
        row_of(connection, "core.founders", founder, run_id=attribution.run_of([founder.founding_key]))
        for founder in assignment.founded
    ]
    append(connection, "core.founders", founded)
    given = {founder.paper_key for founder in founders}
    if not stage_paper_keys(connection, given):
        return
    if {key: paper for key, paper in redirects_of(connection).items() if key in given} == assignment.redirects:
        return
    _sql.run(connection, "delete_redirects")
    redirects = [
        {"previous_key": previous, "paper_key": paper_key, "decided_at_run": attribution.run_id}
        for previous, paper_key in sorted(assignment.redirects.items())
    ]
    append(connection, "core.redirects", redirects)


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
    append(connection, "core.papers", [_paper_row(connection, key, group, ()) for key, group in founded.items()])
    return set(founded)


def member_of(arrival: Arrival, current: Current, *, is_doubtful: bool) -> Member:
    """A sighting that arrived as a member of a paper; `read_members.sql` makes the same of what is stored.

    Args:
        arrival: the sighting.
        current: whether it stands on the current list.
        is_doubtful: whether a clearly different paper has its identifier.
    """
    sighting = arrival.sighting
    return Member(
        **{name: getattr(sighting, name) for name in _SHARED},
        sighting_key=sighting.sighting_key,
        trust=arrival.trust,
        is_archive=arrival.is_archive,
        is_listed=current.is_listed,
        is_review=sighting.review is not None,
        is_doubtful=is_doubtful,
        title=sighting.title_text,
        abstract=sighting.abstract_text,
        institutions=tuple(institution.name for institution in sighting.institutions),
    )


def refresh_papers(connection: Connection, relisted: Collection[str], keyed: Iterable[str]) -> None:
    """Recompute the facts of the papers whose sightings changed, and delete papers that have none left.

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
    rows = [_paper_row(connection, key, group, previous[key]) for key, group in members.items()]
    stage(connection, "stage_papers", rows, like="core.papers")
    if len(rows) < len(concerned):
        _sql.run(connection, "delete_papers")
    _sql.run(connection, "merge_papers")


def _paper_row(connection: Connection, paper_key: str, members: Sequence[Member], previous_keys: Iterable[str]) -> Row:
    paper = facts(members)
    return row_of(connection, "core.papers", paper, paper_key=paper_key, previous_keys=sorted(previous_keys))


def stage_paper_keys(connection: Connection, keys: Iterable[str]) -> int:
    """Stage paper keys for the next statement; returns how many."""
    rows = [{"paper_key": key} for key in sorted(keys)]
    return stage(connection, "stage_paper_keys", rows, like="core.papers") if rows else 0
