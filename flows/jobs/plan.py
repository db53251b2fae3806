"""Backfills of what is known to be missing, and what a backfill would ask for, without asking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from extractors.source import OnPages
from extractors.sources import source_named
from flows.jobs import ingest
from flows.jobs.audit import KnownPartition
from flows.jobs.audit import gaps as gaps_of
from flows.jobs.spread import Crew, fetched_by
from flows.pipeline.folded import ranges
from flows.pipeline.meter import duration
from flows.pipeline.outcome import JobResult
from flows.pipeline.run import run
from flows.pipeline.work import EVERYTHING, Span, Work
from flows.places.warehouse import warehouse_of
from flows.settings import Settings
from transforms.records import PartitionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The days that would be asked for, out of how many, and how long that takes at the pace."""

    source: str
    partitions_count: int
    days: tuple[date, ...]
    requests_per_second: float

    @property
    def seconds(self) -> float:
        """How long the requests take, robots.txt among them."""
        return (len(self.days) + 1) / self.requests_per_second if self.days else 0.0

    @property
    def lines(self) -> Iterator[str]:
        """The plan for people."""
        settled_count = self.partitions_count - len(self.days)
        yield f"backfill {self.source}: {len(self.days)} to ask for, {settled_count} of {self.partitions_count} settled"
        for each in ranges(self.source, self.days):
            yield f"  {each}"
        pace = f"{self.requests_per_second:g} requests a second"
        yield f"at {pace} it takes about {duration(self.seconds)}; nothing was asked"


def planned(settings: Settings, source: str, partitions: Sequence[date], *, everything: bool = False) -> Plan:
    """What a backfill of the partitions would ask for, by what is published. It asks nothing and writes nothing.

    A page that a stopped backfill kept is counted too, though it will be loaded without asking.
    """
    states = {} if everything else _states(settings, source)
    now = datetime.now(UTC)
    days = tuple(day for day in partitions if ingest.is_needed(day, states.get(day), now))
    pace = settings.pace_of(source_named(source))
    return Plan(source=source, partitions_count=len(partitions), days=days, requests_per_second=pace)


def gap_days(settings: Settings, source: str, span: Span = EVERYTHING) -> tuple[date, ...]:
    """The days to ask for so that every gap of the source in the span is read, as `status --gaps` names them."""
    with warehouse_of(settings).reader() as reader:
        fetched_too = settings.lists_fetched | {source}  # whoever names a list wants all of it
        found = [each.partition_on for each in gaps_of(reader, fetched_too) if each.source == source]
    days = {day for day in found if day is not None and span.holds(day)}
    calendar = source_named(source).partitions
    if isinstance(calendar, OnPages):
        days = {page for day in days for page in calendar(day, day)}
    return tuple(sorted(days))


def backfill(
    work: Work,
    source: str,
    span: Span,
    *,
    everything: bool = False,
    gaps: bool = False,
    crew: Crew | None = None,
) -> JobResult:
    """What is still needed of the span, or with `gaps` only the gaps in it, of which the span may leave an end open.

    With a `crew` its machines fetch the pages.
    """
    if not gaps and span.first and span.last:
        return ingest.backfill(work, source, span.first, span.last, everything=everything, crew=crew)
    holes = {name: gap_days(work.settings, name, span) for name in work.settings.lists_of(source)}
    for name, days in holes.items():
        work.progress.note(f"backfill {name}: {len(days)} gaps to ask for")
        work.progress.expect(len(days))
    return run(work, "backfill", fetched=fetched_by(work, crew, holes.items()))


def _states(settings: Settings, source: str) -> dict[date, PartitionRow]:
    """What is published of the source; nothing where nothing is published yet."""
    warehouse = warehouse_of(settings)
    if not warehouse.is_published():
        return {}
    with warehouse.reader() as reader:
        known = [each for each in reader.records("read_known_partitions", KnownPartition) if each.source == source]
    return {
        each.partition_on: PartitionRow(state=each.state, entries_count=None, last_read_at=each.last_read_at)
        for each in known
    }
