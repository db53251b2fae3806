"""What came of a fetch, of a run and of a job, shown alike on a terminal, in a log and in a Prefect artifact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from extractors.landing.landing import Kept
from extractors.services import SERVICES
from flows.pipeline.folded import Said, folded
from transforms.errors import PaperlogError
from transforms.records import Cause, Finding, RunOutcome, Status
from warehouse import Manifest

BAD = frozenset({Status.REFUSED, Status.FAILED})
FINDINGS_SHOWN = 20
PAGES_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPartition:
    """One partition or file once its page was kept, or the reason why there is no page.

    Skipped ones were not asked for, because their host had failed for others. They get no run; they stay missing.
    """

    source: str
    asked_on: date | None
    kept: Kept | None = None
    reason: str | None = None
    cause: Cause | None = None
    is_transient: bool = False
    is_skipped: bool = False


class FetchIncomplete(PaperlogError):
    """Many pages of a chunk failed in a way that a retry may help; `pages` holds the outcome of every partition."""

    def __init__(self, pages: tuple[FetchedPartition, ...]) -> None:
        self.pages = pages
        missing = [each for each in pages if each.is_transient]
        self.cause = missing[0].cause
        super().__init__(f"{len(missing)} of {len(pages)} pages missing: {missing[0].reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """One run as recorded, with the findings of its checks, and where its page is kept."""

    outcome: RunOutcome
    findings: tuple[Finding, ...] = ()
    page: str | None = None

    @property
    def is_bad(self) -> bool:
        """Whether the run was refused or failed, or loaded only a part of what its page should give."""
        return self.outcome.status in BAD or self.outcome.cause is Cause.DEGRADED_CARDS_ONLY

    @property
    def is_suspect(self) -> bool:
        """Whether a person may want to see its page."""
        return bool(self.is_bad or self.findings)

    @property
    def line(self) -> str:
        """The run in one line."""
        return f"{self.name}: {self._ending}"

    @property
    def name(self) -> str:
        """Source and partition."""
        return _named(self.outcome.source, self.outcome.partition_on)

    @property
    def row(self) -> dict[str, str]:
        """The run as a row of text."""
        outcome = self.outcome
        return {
            "source": outcome.source,
            "partition": str(outcome.partition_on or ""),
            "status": str(outcome.status),
            "reason": outcome.reason or "",  # before the numbers: what is far to the right is off the screen
            "entries": str(outcome.entries_count),
            "sightings": str(outcome.sightings_count),
            "rejections": str(outcome.rejections_count),
            "new papers": str(outcome.papers_added_count),
            "run": outcome.run_id,
        }

    @property
    def _ending(self) -> str:
        outcome = self.outcome
        if outcome.reason:
            return f"{outcome.status}: {' '.join(outcome.reason.splitlines())}"
        if outcome.status is not Status.LOADED:
            return str(outcome.status)
        counts = f"{outcome.entries_count} entries, {outcome.sightings_count} sightings"
        return (
            f"{outcome.status}, {counts}, {outcome.rejections_count} rejected, {outcome.papers_added_count} new papers"
        )

    def finding_lines(self) -> Iterator[str]:
        """Each finding in one line, except the one that is the reason itself."""
        for finding in self.findings:
            if self.is_bad and finding.check_name == "page_changed":
                continue
            place = f" at {finding.place}" if finding.place else ""
            values = f"observed {finding.observed}, expected {finding.expected}"
            yield " ".join(f"{finding.level} {finding.check_name}{place}: {values}".split())

    def said(self, kind: str, text: str) -> Said:
        """A text about this run's partition."""
        return Said(kind=kind, source=self.outcome.source, day=self.outcome.partition_on, text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobResult:
    """Everything that one job did: its runs, and the manifest if it published."""

    job: str
    results: tuple[RunResult, ...] = ()
    manifest: Manifest | None = None
    skipped_count: int = 0

    @property
    def bad(self) -> tuple[RunResult, ...]:
        """The runs that were refused or failed, or loaded only a part of what their page should give."""
        return tuple(result for result in self.results if result.is_bad)

    @property
    def needs_attention(self) -> bool:
        """Whether something was refused, failed or skipped, or a page drifts."""
        has_drift = any(each.check_name.startswith("drift_") for result in self.results for each in result.findings)
        return bool(self.bad or self.skipped_count or has_drift)

    @property
    def summary(self) -> str:
        """The job in one line."""
        if not self.results:
            return f"{self.job}: nothing new"
        skipped = f"; {self.skipped_count} not asked for: their host failed" if self.skipped_count else ""
        degraded_count = sum(result.outcome.cause is Cause.DEGRADED_CARDS_ONLY for result in self.results)
        degraded = f"; {degraded_count} DEGRADED, from cards alone" if degraded_count else ""
        listed = ", ".join(each for status in Status if (each := self._counted(status)))
        return f"{self.job}: {listed}{degraded}{skipped}"

    @property
    def ending(self) -> str:
        """The same without the name of the job."""
        return self.summary.removeprefix(f"{self.job}: ")

    def complaints(self) -> Iterator[str]:
        """What a person should see: reasons, findings, and where pages are kept; those of bad runs first.

        What is the same for days that follow each other is one line.
        """
        yield from _lines(each.said("reason", each.line.removeprefix(f"{each.name}: ")) for each in self.bad)
        worst = self._worst_first()
        found = _lines(each.said("finding", text) for each in worst for text in each.finding_lines())
        yield from _cut(found, FINDINGS_SHOWN, "more findings: see marts.findings")
        kept = [f"{each.name}: the page is kept as {each.page}" for each in worst if each.page and each.is_suspect]
        yield from _cut(kept, PAGES_SHOWN, "more pages are kept beside them")

    def rows(self) -> list[dict[str, str]]:
        """One row per run, the refused and failed ones first."""
        return [result.row for result in self._worst_first()]

    def _counted(self, status: Status) -> str:
        """How many runs ended so, those that went wrong with their causes: `2 failed (blocked, host_down)`."""
        outcomes = [result.outcome for result in self.results if result.outcome.status is status]
        causes = sorted({str(each.cause) for each in outcomes if each.cause}) if status in BAD else []
        why = f" ({', '.join(causes)})" if causes else ""
        return f"{len(outcomes)} {status}{why}" if outcomes else ""

    def _worst_first(self) -> list[RunResult]:
        return sorted(self.results, key=lambda each: not each.is_bad)


def _lines(said: Iterable[Said]) -> list[str]:
    return [f"{_named(each.source, each.days)}: {each.text}" for each in folded(said)]


def _named(source: str, days: object) -> str:
    """The source with its days; a service that knows facts by id has none."""
    return source if not days and source in SERVICES else f"{source} {days or '(filed under no partition)'}"


def _cut(lines: Sequence[str], most: int, rest: str) -> Iterator[str]:
    yield from lines[:most]
    if len(lines) > most:
        yield f"and {len(lines) - most} {rest}"
