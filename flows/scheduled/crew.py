"""The machines that have a worker: pieces of a backfill are sent to them as runs of the deployment `fetch`."""

from __future__ import annotations

from prefect.deployments import run_deployment
from prefect.runtime import flow_run

from flows.jobs.spread import Piece

DEPLOYMENT = "fetch/fetch"


class PoolWorkers:
    """Every worker of the pool, wherever it runs; the same piece of one backfill is sent once, also by a retry."""

    def send(self, piece: Piece) -> None:
        """As `Crew.send`."""
        run_deployment(
            DEPLOYMENT,
            parameters={
                "source": piece.source,
                "partitions": [str(day) for day in piece.days],
                "since": piece.since.isoformat(),
            },
            idempotency_key=f"{flow_run.id} {piece.name}",
            timeout=0,  # nothing waits for its end: its pages are found as they come
            as_subflow=False,
        )
