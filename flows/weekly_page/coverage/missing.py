"""What a week lacks: lists that were not read, those that may still grow, why, and the command that mends it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from extractors.source import OnPages
from extractors.sources import SOURCES, source_named
from flows.alerts.mend import Advice, advice
from flows.jobs.audit import Alert, KnownPartition, gaps
from flows.settings import Settings
from transforms.series import family_of
from warehouse import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """Partitions of all weeks that were not read, and those whose list may still grow."""

    gaps: tuple[Alert, ...]
    open: tuple[Alert, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The days of a week whose list was not read, those whose list may still grow, and what to do about both."""

    gaps: tuple[Alert, ...]
    open: tuple[Alert, ...]
    advice: tuple[Advice, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """The days of daily lists that were not read, each once."""
        found = {each.partition_on for each in self.gaps if source_named(each.source).partition_days == 1}
        return tuple(sorted(day for day in found if day))


def lacking(reader: Reader, settings: Settings, until: date) -> Lacking:
    """What all digests' lists lack, as known on the day `until`: its own list and later ones may still come."""
    known = [each for each in reader.records("read_known_partitions", KnownPartition) if _counts(each.source)]
    holes = [each for each in gaps(reader, settings.lists_fetched) if _counts(each.source)]
    found = [*holes, *_after_the_last(known, settings, until)]
    growing = [_open(each) for each in known if each.state == "open"]
    return Lacking(gaps=_before(found, until), open=_before(growing, until))


def missing_of(found: Lacking, fetched: Iterable[str], week_on: date) -> Missing:
    """What the lists of a week lack; `fetched` are the sources that have an address, of others files are adopted."""
    holes, growing = _within(found.gaps, week_on), _within(found.open, week_on)
    return Missing(gaps=holes, open=growing, advice=tuple(advice([*holes, *growing], fetched)))


def _counts(source: str) -> bool:
    """Whether its lists stand on the page: those of an archive do not."""
    return family_of(source) in SOURCES and not source_named(source).is_archive


def _before(found: Iterable[Alert], until: date) -> tuple[Alert, ...]:
    kept = (each for each in found if each.partition_on and each.partition_on < until)
    return tuple(sorted(kept, key=lambda each: (each.source, each.partition_on)))


def _within(found: Iterable[Alert], week_on: date) -> tuple[Alert, ...]:
    return tuple(each for each in found if each.partition_on and week_of(each.source, each.partition_on) == week_on)


def week_of(source: str, partition_on: date) -> date:
    """Monday of the week in which most days of a partition are."""
    middle = partition_on + timedelta(days=(source_named(source).partition_days - 1) // 2)
    return middle - timedelta(days=middle.weekday())


def _after_the_last(known: Sequence[KnownPartition], settings: Settings, until: date) -> Iterator[Alert]:
    """Days of the calendar after the last list that is loaded: an audit calls their source silent."""
    for name in sorted({each.source for each in known} & settings.lists_fetched):
        source = source_named(name)
        rows = {each.partition_on: each for each in known if each.source == name}
        last = max((day for day, row in rows.items() if row.is_loaded), default=None)
        if last is None or isinstance(source.partitions, OnPages):
            continue
        for day in source.partitions(last + timedelta(days=1), until):
            if day not in rows:
                yield Alert(
                    kind="gap", source=name, partition_on=day, detail=f"never read; the last list read is {last}"
                )


def _open(each: KnownPartition) -> Alert:
    at = each.last_read_at
    read = f", {at.day} {at:%B %Y at %H:%M} UTC" if at else ""
    detail = f"its list may still grow: the site had not closed it when it was read last{read}"
    return Alert(kind="open", source=each.source, partition_on=each.partition_on, detail=detail)
