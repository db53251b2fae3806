"""The snapshot that readers open: a copy of the working file, replaced atomically, its manifest inside and beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import msgspec

from warehouse import copyfile
from warehouse.errors import WarehouseError
from warehouse.facts import digest
from warehouse.migrations import schema_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a snapshot holds."""

    published_at: datetime
    run_id: str | None
    schema_version: int
    digest: str
    row_counts: Mapping[str, int]


def publish(connection: duckdb.DuckDBPyConnection, working: Path, snapshot: Path, manifest_path: Path) -> Manifest:
    """Write the manifest into the working file, copy it, and put the copy in the snapshot's place.

    Readers that have the old snapshot open keep it. Raises WarehouseError if the copy cannot be made; the old
    snapshot then stands.
    """
    manifest = _write_manifest(connection)
    connection.execute("force checkpoint")
    log = working.with_name(working.name + ".wal")
    if log.exists() and log.stat().st_size:
        message = f"{log.name} is not empty after a checkpoint: a copy would lack rows, so nothing was published"
        raise WarehouseError(message)
    _replace(working, snapshot)
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


def _replace(working: Path, snapshot: Path) -> None:
    """Copy in a child process: closing the file in this one would drop DuckDB's POSIX lock for a second writer."""
    copy = snapshot.with_name(f".{snapshot.name}.{os.getpid()}.new")
    command = [sys.executable, "-I", str(copyfile.__file__), str(working), str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        copy.unlink(missing_ok=True)
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        message = f"the snapshot could not be written ({last[0]}); the previous one stands"
        raise WarehouseError(message)
    copy.replace(snapshot)
    _flush_directory(snapshot.parent)


def _write_atomically(path: Path, content: bytes) -> None:
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    _flush_directory(path.parent)


def _flush_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
