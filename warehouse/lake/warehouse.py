"""A warehouse whose facts are in a lake: readers of any machine open a published state of it, and nothing is copied."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from transforms.hosts import Moments
from transforms.withholding import in_effect
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
from warehouse.publish.withhold import read_withholdings
from warehouse.read.differences import compare_attached
from warehouse.read.reader import Reader, Table, opened_index
from warehouse.upkeep import GRACE, LakeSize, Upkeep
from warehouse.warehouse import LOCK_SECONDS, Warehouse

if TYPE_CHECKING:
    from warehouse.engine import Engine

_sql = Statements(__package__)


class LakeWarehouse(Warehouse):
    """A lake, and the home of this machine: for what does not fit into memory, and for a file that is published."""

    is_shared = True

    def __init__(self, address: LakeAddress, home: Path) -> None:
        super().__init__(home)
        self._address = address

    @contextmanager
    def reader(
        self, *, may_write_files: bool = False, moment: datetime | str | None = None, threads: int | None = None
    ) -> Iterator[Reader]:
        """Open a published state; where people withhold texts there is none, and the published file is opened.

        A file of an earlier publish may hold what is withheld since: WarehouseError then.
        """
        with ExitStack() as stack:
            connection = stack.enter_context(readable(self._address, self.home))
            found = pinned(connection)
            if not found and moment is None:
                yield stack.enter_context(self._file(connection, may_write_files=may_write_files, threads=threads))
                return
            state = found[-1] if moment is None else self._as_of(connection, found, moment)
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
        with readable(self._address, self.home) as connection:
            found = pinned(connection)
            if not found:
                with self._file(connection):
                    return EmbeddedWarehouse(self.home).manifest()
        return self._manifest(found[-1])

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
        """Whether a state is published, or a file: in this home, or in another one because texts are withheld."""
        with suppress(NoLakeError), readable(self._address, self.home) as connection:
            if pinned(connection) or _is_withheld(connection):
                return True
        return (self.home / SNAPSHOT).exists()

    def require_published(self) -> None:
        """Raise WarehouseError unless there is a state or a file that readers can open."""
        with self.reader():
            pass

    def check_descent(self) -> tuple[str, ...]:
        """Nothing: what is published is a state of the lake itself."""
        return ()

    def snapshots(self) -> tuple[Manifest, ...]:
        """The manifests of the kept states."""
        kept = [each for each in self._pinned() if each.is_kept]
        return tuple(self._manifest(each) for each in kept)

    def changes(self, since: datetime | str) -> Table:
        """Compare an earlier state with the published one."""
        with readable(self._address, self.home) as connection:
            found = pinned(connection)
            before, after = self._as_of(connection, found, since), self._newest(connection, found)
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

    @contextmanager
    def _file(
        self, connection: Connection, *, may_write_files: bool = False, threads: int | None = None
    ) -> Iterator[Reader]:
        """The published file, in the place of states. Raises WarehouseError unless it is of the lake's last publish.

        A publish in another home wrote the file there. The last run in both is the same where nothing came between.
        """
        path = self.home / SNAPSHOT
        if not path.exists():
            raise _unpublished(connection, f"there is no {path}")
        with EmbeddedWarehouse(self.home).reader(may_write_files=may_write_files, threads=threads) as reader:
            if [reader.only("read_manifest", Manifest).run_id] != _sql.column(connection, "read_published_run"):
                raise _unpublished(connection, f"{path} is of an earlier publish and may hold them")
            yield reader

    @staticmethod
    def _newest(connection: Connection, found: list[Pinned]) -> Pinned:
        if not found:
            raise _unpublished(connection, "no state is published")
        return found[-1]

    def _as_of(self, connection: Connection, found: list[Pinned], moment: datetime | str) -> Pinned:
        """The newest kept state that holds nothing later than an instant (aware) or a run (its id)."""
        if not found and _is_withheld(connection):
            raise WarehouseError(
                f"no kept state is as old as {moment}: none is kept in the lake while texts are withheld"
            )
        kept = [each for each in found if each.is_kept]
        if isinstance(moment, datetime):
            old = [each for each in kept if each.published_at <= moment]
        else:
            newest = self._newest(connection, found)
            with readable(self._address, self.home, newest.snapshot_id) as state:
                runs = {None, *runs_until(state, moment)}
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


def _is_withheld(connection: Connection) -> bool:
    """Whether anything is withheld in the current state; nothing in a lake that was only now made."""
    tables = _sql.column(connection, "read_tables_of", {"database": READ})
    return "ops.withholdings" in tables and bool(in_effect(read_withholdings(connection)))


def _unpublished(connection: Connection, what: str) -> WarehouseError:
    """Why there is nothing to open: `what` is said of the file in this home where texts are withheld."""
    if not _is_withheld(connection):
        return WarehouseError("nothing was published in the lake yet: ingest or adopt something, or run publish")
    said = "texts or names are withheld in the lake, so that a file without them is read in place of its states"
    return WarehouseError(f"{said}, and {what}; `paperlog publish` in this home writes the file")
