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

import duckdb
import msgspec

from warehouse.database.connection import STORAGE_VERSION
from warehouse.database.migrate import schema_version
from warehouse.database.sql import Statements, append, row_of
from warehouse.errors import WarehouseError
from warehouse.home import Home
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


def publish(connection: duckdb.DuckDBPyConnection, home: Home, *, is_full: bool | None = None) -> Manifest:
    """Write the manifest into the working file, and put a copy of it, or a full snapshot, in the snapshot's place.

    `is_full` None decides by FULL_UP_TO. Readers that have the old snapshot open keep it. Raises WarehouseError or
    duckdb.Error if the new one cannot be made; the old one then stands.
    """
    manifest = _write_manifest(connection)
    connection.execute("force checkpoint")
    log = home.working.with_name(home.working.name + ".wal")
    if log.exists() and log.stat().st_size:
        message = f"{log.name} is not empty after a checkpoint: a copy would lack rows, so nothing was published"
        raise WarehouseError(message)
    if is_full is None:
        is_full = manifest.row_counts["papers"] <= FULL_UP_TO
    with _scratch(home) as scratch:
        made = _copy(home.working, scratch)
        if is_full:
            target = Home(scratch).snapshot
            searchable = full.write_full(made, home.snapshot, target)
            manifest = replace(manifest, storage_version=full.STORAGE_VERSION, searchable_count=searchable)
            _flush(target)
            made = target
        made.replace(home.snapshot)
    _flush(home.directory)
    _write_atomically(home.manifest, msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    return manifest


def _write_manifest(connection: duckdb.DuckDBPyConnection) -> Manifest:
    facts = digest(connection)
    manifest = Manifest(
        published_at=datetime.now(UTC),
        run_id=_sql.value(connection, "read_last_run"),
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
def _scratch(home: Home) -> Iterator[Path]:
    """A folder beside the snapshot; only the lock's holder uses it, so what is in it is a killed publish's."""
    shutil.rmtree(home.scratch, ignore_errors=True)
    home.scratch.mkdir()
    try:
        yield home.scratch
    finally:
        shutil.rmtree(home.scratch, ignore_errors=True)


def _copy(working: Path, scratch: Path) -> Path:
    """Copy in a child process: closing the file in this one would drop DuckDB's POSIX lock for a second writer."""
    copy = scratch / "working.duckdb"
    command = [sys.executable, "-I", str(copyfile.__file__), str(working), str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        message = f"the snapshot could not be written ({last[0]}); the previous one stands"
        raise WarehouseError(message)
    return copy


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
