"""Many partitions from the network, only those that are still needed: stop it anywhere, and a second call goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from flows.jobs.ingest import ingest, wanted
from flows.pipeline.fetch import kept_already
from flows.pipeline.outcome import Report
from flows.pipeline.steps import Progress, Span, Steps
from flows.settings import Settings
from transforms.records import PartitionRow

SETTLED = frozenset({"final", "unrecoverable"})
# A day that has no list yet redirects like a day that never gets one: believe it only once the day is well over.
NO_LIST_BELIEVED_AFTER = timedelta(days=2)
# What a stopped run kept so lately is loaded as it is; what is older is asked for anew.
KEPT_IS_FRESH_FOR = timedelta(days=1)


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
    """Ingest the partitions of the range that are missing, open, refused or doubtful; all of them with `everything`.

    Pages that an earlier run kept and could not load any more are loaded without asking for them again.
    """
    partitions = wanted(source, first, last)
    if everything:
        return ingest(settings, source, partitions, steps, progress, flow="backfill", publish=publish)
    states = steps.partitions(settings, source, Span(first=first, last=last))
    needed = tuple(day for day in partitions if is_needed(day, states.get(day)))
    read_at = {day: row.last_read_at for day, row in states.items()}
    kept = kept_already(settings, source, needed, read_at, datetime.now(UTC) - KEPT_IS_FRESH_FOR)
    to_ask = tuple(day for day in needed if day not in {each.asked_on for each in kept})
    progress.note(
        f"backfill {source}: {len(partitions)} partitions, {len(kept)} kept already, {len(to_ask)} to ask for"
    )
    return ingest(settings, source, to_ask, steps, progress, flow="backfill", publish=publish, kept=kept)


def is_needed(day: date, row: PartitionRow | None) -> bool:
    """Whether another reading of the partition may tell something new."""
    if row is None:
        return True
    if row.state == "no_list":
        return row.last_read_at is not None and row.last_read_at.date() < day + NO_LIST_BELIEVED_AFTER
    return row.state not in SETTLED
