"""What is missing, by list: the same number on every page that tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from flows.jobs.audit import gaps, silent
from flows.pages.asked import Asked
from warehouse import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """What a list lacks: how many partitions, from the first to the last of them."""

    source: str
    count: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A list of which nothing came for long: its last day, and what is due since."""

    source: str
    last_on: date
    detail: str


def lacking(reader: Reader, asked: Asked) -> tuple[Lacking, ...]:
    """The lists that lack something, as `gaps` has it; which days are due depends on what the settings fetch."""
    holes: dict[str, list[date]] = {}
    for each in gaps(reader, asked.settings.lists_fetched, asked.today):
        if each.partition_on:
            holes.setdefault(each.source, []).append(each.partition_on)
    return tuple(
        Lacking(source=source, count=len(days), first_on=min(days), last_on=max(days)) for source, days in holes.items()
    )


def silence(reader: Reader, asked: Asked) -> tuple[Silent, ...]:
    """The lists of which nothing came for long."""
    found = silent(reader, asked.settings.lists_fetched, asked.today or datetime.now(UTC).date())
    return tuple(
        Silent(source=each.source, last_on=each.partition_on, detail=each.detail) for each in found if each.partition_on
    )
