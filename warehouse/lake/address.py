"""Where a lake is: its catalog in PostgreSQL, and the folder or the object store with its files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from warehouse.errors import WarehouseError

SCHEME: Final = "ducklake:postgres:"
FORM: Final = f"{SCHEME}dbname=NAME host=HOST port=PORT user=USER?data=s3://BUCKET/PATH (or data=/FOLDER)"

# A server that is gone is noticed: libpq waits for ever by default.
_PATIENCE: Final = {"connect_timeout": "10", "keepalives_idle": "30", "tcp_user_timeout": "60000"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectStore:
    """The server that keeps `s3://` files.

    `host` is its name and port, None for Amazon's own; `is_encrypted` says whether it is spoken to by TLS.
    """

    host: str | None = None
    is_encrypted: bool = True
    region: str | None = None
    key: str | None = None
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeAddress:
    """Where a lake is: `catalog` as libpq's keywords and values, `data` as a folder or `s3://` and a path."""

    catalog: str
    data: str
    store: ObjectStore = field(default_factory=ObjectStore)

    @property
    def is_remote(self) -> bool:
        """Whether its files are in an object store."""
        return self.data.startswith("s3://")

    @property
    def conninfo(self) -> str:
        """The catalog as libpq connects to it, with limits to its patience where none are given."""
        added = [f"{name}={value}" for name, value in _PATIENCE.items() if f"{name}=" not in self.catalog]
        return " ".join([self.catalog, *added])


def lake_address(url: str, store: ObjectStore | None = None) -> LakeAddress:
    """The lake that a URL names (see FORM). Raises WarehouseError saying what is wrong with it, and the form.

    A password has no place in it: libpq takes that from its own file (~/.pgpass) or from PGPASSWORD, and so nobody who
    queries the lake, reads a log or lists processes sees it.
    """
    catalog, _, data = url.removeprefix(SCHEME).partition("?data=")
    data = data.rstrip("/")
    if re.search(r"pass(word|file)\s*=|//", catalog):
        raise WarehouseError(
            f"the address of a lake holds keywords and no password: put that into ~/.pgpass or PGPASSWORD. {FORM}"
        )
    if "dbname=" not in catalog or not data.startswith(("/", "s3://")) or any(map(_is_odd, url)):
        raise WarehouseError(f"this is no address of a lake; it has the form {FORM}")
    return LakeAddress(catalog=catalog.strip(), data=data, store=store or ObjectStore())


def _is_odd(character: str) -> bool:
    return ord(character) < 32 or character in "'\"\\;"
