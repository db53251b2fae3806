"""The flows as Prefect knows them: a name, parameters, a run's title, artifacts; the jobs do the work.

Only this folder imports Prefect; the command line imports it when it is to report to an API.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import Flow, flow, get_run_logger
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Completed, Failed

from extractors.landing.adopt import files_of
from extractors.sources import source_named
from flows.alerts.mend import advice, next_steps
from flows.alerts.notify import Message, message_of_audit, message_of_job, notify
from flows.days import instant
from flows.digest.channels import KINDS
from flows.digest.deliver import Asked, deliver, summary_of
from flows.digest.interests_file import read_interests
from flows.jobs import ingest as fetching
from flows.jobs.adopt import adopt as adopt_job
from flows.jobs.adopt import adopt_inbox
from flows.jobs.audit import audit as audit_job
from flows.jobs.facts import facts as facts_job
from flows.jobs.maintain import maintain as maintain_job
from flows.jobs.month_grid import calendars, text_of
from flows.jobs.plan import backfill as backfill_job
from flows.jobs.replay import replay as replay_job
from flows.jobs.spread import Piece, fetch_piece
from flows.pipeline.outcome import JobResult
from flows.pipeline.work import OWN_CLOCK, Clock, Span, Work
from flows.places.warehouse import warehouse_of
from flows.scheduled import logs, parameters
from flows.scheduled.crew import PoolWorkers
from flows.scheduled.names import name_upcoming, name_with, scheduled_at, title
from flows.scheduled.parameters import Back, Day, FetchedName, Many, SourceName
from flows.scheduled.tasks import PrefectProgress, as_task
from flows.settings import Settings, SettingsError, from_environment
from flows.shown import in_one_line, markdown, visible
from flows.weekly_page.write import write_page
from transforms.errors import PaperlogError
from transforms.series import family_of

CALENDAR_MONTHS = 4


class JobFailed(PaperlogError):
    """A job ended with refused or failed runs; `result` holds all of it, as Prefect carries a failed flow's outcome."""

    def __init__(self, result: JobResult) -> None:
        super().__init__(in_one_line(result.summary))
        self.result = result


def _notify(message: Message | None) -> None:
    with suppress(SettingsError):  # without settings there is no receiver; the run's own message has the reason
        if (trouble := notify(from_environment(), message)) is not None:
            get_run_logger().warning("%s", trouble)


def _notify_of_crash(flow: object, flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001 - Prefect's names
    """A run that was stopped from outside (after a kill nothing runs: the audit finds that one)."""
    notify(from_environment(), Message(subject=f"paperlog {flow_run.name} was stopped: {state.message}"))


def _flow(body: Callable[..., Any]) -> Flow[..., Any]:
    """The body as a flow whose parameter `first` is called `from`.

    `from` is a keyword of Python, so only a positional-only parameter may be named so. The others must be keyword-only:
    Prefect passes what a deployment leaves out as a gap, and nothing may follow a gap by place (seen with 3.8.8).
    """

    def called(*values: Any, **named: Any) -> Any:
        with logs.heard():
            state = _outcome(body, *values, **named)
            name_with(_ending(state))
            name_upcoming()
            return state

    signature = inspect.signature(body, eval_str=True)
    renamed = [each.replace(name="from") if each.name == "first" else each for each in signature.parameters.values()]
    vars(called)["__signature__"] = signature.replace(parameters=renamed)
    called.__name__, called.__doc__ = body.__name__, body.__doc__
    return flow(name=called.__name__, flow_run_name=title, on_crashed=[_notify_of_crash])(called)


def _ending(state: State[Any]) -> str:
    """What the name of a run that ended so is to tell; lists of runs show neither messages nor reasons."""
    if not state.is_failed():
        return ""
    result = result_of(state)
    return result.ending if result else state.message or ""


def _outcome(body: Callable[..., State[Any]], *values: Any, **named: Any) -> State[Any]:
    """The end of the flow; one that a person can act on ends with its reason, not with a traceback that hides it."""
    try:
        return body(*values, **named)
    except (PaperlogError, OSError) as error:
        get_run_logger().error("%s", in_one_line(str(error)))
        _notify(Message(subject=f"paperlog {title()} failed: {error}"))
        return Failed(message=in_one_line(str(error)))
    except Exception as error:
        _notify(Message(subject=f"paperlog {title()} failed: {type(error).__name__}: {error}"))
        raise


@_flow
def ingest(
    first: Day = "",
    /,
    *,
    source: SourceName,
    to: Day = "",
    days_back: list[Back] | None = None,
    answer: bool = False,
    now: str | None = None,
    publish: bool = True,
) -> State[JobResult]:
    """Fetch and load partitions: those between two days, or those so many days before the scheduled time.

    Without `to` it is the one day or month of `from`. On schedule, a source without an address adopts what is in its
    inbox. With `answer` the source's API is asked in place of its pages, which closes no day.
    `now` is a time at which the run thinks that it starts.
    """
    work, name = _work(publish=publish, now=now), source_named(source).name
    if answer:
        work.settings.requests_to(source_named(name), answer=True)  # ends with the reason where there is no such API
    if span := parameters.span_asked_for(first, to, scheduled_at()):
        return _state(fetching.ingest(work, name, fetching.wanted(name, *span), answer=answer))
    back = parameters.require_back(days_back or [0])
    if family_of(name) not in work.settings.urls:
        return _state(adopt_inbox(work, name))
    return _state(fetching.ingest(work, name, fetching.days_before(name, scheduled_at(), back), answer=answer))


@_flow
def backfill(
    first: Day = "",
    /,
    *,
    source: FetchedName,
    to: Day = "",
    days_back: Many = 30,
    everything: bool = False,
    gaps: bool = False,
    spread: bool = False,
    now: str | None = None,
    publish: bool = True,
) -> State[JobResult]:
    """Fetch and load what is still needed between two days, or of so many days before the scheduled time.

    Without `to` it is the one day or month of `from`. With `gaps` it is only what is known to be missing, of all days
    where none are given. With `spread` all machines that have a worker fetch, where they share a bucket and a lake.
    `now` is a time at which the run thinks that it starts.
    """
    name, asked = source_named(source).name, parameters.span_asked_for(first, to, scheduled_at())
    span = asked or ((None, None) if gaps else parameters.days_before(scheduled_at(), days_back))
    work, between = _work(publish=publish, now=now), Span(first=span[0], last=span[1])
    crew = PoolWorkers() if spread else None
    return _state(backfill_job(work, name, between, everything=everything, gaps=gaps, crew=crew))


@_flow
def fetch(*, source: FetchedName, partitions: list[str], since: str) -> State[Any]:
    """Fetch and keep a piece of a backfill that is spread over several machines; it is loaded by that backfill.

    `partitions` are its days, and a page that was read since `since` is not asked for again.
    """
    days = parameters.each_day("partitions", partitions, scheduled_at())
    piece = Piece(source=source_named(source).name, days=days, since=instant(since))
    fetched = fetch_piece(_work(publish=False), piece)
    if fetched is None:
        return Completed(message=f"fetch {piece.source}: another machine is at it")
    kept = sum(each.kept is not None for each in fetched)
    message = f"fetch {piece.source}: {kept} of {len(fetched)} pages kept"
    for each in fetched:
        if each.kept is None:
            get_run_logger().warning("%s", in_one_line(f"{each.source} {each.asked_on}: {each.reason}"))
    return Completed(message=message)


@_flow
def replay(
    first: Day = "",
    /,
    *,
    source: SourceName | None = None,
    to: Day = "",
    into: str | None = None,
    publish: bool = True,
) -> State[JobResult]:
    """Read kept pages again, without network."""
    span = parameters.span_kept(first, to, scheduled_at())
    name, target = source and source_named(source).name, Path(into).absolute() if into else None
    return _state(replay_job(_work(publish=publish), source=name, span=span, into=target))


@_flow
def adopt(
    *, source: SourceName, files: list[str], fetched_at: str | None = None, publish: bool = True
) -> State[JobResult]:
    """Keep and load files."""
    paths, moment = files_of(Path(file) for file in files), instant(fetched_at) if fetched_at else None
    return _state(adopt_job(_work(publish=publish), source_named(source).name, paths, fetched_at=moment))


@_flow
def facts(
    first: Day = "", /, *, only_missing: bool = False, now: str | None = None, publish: bool = True
) -> State[JobResult]:
    """Ask arXiv what changed, since a day or the last harvest, and for the ids of which nothing is known.

    `now` is a time at which the run thinks that it starts.
    """
    since = parameters.day_of("from", first, scheduled_at())
    return _state(facts_job(_work(publish=publish, now=now), first=since, only_missing=only_missing))


@_flow
def audit() -> State[Any]:
    """What is missing, late, open or quarantined, and a calendar, as artifacts; an alert does not fail the run."""
    settings = from_environment()
    alerts = audit_job(settings, now=scheduled_at())
    found = tuple(advice(alerts, settings.urls))
    rows = [{"finding": each.head, "mend": each.command or "", "detail": each.text} for each in found]
    message = f"audit: {len(alerts)} findings"
    _show(rows or [{"finding": "nothing to report"}], "audit", message)
    _show_calendar(settings)
    for each in found:
        get_run_logger().warning("%s", in_one_line(f"{each.head}: {each.text}"))
    _notify(message_of_audit(alerts))
    return Completed(message=message)


@_flow
def maintain() -> State[Any]:
    """The upkeep of a lake: few files of many, and no states that nobody may open. Else there is nothing to do."""
    done = maintain_job(from_environment())
    message = f"maintain: {in_one_line(done.summary)}"
    if not done.notes_lost:
        return Completed(message=message)
    _notify(Message(subject=f"paperlog {message}"))
    return Failed(message=message)


@_flow
def digest(*, reader: str | None = None, channel: str | None = None) -> State[Any]:
    """Tell each reader, or one, what is new since the last time; a channel that fails is tried again by the next run.

    Without an interests file there is nobody to tell.
    """
    settings = from_environment()
    if not settings.interests.exists():
        return Completed(message=f"digest: nobody to tell: there is no {settings.interests.name}")
    readers = read_interests(settings.interests, KINDS)
    asked = Asked(reader=reader, channel=channel)
    found = deliver(settings, readers, KINDS, asked, now=datetime.now(UTC), note=get_run_logger().warning)
    rows = [
        {"reader": each.reader, "channel": each.channel, "outcome": each.outcome, "said": each.said} for each in found
    ]
    message = in_one_line(f"digest: {summary_of(found)}")
    _show(rows or [{"result": "no channel"}], "digest", message)
    bad = [each for each in found if each.is_bad]
    for each in bad:
        get_run_logger().error("%s", in_one_line(each.line))
    if bad:
        _notify(Message(subject=f"paperlog {message}", lines=tuple(each.line for each in bad)))
    return Failed(message=message) if bad else Completed(message=message)


@_flow
def report(*, week: Day = "", out: str | None = None) -> State[Any]:
    """The page of a week, by default the latest with a list, with a link to the file and its headline."""
    day = parameters.day_of("week", week, scheduled_at())
    written = write_page(from_environment(), day, Path(out) if out else None)
    create_link_artifact(key="paperlog-report", link=written.path.as_uri(), description=written.summary)
    create_markdown_artifact(key="paperlog-report-week", markdown=written.markdown, description=written.summary)
    return Completed(message=f"report: {written.summary}")


def result_of(state: State[Any]) -> JobResult | None:
    """The result of the job, from the end state of its flow; None if the flow was stopped or failed."""
    data = getattr(state.data, "result", state.data)  # Prefect wraps what a flow returns, and so does JobFailed
    return data if isinstance(data, JobResult) else None


def _work(*, publish: bool, now: str | None = None) -> Work:
    clock = Clock.at(instant(now)) if now else OWN_CLOCK
    return Work(settings=from_environment(), progress=PrefectProgress(), step=as_task, publish=publish, clock=clock)


def _state(result: JobResult) -> State[JobResult]:
    """The flow's own end state, so that a refused page fails the run without a traceback."""
    _show(result.rows() or [{"result": "nothing new"}], result.job, result.summary)
    fetched = from_environment().urls
    for line in (*result.complaints(), *next_steps(result, fetched)):
        get_run_logger().warning("%s", in_one_line(line))
    if result.needs_attention:
        _notify(message_of_job(result, fetched))
    message = in_one_line(result.summary)
    return Failed(message=message, data=JobFailed(result)) if result.bad else Completed(message=message, data=result)


def _show(rows: list[dict[str, str]], name: str, description: str) -> None:
    cells = [{name: markdown(text) for name, text in row.items()} for row in rows]
    create_table_artifact(key=f"paperlog-{name}", table=cells, description=description)


def _show_calendar(settings: Settings) -> None:
    with warehouse_of(settings).reader() as reader:
        text = text_of(calendars(reader, settings), CALENDAR_MONTHS)
    create_markdown_artifact(
        key="paperlog-calendar", markdown=f"```text\n{visible(text)}\n```", description="the states of days, by source"
    )
