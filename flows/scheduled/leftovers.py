"""Flow runs whose process ended without a word: found by what the server believes and what runs on this machine.

A process that is killed with `kill -9` leaves its flow run `Running` or `Pending` for ever (Prefect 3.8.8), and with it
the one slot of its deployment. Such a run is scheduled again: it goes on, because kept pages are not fetched twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import requests

SECONDS_MAX = 30
PAGE = 200
"""As many flow runs as the server gives at once."""

ENDED = frozenset({"COMPLETED", "FAILED", "CANCELLED"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """A flow run that is not at its end; `expected_start_time` is the time for which it was scheduled."""

    id: str
    name: str
    state_name: str
    expected_start_time: str


def unended(api: str) -> tuple[Leftover, ...]:
    """The flow runs of deployments that the server believes to be under way."""
    wanted = {"state": {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}, "deployment_id": {"is_null_": False}}
    found = _post(api, "flow_runs/filter", {"flow_runs": wanted, "limit": PAGE})
    return tuple(msgspec.convert(found, list[Leftover]))


class Watch:
    """Names the flow runs that had no process at two looks in a row: at one, it may just be starting."""

    def __init__(self) -> None:
        self._suspects: frozenset[str] = frozenset()

    def dead(self, runs: tuple[Leftover, ...]) -> tuple[Leftover, ...]:
        """Those of the runs under way that were without a process at the last look too."""
        without = tuple(run for run in runs if not processes_of(run.id))
        found = tuple(run for run in without if run.id in self._suspects)
        self._suspects = frozenset(run.id for run in without)
        return found


def heal(api: str, runs: tuple[Leftover, ...], why: str) -> Iterator[str]:
    """Schedule the runs again that no process of this machine works on; a line for each, also for those left alone.

    A run keeps the time that it was scheduled for, from which it counts its days. One being cancelled is not resumed.
    """
    for run in runs:
        if _get(api, f"flow_runs/{run.id}")["state_type"] in ENDED:
            continue  # it came to its end while it was stopped
        if processes := processes_of(run.id):
            yield f"flow run {run.name} is {run.state_name}: process {processes[0]} still works on it"
        elif run.state_name == "Cancelling":
            _set_state(api, run, {"type": "CANCELLED", "name": "Cancelled", "message": why})
            yield f"flow run {run.name} was Cancelling, {why}: it is Cancelled"
        else:
            details = {"scheduled_time": run.expected_start_time}
            state = {"type": "SCHEDULED", "name": "AwaitingRetry", "message": why, "state_details": details}
            _set_state(api, run, state)
            yield f"flow run {run.name} was {run.state_name}, {why}: it is scheduled again"


def processes_of(flow_run_id: str) -> list[int]:
    """The processes of this machine that work on a flow run."""
    mark = f"PREFECT__FLOW_RUN_ID={flow_run_id}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:  # it ended, or belongs to another user
            continue
    return found


def _set_state(api: str, run: Leftover, state: dict[str, Any]) -> None:
    # Forced, because nothing answers for the old state; the deployment's slot is freed even so.
    _post(api, f"flow_runs/{run.id}/set_state", {"state": state, "force": True})


def _get(api: str, path: str) -> Any:
    return _asked("GET", f"{api}/{path}", None)


def _post(api: str, path: str, body: dict[str, Any]) -> Any:
    return _asked("POST", f"{api}/{path}", body)


def _asked(method: str, url: str, body: dict[str, Any] | None) -> Any:
    with requests.Session() as session:
        session.trust_env = False  # no proxy of the environment stands between this machine and itself
        answer = session.request(method, url, json=body, timeout=SECONDS_MAX)
        answer.raise_for_status()
        return answer.json()
