"""Keeps people's decisions beside the pages, so that a warehouse rebuilt from the landing honours them too."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from extractors.disk import LandingError, write_whole
from transforms.records import HumanDecision


class Decisions:
    """The decisions of one landing: `decisions/*.json`, one file each, written whole or not at all."""

    def __init__(self, landing: Path) -> None:
        self._folder = landing / "decisions"

    def keep(self, decisions: Sequence[HumanDecision]) -> None:
        """Store the decisions; the same decision again changes nothing."""
        for decision in decisions:
            data = msgspec.json.format(msgspec.json.encode(decision), indent=1) + b"\n"
            digest = hashlib.sha256(data).hexdigest()[:16]
            path = self._folder / f"{decision.decided_at:%Y%m%dT%H%M%S%f}Z__{digest}.json"
            if not path.exists():
                write_whole(path, data)

    def all(self) -> tuple[HumanDecision, ...]:
        """Every decision in the order in which they were taken; LandingError names a file that cannot be read."""
        return tuple(_read(path) for path in sorted(self._folder.glob("*.json")))


def _read(path: Path) -> HumanDecision:
    try:
        return msgspec.json.decode(path.read_bytes(), type=HumanDecision)
    except (OSError, msgspec.MsgspecError) as error:
        raise LandingError(f"{path}: not a decision that can be read: {error}") from error
