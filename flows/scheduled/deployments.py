"""The flows as Prefect knows them: a name, parameters, a run's title, an artifact; plain bodies do the work.

Only this module and `tasks` import Prefect; the command line imports them when it is to report to an API.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from prefect import Flow, flow, get_run_logger
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.client.schemas.objects import FlowRun, State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from extractors.errors import LandingError
from flows.jobs.adopt import adopt as adopt_body
from flows.jobs.adopt import files_of
from flows.jobs.audit import audit as audit_body
from flows.jobs.backfill import backfill as backfill_body
from flows.jobs.ingest import days_before, wanted
from flows.jobs.ingest import ingest as ingest_body
from flows.jobs.notify import (
    Message,
    message_of_audit,
    message_of_report,
    tell,
)
from flows.jobs.replay import NothingKept
from flows.jobs.replay import replay as replay_body
from flows.pipeline.outcome import Report
from flows.pipeline.steps import Span
from flows.scheduled.tasks import PREFECT, Logged
from flows.settings import SettingsError, from_environment
from flows.weekly_page.facts import NoSuchWeek
from flows.weekly_page.write import write_report
from warehouse import WarehouseError

REVIEWS = "weekly_review"
# What a person can cause and heal: the run fails with the reason, and no traceback hides it.
EXPECTED = (WarehouseError, LandingError, NothingKept, NoSuchWeek, SettingsError, OSError)


def _ingest(
    first: date | None = None,
    /,
    *,
    source: str,
    to: date | None = None,
    days_back: list[int] | None = None,
    publish: bool = True,
) -> State[Report]:
    """Fetch and load partitions: those between two days, or those so many days before the scheduled time."""
    partitions = wanted(source, first, to or first) if first else days_before(source, _scheduled_at(), days_back or [0])
    return _state(ingest_body(from_environment(), source, partitions, PREFECT, Logged(), publish=publish))


def _backfill(
    first: date | None = None,
    /,
    *,
    source: str,
    to: date | None = None,
    days_back: int = 30,
    everything: bool = False,
    publish: bool = True,
) -> State[Report]:
    """Fetch and load what is still needed between two days, or of so many days before the scheduled time."""
    settings, yesterday = from_environment(), _scheduled_at().date() - timedelta(days=1)
    first, last = (first, to or first) if first else (yesterday - timedelta(days=days_back - 1), yesterday)
    report = backfill_body(settings, source, first, last, PREFECT, Logged(), everything=everything, publish=publish)
    return _state(report)


def _replay(
    first: date | None = None,
    /,
    *,
    source: str | None = None,
    to: date | None = None,
    into: str | None = None,
    publish: bool = True,
) -> State[Report]:
    """Read kept pages again, without network."""
    span, target = Span(first=first, last=to), Path(into).absolute() if into else None
    report = replay_body(from_environment(), PREFECT, Logged(), source=source, span=span, into=target, publish=publish)
    return _state(report)


def _adopt(*, source: str, files: list[str], fetched_at: datetime | None = None, publish: bool = True) -> State[Report]:
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
    _tell(message_of_audit(findings))
    return Completed(message=f"audit: {len(findings)} findings")


def _report(*, week: date | None = None, out: str | None = None) -> State[Any]:
    """The page of a week, by default the latest with a paper, with a link to the file and its first lines."""
    written = write_report(from_environment(), week, Path(out) if out else None)
    create_link_artifact(key="paperlog-report", link=written.path.as_uri(), description=written.summary)
    create_markdown_artifact(key="paperlog-report-week", markdown=written.markdown, description=written.summary)
    return Completed(message=f"report: {written.summary}")


def report_of(state: State[Any]) -> Report | None:
    """What the flow did, taken from its end state; None if it never came to an end of its own."""
    data = getattr(state.data, "result", state.data)  # Prefect wraps what a flow returns
    return data if isinstance(data, Report) else None


def _flow(body: Callable[..., Any]) -> Flow[..., Any]:
    """The body as a flow whose parameter `first` is called `from`.

    `from` is a keyword of Python, so only a positional-only parameter may bear it. The others must be keyword-only:
    Prefect passes what a deployment leaves out as a gap, and nothing may follow a gap by place (seen with 3.8.8).
    """

    def called(*values: Any, **named: Any) -> Any:
        try:
            return body(*values, **named)
        except EXPECTED as error:
            _tell(Message(subject=f"paperlog {_title()} failed: {type(error).__name__}: {error}"))
            return Failed(message=f"{type(error).__name__}: {error}")
        except Exception as error:
            _tell(Message(subject=f"paperlog {_title()} failed: {type(error).__name__}: {error}"))
            raise

    signature = inspect.signature(body, eval_str=True)
    parameters = [each.replace(name="from") if each.name == "first" else each for each in signature.parameters.values()]
    vars(called)["__signature__"] = signature.replace(parameters=parameters)
    called.__name__ = body.__name__.lstrip("_")
    called.__doc__ = body.__doc__
    return flow(name=called.__name__.replace("_", "-"), flow_run_name=_title, on_crashed=[_tell_of_crash])(called)


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
    _tell(message_of_report(report))
    make = Failed if report.bad else Completed
    return make(message=report.summary, data=report)


def _tell(message: Message | None) -> None:
    if (trouble := tell(from_environment(), message)) is not None:
        get_run_logger().warning(trouble)


def _tell_of_crash(flow: object, flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001 - Prefect's names
    """A run that was stopped from outside (not one that was killed: nothing runs after that, the audit finds it)."""
    tell(from_environment(), Message(subject=f"paperlog {flow_run.name} was stopped: {state.message}"))


def _show(rows: list[dict[str, str]], name: str, description: str) -> None:
    create_table_artifact(key=f"paperlog-{name}", table=rows, description=description)


ingest = _flow(_ingest)
backfill = _flow(_backfill)
replay = _flow(_replay)
adopt = _flow(_adopt)
weekly_review = _flow(_weekly_review)
audit = _flow(_audit)
report = _flow(_report)
