"""`paperlog check`: whether what readers get is fresh, whole and explained; for a monitor that calls it every hour.

What the audit looks at and a monitor must know of is looked at by the audit's own code.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from flows.jobs.audit import Alert, sound, unhealed, unproven
from flows.operate.diagnosis import Level
from flows.operate.machine import room
from flows.places.warehouse import warehouse_of
from flows.settings import Settings
from transforms.errors import PaperlogError
from warehouse import (
    SNAPSHOT,
    WORKING,
    Manifest,
    Reader,
    SurroundingsError,
    WarehouseError,
    ledger_to_read,
    standing,
)

MAX_AGE = timedelta(hours=26)
"""A day, and time for a run that came late."""

# 800 days of lists, 130,000 rows, take 82 MB, and an empty warehouse 9 MB (docs/benchmark.md, 2026-11): several times
# as much per row is explained by pages that were read often.
BYTES_EMPTY_MAX = 32_000_000
BYTES_A_ROW_MAX = 4_000


def check(settings: Settings, *, now: datetime, max_age: timedelta = MAX_AGE) -> tuple[Alert, ...]:
    """Everything that a person should be called for; nothing is written, and nothing is raised for what is found."""
    return tuple(_found(settings, now, max_age))


def withheld_count(settings: Settings) -> int | None:
    """How many texts and names of papers the published snapshot leaves out; None where its manifest cannot be read."""
    manifest = standing(settings.home)
    return manifest.withheld_count if manifest else None


def _found(settings: Settings, now: datetime, max_age: timedelta) -> Iterator[Alert]:
    warehouse = warehouse_of(settings)
    yield from _disk(settings)
    try:
        is_published = warehouse.is_published()
    except SurroundingsError as error:
        yield _alert("surroundings", str(error))
        return
    if not is_published:
        yield _alert("age", f"nothing was published in {settings.home} yet: load something, or run publish")
        return
    proven = tuple(unproven(warehouse))
    yield from proven
    try:
        manifest = warehouse.manifest()
        yield from _age(manifest, now, max_age)
        with warehouse.reader() as reader:
            yield from _growth(settings.home, manifest, reader)
            yield from sound(warehouse, reader, settings)
            yield from unhealed(reader)
        with ledger_to_read(settings.home):  # raises where it is damaged
            pass
    except SurroundingsError as error:
        if all(each.kind != "surroundings" for each in proven):  # else the same is met a second time
            yield _alert("surroundings", str(error))
    except (PaperlogError, OSError) as error:
        yield _alert("integrity" if isinstance(error, WarehouseError) else "surroundings", str(error))


def _age(manifest: Manifest, now: datetime, max_age: timedelta) -> Iterator[Alert]:
    age = now - manifest.published_at
    when = f"published {manifest.published_at:%Y-%m-%d %H:%M} UTC"
    if age > max_age:
        hours = f"{age / timedelta(hours=1):,.1f} hours ago, more than {max_age / timedelta(hours=1):g}"
        yield _alert("age", f"{when}, {hours}: look whether `paperlog up` runs, and at its last runs")
    elif age < -timedelta(minutes=5):
        yield _alert("age", f"{when}, which is later than now: look at the clock")


def _disk(settings: Settings) -> Iterator[Alert]:
    found = room(settings)
    if found.level is Level.FAIL:
        yield _alert("disk", f"{found.detail}: {found.remedy}")


def _growth(home: Path, manifest: Manifest, reader: Reader) -> Iterator[Alert]:
    (said,) = reader.named("read_facts_count").rows[0]
    rows = sum(manifest.row_counts.values()) + int(str(said))
    most = BYTES_EMPTY_MAX + BYTES_A_ROW_MAX * rows
    for name in (WORKING, SNAPSHOT):
        path = home / name
        size = path.stat().st_size if path.exists() else 0
        if size > most:
            detail = f"{name} has {size / 1e6:,.0f} MB; {rows:,} rows explain at most {most / 1e6:,.0f} MB"
            yield _alert("growth", f"{detail}: `paperlog replay --into NEW` makes a compact one")


def _alert(kind: str, detail: str) -> Alert:
    return Alert(kind=kind, source="warehouse", detail=" ".join(detail.split()))
