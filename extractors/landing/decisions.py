"""Keeps people's decisions beside the pages, so that a warehouse rebuilt from the landing has them too."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from extractors.errors import LandingError
from extractors.landing.files import OTHER_BYTES, write_whole
from transforms.records import Decision, HumanDecision, PartitionDecision, ReadingDecision, WithholdDecision

Decided = TypeVar("Decided", bound=Decision)


class DecisionStore(Generic[Decided]):
    """The decisions of one kind in one landing: `<folder>/*.json`, one file each, written whole or not at all."""

    def __init__(self, folder: Path, kind: type[Decided]) -> None:
        self._folder = folder
        self._kind: type[Decided] = kind

    def keep(self, decisions: Sequence[Decided]) -> None:
        """Store the decisions; the same decision again changes nothing."""
        for decision in decisions:
            path, data = self._file_of(decision)
            if not path.exists():
                write_whole(path, data)

    def take_back(self, decisions: Sequence[Decided]) -> None:
        """Remove decisions that were just kept and could not be recorded: their command says that nothing was done."""
        for decision in decisions:
            self._file_of(decision)[0].unlink(missing_ok=True)

    def all(self) -> tuple[Decided, ...]:
        """Every decision in the order in which they were taken; LandingError names a file that cannot be read."""
        return tuple(self._read(path) for path in sorted(self._folder.glob("*.json")))

    def _file_of(self, decision: Decided) -> tuple[Path, bytes]:
        data = msgspec.json.format(msgspec.json.encode(decision), indent=1) + b"\n"
        return self._folder / f"{decision.decided_at:%Y%m%dT%H%M%S%f}Z__{_digest(data)}.json", data

    def _read(self, path: Path) -> Decided:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise LandingError(f"{path}: a decision cannot be read: {error.strerror}") from error
        if not path.stem.endswith(_digest(data)):
            raise LandingError(f"{path}: not a decision that can be read: {OTHER_BYTES}")
        try:
            return msgspec.json.decode(data, type=self._kind)
        except msgspec.MsgspecError as error:
            raise LandingError(f"{path}: not a decision that can be read: {error}") from error


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def paper_decisions(landing: Path) -> DecisionStore[HumanDecision]:
    """Which sightings are one paper, and which are not."""
    return DecisionStore(landing / "decisions", HumanDecision)


def partition_decisions(landing: Path) -> DecisionStore[PartitionDecision]:
    """Which partitions are given up as unrecoverable, and which are asked for again."""
    return DecisionStore(landing / "lost_partitions", PartitionDecision)


def reading_decisions(landing: Path) -> DecisionStore[ReadingDecision]:
    """Which readings of a partition do not count, and which count again."""
    return DecisionStore(landing / "forgotten_partitions", ReadingDecision)


def withhold_decisions(landing: Path) -> DecisionStore[WithholdDecision]:
    """Which texts and names are not published, and which are again."""
    return DecisionStore(landing / "withheld", WithholdDecision)
