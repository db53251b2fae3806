"""The side index's file: proven whole before it is used, and made again where it is not.

SQLite notices few damages by itself: a flipped bit may hide rows or change them without an error. So the file is
sealed with a checksum of all its bytes when it is closed (`resolver.sqlite.seal`), and the seal is taken off when it is
opened. A file that differs from its seal is made again. One without a seal, because its writer was killed, is proven
row by row: each with its own checksum, all with their counts. A checksum takes 0.4 s a gigabyte (2026-11).
"""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final
from zlib import crc32

from transforms.errors import naming, remedy_of
from warehouse.database.sql import Statements
from warehouse.database.trouble import is_around
from warehouse.papers.indexrows import IndexDamagedError, require_counts, require_rows
from warehouse.papers.indexstore import VERSION, IndexUnusableError

_CACHE_KIB: Final = 64 * 1024
_CHUNK_BYTES: Final = 1024 * 1024
_COMPANIONS: Final = ("-wal", "-shm", ".seal")

_log = logging.getLogger(__name__)
_sql = Statements(__package__, "sql/indexfile")


def open_index(path: Path) -> sqlite3.Connection:
    """Open the file; one that is damaged or of another version is replaced by an empty one.

    Raises IndexUnusableError if the file cannot be used at all.
    """
    _make(path)
    damage = _damage(path)
    database = _connected(path)
    try:
        is_ours = damage is None and _version(database) == VERSION
        if is_ours and not _seal_of(path).exists():
            _prove(database)
    except (sqlite3.DatabaseError, IndexDamagedError) as error:
        _require_damage(error, database)
        is_ours, damage = False, str(error)
    if damage:
        _log.warning("%s is damaged (%s): it is made again", path.name, damage)
    if not is_ours:
        database = _emptied(database, path)
    _seal_of(path).unlink(missing_ok=True)  # while it is open, its bytes change
    return database


def damage_of(path: Path) -> str | None:
    """What is wrong with the file, which must be there and is left as it is; None if nothing is, or it is another's."""
    if (damage := _damage(path)) or _seal_of(path).exists():
        return damage
    database = _connected(path)
    try:
        if _version(database) == VERSION:
            _prove(database)
    except (sqlite3.DatabaseError, IndexDamagedError) as error:
        _require_damage(error, database)
        return str(error)
    finally:
        database.close()
    return None


def _require_damage(error: Exception, database: sqlite3.Connection) -> None:
    """Raise the error if it tells of the surroundings, such as a missing right or a full disk, and of no damage."""
    if isinstance(error, sqlite3.DatabaseError) and is_around(error):
        database.close()
        raise error


def seal_index(path: Path) -> None:
    """Seal the file, which is closed, as it is now."""
    if not _has_log(path):
        with suppress(OSError):  # without a seal the next one to open it proves it row by row
            _seal_of(path).write_text(_checksum(path), encoding="ascii")


def delete_index(path: Path) -> None:
    """Delete the file and what belongs to it; the warehouse holds everything that it held."""
    for suffix in ("", *_COMPANIONS):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _make(path: Path) -> None:
    """Make sure that there is a file, with the rights that the umask leaves: SQLite would give others less."""
    if path.exists() and not path.is_file():
        raise IndexUnusableError("it is no file; move it away, and the next load makes the index again")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _seal_of(path).unlink(missing_ok=True)  # it was that of a file that somebody removed
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o666))
    except OSError as error:
        raise IndexUnusableError(f"it cannot be opened for writing: {error.strerror}; {remedy_of(error)}") from error


def _emptied(database: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    database.close()
    delete_index(path)
    _make(path)
    empty = _connected(path)
    empty.executescript(_sql.text("create_tables"))
    empty.execute(f"pragma user_version = {VERSION}")
    return empty


def _connected(path: Path) -> sqlite3.Connection:
    """A connection that locks the file; what it commits survives a kill, and is never half written."""
    database = sqlite3.connect(path, isolation_level="IMMEDIATE")
    try:
        for setting in ("locking_mode = exclusive", "journal_mode = wal", "synchronous = normal"):
            database.execute(f"pragma {setting}")
        database.execute(f"pragma cache_size = -{_CACHE_KIB}")
    except sqlite3.OperationalError:
        database.close()
        raise
    except sqlite3.DatabaseError:
        pass  # not a database: `open_index` finds out and replaces it
    return database


def _version(database: sqlite3.Connection) -> int:
    ((version,),) = database.execute("pragma user_version").fetchall()
    return int(version)


def _prove(database: sqlite3.Connection) -> None:
    """Raise IndexDamagedError or sqlite3.DatabaseError unless every row and every count is what was written."""
    ((said,),) = database.execute("pragma integrity_check(1)").fetchall()
    if said != "ok":
        raise IndexDamagedError(said.replace("\n", " "))
    ((records, postings, held_records, held_postings, _),) = database.execute(_sql.text("read_counts")).fetchall()
    require_counts((records, postings), (held_records, held_postings))
    require_rows(database.execute(_sql.text("read_rows")), database.execute(_sql.text("read_postings")))


def _damage(path: Path) -> str | None:
    """What the seal tells against the file; None if it fits, or there is none that could."""
    try:
        seal = _seal_of(path).read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    except UnicodeError:
        seal = ""
    except OSError as error:
        raise IndexUnusableError(f"its seal cannot be read: {error.strerror}; {remedy_of(error)}") from error
    return "it changed after it was closed" if _has_log(path) or seal != _checksum(path) else None


def _has_log(path: Path) -> bool:
    """Whether a writer was stopped before it wrote its log into the file."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _seal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.seal")


def _checksum(path: Path) -> str:
    """The file's length and the CRC-32 of its bytes, which shows every burst of up to 32 bits."""
    checksum = length = 0
    with naming(path), path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            checksum, length = crc32(chunk, checksum), length + len(chunk)
    return f"{length} {checksum:08x}\n"
