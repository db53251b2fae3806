"""What a digest is made from: the papers of a snapshot, what was told of them, and the lists that could not be read."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from extractors.source import OnPages
from extractors.sources import source_named
from flows.jobs.audit import KnownPartition, gaps
from transforms.digest.news import Look, Told
from transforms.digest.records import DigestPaper, Unread
from transforms.series import family_of, list_of, series_of
from warehouse import Reader

TROUBLE_DAYS = 14
"""For how many days back an issue names lists that are missing: the audit tells of older ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Present:
    name: str
    paper_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Upvotes:
    paper_key: str
    upvotes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _List:
    source: str
    partition_on: date
    state: str
    partition_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The lists of a snapshot, and of those the ones with which something is not as it should be, newest first."""

    look: Look
    unread: tuple[Unread, ...]

    def within(self, sources: Sequence[str]) -> tuple[Unread, ...]:
        """Those of these sources or lists, or of all where none is named; a named one without any list is missing."""
        if not sources:
            return self.unread
        named = [each for each in self.unread if {each.source, _name(each)} & set(sources)]
        loaded = {*self.look.newest, *map(family_of, self.look.newest)}
        never = [each for each in sources if each not in loaded and not any(one.source == each for one in named)]
        day = self.look.until_on
        return (
            *named,
            *(
                Unread(source=family_of(each), series=series_of(each), partition_on=day, state="never")
                for each in never
            ),
        )


def papers_since(reader: Reader, since_on: date) -> tuple[DigestPaper, ...]:
    """The papers in lists and reviews that end on this day or later."""
    return reader.records("digest/papers", DigestPaper, {"since_on": since_on, "paper_key": None})


def paper_with(reader: Reader, paper_key: str) -> DigestPaper | None:
    """One paper, in whatever list it is; None if only dumps have it."""
    found = reader.records("digest/papers", DigestPaper, {"since_on": date.min, "paper_key": paper_key})
    return found[0] if found else None


def upvotes_at(reader: Reader, moment: datetime | None) -> Mapping[str, int]:
    """The upvotes that were known at that time, by the papers' keys."""
    if moment is None:
        return {}
    found = reader.records("digest/upvotes_before", _Upvotes, {"at": moment.replace(tzinfo=None)})
    return {each.paper_key: each.upvotes for each in found}


def told_of_papers(reader: Reader, told: Iterable[Told]) -> Mapping[str, list[Told]]:
    """What was told by the papers' present keys: by their records, in whatever home; by key where a record is gone."""
    rows = list(told)
    names = sorted({each.record for each in rows} | {each.paper_key for each in rows})
    present = {each.name: each.paper_key for each in reader.records("digest/present_keys", _Present, {"names": names})}
    of: dict[str, list[Told]] = defaultdict(list)
    for each in rows:
        if key := present.get(each.record) or present.get(each.paper_key):
            of[key].append(each)
    return of


def seen(reader: Reader, fetched: frozenset[str], until_on: date) -> Seen:
    """What there is to look at up to that day, and what is missing of the lists that are `fetched`."""
    lists = reader.records("digest/lists", _List)
    newest = _newest(lists)
    still_open = [each for each in lists if each.state == "open"]
    look = Look(
        until_on=until_on,
        newest={name: each.partition_on for name, each in newest.items()},
        still_open=frozenset(f"{each.source}/{each.partition_on}" for each in still_open),
    )
    whole: dict[str, list[date]] = defaultdict(list)
    for each in lists:  # in the order of days
        if each.state == "final":
            whole[each.source].append(each.partition_on)
    first = until_on - timedelta(days=TROUBLE_DAYS)
    missing = {
        (source, day): _unread(source, day, state, reason, whole)
        for source, day, state, reason in _missing(reader, fetched, newest, until_on)
    }
    opened = [
        _unread(each.source, each.partition_on, "open", None, whole)
        for each in still_open
        if each.partition_on >= first and (each.source, each.partition_on) not in missing
    ]
    rows = [*(each for each in _in_stretches(missing.values()) if each.partition_on >= first), *opened]
    ordered = sorted(rows, key=lambda each: (each.partition_on, each.source, each.series or ""), reverse=True)
    return Seen(look=look, unread=tuple(ordered))


def newest_lists(reader: Reader) -> Mapping[str, date]:
    """The day of the newest list of each source."""
    return {name: each.partition_on for name, each in _newest(reader.records("digest/lists", _List)).items()}


def _newest(lists: Iterable[_List]) -> dict[str, _List]:
    """The last of each source: they come in the order of days."""
    return {each.source: each for each in lists}


def _missing(
    reader: Reader, fetched: frozenset[str], newest: Mapping[str, _List], until_on: date
) -> Iterator[tuple[str, date, str, str | None]]:
    """Source and day of lists that are missing up to that day, with state and the reason as far as it is known."""
    known = {(each.source, each.partition_on): each for each in reader.records("read_known_partitions", KnownPartition)}
    for gap in gaps(reader, fetched, until_on):
        row = known.get((gap.source, gap.partition_on)) if gap.partition_on else None
        if gap.partition_on is None or (gap.partition_on == until_on and not (row and row.reason)):
            continue  # a page links to the next day before it has come
        yield gap.source, gap.partition_on, row.state if row else "missing", row.reason if row else None
    for row in known.values():
        if row.state == "unrecoverable":
            yield row.source, row.partition_on, row.state, row.reason
    for last in newest.values():
        if last.source in fetched:
            for day in _not_come(last, until_on):
                if (last.source, day) not in known:  # nobody has looked
                    yield last.source, day, "missing", None


def _not_come(last: _List, until_on: date) -> Iterator[date]:
    """The days after the last list of which one should have come."""
    source = source_named(last.source)
    if isinstance(source.partitions, OnPages):
        return
    for day in source.partitions(last.partition_on + timedelta(days=1), until_on - timedelta(days=1)):
        if day + timedelta(days=last.partition_days) <= until_on:
            yield day


def _in_stretches(missing: Iterable[Unread]) -> Iterator[Unread]:
    """Those that follow each other, with nothing read between them and the same to be said of them, as one."""
    rows = sorted(missing, key=lambda each: (each.source, each.series or "", each.partition_on))
    stretch: Unread | None = None
    for each in rows:
        if stretch and _goes_on(stretch, each):
            first = stretch.since_on or stretch.partition_on
            stretch = replace(
                stretch, since_on=first, partition_on=each.partition_on, lists_count=stretch.lists_count + 1
            )
            continue
        if stretch:
            yield stretch
        stretch = each
    if stretch:
        yield stretch


def _goes_on(stretch: Unread, each: Unread) -> bool:
    """No whole list lies between them: the last one before both is the same."""
    same = ("source", "series", "state", "reason", "last_good_on")
    return all(getattr(stretch, name) == getattr(each, name) for name in same)


def _name(unread: Unread) -> str:
    return list_of(unread.source, unread.series) if unread.series else unread.source


def _unread(source: str, day: date, state: str, reason: str | None, whole: Mapping[str, Sequence[date]]) -> Unread:
    days = whole.get(source, ())
    earlier = bisect_left(days, day)
    return Unread(
        source=family_of(source),
        series=series_of(source),
        partition_on=day,
        state=state if state in {"open", "refused", "unrecoverable"} else "missing",
        reason=reason,
        last_good_on=days[earlier - 1] if earlier else None,
    )
