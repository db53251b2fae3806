"""A warehouse: one writer at a time, and readers of what it published, whatever engine holds the facts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from transforms.hosts import Moments
from warehouse.errors import SurroundingsError, WarehouseBusyError, WarehouseError
from warehouse.publish.manifest import Manifest
from warehouse.publish.proof import Fault
from warehouse.read.reader import Reader, Table
from warehouse.upkeep import GRACE, LakeSize, Upkeep

if TYPE_CHECKING:
    from warehouse.engine import Engine
    from warehouse.papers.indexrows import Packer
    from warehouse.writer import Writer

LOCK_SECONDS = 600.0
INDEX_SAMPLE = 200
"""Sightings whose records in the side index are made again by a check: a tenth of a second."""


class Warehouse(ABC):
    """A warehouse; its `home` holds what belongs to this machine."""

    is_shared: ClassVar[bool] = False
    """Whether its facts are outside of the home, for several machines."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def writer(
        self,
        label: str,
        *,
        lock_seconds: float = LOCK_SECONDS,
        is_any_file: bool = False,
        packer: Packer | None = None,
    ) -> AbstractContextManager[Writer]:
        """Hold the writer's lock, waiting for it, and open the facts.

        Args:
            label: who is writing, for those who wait.
            lock_seconds: how long to wait before WarehouseBusyError.
            is_any_file: also open what the published snapshot was not made from, for whoever loads every kept page
                again or only looks; else WarehouseError.
            packer: what makes stored sightings ready to be compared where the side index is made again; else this
                process does.
        """
        # Imported here, because it takes as long as all else together, and readers need none of it (2026-11).
        from warehouse.writer import writing  # noqa: PLC0415

        return writing(self.engine(), label, lock_seconds, is_any_file=is_any_file, packer=packer)

    def check_working(self, sample_count: int = INDEX_SAMPLE) -> tuple[str, ...]:
        """What is wrong with the facts and the side index, one sentence each, for monitors; nothing is changed.

        Facts that were published already are digested again and compared, which takes as long as an export's digest.
        The index is proven whole, and a sample of its records is made again and compared. While another process writes
        nothing is checked, because a writer proves the file when it opens it; nor where this user may not write. Raises
        SurroundingsError if the index or its seal cannot be read now.
        """
        if not self.has_facts():
            return ()
        try:
            with self.writer("check", lock_seconds=0, is_any_file=True) as writer:
                return writer.check(sample_count)
        except (WarehouseBusyError, OSError):
            return ()
        except SurroundingsError:
            raise
        except WarehouseError as error:
            return (str(error),)

    @abstractmethod
    def reader(
        self, *, may_write_files: bool = False, moment: datetime | str | None = None, threads: int | None = None
    ) -> AbstractContextManager[Reader]:
        """Open the published snapshot read-only; `may_write_files` lets it export, `threads` limits them.

        With `moment`, an aware instant or a run's id, open the newest kept snapshot that holds nothing later. Raises
        WarehouseError if nothing was published yet, or no kept snapshot is that old.
        """

    @abstractmethod
    def has_facts(self) -> bool:
        """Whether anything was written yet."""

    @abstractmethod
    def is_published(self) -> bool:
        """Whether there is a snapshot or its manifest, of which either may be one that cannot be read."""

    @abstractmethod
    def manifest(self) -> Manifest:
        """What the published snapshot holds. Raises WarehouseError if there is none, or it cannot be read."""

    @abstractmethod
    def proof(self) -> tuple[Fault, ...]:
        """What is wrong with the published snapshot and the kept ones; nothing is raised for what is found."""

    @abstractmethod
    def require_published(self) -> None:
        """Raise WarehouseError unless there is a snapshot that readers can open."""

    @abstractmethod
    def check_descent(self) -> tuple[str, ...]:
        """What is wrong with the facts as the origin of the published snapshot; nothing is changed."""

    @abstractmethod
    def snapshots(self) -> tuple[Manifest, ...]:
        """The manifests of the kept snapshots, oldest first."""

    @abstractmethod
    def changes(self, since: datetime | str) -> Table:
        """What changed in the published snapshot since the newest kept one that holds nothing later than `since`.

        `since` is an aware instant or a run's id; `compare_snapshots` describes the columns. Raises WarehouseError if
        no kept snapshot is that old.
        """

    def moments(self) -> Moments | None:
        """Where machines share the moments of hosts; None where the warehouse is one machine's."""
        return None

    def size(self) -> LakeSize | None:
        """What the facts take where they are not in the home; None where they are."""
        return None

    def maintain(self, *, grace: timedelta = GRACE, lock_seconds: float = LOCK_SECONDS) -> Upkeep | None:
        """Bring what holds the facts into order, under the writer's lock; None where it needs no upkeep.

        What was published and is no more can be read for `grace` after it was written.
        """
        del grace, lock_seconds
        return None

    @abstractmethod
    def engine(self) -> Engine:
        """What writes here."""
