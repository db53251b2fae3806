"""The snapshot that readers open: replaced atomically, with its manifest inside and beside it.

It is a copy of the working file, or a full snapshot: rewritten, and so compact, and in a format that older DuckDB
releases open. One costs about 60 CPU-seconds per million papers, and half as much again because its facts are read back
before it replaces the previous one. What analysts would wait for is made first (see derived.py). The search index is a
file beside it (see searchfile.py).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from transforms.errors import naming
from transforms.records import WithholdDecision
from transforms.withholding import in_effect
from warehouse.database import copyfile
from warehouse.database.connection import attach, connect, known_migrations, opened, whole
from warehouse.database.files import flush, hash_of, log_of, set_logs_aside
from warehouse.database.sql import Connection, Statements, append, row_of
from warehouse.errors import WarehouseError
from warehouse.home import MANIFEST, SCRATCH, SEARCH, SNAPSHOT, WORKING
from warehouse.publish.derived import derive, forget
from warehouse.publish.descent import require_no_loss
from warehouse.publish.kept import kept_files
from warehouse.publish.manifest import Manifest, encoded, last_run_of, standing
from warehouse.publish.proof import difference_of, require_placed
from warehouse.publish.searchfile import make_search, place_search, remove_others
from warehouse.publish.withhold import Withheld, drop_kept, read_withholdings, redact

# Read by DuckDB 1.1.3, 1.2.2, 1.3.2, 1.4.5, 1.5.5 and 2.0.0 (2026-11-22); 1.0.0 opens it too, but not every view.
FULL_STORAGE_VERSION = "v1.0.0"

_sql = Statements(__package__)


def publish(connection: Connection, home: Path, *, is_full: bool | None, full_up_to: int) -> Manifest:
    """Write the manifest into the working file, and put a copy of it, or a full snapshot, in the snapshot's place.

    `is_full` None makes a full one of up to `full_up_to` papers; True also makes what is derived from nothing. Readers
    that have the old snapshot open keep it. What people withhold is taken out, for which the file is written anew, and
    kept snapshots that may hold it are deleted.
    Raises WarehouseError or duckdb.Error if the new one cannot be made; the old one then stands.
    """
    with whole(connection):
        manifest = write_manifest(connection, datetime.now(UTC), is_anew=bool(is_full))
    decisions = read_withholdings(connection)
    require_no_loss(connection, manifest, home)
    _name_in_main(connection)
    _checkpoint(connection, home / WORKING)
    if is_full is None:
        is_full = manifest.row_counts["papers"] <= full_up_to
    with _scratch(home / SCRATCH) as scratch:
        made = scratch / WORKING
        _copy(home / WORKING, made)
        return _published(made, manifest, decisions, home, is_full=is_full)


def publish_from(make: Callable[[Path], None], home: Path, published_at: datetime) -> Manifest:
    """Publish what another engine holds: `make` writes a working file of it at the path that it is given.

    Raises as `publish` does.
    """
    with _scratch(home / SCRATCH) as scratch:
        made = scratch / WORKING
        make(made)
        with opened(made) as connection:
            with whole(connection):
                manifest = write_manifest(connection, published_at, is_anew=True)
            decisions = read_withholdings(connection)
            _name_in_main(connection)
            _checkpoint(connection, made)
        return _published(made, manifest, decisions, home, is_full=True)


def _published(
    made: Path, manifest: Manifest, decisions: Sequence[WithholdDecision], home: Path, *, is_full: bool
) -> Manifest:
    """Put a working file of ours that nobody else has open in the snapshot's place, without what is withheld."""
    for snapshot in (home / SNAPSHOT, *kept_files(home)):
        set_logs_aside(snapshot)
    if decisions:  # also where all were taken back: their names and reasons are not published
        manifest = _redacted(made, manifest, in_effect(decisions))
    is_rewritten = is_full or bool(decisions)
    if is_rewritten:  # a file that something was taken out of holds it in free blocks
        working, made = made, made.with_name(SNAPSHOT)
        _write_full(working, made)
        manifest = replace(manifest, storage_version=FULL_STORAGE_VERSION)
    flush(made)
    manifest = replace(manifest, file_sha256=hash_of(made))
    _prove(made, manifest, is_copy=not is_rewritten)
    last, index = standing(home), made.with_name(SEARCH)
    manifest = replace(manifest, search=make_search(made, manifest, last, home, index))
    if manifest.search is not None:
        place_search(index, manifest, home)
    _place(made, manifest, home)
    remove_others(home, manifest, last)
    drop_kept(home, in_effect(decisions))
    return manifest


def _name_in_main(connection: Connection) -> None:
    """Give each view and macro of marts its name in main too, where every client looks without being told.

    A file can hold no search path. What a migration changed is named anew: a view remembers the columns that it had.
    """
    for statement in _sql.column(connection, "read_names_for_main"):
        connection.execute(statement)


def _redacted(copy: Path, whole_one: Manifest, withheld: Withheld) -> Manifest:
    """Take what is withheld out of a copy of the working file; returns the manifest of what is left."""
    with opened(copy) as connection:
        count = redact(connection, withheld)
        with whole(connection):  # anew, because it was made of names and texts that are withheld
            manifest = write_manifest(connection, whole_one.published_at, is_anew=True)
        connection.execute("force checkpoint")
    return replace(manifest, withheld_count=count)


def _checkpoint(connection: Connection, working: Path) -> None:
    connection.execute("force checkpoint")
    log = log_of(working)
    if log.exists() and log.stat().st_size:
        raise WarehouseError(
            f"{log.name} is not empty after a checkpoint: a copy would lack rows, so nothing was published"
        )


def _prove(made: Path, manifest: Manifest, *, is_copy: bool) -> None:
    """A file that lost a write may look whole: it must hold what it was made to hold.

    Of a copy it is enough that its rows have the hashes that stand in it: its digest was made of rows that had them.
    """
    if difference := difference_of(made, manifest, is_copy=is_copy):
        raise WarehouseError(f"the snapshot that was made is not published: {difference}; the previous one stands")


def _place(made: Path, manifest: Manifest, home: Path) -> None:
    """Put the proven file in the snapshot's place, its manifest beside it, and prove that nothing came between."""
    snapshot, described = home / SNAPSHOT, made.with_name(MANIFEST)
    with naming(described):
        described.write_bytes(encoded(manifest))
    flush(described)
    # DuckDB opens for writing unless told otherwise, and that shuts out every reader.
    made.chmod(made.stat().st_mode & 0o444)
    proven = made.stat()
    set_logs_aside(snapshot)
    made.replace(snapshot)
    try:
        flush(home)
        set_logs_aside(snapshot)  # whoever still has the old file open may have begun one in between
        described.replace(home / MANIFEST)
        flush(home)
    except OSError as error:
        raise WarehouseError(f"published, but {MANIFEST} may still be the old one: {error}; publish again") from error
    require_placed(snapshot, proven, manifest)


def write_manifest(connection: Connection, published_at: datetime, *, is_anew: bool) -> Manifest:
    """Bring what is derived in line with the facts, or make it from nothing, and say among them what they are.

    The transaction is the caller's.
    """
    if is_anew:
        forget(connection)
    facts = derive(connection)
    manifest = Manifest(
        published_at=published_at,
        run_id=last_run_of(connection),
        schema_version=known_migrations()[-1].number,
        digest=facts.digest,
        row_counts=facts.row_counts,
    )
    _sql.run(connection, "delete_manifest")
    append(connection, "ops.manifest", [row_of(connection, "ops.manifest", manifest)])
    return manifest


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """An empty folder, deleted afterwards. Only the lock's holder comes here: a killed one left what is in it."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise WarehouseError(f"{folder} is no folder, and snapshots are made there: move it away")
    if folder.exists():
        shutil.rmtree(folder)
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
        raise WarehouseError(f"{copy} could not be written ({last[0]}); the previous snapshot stands")


def _write_full(working: Path, target: Path) -> None:
    """Write `target` from a copy of the working file."""
    with connect(target, storage_compatibility_version=FULL_STORAGE_VERSION) as connection:
        attach(connection, working, "working")
        connection.execute("copy from database working to paperlog")
        connection.checkpoint()  # closing does it too, and says nothing if it fails
