"""Keeps people's decisions beside the pages, so that a warehouse rebuilt from the landing honours them too."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from extractors.landing.files import LandingError, write_whole
from transforms.records import HumanDecision, PartitionDecision

Word = TypeVar("Word", HumanDecision, PartitionDecision)


class Words(Generic[Word]):
    """The words of one kind in one landing: `<folder>/*.json`, one file each, written whole or not at all."""

    def __init__(self, landing: Path, folder: str, kind: type[Word]) -> None:
        self._folder = landing / folder
        self._kind: type[Word] = kind

    def keep(self, decisions: Sequence[Word]) -> None:
        """Store the decisions; the same decision again changes nothing."""
        for decision in decisions:
            data = msgspec.json.format(msgspec.json.encode(decision), indent=1) + b"\n"
            digest = hashlib.sha256(data).hexdigest()[:16]
            path = self._folder / f"{decision.decided_at:%Y%m%dT%H%M%S%f}Z__{digest}.json"
            if not path.exists():
                write_whole(path, data)

    def all(self) -> tuple[Word, ...]:
        """Every decision in the order in which they were taken; LandingError names a file that cannot be read."""
        return tuple(self._read(path) for path in sorted(self._folder.glob("*.json")))

    def _read(self, path: Path) -> Word:
        try:
            return msgspec.json.decode(path.read_bytes(), type=self._kind)
        except (OSError, msgspec.MsgspecError) as error:
            raise LandingError(f"{path}: not a decision that can be read: {error}") from error


class Decisions(Words[HumanDecision]):
    """Which sightings are one paper, and which are not."""

    def __init__(self, landing: Path) -> None:
        super().__init__(landing, "decisions", HumanDecision)


class LostPartitions(Words[PartitionDecision]):
    """Which partitions nobody will have any more."""

    def __init__(self, landing: Path) -> None:
        super().__init__(landing, "lost_partitions", PartitionDecision)
