"""What of a snapshot's papers can be searched, as the snapshot's own views say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from transforms.search.match import Facets, tokens_of
from warehouse.database.connection import KEYS_FILTERED_MAX, reading
from warehouse.database.sql import Connection, Statements

_sql = Statements(__package__)

BETWEEN_NAMES = " | "
"""Stands between two names; it is no word, but two names are not one phrase either way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """The papers whose keys begin alike, those of a day: how many, and one fingerprint of all that can be searched."""

    bucket: str
    papers_count: int
    fingerprint: int
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What can be searched of one paper; another fingerprint says that something of it changed."""

    paper_key: str
    title: str | None
    abstract: str | None
    review: str | None
    authors: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    full_names: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    has_code: bool
    is_reviewed: bool
    day: date
    fingerprint: int

    @property
    def facets(self) -> Facets:
        """What it can be chosen by."""
        return Facets(
            day=self.day,
            sources=self.sources,
            categories=self.categories,
            has_code=self.has_code,
            is_reviewed=self.is_reviewed,
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the index."""
        return (
            self.title or "",
            self.abstract or "",
            self.review or "",
            BETWEEN_NAMES.join(self.authors),
            BETWEEN_NAMES.join(dict.fromkeys((*self.institutions, *self.full_names))),
            tokens_of(self.paper_key, self.facets),
        )

    @property
    def facet_set(self) -> str:
        """What its facets are counted by, as JSON; papers that share it are counted together."""
        counted = {
            "source": self.sources,
            "category": self.categories,
            "year": self.day.year,
            "has_code": self.has_code,
            "is_reviewed": self.is_reviewed,
        }
        return msgspec.json.encode(counted).decode()


class Documents:
    """The documents of one snapshot."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._buckets: dict[str, Bucket] | None = None

    def buckets(self) -> dict[str, Bucket]:
        """All buckets; every paper is read for it, once. To be asked for before fingerprints."""
        if self._buckets is None:
            _sql.run(self._connection, "create_fingerprints")
            self._buckets = {each.bucket: each for each in _sql.records(self._connection, "read_buckets", Bucket)}
        return self._buckets

    def fingerprints(self, buckets: Sequence[str]) -> dict[str, int]:
        """The fingerprints of the papers in those buckets, in the order of the keys."""
        found = _sql.run(self._connection, "read_fingerprints", {"buckets": _listed(buckets)})
        return dict(found.fetchall())

    def documents(self, keys: Sequence[str]) -> list[Document]:
        """Those documents, in the order of the keys; a key that no paper has is left out."""
        if not keys:
            return []
        parameters: Mapping[str, object] = {"keys": _listed(keys), "first": min(keys), "last": max(keys)}
        return _sql.records(self._connection, "read_documents", Document, parameters)

    def removals(self) -> str:
        """What people took back."""
        (removals,) = _sql.column(self._connection, "read_removals")
        return str(removals)


@contextmanager
def documents_of(snapshot: Path) -> Iterator[Documents]:
    """The documents of the snapshot at a path. Raises WarehouseError if it cannot be read."""
    with reading(snapshot) as connection:
        connection.execute(f"set dynamic_or_filter_threshold = {KEYS_FILTERED_MAX}")
        _sql.run(connection, "create_said")
        _sql.run(connection, "create_documents")
        yield Documents(connection)


def _listed(values: Sequence[str]) -> str:
    return msgspec.json.encode(values).decode()
