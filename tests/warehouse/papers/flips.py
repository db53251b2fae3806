"""Damages the side index at random, loads, and compares the facts; tests/drills does so through the command line."""

from __future__ import annotations

import logging
import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.batches import WEEKLY, batch, hours, review, sighting
from tests.support.small import warehouse_in
from transforms.records import Batch
from warehouse import WarehouseError
from warehouse.home import INDEX

BEFORE = (batch([sighting(number) for number in range(1, 40)]), batch([review(1), review(2)], facts=WEEKLY))
TABLES = ("records", "postings")


@dataclass(slots=True)
class Toll:
    """How often each kind of damage was harmless or told, and what it broke."""

    ends: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


class _Told(logging.Handler):
    """Counts what is said about the index."""

    count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += record.levelno >= logging.WARNING


def flips(count: int, folder: Path, seed: int = 20261126) -> Toll:
    """Damage a copy of one home so often, each time load the same pages, and compare the facts."""
    dice, toll, told = random.Random(seed), Toll(), _Told()
    base = folder / "base"
    _load(base, BEFORE)
    expected = _facts(shutil.copytree(base, folder / "undisturbed"))
    logger = logging.getLogger("warehouse.papers")
    logger.addHandler(told)
    try:
        for number in range(count):
            home = shutil.copytree(base, folder / "damaged")
            kind = dice.choice(("flip", "flip", "flip without seal", "rows deleted"))
            what, said = _damage(home / INDEX, kind, dice), told.count
            try:
                is_same = _facts(home) == expected
            except WarehouseError as error:
                toll.broken.append(f"{number}: {kind}, {what}: {error}")
                is_same = True
            end = "told" if told.count > said else "harmless"
            toll.ends[f"{kind}: {end}"] += 1
            toll.broken += [] if is_same else [f"{number}: {kind}, {what}: other facts, {end}"]
            shutil.rmtree(home)
    finally:
        logger.removeHandler(told)
    return toll


def _damage(file: Path, kind: str, dice: random.Random) -> str:
    if kind == "rows deleted":
        with closing(sqlite3.connect(file)) as database:
            table, share = dice.choice(TABLES), dice.choice((1, 3, 100))
            rows = database.execute(f"delete from {table} where record % 100 < {share}")  # noqa: S608 - ours
            database.commit()
            return f"{rows.rowcount} rows of {table}"
    if kind == "flip without seal":
        file.with_name(f"{file.name}.seal").unlink()
    data = bytearray(file.read_bytes())
    at, bit = dice.randrange(len(data)), dice.randrange(8)
    data[at] ^= 1 << bit
    file.write_bytes(data)
    return f"bit {bit} of byte {at}"


def _facts(home: Path) -> str:
    """The digest once some later pages are loaded: matches, corrections and a sighting that is gone."""
    later = [sighting(number, title=f"Retitled {number}") for number in range(1, 20)]
    later += [sighting(number) for number in range(20, 40)]
    reviews = batch([review(number) for number in range(1, 40, 3)], facts=WEEKLY, at=hours(3))
    _load(home, (batch([*later, sighting(50)], at=hours(1)), reviews))
    with warehouse_in(home).writer("flips") as writer:
        return writer.publish(full=False).digest


def _load(home: Path, batches: tuple[Batch, ...]) -> None:
    for each in batches:
        with warehouse_in(home).writer("flips") as writer:
            writer.load([each])
