"""The flows as Prefect knows them: a name, parameters, a run's title, an artifact; plain bodies do the work.

Only this module and `tasks` import Prefect; the command line imports them when it is to report to an API.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from prefect import Flow, flow, get_run_logger
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from extractors.landing import LandingError
from flows.adopt import adopt as adopt_body
from flows.adopt import files_of
from flows.audit import audit as audit_body
from flows.backfill import backfill as backfill_body
from flows.ingest import days_before, wanted
from flows.ingest import ingest as ingest_body
from flows.replay import NothingKept
from flows.replay import replay as replay_body
from flows.report import Report
from flows.settings import SettingsError, from_environment
from flows.steps import Span
from flows.tasks import PREFECT, Logged
from warehouse import WarehouseError

REVIEWS = "weekly_review"
# What a person can cause and heal: the run fails with the reason, and no traceback hides it.
EXPECTED = (WarehouseError, LandingError, NothingKept, SettingsError, OSError)


def _ingest(
    source: str, first: date | None, last: date | None, days_back: list[int] | None, publish: bool
) -> State[Report]:
    """Fetch and load partitions: those between two days, or those so many days before the scheduled time."""
    partitions = (
        wanted(source, first, last or first) if first else days_before(source, _scheduled_at(), days_back or [0])
    )
    return _state(ingest_body(from_environment(), source, partitions, PREFECT, Logged(), publish=publish))


def _backfill(source: str, first: date, last: date | None, everything: bool, publish: bool) -> State[Report]:
    """Fetch and load what is still needed between two days."""
    settings, end = from_environment(), last or first
    report = backfill_body(settings, source, first, end, PREFECT, Logged(), everything=everything, publish=publish)
    return _state(report)


def _replay(
    source: str | None, first: date | None, last: date | None, into: str | None, publish: bool
) -> State[Report]:
    """Read kept pages again, without network."""
    span, target = Span(first=first, last=last), Path(into).absolute() if into else None
    report = replay_body(from_environment(), PREFECT, Logged(), source=source, span=span, into=target, publish=publish)
    return _state(report)


def _adopt(source: str, files: list[str], fetched_at: datetime | None, publish: bool) -> State[Report]:
    """Keep and load files."""
    paths = files_of(Path(file) for file in files)
    report = adopt_body(from_environment(), source, paths, PREFECT, Logged(), fetched_at=fetched_at, publish=publish)
    return _state(report)


def _weekly_review() -> State[Report]:
    """Last week's review: fetched where its address is set, else whatever lies in the inbox."""
    settings = from_environment()
    if REVIEWS in settings.urls:
        partitions = days_before(REVIEWS, _scheduled_at(), [*range(7, 14)])
        return _state(ingest_body(settings, REVIEWS, partitions, PREFECT, Logged()))
    inbox = settings.inbox / REVIEWS
    inbox.mkdir(parents=True, exist_ok=True)
    return _state(adopt_body(settings, REVIEWS, files_of([inbox]), PREFECT, Logged()))


def _audit() -> State[Any]:
    """What is missing, late, open or quarantined, as an artifact; a finding does not fail the run."""
    findings = audit_body(from_environment(), now=_scheduled_at())
    rows = [each.row for each in findings]
    _show(rows or [{"finding": "nothing to report"}], "audit", f"{len(findings)} findings")
    for each in findings:
        get_run_logger().warning(each.line)
    return Completed(message=f"audit: {len(findings)} findings")


def report_of(state: State[Any]) -> Report | None:
    """What the flow did, taken from its end state; None if it never came to an end of its own."""
    data = getattr(state.data, "result", state.data)  # Prefect wraps what a flow returns
    return data if isinstance(data, Report) else None


def _signed(body: Callable[..., Any], **parameters: tuple[Any, Any]) -> Callable[..., Any]:
    """The body with its parameters renamed: `from` is a keyword of Python, which only a positional-only name may be."""

    def called(*values: Any) -> Any:
        try:
            return body(*values)
        except EXPECTED as error:
            return Failed(message=f"{type(error).__name__}: {error}")

    kind = inspect.Parameter.POSITIONAL_ONLY
    signature = [
        inspect.Parameter(name, kind, annotation=annotation, default=default)
        for name, (annotation, default) in parameters.items()
    ]
    vars(called)["__signature__"] = inspect.Signature(signature)
    called.__name__ = body.__name__.lstrip("_")
    called.__doc__ = body.__doc__
    return called


def _title() -> str:
    """`ingest hf_daily 2026-04-10`: what a person looks for in the list of runs."""
    values = flow_run.parameters
    days = [str(values[name]) for name in ("from", "to") if values.get(name)]
    if not days:
        days = [f"{_scheduled_at():%Y-%m-%d}", *(f"D-{back}" for back in values.get("days_back") or ())]
    return " ".join([flow_run.flow_name or "flow", *([values["source"]] if values.get("source") else []), *days])


def _scheduled_at() -> datetime:
    """The time for which the run was scheduled: after an outage it may lie days before the clock's."""
    scheduled = flow_run.scheduled_start_time
    return datetime.fromtimestamp(scheduled.timestamp(), tz=UTC)


def _state(report: Report) -> State[Report]:
    """The flow's own end state, so that a refused page fails the run without a traceback."""
    _show(report.rows() or [{"result": "nothing new"}], report.flow, report.summary)
    for line in report.complaints():
        get_run_logger().warning(line)
    make = Failed if report.bad else Completed
    return make(message=report.summary, data=report)


def _show(rows: list[dict[str, str]], name: str, description: str) -> None:
    create_table_artifact(key=f"paperlog-{name}", table=rows, description=description)


def _flow(body: Callable[..., Any], **parameters: tuple[Any, Any]) -> Flow[..., Any]:
    name = body.__name__.strip("_").replace("_", "-")
    return flow(name=name, flow_run_name=_title)(_signed(body, **parameters))


NEEDED = inspect.Parameter.empty
SOURCE = {"source": (str, NEEDED)}
SPAN = {"from": (date | None, None), "to": (date | None, None)}
PUBLISH = {"publish": (bool, True)}

ingest = _flow(_ingest, **SOURCE, **SPAN, days_back=(list[int] | None, None), **PUBLISH)
backfill = _flow(_backfill, **SOURCE, **SPAN | {"from": (date, NEEDED)}, everything=(bool, False), **PUBLISH)
replay = _flow(_replay, source=(str | None, None), **SPAN, into=(str | None, None), **PUBLISH)
adopt = _flow(_adopt, **SOURCE, files=(list[str], NEEDED), fetched_at=(datetime | None, None), **PUBLISH)
weekly_review = _flow(_weekly_review)
audit = _flow(_audit)
