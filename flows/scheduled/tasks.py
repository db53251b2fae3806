"""The steps as Prefect tasks: every retry, timeout and tag is set here and nowhere else.

No task is cached: Prefect's default policy would give a retried flow run its old results instead of doing the work.
Server-side limits may be set on the tags where several machines fetch from one host; within a process the fetcher
keeps its own pace.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast
from uuid import UUID

from prefect import get_run_logger, task
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from flows.jobs.facts import ask_unknown, harvest, load_file, load_left
from flows.pipeline.fetch import adopt_chunk, fetch_chunk
from flows.pipeline.meter import Meter
from flows.pipeline.outcome import FetchIncomplete
from flows.pipeline.run import CHUNK_PARTITIONS, load_chunk, partition_states, publish_snapshot
from flows.pipeline.work import Arguments, Returned
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
    def is_worth_a_retry(_of: object, _run: TaskRun, state: State[Any]) -> bool:
        error = getattr(state.data, "exception", state.data)  # Prefect wraps what a task raised
        return retry_on is not None and isinstance(error, retry_on)

    return task(
        name=name,
        tags=[tag],
        retries=len(delays),
        retry_delay_seconds=list(delays),
        retry_condition_fn=is_worth_a_retry,
        timeout_seconds=hours * HOUR,
        cache_policy=NO_CACHE,
    )(step)


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
