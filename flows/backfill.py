"""Many partitions from the network, only those that are still needed: stop it anywhere, and a second call goes on."""

from __future__ import annotations

from datetime import date, timedelta

from flows.ingest import ingest, wanted
from flows.report import Progress, Report
from flows.settings import Settings
from flows.steps import Span, Steps
from warehouse import PartitionRow

SETTLED = frozenset({"final", "unrecoverable"})
# A day that has no list yet redirects like a day that never gets one: believe it only once the day is well over.
NO_LIST_BELIEVED_AFTER = timedelta(days=2)


def backfill(
    settings: Settings,
    source: str,
    first: date,
    last: date,
    steps: Steps,
    progress: Progress,
    *,
    everything: bool = False,
    publish: bool = True,
) -> Report:
    """Ingest the partitions of the range that are missing, open, refused or doubtful; all of them with `everything`."""
    partitions = wanted(source, first, last)
    if not everything:
        states = steps.partitions(settings, source, Span(first=first, last=last))
        partitions = tuple(day for day in partitions if is_needed(day, states.get(day)))
    return ingest(settings, source, partitions, steps, progress, flow="backfill", publish=publish)


def is_needed(day: date, row: PartitionRow | None) -> bool:
    """Whether another reading of the partition may tell something new."""
    if row is None:
        return True
    if row.state == "no_list":
        return row.last_read_at is None or row.last_read_at.date() < day + NO_LIST_BELIEVED_AFTER
    return row.state not in SETTLED
