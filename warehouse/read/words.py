"""Which of the decisions that a landing keeps are on record in a warehouse or snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from transforms.records import Decision, HumanDecision, PartitionDecision, WithholdDecision
from warehouse.database.sql import Connection, Statements

Decided = TypeVar("Decided", bound=Decision)

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recorded:
    """What makes a decision this one and no other."""

    kind: str
    one: str
    other: str
    decided_at: datetime


def unrecorded(connection: Connection, decisions: Iterable[Decided]) -> tuple[Decided, ...]:
    """Those of the decisions that are not on record, in their order."""
    listed = tuple(decisions)
    recorded = set(_sql.records(connection, "read_recorded", _Recorded)) if listed else set()
    return tuple(each for each in listed if _as_recorded(each) not in recorded)


def unkept(connection: Connection, decisions: Iterable[Decision]) -> int:
    """How many decisions are on record that are not among these."""
    recorded = set(_sql.records(connection, "read_recorded", _Recorded))
    return len(recorded - {_as_recorded(each) for each in decisions})


def _as_recorded(decision: Decision) -> _Recorded:
    if isinstance(decision, HumanDecision):
        one, other = sorted((decision.left, decision.right))
        return _Recorded(kind="paper", one=one, other=other, decided_at=decision.decided_at)
    if isinstance(decision, WithholdDecision):
        return _Recorded(kind="withheld", one=decision.decision_id, other="", decided_at=decision.decided_at)
    kind = "lost" if isinstance(decision, PartitionDecision) else "forgotten"
    day = decision.partition_on.isoformat()
    return _Recorded(kind=kind, one=decision.source, other=day, decided_at=decision.decided_at)
