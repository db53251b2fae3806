"""What came of a flow: one result per run, told the same way to a terminal, a log and a Prefect artifact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from transforms.records import Finding, RunOutcome, Status
from warehouse import Manifest

BAD = frozenset({Status.REFUSED, Status.FAILED})
FINDINGS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One run as recorded, with what its checks found, and where its page is kept."""

    outcome: RunOutcome
    findings: tuple[Finding, ...] = ()
    page: Path | None = None

    @property
    def is_bad(self) -> bool:
        """Whether the run was refused or failed."""
        return self.outcome.status in BAD

    @property
    def line(self) -> str:
        """The run in one line."""
        return f"{self.name}: {self._what()}"

    @property
    def name(self) -> str:
        """Source and partition."""
        return f"{self.outcome.source} {self.outcome.partition_on or '(unknown partition)'}"

    def _what(self) -> str:
        outcome = self.outcome
        if outcome.reason:
            return f"{outcome.status}: {' '.join(outcome.reason.splitlines())}"
        if outcome.status is not Status.LOADED:
            return str(outcome.status)
        counts = f"{outcome.entries_count} entries, {outcome.sightings_count} sightings"
        return (
            f"{outcome.status}, {counts}, {outcome.rejections_count} rejected, {outcome.papers_added_count} new papers"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that one flow did. `manifest` is None where nothing was published.

    `unasked_count` partitions were not asked for, because their host had failed for others before.
    """

    flow: str
    results: tuple[Result, ...] = ()
    manifest: Manifest | None = None
    unasked_count: int = 0

    @property
    def bad(self) -> tuple[Result, ...]:
        """The runs that were refused or failed."""
        return tuple(result for result in self.results if result.is_bad)

    @property
    def summary(self) -> str:
        """The flow in one line."""
        if not self.results:
            return f"{self.flow}: nothing new"
        counts = {status: sum(result.outcome.status is status for result in self.results) for status in Status}
        unasked = f"; {self.unasked_count} not asked for: their host failed" if self.unasked_count else ""
        return f"{self.flow}: " + ", ".join(f"{count} {status}" for status, count in counts.items() if count) + unasked

    def complaints(self) -> Iterator[str]:
        """What a person should see: first the reasons, one line each, then findings, the worst first."""
        yield from (result.line for result in self.bad)
        told = [
            line for result in sorted(self.results, key=lambda each: not each.is_bad) for line in findings_of(result)
        ]
        yield from told[:FINDINGS_SHOWN]
        if len(told) > FINDINGS_SHOWN:
            yield f"and {len(told) - FINDINGS_SHOWN} more findings: see marts.findings"

    def rows(self) -> list[dict[str, str]]:
        """One row per run, every value as text, the refused and failed ones first."""
        return [row_of(result.outcome) for result in sorted(self.results, key=lambda each: not each.is_bad)]


def findings_of(result: Result) -> Iterator[str]:
    """Each finding of a run in one line, but for one that is the reason itself."""
    for finding in result.findings:
        if result.is_bad and finding.check_name == "page_changed":
            continue
        place = f" at {finding.place}" if finding.place else ""
        said = f"observed {finding.observed}, expected {finding.expected}"
        yield " ".join(f"{result.name}: {finding.level} {finding.check_name}{place}: {said}".split())
    if result.page and (result.is_bad or result.findings):
        yield f"{result.name}: the page is kept as {result.page}"


def row_of(outcome: RunOutcome) -> dict[str, str]:
    """A run as a row of text."""
    return {
        "source": outcome.source,
        "partition": str(outcome.partition_on or ""),
        "status": str(outcome.status),
        "entries": str(outcome.entries_count),
        "sightings": str(outcome.sightings_count),
        "rejections": str(outcome.rejections_count),
        "new papers": str(outcome.papers_added_count),
        "reason": outcome.reason or "",
        "run": outcome.run_id,
    }
