"""The steps as Prefect tasks: every retry, timeout and tag is set here and nowhere else.

No task is cached: Prefect's default policy would give a retried flow run its old results instead of doing the work.
Server-side limits may be set on the tags where several machines without a lake fetch from one host; those of a lake
share their pace, as do the processes of a machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, cast
from uuid import UUID

from prefect import get_run_logger, task
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.runtime import task_run

from flows.jobs.facts import ask_unknown, harvest, load_file, load_left
from flows.pipeline.fetch import adopt_chunk, fetch_chunk
from flows.pipeline.meter import Meter
from flows.pipeline.outcome import FetchIncomplete
from flows.pipeline.run import CHUNK_PARTITIONS, load_chunk, partition_states, publish_snapshot
from flows.pipeline.work import Arguments, Returned
from flows.scheduled.names import name_with
from flows.shown import in_one_line
from warehouse import WarehouseBusyError

HOUR = 3600


def as_task(step: Callable[Arguments, Returned], /) -> Callable[Arguments, Returned]:
    """The step as the task that is declared for it below."""
    return cast("Callable[Arguments, Returned]", _TASKS[step])


def _task(
    step: Callable[..., Any],
    name: str,
    tag: str,
    *,
    hours: int = 1,
    retry_on: type[Exception] | None = None,
    delays: Sequence[float] = (),
) -> Callable[..., Any]:
    def is_worth_a_retry(_of: object, run: TaskRun, state: State[Any]) -> bool:
        error = getattr(state.data, "exception", state.data)  # Prefect wraps what a task raised
        if retry_on is None or not isinstance(error, retry_on):
            return False
        _tell_wait(error, delays[min(run.run_count, len(delays)) - 1])
        return True

    return task(
        name=name,
        tags=[tag],
        retries=len(delays),
        retry_delay_seconds=list(delays),
        retry_condition_fn=is_worth_a_retry,
        timeout_seconds=hours * HOUR,
        cache_policy=NO_CACHE,
    )(_named_again(step))


def _tell_wait(error: Exception, seconds: float) -> None:
    """Why and until when a run waits before a step is done again: in its log and, for lists of runs, in its name."""
    until = f"{datetime.now(UTC) + timedelta(seconds=seconds):%H:%M:%S} UTC"
    get_run_logger().warning("%s", in_one_line(f"{error}: waiting to try again, until {until}"))
    name_with(f"waits until {until} ({getattr(error, 'cause', None) or 'busy'})")


def _named_again(step: Callable[..., Any]) -> Callable[..., Any]:
    """The step, which ends the wait that the run's name tells of. A hook of Prefect would log a line for every task."""

    @wraps(step)
    def attempt(*values: Any, **named: Any) -> Any:
        if task_run.run_count > 1:
            name_with("")
        return step(*values, **named)

    return attempt


# Requests are retried in the fetcher, which reads Retry-After; Prefect's retries do not, so they are for whole tasks.
_TASKS: dict[Callable[..., Any], Callable[..., Any]] = {
    fetch_chunk: _task(
        fetch_chunk, "fetch pages", "paperlog-fetch", hours=2, retry_on=FetchIncomplete, delays=(30, 300)
    ),
    adopt_chunk: _task(adopt_chunk, "keep files", "paperlog-adopt"),
    load_chunk: _task(load_chunk, "load pages", "paperlog-write", retry_on=WarehouseBusyError, delays=(60,)),
    load_left: _task(load_left, "load kept answers", "paperlog-write", retry_on=WarehouseBusyError, delays=(60,)),
    harvest: _task(harvest, "harvest a set", "paperlog-fetch", hours=24, retry_on=WarehouseBusyError, delays=(60,)),
    load_file: _task(load_file, "load a file of facts", "paperlog-adopt", hours=24),
    ask_unknown: _task(
        ask_unknown, "ask for unknown ids", "paperlog-fetch", hours=24, retry_on=WarehouseBusyError, delays=(60,)
    ),
    partition_states: _task(partition_states, "see what is loaded", "paperlog-write"),
    publish_snapshot: _task(publish_snapshot, "publish", "paperlog-write", retry_on=WarehouseBusyError, delays=(60,)),
}


class PrefectProgress:
    """Progress as lines of the flow run's log, and as a bar in its artifacts."""

    def __init__(self) -> None:
        self._meter = Meter()
        self._done_count = 0
        self._bar: UUID | None = None

    def expect(self, count: int) -> None:
        """Add to the number that is to come; a bar is made where it takes more than one chunk."""
        self._meter.expect(count)
        get_run_logger().info("%d partitions or files to read", count)
        if count > CHUNK_PARTITIONS and self._bar is None:
            bar = create_progress_artifact(progress=0.0, key="paperlog-progress", description="partitions loaded")
            self._bar = cast("UUID", bar)

    def note(self, line: str) -> None:
        """Log the line."""
        self._meter.note()
        get_run_logger().info("%s", in_one_line(line))

    def done(self, line: str) -> None:
        """Log the line; after each chunk also the rate and what is left."""
        get_run_logger().info("%s", in_one_line(line))
        self._meter.done()
        self._done_count += 1
        if self._bar is None or (self._done_count % CHUNK_PARTITIONS and self._done_count < self._meter.expected):
            return
        get_run_logger().info("%s", self._meter)
        share = min(100.0, 100.0 * self._done_count / self._meter.expected)
        update_progress_artifact(self._bar, progress=share, description=f"partitions loaded: {self._meter}")
