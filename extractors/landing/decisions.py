"""Keeps people's decisions beside the pages, so that a warehouse rebuilt from the landing has them too."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec

from extractors.errors import LandingError
from extractors.landing.files import OTHER_BYTES
from extractors.landing.storage import Storage
from transforms.records import Decision, HumanDecision, PartitionDecision, ReadingDecision, WithholdDecision

Decided = TypeVar("Decided", bound=Decision)


class DecisionStore(Generic[Decided]):
    """The decisions of one kind in one landing: `<folder>/*.json`, one file each, written whole or not at all."""

    def __init__(self, storage: Storage, folder: str, kind: type[Decided]) -> None:
        self._storage, self._folder = storage, folder
        self._kind: type[Decided] = kind

    def keep(self, decisions: Sequence[Decided]) -> None:
        """Store the decisions; the same decision again changes nothing."""
        for decision in decisions:
            self._storage.create(*self._file_of(decision))

    def take_back(self, decisions: Sequence[Decided]) -> None:
        """Remove decisions that were just kept and could not be recorded: their command says that nothing was done."""
        for decision in decisions:
            self._storage.remove(self._file_of(decision)[0])

    def all(self) -> tuple[Decided, ...]:
        """Every decision in the order in which they were taken; LandingError names a file that cannot be read."""
        found = self._storage.contents(self._folder, self._storage.notes(self._folder))
        return tuple(self._decoded(name, data) for name, data in found)

    def _file_of(self, decision: Decided) -> tuple[str, bytes]:
        data = msgspec.json.format(msgspec.json.encode(decision), indent=1) + b"\n"
        return f"{self._folder}/{decision.decided_at:%Y%m%dT%H%M%S%f}Z__{_digest(data)}.json", data

    def _decoded(self, name: str, data: bytes | OSError) -> Decided:
        shown = self._storage.shown(f"{self._folder}/{name}")
        if isinstance(data, OSError):
            raise LandingError(f"{shown}: a decision cannot be read: {data.strerror or data}") from data
        if not name.removesuffix(".json").endswith(_digest(data)):
            raise LandingError(f"{shown}: not a decision that can be read: {OTHER_BYTES}")
        try:
            return msgspec.json.decode(data, type=self._kind)
        except msgspec.MsgspecError as error:
            raise LandingError(f"{shown}: not a decision that can be read: {error}") from error


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def paper_decisions(storage: Storage) -> DecisionStore[HumanDecision]:
    """Which sightings are one paper, and which are not."""
    return DecisionStore(storage, "decisions", HumanDecision)


def partition_decisions(storage: Storage) -> DecisionStore[PartitionDecision]:
    """Which partitions are given up as unrecoverable, and which are asked for again."""
    return DecisionStore(storage, "lost_partitions", PartitionDecision)


def reading_decisions(storage: Storage) -> DecisionStore[ReadingDecision]:
    """Which readings of a partition do not count, and which count again."""
    return DecisionStore(storage, "forgotten_partitions", ReadingDecision)


def withhold_decisions(storage: Storage) -> DecisionStore[WithholdDecision]:
    """Which texts and names are not published, and which are again."""
    return DecisionStore(storage, "withheld", WithholdDecision)
