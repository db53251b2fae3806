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
from warehouse.database.migrations import schema_version
from warehouse.errors import WarehouseError
from warehouse.publish import copyfile
from warehouse.publish import full as rewrite
from warehouse.read.export import digest

FULL_UP_TO = 20_000  # papers: 12 CPU-seconds for the index where a text changed, 1 for the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a snapshot holds.

    `storage_version` is the oldest DuckDB format line that opens the file, `searchable_count` the papers in its
    full-text index: None where it carries none.
    """

    published_at: datetime
    run_id: str | None
    schema_version: int
    digest: str
    row_counts: Mapping[str, int]
    storage_version: str = STORAGE_VERSION
    searchable_count: int | None = None


def publish(
    connection: duckdb.DuckDBPyConnection,
    working: Path,
    snapshot: Path,
    manifest_path: Path,
    *,
    full: bool | None = None,
) -> Manifest:
    """Write the manifest into the working file, and put a copy of it, or a full snapshot, in the snapshot's place.

    `full` None decides by FULL_UP_TO. Readers that have the old snapshot open keep it. Raises WarehouseError or
    duckdb.Error if the new one cannot be made; the old one then stands.
    """
    manifest = _write_manifest(connection)
    connection.execute("force checkpoint")
    log = working.with_name(working.name + ".wal")
    if log.exists() and log.stat().st_size:
        message = f"{log.name} is not empty after a checkpoint: a copy would lack rows, so nothing was published"
        raise WarehouseError(message)
    is_full = manifest.row_counts["papers"] <= FULL_UP_TO if full is None else full
    with _scratch(snapshot) as scratch:
        made = _copy(working, scratch)
        if is_full:
            made, searchable = rewrite.rewrite(made, snapshot if snapshot.is_file() else None, scratch)
            manifest = replace(manifest, storage_version=rewrite.STORAGE_VERSION, searchable_count=searchable)
            _flush(made)
        made.replace(snapshot)
    _flush(snapshot.parent)
    _write_atomically(manifest_path, msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    return manifest


def _write_manifest(connection: duckdb.DuckDBPyConnection) -> Manifest:
    facts = digest(connection)
    last = connection.execute("select run_id from ops.runs order by load_order desc limit 1").fetchone()
    manifest = Manifest(
        published_at=datetime.now(UTC),
        run_id=last[0] if last else None,
        schema_version=schema_version(),
        digest=facts.digest,
        row_counts=facts.row_counts,
    )
    connection.begin()
    connection.execute("delete from ops.manifest")
    connection.execute(
        "insert into ops.manifest values (?, ?, ?, ?, map(?, ?))",
        [
            manifest.published_at.replace(tzinfo=None),
            manifest.run_id,
            manifest.schema_version,
            manifest.digest,
            list(manifest.row_counts),
            list(manifest.row_counts.values()),
        ],
    )
    connection.commit()
    return manifest


@contextmanager
def _scratch(snapshot: Path) -> Iterator[Path]:
    """A folder beside the snapshot; what a killed publish left in it goes, for only the lock's holder comes here."""
    folder = snapshot.with_name(".publishing")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
