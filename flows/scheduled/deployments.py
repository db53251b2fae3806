"""The flows as Prefect knows them: a name, parameters, a run's title, artifacts; the jobs do the work.

Only this folder imports Prefect; the command line imports it when it is to report to an API.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from prefect import Flow, flow, get_run_logger
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.client.schemas.objects import FlowRun, State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from extractors.landing.adopt import files_of
from extractors.sources import source_named
from flows.jobs import ingest as fetching
from flows.jobs.adopt import adopt as adopt_job
from flows.jobs.adopt import adopt_inbox
from flows.jobs.audit import audit as audit_job
from flows.jobs.notify import Message, message_of_audit, message_of_job, notify
from flows.jobs.replay import replay as replay_job
from flows.pipeline.outcome import JobResult
from flows.pipeline.work import Span, Work
from flows.scheduled.tasks import PrefectProgress, as_task
from flows.settings import SettingsError, from_environment
from flows.weekly_page.write import write_page
from transforms.errors import PaperlogError


def _title() -> str:
    """`ingest hf_daily 2026-04-10`: what a person looks for in the list of runs."""
    values = flow_run.parameters
    days = [str(values[name]) for name in ("from", "to") if values.get(name)]
    if not days:
        days = [f"{_scheduled_at():%Y-%m-%d}", *_days_back(values.get("days_back"))]
    return " ".join([flow_run.flow_name or "flow", *([values["source"]] if values.get("source") else []), *days])


def _days_back(back: list[int] | int | None) -> list[str]:
    """Days as `D-1`, counted from the scheduled one; of a longer list or of the last so many days, both ends."""
    if isinstance(back, int):
        return [f"D-{back}", "to", "D-1"]
    days = [f"D-{each}" for each in back or ()]
    return days if len(days) <= 3 else [days[0], "to", days[-1]]


def _scheduled_at() -> datetime:
    """The time for which the run was scheduled: after an outage it may be days before the clock's."""
    scheduled = flow_run.scheduled_start_time
    return datetime.fromtimestamp(scheduled.timestamp(), tz=UTC)


def _notify(message: Message | None) -> None:
    with suppress(SettingsError):  # without settings there is no receiver; the run's own message has the reason
        if (trouble := notify(from_environment(), message)) is not None:
            get_run_logger().warning(trouble)


def _notify_of_crash(flow: object, flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001 - Prefect's names
    """A run that was stopped from outside (after a kill nothing runs: the audit finds that one)."""
    notify(from_environment(), Message(subject=f"paperlog {flow_run.name} was stopped: {state.message}"))


def _flow(body: Callable[..., Any]) -> Flow[..., Any]:
    """The body as a flow whose parameter `first` is called `from`.

    `from` is a keyword of Python, so only a positional-only parameter may be named so. The others must be keyword-only:
    Prefect passes what a deployment leaves out as a gap, and nothing may follow a gap by place (seen with 3.8.8).
    """

    def called(*values: Any, **named: Any) -> Any:
        try:
            return body(*values, **named)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            _notify(Message(subject=f"paperlog {_title()} failed: {reason}"))
            if isinstance(error, PaperlogError | OSError):
                return Failed(message=reason)  # a person can act on it: no traceback hides the reason
            raise

    signature = inspect.signature(body, eval_str=True)
    parameters = [each.replace(name="from") if each.name == "first" else each for each in signature.parameters.values()]
    vars(called)["__signature__"] = signature.replace(parameters=parameters)
    called.__name__, called.__doc__ = body.__name__, body.__doc__
    return flow(name=called.__name__, flow_run_name=_title, on_crashed=[_notify_of_crash])(called)


@_flow
def ingest(
    first: date | None = None,
    /,
    *,
    source: str,
    to: date | None = None,
    days_back: list[int] | None = None,
    publish: bool = True,
) -> State[JobResult]:
    """Fetch and load partitions: those between two days, or those so many days before the scheduled time.

    On schedule, a source without an address adopts what is in its inbox.
    """
    work, name = _work(publish=publish), source_named(source).name
    if first:
        return _state(fetching.ingest(work, name, fetching.wanted(name, first, to or first)))
    if name not in work.settings.urls:
        return _state(adopt_inbox(work, name))
    return _state(fetching.ingest(work, name, fetching.days_before(name, _scheduled_at(), days_back or [0])))


@_flow
def backfill(
    first: date | None = None,
    /,
    *,
    source: str,
    to: date | None = None,
    days_back: int = 30,
    everything: bool = False,
    publish: bool = True,
) -> State[JobResult]:
    """Fetch and load what is still needed between two days, or of so many days before the scheduled time."""
    yesterday = _scheduled_at().date() - timedelta(days=1)
    first, last = (first, to or first) if first else (yesterday - timedelta(days=days_back - 1), yesterday)
    return _state(fetching.backfill(_work(publish=publish), source, first, last, everything=everything))


@_flow
def replay(
    first: date | None = None,
    /,
    *,
    source: str | None = None,
    to: date | None = None,
    into: str | None = None,
    publish: bool = True,
) -> State[JobResult]:
    """Read kept pages again, without network."""
    span, target = Span(first=first, last=to), Path(into).absolute() if into else None
    return _state(replay_job(_work(publish=publish), source=source, span=span, into=target))


@_flow
def adopt(
    *, source: str, files: list[str], fetched_at: datetime | None = None, publish: bool = True
) -> State[JobResult]:
    """Keep and load files."""
    paths = files_of(Path(file) for file in files)
    return _state(adopt_job(_work(publish=publish), source, paths, fetched_at=fetched_at))


@_flow
def audit() -> State[Any]:
    """What is missing, late, open or quarantined, as an artifact; an alert does not fail the run."""
    alerts = audit_job(from_environment(), now=_scheduled_at())
    rows = [each.row for each in alerts]
    _show(rows or [{"finding": "nothing to report"}], "audit", f"{len(alerts)} findings")
    for each in alerts:
        get_run_logger().warning(each.line)
    _notify(message_of_audit(alerts))
    return Completed(message=f"audit: {len(alerts)} findings")


@_flow
def report(*, week: date | None = None, out: str | None = None) -> State[Any]:
    """The page of a week, by default the latest with a paper, with a link to the file and its first lines."""
    written = write_page(from_environment(), week, Path(out) if out else None)
    create_link_artifact(key="paperlog-report", link=written.path.as_uri(), description=written.summary)
    create_markdown_artifact(key="paperlog-report-week", markdown=written.markdown, description=written.summary)
    return Completed(message=f"report: {written.summary}")


def result_of(state: State[Any]) -> JobResult | None:
    """The result of the job, from the end state of its flow; None if the flow was stopped or failed."""
    data = getattr(state.data, "result", state.data)  # Prefect wraps what a flow returns
    return data if isinstance(data, JobResult) else None


def _work(*, publish: bool) -> Work:
    return Work(settings=from_environment(), progress=PrefectProgress(), step=as_task, publish=publish)


def _state(result: JobResult) -> State[JobResult]:
    """The flow's own end state, so that a refused page fails the run without a traceback."""
    _show(result.rows() or [{"result": "nothing new"}], result.job, result.summary)
    for line in result.complaints():
        get_run_logger().warning(line)
    if result.needs_attention:
        _notify(message_of_job(result))
    make = Failed if result.bad else Completed
    return make(message=result.summary, data=result)


def _show(rows: list[dict[str, str]], name: str, description: str) -> None:
    create_table_artifact(key=f"paperlog-{name}", table=rows, description=description)
