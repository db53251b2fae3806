"""Alerts as a person reads them: the same about several days folded into one, each with the command that mends it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from extractors.services import SERVICES
from extractors.sources import SOURCES
from flows.jobs.audit import FINAL_ALREADY, Alert
from flows.pipeline.folded import Folded, Said, folded
from flows.pipeline.outcome import JobResult
from transforms.records import Cause
from transforms.series import family_of

# When it is worth while to ask again by hand.
_ONCE: Mapping[str, str] = {
    Cause.HOST_DOWN: ", once the site is back",
    Cause.BLOCKED: ", once the site lets us in",
    Cause.RATE_LIMITED: ", once the site's pause is over",
}

# Reasons begin with the check that refused: these are of the time of reading (transforms/listing/read_time.py).
_OF_TIME = re.compile(r"(?:day_in_future|next_day_in_future|read_time)(?:: expected | at )")


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to look at, in a head and a text, and the command that mends it, if there is one."""

    head: str
    text: str
    command: str | None


def advice(alerts: Iterable[Alert], fetched: Iterable[str]) -> Iterator[Advice]:
    """The alerts in their order. `fetched` are the sources that have an address; of others, files are adopted."""
    said = (Said(kind=each.kind, source=each.source, day=each.partition_on, text=each.detail) for each in alerts)
    known = frozenset(fetched)
    for each in folded(said):
        head = f"{each.kind}: {each.source} {each.days}".rstrip()
        yield Advice(head=head, text=each.text, command=_command(each, known))


def next_steps(result: JobResult, fetched: Iterable[str]) -> Iterator[str]:
    """After a job that went wrong: what is safe, and each command that mends something, with the time for it."""
    outcomes, known = [each.outcome for each in result.bad], frozenset(fetched)
    said = (
        Said(
            kind=str(each.status),
            source=each.source,
            day=each.partition_on,
            text=str(each.reason if _is_of_time(each.reason) else each.cause),
        )
        for each in outcomes
    )
    yield from sorted({line for each in folded(said) if (line := _step(each, _command(each, known)))})
    if result.skipped_count:
        yield "the same command again asks for what was not asked for"


def _step(found: Folded, command: str | None) -> str | None:
    if command is None:  # of a source whose pages alone tell of which day they are
        once = _ONCE.get(found.text)
        return f"what was loaded stays; mend{once}: the same command again" if once else None
    if command.startswith("paperlog requeue"):
        return f"what was loaded stays, and the page is kept; mend: {command}"
    if command.startswith("paperlog backfill"):
        return f"what was loaded stays; mend{_ONCE.get(found.text, '')}: {command}"
    return f"what was loaded stays; mend: {command}"


def _command(found: Folded, fetched: frozenset[str]) -> str | None:
    source, kind = found.source, str(found.kind)
    if source in SERVICES and kind in {"failed", "refused"}:
        return "paperlog facts"
    if family_of(source) not in SOURCES:
        return None
    if kind == "quarantine":
        return f"paperlog quarantine --source {source}"
    if kind == "refused" and _is_of_time(found.text):
        return f"paperlog adopt {source} FILE… --fetched-at TIME  (when the page was read, in UTC)"
    if kind == "refused" or found.text.startswith("refused") or "extractor_failed" in found.text:
        return f"paperlog requeue --source {source}  (once the extractor reads the page)"
    return _reading(found) if family_of(source) in fetched else f"paperlog adopt {source} FILE…"


def _is_of_time(reason: str | None) -> bool:
    """Whether a page was refused for its time of reading, which the extractor cannot change."""
    return reason is not None and _OF_TIME.match(reason) is not None


def _reading(found: Folded) -> str | None:
    """The command that asks the site again, where that may help; what is settled in between it leaves out."""
    if found.kind not in {"gap", "open", "silent", "failed"} or not found.ranges:
        return None
    first, last = found.ranges[0].first, found.ranges[-1].last
    if "see status --gaps" in found.text:
        return f"paperlog backfill {found.source} --gaps"
    if found.kind == "silent":
        return f"paperlog backfill {found.source} --from {first + timedelta(days=1)}"
    everything = " --all" if FINAL_ALREADY in found.text else ""
    return f"paperlog backfill {found.source} --from {first} --to {last}{everything}"
