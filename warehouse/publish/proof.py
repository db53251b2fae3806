"""Whether snapshots hold what their manifests say, seen as a reader sees them: opened by path.

A snapshot that another program changed, or whose log DuckDB replays, looks whole: only its bytes and its facts show it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from warehouse.database.connection import REBUILD, known_migrations, reading
from warehouse.database.files import hash_of, logs_beside
from warehouse.database.sql import Connection, Statements
from warehouse.errors import SurroundingsError, WarehouseError, unreadable
from warehouse.home import MANIFEST, SNAPSHOT, WORKING
from warehouse.publish.derived import is_in_line
from warehouse.publish.kept import kept_files
from warehouse.publish.manifest import Manifest, manifest_of
from warehouse.publish.searchfile import search_fault
from warehouse.read.export import digest

OTHER_MANIFEST = "the manifest in it is not the one beside it"

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What a snapshot says of itself: its row of ops.manifest."""

    run_id: str | None
    schema_version: int
    digest: str
    row_counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a snapshot in one sentence, with what to do; or what is in the way of looking at it."""

    detail: str
    is_damage: bool = True

    def __str__(self) -> str:
        """The sentence."""
        return self.detail


def proof(home: Path) -> tuple[Fault, ...]:
    """What is wrong with the published snapshot and the kept ones.

    Nothing is written, no lock is taken, and nothing is raised for what is found: a missing, damaged, unreadable or
    held file is a finding too. A home in which nothing was published yet is well. Every byte is read.
    """
    try:
        return (*_published(home), *_kept(home))
    except OSError as error:
        return (Fault(detail=str(unreadable(Path(error.filename), error)), is_damage=False),)


def _published(home: Path) -> tuple[Fault, ...]:
    """Looks again where a publish replaced what was looked at."""
    while True:
        before = _identity(home)
        found = faults(home / SNAPSHOT, home / MANIFEST, "`paperlog publish` makes it anew")
        if not found or _identity(home) == before:
            return found


def _kept(home: Path) -> Iterator[Fault]:
    for path in kept_files(home):
        yield from faults(path, path.with_suffix(".json"), "move it and its manifest away")


def _identity(home: Path) -> list[tuple[int, int]]:
    found = [path.stat() for path in (home / SNAPSHOT, home / MANIFEST) if path.exists()]
    return [(each.st_ino, each.st_mtime_ns) for each in found]


def faults(snapshot: Path, beside: Path, remedy: str) -> tuple[Fault, ...]:
    """What is wrong with one snapshot, and the remedy; nothing if neither it nor its manifest exists."""
    if not snapshot.exists() and not beside.exists():
        return ()
    if logs := logs_beside(snapshot):
        said = f"{logs[0].name} lies beside it: another program opened it for writing, and DuckDB adds that file to it"
        return (Fault(detail=f"{snapshot.name}: {said}; `paperlog publish` sets it aside"),)
    try:
        manifest = manifest_of(beside)
        found = _difference(snapshot, manifest) or search_fault(snapshot, manifest)
    except SurroundingsError as error:
        return (Fault(detail=str(error), is_damage=False),)
    except WarehouseError as error:
        found = str(error)
    return (Fault(detail=f"{snapshot.name}: {found}; {remedy}"),) if found else ()


def _difference(snapshot: Path, manifest: Manifest) -> str | None:
    if manifest.file_sha256 is None or hash_of(snapshot) != manifest.file_sha256:
        changed = "another program changed it, though none of its facts" if manifest.file_sha256 else None
        return difference_of(snapshot, manifest) or changed
    with reading(snapshot) as connection:
        return None if _holds(connection, manifest) else OTHER_MANIFEST


def require_placed(snapshot: Path, proven: os.stat_result, manifest: Manifest) -> None:
    """At its path stands the very file that was proven, alone, and readers can open it; else WarehouseError."""
    stands = snapshot.stat()
    if logs_beside(snapshot) or (stands.st_ino, stands.st_mtime_ns) != (proven.st_ino, proven.st_mtime_ns):
        raise WarehouseError(f"published, but another program writes {snapshot.name}: stop it, and publish again")
    with reading(snapshot) as connection:
        if not _holds(connection, manifest):
            raise WarehouseError(f"published, but {OTHER_MANIFEST}; publish again")


def difference_of(snapshot: Path, manifest: Manifest, *, is_copy: bool = False) -> str | None:
    """How the file at that path, opened as a reader does, differs from its manifest; None if it does not.

    Every fact is digested, but for a manifest of another release: what it is digested of may have changed. Of a copy
    of the working file every row is only hashed (see derived.py), which takes a quarter as long. Raises WarehouseError
    if the file cannot be read.
    """
    with reading(snapshot) as connection:
        if not _holds(connection, manifest):
            return OTHER_MANIFEST
        if is_copy:
            return None if is_in_line(connection) else "it does not hold the facts that were digested"
        if manifest.schema_version != known_migrations()[-1].number:
            return None
        facts = digest(connection)
    counts = [
        f"{facts.row_counts.get(table)} {table} instead of {count}"
        for table, count in manifest.row_counts.items()
        if facts.row_counts.get(table) != count
    ]
    if facts.digest == manifest.digest and not counts:
        return None
    return f"it does not hold what its manifest says: {', '.join(counts) or 'the digest of its facts is another one'}"


def strayed(working: Connection, home: Path) -> tuple[str, ...]:
    """A sentence where the writer's file holds other facts than were published from it, though no run came since.

    Every fact is digested. The published manifest says what they were; without one nothing is known.
    """
    try:
        manifest = manifest_of(home / MANIFEST)
    except WarehouseError:  # `proof` says so
        return ()
    is_same_state = _sql.column(working, "read_last_run") == [manifest.run_id]
    if not is_same_state or manifest.schema_version != known_migrations()[-1].number:
        return ()
    published = manifest.digest
    if manifest.withheld_count:  # what is withheld is in the writer's file, which says itself what it held then
        published = next((each.digest for each in _sql.records(working, "read_held", _Held)), published)
    if digest(working).digest == published:
        return ()
    said = f"{WORKING}: another program changed it: it holds other facts than were published from it, and no run since"
    return (f"{said}; {REBUILD}",)


def holds_as_published(connection: Connection) -> bool:
    """Whether the facts are those that the manifest among them was made of.

    They may be others where runs came since, and where another release made it: what it digested may have changed.
    """
    held = _sql.records(connection, "read_held", _Held)
    newest = known_migrations()[-1].number
    if not held or held[0].schema_version != newest or _sql.column(connection, "read_last_run") != [held[0].run_id]:
        return True
    return digest(connection).digest == held[0].digest


def _holds(connection: Connection, manifest: Manifest) -> bool:
    said = [manifest.run_id, manifest.schema_version, manifest.digest, manifest.row_counts]
    held = _sql.records(connection, "read_held", _Held)
    return [[each.run_id, each.schema_version, each.digest, each.row_counts] for each in held] == [said]
