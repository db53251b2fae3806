"""The pages of sources: all of them, and each with its days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from extractors.sources import SOURCES
from flows.pages.asked import Asked, NoSuchPage, Part, part_of
from flows.pages.holes import lacking
from transforms.series import family_of
from warehouse import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source with what was read of it; `lacking_count` are lists that are missing or refused."""

    source: str
    trust: int
    partition_days: int
    series: tuple[str, ...] = ()
    first_on: date | None
    last_on: date | None
    entries_count: int
    is_archive: bool
    final_count: int
    open_count: int
    no_list_count: int
    lacking_count: int = 0
    last_read_at: datetime | None

    @property
    def stands_for(self) -> str:
        """What one of its lists is."""
        return _about(self.source).get("stands_for", "")

    @property
    def comes_from(self) -> str:
        """What its page is, and how one gets it."""
        return _about(self.source).get("comes_from", "")

    @property
    def closes(self) -> str:
        """What shows that a list does not grow any more."""
        return _about(self.source).get("closes", "")

    @property
    def lists_count(self) -> int:
        """How many lists were read."""
        return self.final_count + self.open_count


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """All sources of which something was read."""

    heading: str = "Sources"
    sources: tuple[SourceRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionRow:
    """One list of a source and its state; `cause` and `reason` where there is none."""

    series: str | None
    partition_on: date
    state: str
    entries_count: int | None
    last_read_at: datetime | None
    cause: str | None
    reason: str | None
    last_run_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """A source with its lists, newest first."""

    heading: str
    source: SourceRow
    partitions: tuple[PartitionRow, ...]
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class _Partition(PartitionRow):
    total: int


def sources_page(reader: Reader, asked: Asked) -> Sources:
    """All sources."""
    return Sources(sources=_rows(reader, asked, None))


def source_page(reader: Reader, asked: Asked) -> SourcePage:
    """The page of a source."""
    name = asked.text("name")
    found = _rows(reader, asked, name)
    if not found:
        raise NoSuchPage("nothing was read of a source of this name; all of them are at /sources")
    partitions = reader.records("pages/source_partitions", _Partition, {"source": name} | asked.limits())
    return SourcePage(
        heading=name,
        source=found[0],
        partitions=tuple(
            PartitionRow(**{field: getattr(each, field) for field in PartitionRow.__slots__}) for each in partitions
        ),
        part=part_of(asked, partitions[0].total if partitions else 0),
    )


def _rows(reader: Reader, asked: Asked, name: str | None) -> tuple[SourceRow, ...]:
    """All sources, or the one of that name."""
    lacks = Counter[str]()
    for each in lacking(reader, asked):
        lacks[family_of(each.source)] += each.count
    found = reader.records("pages/sources", SourceRow, {"source": name})
    return tuple(replace(each, lacking_count=lacks[each.source]) for each in found)


def _about(name: str) -> Mapping[str, str]:
    """What its module says of a source; nothing of one that this release does not have."""
    found = SOURCES.get(name)
    if found is None:
        return {}
    return {"stands_for": found.stands_for, "comes_from": found.comes_from, "closes": found.closes}
