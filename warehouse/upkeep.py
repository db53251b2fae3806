"""What the upkeep of a warehouse does, and what a shared one takes: records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

GRACE = timedelta(hours=24)
"""So long a state that is published no more stays: a reader who opened it may still be at work."""


FILES_MOST, STATES_MOST = 5_000, 5_000
"""Beyond these the upkeep has not run for long: a load adds a few files and two states, and one upkeep a night leaves
some hundreds (2026-11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeSize:
    """What a lake has: Parquet files with their bytes, and states (snapshots) in its catalog."""

    files_count: int
    bytes: int
    states_count: int

    @property
    def is_untidy(self) -> bool:
        """Whether the upkeep is wanted."""
        return self.files_count > FILES_MOST or self.states_count > STATES_MOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """What an upkeep did: states that went, files that were deleted, and the sizes before and after."""

    states_expired: int
    files_deleted: int
    before: LakeSize
    after: LakeSize
