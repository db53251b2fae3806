"""The snapshot that readers open: a copy of the working file, replaced atomically, manifest inside and beside it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from warehouse.database.connection import STORAGE_VERSION
from warehouse.database.migrate import schema_version
from warehouse.database.sql import Connection, Statements, append, row_of
from warehouse.errors import WarehouseError
from warehouse.home import MANIFEST, SCRATCH, SNAPSHOT, WORKING
from warehouse.publish import copyfile, full
from warehouse.read.export import digest

FULL_UP_TO = 20_000  # papers: 12 CPU-seconds for the index where a text changed, 1 for the rest

_sql = Statements(__package__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a snapshot holds.

    `storage_version` is the oldest DuckDB format line that opens the file, `searchable_count` the papers in its
    full-text index: None where it has none.
    """

    published_at: datetime
    run_id: str | None
    schema_version: int
    digest: str
    row_counts: Mapping[str, int]
    storage_version: str = STORAGE_VERSION
    searchable_count: int | None = None


def publish(connection: Connection, home: Path, *, is_full: bool | None = None) -> Manifest:
    """Write the manifest into the working file, and put a copy of it, or a full snapshot, in the snapshot's place.

    `is_full` None decides by FULL_UP_TO. Readers that have the old snapshot open keep it. Raises WarehouseError or
    duckdb.Error if the new one cannot be made; the old one then stands.
    """
    manifest = _write_manifest(connection)
    connection.execute("force checkpoint")
    log = home / f"{WORKING}.wal"
    if log.exists() and log.stat().st_size:
        raise WarehouseError(
            f"{log.name} is not empty after a checkpoint: a copy would lack rows, so nothing was published"
        )
    if is_full is None:
        is_full = manifest.row_counts["papers"] <= FULL_UP_TO
    with _scratch(home / SCRATCH) as scratch:
        copy, target = scratch / WORKING, scratch / SNAPSHOT
        _copy(home / WORKING, copy)
        if is_full:
            searchable = full.write_full(copy, home / SNAPSHOT, target)
            manifest = replace(manifest, storage_version=full.STORAGE_VERSION, searchable_count=searchable)
            _flush(target)
        (target if is_full else copy).replace(home / SNAPSHOT)
    _flush(home)
    _write_atomically(home / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    return manifest


def _write_manifest(connection: Connection) -> Manifest:
    facts = digest(connection)
    manifest = Manifest(
        published_at=datetime.now(UTC),
        run_id=next(iter(_sql.column(connection, "read_last_run")), None),
        schema_version=schema_version(),
        digest=facts.digest,
        row_counts=facts.row_counts,
    )
    connection.begin()
    _sql.run(connection, "delete_manifest")
    append(connection, "ops.manifest", [row_of(connection, "ops.manifest", manifest)])
    connection.commit()
    return manifest


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """An empty folder, deleted afterwards. Only the lock's holder comes here: a killed one left what is in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(working: Path, copy: Path) -> None:
    """Copy in a child process: closing the file in this one would drop DuckDB's POSIX lock for a second writer."""
    command = [sys.executable, "-I", str(copyfile.__file__), str(working), str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise WarehouseError(f"the snapshot could not be written ({last[0]}); the previous one stands")


def _write_atomically(path: Path, content: bytes) -> None:
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    _flush(path.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
