"""Damages to the files of a home: a bit that flipped, an end that is missing, rows or files that somebody deleted."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import duckdb

from warehouse.home import INDEX, KEPT, MANIFEST, SEARCH, SNAPSHOT, WORKING

Damage = Callable[[Path, random.Random], str]
"""Damages a file of the home; returns what it did, in words."""

_TABLES = (
    "select schema_name || '.' || table_name from duckdb_tables() where not temporary and not internal order by all"
)


def flip(path: Path, dice: random.Random) -> str:
    """One bit of the file is the other one."""
    data = bytearray(path.read_bytes())
    at, bit = dice.randrange(len(data)), dice.randrange(8)
    data[at] ^= 1 << bit
    path.chmod(0o644)
    path.write_bytes(data)
    return f"bit {bit} of byte {at} of {path.name}"


def truncate(path: Path, dice: random.Random) -> str:
    """The file ends too early."""
    stays = dice.randrange(path.stat().st_size)
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.truncate(stays)
    return f"{stays} bytes stay of {path.name}"


def remove(path: Path, dice: random.Random) -> str:
    """The file is gone."""
    del dice
    path.unlink()
    return f"without {path.name}"


def without_rows(path: Path, dice: random.Random) -> str:
    """Another program deleted rows of a database, which is whole otherwise."""
    path.chmod(0o644)
    return _from_sqlite(path, dice) if path.suffix == ".sqlite" else _from_duckdb(path, dice)


def _from_sqlite(path: Path, dice: random.Random) -> str:
    """Its tables and the number of a row: one of them has no rowid."""
    tables, number = (
        (("records", "postings"), "record") if path.name == INDEX else (("papers", "facet_sets", "texts_data"), "rowid")
    )
    with closing(sqlite3.connect(path)) as database:
        table, share = dice.choice(tables), dice.choice((1, 3, 100))
        rows = database.execute(f"delete from {table} where {number} % 100 < {share}")  # noqa: S608 - ours
        database.commit()
        return f"{rows.rowcount} rows of {table} of {path.name}"


def _from_duckdb(path: Path, dice: random.Random) -> str:
    with duckdb.connect(str(path)) as database:
        tables = [name for (name,) in database.execute(_TABLES).fetchall()]
        table = dice.choice([each for each in tables if database.table(each).limit(1).fetchall()])
        some = f"select rowid % 5 from {table} order by hash(rowid + {dice.randrange(99)}) limit 1"  # noqa: S608 - ours
        database.execute(f"delete from {table} where rowid % 5 = ({some})")  # noqa: S608 - ours
        return f"a fifth of the rows of {table} of {path.name}"


def _unsealed_flip(path: Path, dice: random.Random) -> str:
    path.with_name(f"{path.name}.seal").unlink()
    return f"{flip(path, dice)}, without its seal"


def _one_of(pattern: str) -> Callable[[Path, random.Random], Path]:
    return lambda home, dice: dice.choice(sorted(path for path in home.glob(pattern) if path.is_file()))


_BYTES: tuple[Damage, ...] = (flip, flip, flip, flip, flip, flip, truncate)
_LANDING = ("landing/pages/*/*/*", "landing/readings/*/*", "landing/decisions/*", "landing/forgotten_partitions/*")

TARGETS: Mapping[str, tuple[tuple[str, ...], tuple[Damage, ...]]] = {
    INDEX: ((INDEX,), (*_BYTES, _unsealed_flip, without_rows)),
    SNAPSHOT: ((SNAPSHOT,), (*_BYTES, without_rows)),
    SEARCH: ((f"{SEARCH}/*.sqlite",), (*_BYTES, remove, without_rows)),
    KEPT: ((f"{KEPT}/*.duckdb", f"{KEPT}/*.duckdb", f"{KEPT}/*.sqlite", f"{KEPT}/*.json"), _BYTES),
    MANIFEST: ((MANIFEST,), (*_BYTES, remove)),
    WORKING: ((WORKING,), (*_BYTES, without_rows)),
    "landing": (_LANDING, (*_BYTES, remove)),
}
"""For each target: patterns of its files, and what is done to one of them; what stands twice is done twice as often."""


def damaged(home: Path, target: str, dice: random.Random) -> tuple[str, str]:
    """Damage one file; returns the kind of the damage, and what was done."""
    patterns, damages = TARGETS[target]
    path = _one_of(dice.choice(patterns))(home, dice)
    damage = dice.choice(damages)
    return damage.__name__.strip("_").replace("_", " "), damage(path, dice)
