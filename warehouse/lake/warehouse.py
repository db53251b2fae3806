"""A warehouse whose facts are in a lake: readers of any machine open a published state of it, and nothing is copied."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from transforms.hosts import Moments
from warehouse.database.sql import Connection, Statements
from warehouse.embedded.warehouse import EmbeddedWarehouse
from warehouse.errors import SurroundingsError, WarehouseError
from warehouse.home import SNAPSHOT
from warehouse.lake.address import LakeAddress
from warehouse.lake.attached import READ, NoLakeError, attach, attach_again, confine, readable, statement
from warehouse.lake.published import Pinned, pinned
from warehouse.lake.upkeep import lake_size, maintain
from warehouse.publish.kept import none_so_old, runs_until
from warehouse.publish.manifest import Manifest
from warehouse.publish.proof import Fault, holds_as_published, proof
from warehouse.read.differences import compare_attached
from warehouse.read.reader import Reader, Table, opened_index
from warehouse.upkeep import GRACE, LakeSize, Upkeep
from warehouse.warehouse import LOCK_SECONDS, Warehouse

if TYPE_CHECKING:
    from warehouse.engine import Engine

_sql = Statements(__package__)


class LakeWarehouse(Warehouse):
    """A lake, and the home of this machine: for what does not fit into memory, and for a file that is published."""

    def __init__(self, address: LakeAddress, home: Path) -> None:
        super().__init__(home)
        self._address = address

    @contextmanager
    def reader(
        self, *, may_write_files: bool = False, moment: datetime | str | None = None, threads: int | None = None
    ) -> Iterator[Reader]:
        """Open a published state; where people withhold texts there is none, and the published file is opened."""
        with ExitStack() as stack:
            connection = stack.enter_context(readable(self._address, self.home))
            found = pinned(connection)
            if not found and moment is None and (self.home / SNAPSHOT).exists():
                file = EmbeddedWarehouse(self.home)
                yield stack.enter_context(file.reader(may_write_files=may_write_files, threads=threads))
                return
            state = self._newest(found) if moment is None else self._as_of(found, moment)
            # The same connection: half of what one costs is loading the extensions.
            attach_again(connection, self._address, state.snapshot_id)
            reading = self._reading(connection, state, may_write_files=may_write_files, threads=threads)
            yield stack.enter_context(reading)

    def has_facts(self) -> bool:
        """Whether there is a lake, which a first writer makes."""
        with suppress(NoLakeError), readable(self._address, self.home) as connection:
            return bool(_sql.column(connection, "read_lake_tables"))
        return False

    def manifest(self) -> Manifest:
        """The manifest in the published state; without one, that of the published file."""
        found = self._pinned()
        return self._manifest(found[-1]) if found else EmbeddedWarehouse(self.home).manifest()

    def proof(self) -> tuple[Fault, ...]:
        """Every fact of the published state is digested, and the file in the home is proven if there is one."""
        try:
            found = [self._fault(each) for each in self._pinned()[-1:]]
        except SurroundingsError as error:
            return (Fault(detail=str(error), is_damage=False),)
        except WarehouseError as error:
            found = [str(error)]
        return (*(Fault(detail=each) for each in found if each), *proof(self.home))

    def is_published(self) -> bool:
        """Whether a state is published, or a file."""
        return bool(self._pinned()) or (self.home / SNAPSHOT).exists()

    def require_published(self) -> None:
        """Raise WarehouseError unless a state is published, or a file."""
        if not self.is_published():
            self._newest([])

    def check_descent(self) -> tuple[str, ...]:
        """Nothing: what is published is a state of the lake itself."""
        return ()

    def snapshots(self) -> tuple[Manifest, ...]:
        """The manifests of the kept states."""
        kept = [each for each in self._pinned() if each.is_kept]
        return tuple(self._manifest(each) for each in kept)

    def changes(self, since: datetime | str) -> Table:
        """Compare an earlier state with the published one."""
        found = self._pinned()
        before, after = self._as_of(found, since), self._newest(found)
        with readable(self._address, self.home, after.snapshot_id, name="after") as connection:
            attach(connection, self._address, "before", before.snapshot_id)
            return compare_attached(connection)

    def moments(self) -> Moments:
        """In the catalog's database. Raises PaceError if the package is missing that speaks with it."""
        from warehouse.lake.shared.hosts import InCatalog  # noqa: PLC0415 - only who fetches needs it

        return InCatalog(self._address.conninfo)

    def size(self) -> LakeSize:
        """The files, bytes and states of the lake."""
        with readable(self._address, self.home) as connection:
            return lake_size(connection)

    def maintain(self, *, grace: timedelta = GRACE, lock_seconds: float = LOCK_SECONDS) -> Upkeep:
        """Fewer and larger files, and no states that nobody may open."""
        engine = self.engine()
        with engine.locked("maintain", lock_seconds), engine.opened(lock_seconds) as connection:
            return maintain(connection, datetime.now(UTC), grace)

    def engine(self) -> Engine:
        """The lake, for writing."""
        from warehouse.lake.engine import LakeEngine  # noqa: PLC0415 - readers need none of it

        return LakeEngine(self._address, self.home)

    @contextmanager
    def _reading(
        self, connection: Connection, state: Pinned, *, may_write_files: bool, threads: int | None
    ) -> Iterator[Reader]:
        if threads is not None:
            connection.execute(f"set threads = {threads:d}")
        connection.execute(f"use {READ}.marts")
        if not may_write_files:
            confine(connection, self._address)
        with opened_index(connection, self.home / SNAPSHOT) as index:
            yield Reader(connection, index, statement(self._address, READ, state.snapshot_id))

    def _pinned(self) -> list[Pinned]:
        with suppress(NoLakeError), readable(self._address, self.home) as connection:
            return pinned(connection)
        return []

    @staticmethod
    def _newest(found: list[Pinned]) -> Pinned:
        if not found:
            raise WarehouseError("nothing was published in the lake yet: ingest or adopt something, or run publish")
        return found[-1]

    def _as_of(self, found: list[Pinned], moment: datetime | str) -> Pinned:
        """The newest kept state that holds nothing later than an instant (aware) or a run (its id)."""
        kept = [each for each in found if each.is_kept]
        if isinstance(moment, datetime):
            old = [each for each in kept if each.published_at <= moment]
        else:
            with readable(self._address, self.home, self._newest(found).snapshot_id) as connection:
                runs = {None, *runs_until(connection, moment)}
            old = [each for each in kept if self._manifest(each).run_id in runs]
        if not old:
            raise none_so_old("state", moment, [each.published_at for each in kept])
        return old[-1]

    def _fault(self, state: Pinned) -> str | None:
        with readable(self._address, self.home, state.snapshot_id) as connection:
            if holds_as_published(connection):
                return None
        return "the published state of the lake holds other facts than its manifest says; publish again"

    def _manifest(self, state: Pinned) -> Manifest:
        with (
            readable(self._address, self.home, state.snapshot_id) as connection,
            self._reading(connection, state, may_write_files=False, threads=None) as reader,
        ):
            return reader.only("read_manifest", Manifest)
