"""The upkeep of what several machines share: the lake's files and states, and the index of pages in a bucket."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta

from flows.places.landing import storage_of
from flows.places.warehouse import warehouse_of
from flows.settings import Settings
from flows.shown import counted
from warehouse import LakeSize, Upkeep
from warehouse.upkeep import GRACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintained:
    """What an upkeep did; `upkeep` is None without a lake.

    `notes_found` is how many readings and decisions lay in the bucket and were not in its index, because their process
    died in between, `notes_lost` are the addresses of those that only the index has.
    """

    upkeep: Upkeep | None
    notes_found: int = 0
    notes_lost: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """All of it in one line."""
        return "; ".join(filter(None, (self._of_lake, self._of_landing)))

    @property
    def facts(self) -> dict[str, object] | None:
        """All of it for programs; None without a lake."""
        if self.upkeep is None:
            return None
        return {**asdict(self.upkeep), "notes_found": self.notes_found, "notes_lost": list(self.notes_lost)}

    @property
    def _of_lake(self) -> str:
        if self.upkeep is None:
            return "the warehouse in the home needs no upkeep"
        gone = f"{counted(self.upkeep.states_expired, 'state')} expired, "
        gone += f"{counted(self.upkeep.files_deleted, 'file')} deleted"
        return f"{gone}; before: {_shown(self.upkeep.before)}; after: {_shown(self.upkeep.after)}"

    @property
    def _of_landing(self) -> str:
        found = f"{counted(self.notes_found, 'file')} of the landing found anew" if self.notes_found else ""
        lost = ""
        if self.notes_lost:
            count = counted(len(self.notes_lost), "file")
            lost = f"{count} of the landing lost, the first of them {self.notes_lost[0]}: bring back what is lost"
        return "; ".join(filter(None, (found, lost)))


def maintain(settings: Settings, *, grace: timedelta = GRACE) -> Maintained:
    """Bring the lake into order, then the index of the landing; a state published no more stays for `grace`."""
    upkeep = warehouse_of(settings).maintain(grace=grace, lock_seconds=settings.lock_seconds)
    storage = storage_of(settings)
    found, lost = storage.index_anew()
    return Maintained(upkeep=upkeep, notes_found=found, notes_lost=tuple(map(storage.shown, lost)))


def _shown(size: LakeSize) -> str:
    files, states = counted(size.files_count, "file"), counted(size.states_count, "state")
    return f"{files}, {size.bytes / 1e6:,.1f} MB, {states}"
