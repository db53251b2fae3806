"""`paperlog size`: what takes room in a home, by kind and by source, and what a year of it takes."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from extractors.landing.files import every_path
from extractors.landing.landing import source_of, time_in_name
from flows.home import FEEDS
from flows.places.warehouse import warehouse_of
from flows.settings import Settings
from warehouse import INDEX, KEPT, LEDGER, MANIFEST, SEARCH, SNAPSHOT, WORKING

YEAR = timedelta(days=365)
# A landing that was begun so lately shows nothing about a year.
SPAN_MIN = timedelta(days=7)
PARTS = {"pages": "pages", "readings": "readings"}
FILES = {
    WORKING: "warehouse",
    f"{WORKING}.wal": "warehouse",
    SNAPSHOT: "published snapshot",
    MANIFEST: "published snapshot",
    INDEX: "side index",
    f"{INDEX}.seal": "side index",
    LEDGER: "digests",
}
FOLDERS = {
    SEARCH: "search index",
    KEPT: "kept snapshots",
    "prefect": "Prefect server",
    "inbox": "inbox",
    FEEDS: "digests",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """One kind of thing: how many files, and how many bytes they take on the disk.

    `bytes_a_year` is what the kind grew by a year, for pages and readings from the span of their times; None where that
    is too short, or the kind does not grow by pages.
    """

    kind: str
    source: str | None = None
    files_count: int = 0
    bytes: int = 0
    bytes_a_year: int | None = None


def sizes(settings: Settings) -> tuple[Size, ...]:
    """What takes room, the landing by source. A file with two names counts once, under the first kind that has it."""
    counted: dict[tuple[str, str | None], list[os.stat_result]] = defaultdict(list)
    seen: set[tuple[int, int]] = set()
    for path in sorted(every_path(settings.home), key=lambda path: KEPT in path.parts):
        try:
            status = path.stat()
        except FileNotFoundError:  # written, replaced, or a link that leads nowhere
            continue
        if (status.st_dev, status.st_ino) not in seen:
            seen.add((status.st_dev, status.st_ino))
            counted[_kind_of(path.relative_to(settings.home))].append(status)
    spans = _spans(settings.landing)
    here = tuple(_size(*key, found, spans) for key, found in sorted(counted.items(), key=lambda item: str(item[0])))
    lake = warehouse_of(settings).size()
    return here if lake is None else (*here, Size(kind="lake", files_count=lake.files_count, bytes=lake.bytes))


def _size(kind: str, source: str | None, found: list[os.stat_result], spans: dict[str, timedelta]) -> Size:
    taken = sum(each.st_blocks * 512 for each in found)
    span = spans.get(source or "")
    yearly = int(taken * (YEAR / span)) if kind in PARTS.values() and span and span >= SPAN_MIN else None
    return Size(kind=kind, source=source, files_count=len(found), bytes=taken, bytes_a_year=yearly)


def _kind_of(path: Path) -> tuple[str, str | None]:
    first, *rest = path.parts
    if first == "landing" and len(rest) > 2 and rest[0] in PARTS:
        return PARTS[rest[0]], source_of(rest[1])
    if first == "landing":
        return "decisions", None
    return (FOLDERS.get(first) if rest else FILES.get(first)) or "other", None


def _spans(landing: Path) -> dict[str, timedelta]:
    """From the first to the last time of reading of each source, as the names of its readings have it."""
    spans = {}
    for folder in landing.glob("readings/*"):
        names = sorted(path.name for path in folder.glob("[0-9]*.json"))
        if names:
            spans[source_of(folder.name)] = time_in_name(names[-1]) - time_in_name(names[0])
    return spans
