"""Placeholder until the interests are merged."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.digest.records import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Why."""

    score: float
    reasons: tuple[Reason, ...]
