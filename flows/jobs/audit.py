"""What a person should look at: gaps, partitions that stay open, silent sources, runs that nothing healed, drift."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TypeVar

import msgspec

from extractors.errors import LandingError
from extractors.landing.landing import name_of
from extractors.source import OnPages, Source
from extractors.sources import source_named
from flows.pipeline.words import kept_decisions
from flows.places.landing import landing_of, storage_of
from flows.places.warehouse import warehouse_of
from flows.settings import Settings
from transforms.records import ReadingId
from transforms.series import list_of
from warehouse import Reader, SurroundingsError, Table, Warehouse

# A daily list closes when the next one opens, over a weekend after three days.
OPEN_TOO_LONG = timedelta(days=3)
# A source that missed so many of its own partitions in a row has fallen silent; a holiday leaves out one or two.
SILENT_PARTITIONS = 3

_LACKED = "a replay would lack them; bring the landing back from a back-up"

# Of a run that failed for a day that no backfill asks for.
FINAL_ALREADY = "its list is final already"

Row = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One thing to look at.

    `kind` is integrity, surroundings, upkeep, decision, gap, open, silent, failed, refused, quarantine or drift.
    """

    kind: str
    source: str
    partition_on: date | None = None
    detail: str

    @property
    def line(self) -> str:
        """The alert in one line."""
        return f"{self.kind}: {self.source}{f' {self.partition_on}' if self.partition_on else ''}: {self.detail}"

    @property
    def row(self) -> dict[str, str]:
        """The alert as a row of text."""
        partition = str(self.partition_on or "")
        return {"kind": self.kind, "source": self.source, "partition": partition, "detail": self.detail}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPartition:
    """One partition that was read, or that a page links to."""

    source: str
    partition_on: date
    state: str
    last_read_at: datetime | None
    is_linked: bool
    cause: str | None
    reason: str | None

    @property
    def is_loaded(self) -> bool:
        """Whether it has a list."""
        return self.state in {"open", "final"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedStretch:
    """Two days that follow each other by a page's own links: the source has no list for the days in between."""

    source: str
    after_on: date
    before_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedReading:
    """One reading that is loaded."""

    source: str
    partition_on: date | None
    page_sha256: str
    fetched_at: datetime

    @property
    def reading(self) -> ReadingId:
        """The reading as decisions name it."""
        return ReadingId(page_sha256=self.page_sha256, fetched_at=self.fetched_at)


Sourced = TypeVar("Sourced", KnownPartition, LinkedStretch, LoadedReading)


def audit(settings: Settings, *, now: datetime) -> tuple[Alert, ...]:
    """Everything in the published snapshot that is worth a look, by kind."""
    warehouse = warehouse_of(settings)
    with warehouse.reader() as reader:
        known = _known(reader)
        return (
            *unproven(warehouse),
            *sound(warehouse, reader, settings),
            *_shortened(gaps(reader, settings.lists_fetched)),
            *_open_too_long(known, now.date()),
            *_silent(known, settings.lists_fetched, now.date()),
            *unhealed(reader),
            *_quarantined(reader),
            *_drift(reader),
        )


def gaps(reader: Reader, fetched: Container[str], today: date | None = None) -> Iterator[Alert]:
    """Every hole: partitions asked for in vain or refused, linked ones, and days of the calendar in between.

    Days that have no list, as links between pages prove, are no holes, nor are partitions that a person gave up. The
    calendar counts only for the lists in `fetched`: nobody promised to adopt every week of a dump. If only the pages
    tell which partitions there are, a stretch in which another one would have room is a hole. `today` is the day after
    which nothing can lack, by default this one.
    """
    stretches = _by_source(reader.records("read_linked_stretches", LinkedStretch))
    # The day after the last list may be linked before it has come.
    last = today or datetime.now(UTC).date()
    for source, partitions in _by_source(_known(reader)).items():
        rows = {each.partition_on: each for each in partitions}
        unread = _unread(source_named(source), rows, stretches.get(source, ())) if source in fetched else {}
        holes = unread | {day: _why(row) for day, row in rows.items() if row.state in {"missing", "refused"}}
        for day in sorted(day for day in holes if day <= last):
            yield Alert(kind="gap", source=source, partition_on=day, detail=holes[day])


def states(reader: Reader, holes: Iterable[Alert]) -> Table:
    """The states of partitions by source, as recorded, with the number of its `gaps` behind those that are refused."""
    found, counts = reader.named("read_states"), Counter(each.source for each in holes)
    at, rows = found.columns.index("refused") + 1, []
    for row, each in zip(found.rows, found.dicts, strict=True):
        source, series = str(each["source"]), each["series"]
        rows.append((*row[:at], counts[list_of(source, str(series)) if series else source], *row[at:]))
    return Table(columns=(*found.columns[:at], "gaps", *found.columns[at:]), rows=tuple(rows))


def _known(reader: Reader) -> tuple[KnownPartition, ...]:
    return reader.records("read_known_partitions", KnownPartition)


def _by_source(rows: Iterable[Sourced]) -> dict[str, list[Sourced]]:
    sources: dict[str, list[Sourced]] = defaultdict(list)
    for each in rows:
        sources[each.source].append(each)
    return sources


def _unread(source: Source, rows: Mapping[date, KnownPartition], stretches: Sequence[LinkedStretch]) -> dict[date, str]:
    """The holes of which nothing is known, with what is to be said of them."""
    if isinstance(source.partitions, OnPages):
        return dict(_stretches_with_room(source, rows, stretches))
    loaded = [day for day, row in rows.items() if row.is_loaded]
    calendar = source.partitions(min(loaded), max(loaded)) if loaded else ()
    missing = [day for day in calendar if day not in rows and not _is_between(day, stretches)]
    return dict.fromkeys(missing, "never read; it is between loaded partitions")


def _stretches_with_room(
    source: Source, rows: Mapping[date, KnownPartition], stretches: Sequence[LinkedStretch]
) -> Iterator[tuple[date, str]]:
    """Between partitions that follow each other, if another one would have room even were both a day shorter.

    Where the pages list nothing in between, there is no issue; else no page was read that tells.
    """
    linked = {(stretch.after_on, stretch.before_on) for stretch in stretches}
    for after, before in pairwise(sorted(day for day, row in rows.items() if row.state != "no_list")):
        if (before - after).days >= 2 * (source.partition_days - 1):
            said = f"between that of {after} and that of {before}"
            detail = f"no issue {said}, as the page lists them" if (after, before) in linked else f"never read: {said}"
            yield after + timedelta(days=source.partition_days), detail


def _is_between(day: date, stretches: Sequence[LinkedStretch]) -> bool:
    return any(stretch.after_on < day < stretch.before_on for stretch in stretches)


def _why(row: KnownPartition) -> str:
    reason = _in_one_line(row.reason)
    if row.state == "refused":
        return f"refused, {row.cause or 'no cause recorded'}: {reason}"
    link = "another page links to it" if row.is_linked else "no other page links to it"
    if row.cause or reason:
        return f"not loaded{f', {row.cause}' if row.cause else ''}: {reason}; {link}"
    return f"never read; {link}"


def _shortened(found: Iterable[Alert]) -> Iterator[Alert]:
    """One alert a source: a long outage must not hide the other alerts."""
    days: dict[str, list[date | None]] = defaultdict(list)
    for each in found:
        days[each.source].append(each.partition_on)
    for source, missing in days.items():
        detail = f"{len(missing)} not loaded, from this one to {missing[-1]}: see status --gaps"
        yield Alert(kind="gap", source=source, partition_on=missing[0], detail=detail)


def _open_too_long(known: Iterable[KnownPartition], today: date) -> Iterator[Alert]:
    for each in known:
        if each.state == "open" and each.partition_on + OPEN_TOO_LONG < today:
            detail = f"still open, last read {each.last_read_at:%Y-%m-%d %H:%M} UTC; read it again to close it"
            yield Alert(kind="open", source=each.source, partition_on=each.partition_on, detail=detail)


def silent(reader: Reader, fetched: Container[str], today: date) -> Iterator[Alert]:
    """The lists of which nothing came for longer than a holiday explains, each with its last day."""
    return _silent(_known(reader), fetched, today)


def _silent(known: Iterable[KnownPartition], fetched: Container[str], today: date) -> Iterator[Alert]:
    for source, partitions in _by_source(known).items():
        last = max((each.partition_on for each in partitions if each.is_loaded), default=None)
        if last is None or source not in fetched:
            continue
        due_count = _due_count(source_named(source), last, today - timedelta(days=1))
        if due_count >= SILENT_PARTITIONS:
            detail = f"nothing since; {due_count} partitions are due"
            yield Alert(kind="silent", source=source, partition_on=last, detail=detail)


def _due_count(source: Source, last: date, until: date) -> int:
    """How many partitions should have come after the last one; one on pages is due once its days are over."""
    if isinstance(source.partitions, OnPages):
        return (until - last).days // source.partition_days - 1
    return len(source.partitions(last + timedelta(days=1), until))


def sound(warehouse: Warehouse, reader: Reader, settings: Settings) -> Iterator[Alert]:
    """What is wrong with what is stored: between rows, the writer's files, decisions and files that are missing."""
    are_all_here = not _has_pages_elsewhere(warehouse, settings)
    yield from _broken(reader, "rebuild with replay --into" if are_all_here else "bring the lake back from a back-up")
    yield from _not_from_there(warehouse)
    yield from _working_differs(warehouse)
    yield from _untidy(warehouse)
    yield from _unrecorded(reader, settings, are_all_here=are_all_here)
    if are_all_here:
        yield from _unkept(reader, settings)


def _has_pages_elsewhere(warehouse: Warehouse, settings: Settings) -> bool:
    """Whether pages and decisions behind the facts may be kept in other homes too, where nobody here sees them."""
    return warehouse.is_shared and settings.bucket is None


def _broken(reader: Reader, mend: str) -> Iterator[Alert]:
    """The relations that the warehouse promises: it has no keys or constraints, so they are checked here."""
    for row in reader.records("integrity", Row):
        yield _alert("integrity", {"source": "warehouse"}, f"broken in {row['broken']} rows: {row['rule']}; {mend}")


def unproven(warehouse: Warehouse) -> Iterator[Alert]:
    """Snapshots that do not hold what their manifests say, or cannot be looked at now."""
    for found in warehouse.proof():
        yield _alert("integrity" if found.is_damage else "surroundings", {"source": "warehouse"}, found.detail)


def _not_from_there(warehouse: Warehouse) -> Iterator[Alert]:
    for found in warehouse.check_descent():
        yield _alert("integrity", {"source": "warehouse"}, found)


def _working_differs(warehouse: Warehouse) -> Iterator[Alert]:
    try:
        for found in warehouse.check_working():
            yield _alert("integrity", {"source": "warehouse"}, found)
    except SurroundingsError as error:
        yield _alert("surroundings", {"source": "warehouse"}, str(error))


def _untidy(warehouse: Warehouse) -> Iterator[Alert]:
    size = warehouse.size()
    if size is not None and size.is_untidy:
        said = f"the lake has {size.files_count:,} files and {size.states_count:,} states: run `paperlog maintain`"
        yield _alert("upkeep", {"source": "warehouse"}, said)


def _unrecorded(reader: Reader, settings: Settings, *, are_all_here: bool) -> Iterator[Alert]:
    """People's decisions that were kept and are not in the snapshot: their command was killed in between."""
    try:
        kept = kept_decisions(settings)
    except LandingError as error:
        yield _alert("integrity", {"source": "landing"}, str(error))
        return
    missing = reader.unrecorded(kept)
    if are_all_here and storage_of(settings).is_there() and (count := reader.unkept(kept)):
        yield _alert("integrity", {"source": "landing"}, f"{count} decisions on record are not in it: {_LACKED}")
    for each in missing:
        source = getattr(each, "source", None) or "decisions"
        about: Row = {"source": source, "partition_on": getattr(each, "partition_on", None)}
        said = f"decided {each.decided_at:%Y-%m-%d %H:%M} UTC and not recorded: {_in_one_line(each.reason)}"
        yield _alert("decision", about, f"{said}; `paperlog publish` records it")


def _unkept(reader: Reader, settings: Settings) -> Iterator[Alert]:
    """Readings that are loaded and whose files are gone; a warehouse that was filled without a landing has no files."""
    if not storage_of(settings).is_there():
        return
    landing = landing_of(settings)
    for source, loaded in _by_source(reader.records("read_loaded", LoadedReading)).items():
        kept = landing.names(source)
        if gone := [each for each in loaded if name_of(each.reading) not in kept]:
            first = f"{len(gone)} readings are loaded and not in the landing, the first of {gone[0].fetched_at}"
            about: Row = {"source": source, "partition_on": gone[0].partition_on}
            yield _alert("integrity", about, f"{first}: {_LACKED}")


def unhealed(reader: Reader) -> Iterator[Alert]:
    """Runs that failed or were refused, and that no later one healed."""
    for row in reader.records("read_unhealed_runs", Row):
        final = f" ({FINAL_ALREADY})" if row["is_final"] else ""
        yield _alert(row["status"], row, f"{_in_one_line(row['reason']) or 'no reason recorded'}{final}")


def _quarantined(reader: Reader) -> Iterator[Alert]:
    for row in reader.records("read_quarantined", Row):
        yield _alert("quarantine", row, f"{row['entries']} entries: {row['reason']}")


def _drift(reader: Reader) -> Iterator[Alert]:
    for row in reader.records("read_warnings", Row):
        count = f"{row['check_name']} warned in {row['findings_count']} findings"
        yield _alert("drift", row, f"{count}, last for {row['last_on'] or 'an unknown day'}: {row['observed']}")


def _alert(kind: object, row: Row, detail: str) -> Alert:
    """An alert about the source and the partition, if any, of a row."""
    return msgspec.convert({**row, "kind": kind, "detail": detail}, Alert)


def _in_one_line(text: object) -> str:
    return " ".join(str(text or "").split())
