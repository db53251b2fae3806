"""What the upkeep of a warehouse does, and what a shared one takes: records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

GRACE = timedelta(hours=24)
"""So long a state that is published no more stays: a reader who opened it may still be at work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeSize:
    """What a lake has: Parquet files with their bytes, and states (snapshots) in its catalog."""

    files_count: int
    bytes: int
    states_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """What an upkeep did: states that went, files that were deleted, and the sizes before and after."""

    states_expired: int
    files_deleted: int
    before: LakeSize
    after: LakeSize
