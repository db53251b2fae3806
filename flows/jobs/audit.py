"""What a person should look at: gaps, partitions that stay open, sources that fell silent, runs that nothing healed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec

from extractors.sources import SOURCES
from flows.jobs.questions import (
    KNOWN_PARTITIONS,
    LINKED_STRETCHES,
    QUARANTINED,
    UNHEALED_RUNS,
    WARNINGS,
    records,
)
from flows.settings import Settings
from warehouse import Reader, open_warehouse

OPEN_TOO_LONG = timedelta(days=3)
# A source that missed so many of its own partitions in a row has fallen silent.
SILENT_PARTITIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One thing to look at. `kind` is integrity, gap, open, silent, failed, refused, quarantine or drift."""

    kind: str
    source: str
    partition_on: date | None
    detail: str

    @property
    def line(self) -> str:
        """The concern in one line."""
        return f"{self.kind}: {self.source}{f' {self.partition_on}' if self.partition_on else ''}: {self.detail}"

    @property
    def row(self) -> dict[str, str]:
        """The concern as a row of text."""
        partition = str(self.partition_on or "")
        return {"kind": self.kind, "source": self.source, "partition": partition, "detail": self.detail}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One partition as the snapshot knows it."""

    source: str
    partition_on: date
    state: str
    last_read_at: datetime | None
    is_linked: bool
    cause: str | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Two days that follow each other in a source's own calendar."""

    source: str
    after_on: date
    before_on: date


def audit(settings: Settings, *, now: datetime) -> tuple[Concern, ...]:
    """Everything that is worth a look in the published snapshot, by kind."""
    with open_warehouse(str(settings.home)).reader() as reader:
        known, empty = known_partitions(reader), without_list(reader)
        return (
            *_broken(reader),
            *_gaps_in_short(gaps(known, empty, settings.urls)),
            *_open_too_long(known, now.date()),
            *_silent(known, settings.urls, now.date()),
            *_unhealed(reader),
            *_quarantined(reader),
            *_drift(reader),
        )


def known_partitions(reader: Reader) -> tuple[Known, ...]:
    """Every partition that was read, or that a page links to."""
    rows = records(reader.query(KNOWN_PARTITIONS))
    return tuple(msgspec.convert(row, Known) for row in rows)


def without_list(reader: Reader) -> dict[str, tuple[Between, ...]]:
    """For each source the stretches between two pages that link to each other's day: what lies inside has no list."""
    stretches: dict[str, list[Between]] = {}
    for row in records(reader.query(LINKED_STRETCHES)):
        between = msgspec.convert(row, Between)
        stretches.setdefault(between.source, []).append(between)
    return {source: tuple(each) for source, each in stretches.items()}


def gaps(known: Iterable[Known], empty: Mapping[str, Sequence[Between]], fetched: Container[str]) -> Iterator[Concern]:
    """Every hole: what was asked for in vain or refused, what a page links to, and days of the calendar in between.

    Days that links prove to have no list are no holes, nor is what a person gave up. The calendar counts only for
    sources that are fetched here: nobody promised to adopt every week of a dump.
    """
    for source, partitions in _by_source(known).items():
        rows = {each.partition_on: each for each in partitions}
        loaded = [day for day, row in rows.items() if row.state in {"open", "final"}]
        calendar = SOURCES[source].partitions(min(loaded), max(loaded)) if loaded and source in fetched else ()
        unread = {day for day in calendar if day not in rows and not _has_no_list(day, empty.get(source, ()))}
        holes = unread | {day for day, row in rows.items() if row.state in {"missing", "refused"}}
        for day in sorted(holes):
            yield Concern(kind="gap", source=source, partition_on=day, detail=_why(rows.get(day)))


def _has_no_list(day: date, stretches: Sequence[Between]) -> bool:
    return any(stretch.after_on < day < stretch.before_on for stretch in stretches)


def _why(row: Known | None) -> str:
    if row is None:
        return "never read; it lies between loaded partitions"
    said = " ".join((row.reason or "").split())
    if row.state == "refused":
        return f"refused, {row.cause or 'no cause recorded'}: {said}"
    link = "another page links to it" if row.is_linked else "no other page links to it"
    if row.cause is None:
        return f"never read; {link}"
    return f"not loaded, {row.cause}: {said}; {link}"


def _gaps_in_short(found: Iterable[Concern]) -> Iterator[Concern]:
    days: dict[str, list[date]] = {}
    for each in found:
        days.setdefault(each.source, []).extend([each.partition_on] if each.partition_on else [])
    for source, missing in days.items():
        detail = f"{len(missing)} never read, from this one to {missing[-1]}: see status --gaps"
        yield Concern(kind="gap", source=source, partition_on=missing[0], detail=detail)


def _open_too_long(known: Iterable[Known], today: date) -> Iterator[Concern]:
    for each in known:
        if each.state == "open" and each.partition_on + OPEN_TOO_LONG < today:
            detail = f"still open, last read {each.last_read_at:%Y-%m-%d %H:%M} UTC; read it again to close it"
            yield Concern(kind="open", source=each.source, partition_on=each.partition_on, detail=detail)


def _silent(known: Iterable[Known], fetched: Container[str], today: date) -> Iterator[Concern]:
    for source, partitions in _by_source(known).items():
        loaded = [each.partition_on for each in partitions if each.state in {"open", "final"}]
        if not loaded or source not in fetched:
            continue
        due = SOURCES[source].partitions(max(loaded) + timedelta(days=1), today - timedelta(days=1))
        if len(due) >= SILENT_PARTITIONS:
            detail = f"nothing since; {len(due)} partitions are due"
            yield Concern(kind="silent", source=source, partition_on=max(loaded), detail=detail)


def _unhealed(reader: Reader) -> Iterator[Concern]:
    for row in records(reader.query(UNHEALED_RUNS)):
        detail = " ".join(str(row["reason"] or "no reason recorded").split())
        yield Concern(kind=str(row["status"]), source=str(row["source"]), partition_on=_day(row), detail=detail)


def _broken(reader: Reader) -> Iterator[Concern]:
    """The relations that the warehouse promises: it has no keys or constraints, so they are asked for here."""
    for row in records(reader.named("integrity")):
        detail = f"broken in {row['broken']} rows: {row['rule']}; rebuild with replay --into"
        yield Concern(kind="integrity", source="warehouse", partition_on=None, detail=detail)


def _quarantined(reader: Reader) -> Iterator[Concern]:
    for row in records(reader.query(QUARANTINED)):
        detail = f"{row['entries']} entries: {row['reason']}"
        yield Concern(kind="quarantine", source=str(row["source"]), partition_on=_day(row), detail=detail)


def _drift(reader: Reader) -> Iterator[Concern]:
    for row in records(reader.query(WARNINGS)):
        detail = f"{row['check_name']} warned in {row['runs']} findings, last for {row['last_on']}: {row['observed']}"
        yield Concern(kind="drift", source=str(row["source"]), partition_on=None, detail=detail)


def _by_source(known: Iterable[Known]) -> dict[str, list[Known]]:
    sources: dict[str, list[Known]] = {}
    for each in known:
        sources.setdefault(each.source, []).append(each)
    return sources


def _day(row: dict[str, object]) -> date | None:
    value = row["partition_on"]
    return value if isinstance(value, date) else None
