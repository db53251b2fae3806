"""The place of a lake's files, and whose it is: a marker beside them names the one database that may write there.

Two catalogs over one place would delete each other's files in their upkeep. A database is known by its server's own
number and by its own: one that was restored from a dump is another one. Only a copy of the whole server, such as a
standby that was promoted, is the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol

import msgspec

from transforms.errors import remedy_of
from warehouse.errors import SurroundingsError, WarehouseError
from warehouse.lake.address import LakeAddress
from warehouse.lake.extensions import HOW
from warehouse.lake.place.database import Database

MARKER: Final = "paperlog-lake.json"
_PATIENCE: Final = timedelta(seconds=60)


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """A database: `system` is its server's number, `number` its own there, and `name` is for people."""

    system: str
    number: int
    name: str

    @classmethod
    def of(cls, database: Database) -> Owner:
        """What the marker says of a database."""
        return cls(system=database.system, number=database.number, name=database.name)

    def __str__(self) -> str:
        """As people are told it."""
        return f"{self.name} (number {self.number} of server {self.system})"

    def is_same(self, other: Owner) -> bool:
        """Whether both are one database, which may have been renamed."""
        return (self.system, self.number) == (other.system, other.number)


def require_same_place(address: LakeAddress, data_path: str) -> None:
    """Raise SurroundingsError if the address names another place than the one that the catalog knows."""
    kept = data_path.rstrip("/")
    if kept != address.data:
        raise SurroundingsError(
            f"the lake: its address says data={address.data}, and its files are in {kept}: set data={kept}"
        )


def require_own(address: LakeAddress, database: Database) -> bool:
    """Whether a marker says that the place is this database's.

    Raises WarehouseError if it is another's, or would be a new lake's and holds files already.
    """
    found = _owner_of(address)
    if found is not None:
        _require_owner(address, Owner.of(database), found)
    if not database.is_made:
        _require_empty(address)
    return found is not None


def claim(address: LakeAddress, database: Database) -> None:
    """Write the marker; of several who write at once one does, and the others find it.

    Raises SurroundingsError if the place cannot be used now, WarehouseError if another one was first.
    """
    place, owner = _place_of(address), Owner.of(database)
    with _told(place):
        is_new = place.create(msgspec.json.encode(owner))
    if not is_new and (found := _owner_of(address)) is not None:
        _require_owner(address, owner, found)


def _owner_of(address: LakeAddress) -> Owner | None:
    """Whose the place is by its marker; None without one."""
    place = _place_of(address)
    with _told(place):
        data = place.read()
    if data is None:
        return None
    try:
        return msgspec.json.decode(data, type=Owner)
    except msgspec.MsgspecError as error:
        raise WarehouseError(
            f"the lake: {place.marker} does not say whose the files are ({error}): if no other database uses them, "
            "delete it, and the next writer writes it"
        ) from error


def _require_owner(address: LakeAddress, owner: Owner, found: Owner) -> None:
    """Raise WarehouseError if the place is of another database than `owner`."""
    if not found.is_same(owner):
        raise WarehouseError(
            f"the lake: the files in {address.data} belong to another database: {found}, and this is {owner}. Name "
            "another place; only if that database is gone for good and this one was restored from it, delete "
            f"{_place_of(address).marker}, and the next writer takes the files over"
        )


def _require_empty(address: LakeAddress) -> None:
    """Raise WarehouseError if a new lake would come among files of something else."""
    place = _place_of(address)
    with _told(place):
        found = next(place.others(), None)
    if found is not None:
        raise WarehouseError(
            f"the lake: {address.data} holds files already, such as {found}: a new lake needs a place of its own, so "
            "name an empty folder or path, or the database to which those files belong"
        )


class _Place(Protocol):
    """Where the files are. Every trouble is an OSError."""

    marker: str
    """The marker, as people find it."""

    def read(self) -> bytes | None:
        """What is in the marker; None without one."""

    def create(self, data: bytes) -> bool:
        """Write the marker; False if there is one."""

    def others(self) -> Iterator[str]:
        """The files that are no marker."""


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / MARKER
        self.marker = str(self._path)

    def read(self) -> bytes | None:
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return None

    def create(self, data: bytes) -> bool:
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            file = self._path.open("xb", buffering=0)
        except FileExistsError:
            return False
        with file:
            file.write(data)
            os.fsync(file.fileno())
        return True

    def others(self) -> Iterator[str]:
        for path in self._folder.rglob("*"):
            if path != self._path and not path.is_dir():
                yield str(path)


class _Objects:
    def __init__(self, address: LakeAddress) -> None:
        try:
            from obstore.store import S3Store  # noqa: PLC0415 - a lake in a folder needs none of it
        except ImportError as error:
            raise WarehouseError(f"a lake in an object store needs the package obstore: {HOW}") from error
        store = address.store
        bucket, _, path = address.data.removeprefix("s3://").partition("/")
        self._url, self.marker = address.data, f"{address.data}/{MARKER}"
        self._store = S3Store(
            bucket,
            prefix=path or None,
            endpoint=f"http{'s' if store.is_encrypted else ''}://{store.host}" if store.host else None,
            region=store.region or "us-east-1",
            access_key_id=store.key,
            secret_access_key=store.secret,
            virtual_hosted_style_request=store.host is None,
            client_options={"allow_http": True, "timeout": _PATIENCE, "connect_timeout": timedelta(seconds=10)},
            retry_config={"max_retries": 3, "retry_timeout": _PATIENCE},
        )

    def read(self) -> bytes | None:
        with self._told():
            try:
                return bytes(self._store.get(MARKER).bytes())
            except FileNotFoundError:
                return None

    def create(self, data: bytes) -> bool:
        from obstore.exceptions import AlreadyExistsError  # noqa: PLC0415 - as above

        with self._told():
            try:
                self._store.put(MARKER, data, mode="create", use_multipart=False)
            except AlreadyExistsError:
                return False
        return True

    def others(self) -> Iterator[str]:
        with self._told():
            for page in self._store.list():
                yield from (f"{self._url}/{each['path']}" for each in page if each["path"] != MARKER)

    @contextmanager
    def _told(self) -> Iterator[None]:
        from obstore.exceptions import BaseError  # noqa: PLC0415 - as above

        try:
            yield
        except BaseError as error:
            # The library adds its own state, which helps nobody.
            said = " ".join(str(error).partition("\n\nDebug source")[0].split())
            raise OSError(said) from error


def _place_of(address: LakeAddress) -> _Place:
    return _Objects(address) if address.is_remote else _Folder(Path(address.data))


@contextmanager
def _told(place: _Place) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        said = f"{error.strerror}; {remedy_of(error)}" if error.strerror else str(error)
        raise SurroundingsError(f"the lake: {place.marker}: {said}") from error
