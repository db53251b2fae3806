"""The steps as Prefect tasks: every retry, timeout and tag stands here and nowhere else.

No task is cached: Prefect's default policy would hand a retried flow run its old results instead of doing the work.
Server-side limits may be set on the tags where several machines fetch from one host; within a process the fetcher
keeps its own pace.
"""

from __future__ import annotations

import time
from typing import Any, cast
from uuid import UUID

from prefect import get_run_logger, task
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from flows.pipeline import chunks
from flows.pipeline import fetch as fetching
from flows.pipeline.steps import FetchIncomplete, Steps
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
    """Progress as lines of the flow run's log, and as a bar in its artifacts."""

    def __init__(self) -> None:
        self._expected = 0
        self._done = 0
        self._since = time.monotonic()
        self._bar: UUID | None = None

    def expect(self, count: int) -> None:
        """So many more are to come."""
        self._expected += count
        get_run_logger().info("%d partitions or files to read", count)
        if count > chunks.CHUNK_PARTITIONS and self._bar is None:
            self._bar = cast(
                "UUID",
                create_progress_artifact(progress=0.0, key="paperlog-progress", description="partitions loaded"),
            )

    def note(self, line: str) -> None:
        """Something happened."""
        get_run_logger().info(line)

    def done(self, line: str) -> None:
        """One is finished; after each chunk the rate is told."""
        get_run_logger().info(line)
        self._done += 1
        if self._bar is None or (self._done % chunks.CHUNK_PARTITIONS and self._done < self._expected):
            return
        rate = 60 * self._done / (time.monotonic() - self._since)
        get_run_logger().info("%d of %d, %.0f a minute", self._done, self._expected, rate)
        share = min(100.0, 100.0 * self._done / self._expected)
        update_progress_artifact(self._bar, progress=share, description=f"{self._done} partitions, {rate:.0f} a minute")
