"""The steps as Prefect tasks: every retry, timeout and tag stands here and nowhere else.

No task is cached: Prefect's default policy would hand a retried flow run its old results instead of doing the work.
Server-side limits may be set on the tags where several machines fetch from one host; within a process the fetcher
keeps its own pace.
"""

from __future__ import annotations

from typing import Any

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from flows import chunks, fetching
from flows.steps import FetchIncomplete, Steps
from warehouse import WarehouseBusyError

HOUR = 3600


def _when(kind: type[Exception]) -> Any:
    def is_worth_a_retry(_task: object, _run: TaskRun, state: State[Any]) -> bool:
        return isinstance(state.data, kind) or isinstance(getattr(state.data, "exception", None), kind)

    return is_worth_a_retry


PREFECT = Steps(
    fetch=task(
        name="fetch pages",
        tags=["paperlog-fetch"],
        retries=2,
        retry_delay_seconds=[30, 300],
        retry_condition_fn=_when(FetchIncomplete),
        timeout_seconds=2 * HOUR,
        cache_policy=NO_CACHE,
    )(fetching.fetch_chunk),
    adopt=task(
        name="keep files",
        tags=["paperlog-adopt"],
        timeout_seconds=HOUR,
        cache_policy=NO_CACHE,
    )(chunks.adopt_chunk),
    load=task(
        name="load pages",
        tags=["paperlog-write"],
        retries=1,
        retry_delay_seconds=60,
        retry_condition_fn=_when(WarehouseBusyError),
        timeout_seconds=HOUR,
        cache_policy=NO_CACHE,
    )(chunks.load_chunk),
    partitions=task(
        name="see what is loaded",
        tags=["paperlog-write"],
        timeout_seconds=HOUR,
        cache_policy=NO_CACHE,
    )(chunks.partition_states),
    publish=task(
        name="publish",
        tags=["paperlog-write"],
        retries=1,
        retry_delay_seconds=60,
        retry_condition_fn=_when(WarehouseBusyError),
        timeout_seconds=HOUR,
        cache_policy=NO_CACHE,
    )(chunks.publish_snapshot),
)


class Logged:
    """Progress as lines of the flow run's log."""

    def expect(self, count: int) -> None:
        """So many more are to come."""
        get_run_logger().info("%d partitions or files to read", count)

    def note(self, line: str) -> None:
        """Something happened."""
        get_run_logger().info(line)

    def done(self, line: str) -> None:
        """One is finished."""
        get_run_logger().info(line)
