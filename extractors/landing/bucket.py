"""A landing in a bucket of an object store, for pages that several machines keep and read.

The files are those of a folder. Nobody lists a bucket to find work, because that is slow and costs money: an index of
the notes, with what is in them, tells what there is. A note is in the bucket before it is in the index. A process that
dies between the two leaves one that is not found, until the bucket is listed: where there is no index yet, and by
`index_anew` in the upkeep.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol

from extractors.errors import LandingError
from extractors.landing.storage import BODIES, BucketAddress

try:
    from obstore.exceptions import AlreadyExistsError, BaseError
    from obstore.store import S3Store
except ImportError as error:
    raise LandingError("a landing in a bucket needs an extra: pip install 'paperlog[lake]'") from error

SCHEME = "s3://"
_PATIENCE = timedelta(seconds=60)
_RETRIES = 5
_NOTE = ".json"


Note = tuple[str, str, bytes]
"""A small file of a landing: its folder, its name in it, and what is in it."""


class NoteIndex(Protocol):
    """Which notes a bucket holds, and what is in them. Every trouble is an OSError."""

    def is_made(self) -> bool:
        """Whether the bucket was listed for it once."""

    def make(self, notes: Iterable[Note]) -> None:
        """Add these, and from now on be made."""

    def add(self, folder: str, name: str, data: bytes) -> None:
        """Add one; the same one again changes nothing."""

    def remove(self, folder: str, name: str) -> None:
        """Remove one, if it is there."""

    def folders(self, folder: str) -> list[str]:
        """The names of the folders in a folder, ascending."""

    def names(self, folder: str) -> list[str]:
        """The names of a folder's notes, ascending."""

    def contents(self, folder: str, names: Sequence[str]) -> Mapping[str, bytes]:
        """What is in those of the notes that it has."""

    def everything(self) -> frozenset[str]:
        """The path of every note."""


class Bucket:
    """The storage; see `Storage` for what its methods do."""

    def __init__(self, address: BucketAddress, index: NoteIndex) -> None:
        bucket, _, path = address.url.removeprefix(SCHEME).partition("/")
        self._url = address.url.rstrip("/")
        self._store = S3Store(
            bucket,
            prefix=path.strip("/") or None,
            endpoint=address.endpoint,
            region=address.region or "us-east-1",
            access_key_id=address.key,
            secret_access_key=address.secret,
            virtual_hosted_style_request=address.endpoint is None,
            client_options={"allow_http": True, "timeout": _PATIENCE, "connect_timeout": timedelta(seconds=10)},
            retry_config={"max_retries": _RETRIES, "retry_timeout": _PATIENCE},
        )
        self._index = index
        self._is_made = False

    @property
    def address(self) -> str:
        """The bucket and the path in it."""
        return self._url

    def is_there(self) -> bool:
        """As `Storage.is_there`: whoever names a bucket uses it."""
        return True

    def shown(self, name: str) -> str:
        """The file's address."""
        return f"{self._url}/{name}"

    def read(self, name: str) -> bytes:
        """As `Storage.read`."""
        return self._get(name)

    def create(self, name: str, data: bytes) -> bool:
        """As `Storage.create`: of several who write at once, one does."""
        index = None if _is_body(name) else self._made()
        is_new = True
        with self._told(name):
            try:
                self._store.put(name, data, mode="create", use_multipart=False)
            except AlreadyExistsError:
                is_new = False
        if index is not None:
            folder, _, file = name.rpartition("/")
            # Also for one that is there: whoever wrote it may have died before this.
            index.add(folder, file, data if is_new else self._get(name))
        return is_new

    def replace(self, name: str, data: bytes) -> None:
        """As `Storage.replace`, for a body."""
        with self._told(name):
            self._store.put(name, data, use_multipart=False)

    def holds(self, name: str) -> bool:
        """As `Storage.holds`."""
        with self._told(name):
            try:
                self._store.head(name)
            except FileNotFoundError:
                return False
        return True

    def remove(self, name: str) -> None:
        """As `Storage.remove`, from the index first: nothing is found that is not there."""
        folder, _, file = name.rpartition("/")
        self._made().remove(folder, file)
        with self._told(name):
            self._store.delete(name)

    def folders(self, folder: str) -> list[str]:
        """As `Storage.folders`."""
        return self._made().folders(folder)

    def notes(self, folder: str) -> list[str]:
        """As `Storage.notes`."""
        return self._made().names(folder)

    def contents(self, folder: str, names: Sequence[str]) -> Iterator[tuple[str, bytes | OSError]]:
        """As `Storage.contents`."""
        found = self._made().contents(folder, names)
        for name in names:
            missing = FileNotFoundError(f"{self.shown(f'{folder}/{name}')}: there is no such file")
            yield name, found.get(name, missing)

    def index_anew(self) -> tuple[int, tuple[str, ...]]:
        """As `Storage.index_anew`: list the bucket, and add to the index what it lacks."""
        index = self._made()
        known, there = index.everything(), set(self._listed())
        for name in sorted(there - known):
            index.add(*self._note(name))
        return len(there - known), tuple(sorted(known - there))

    def _made(self) -> NoteIndex:
        if not self._is_made:
            if not self._index.is_made():
                self._index.make(map(self._note, self._listed()))
            self._is_made = True
        return self._index

    def _listed(self) -> Iterator[str]:
        with self._told(""):
            for page in self._store.list():
                for found in page:
                    name = str(found["path"])
                    if name.endswith(_NOTE) and not _is_body(name):
                        yield name

    def _note(self, name: str) -> Note:
        folder, _, file = name.rpartition("/")
        return folder, file, self._get(name)

    def _get(self, name: str) -> bytes:
        with self._told(name):
            return bytes(self._store.get(name).bytes())

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except BaseError as error:
            raise OSError(f"{self.shown(name)}: {_reason(error)}") from error


def _is_body(name: str) -> bool:
    return name.startswith(f"{BODIES}/")


def _reason(error: BaseError) -> str:
    """What the object store said, in one line; the library adds its own state, which helps nobody."""
    return " ".join(str(error).partition("\n\nDebug source")[0].split())
