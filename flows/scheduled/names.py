"""The names of flow runs: what a person looks for in a list of runs.

Prefect gives runs of a schedule two random words when it creates them, and has no template for another name (seen with
3.8.8). So every run names those that are scheduled at its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from prefect import get_client
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import PrefectException
from prefect.runtime import flow_run

from flows.days import DayError, days
from flows.shown import in_one_line

TAG = "paperlog"
NAME_MAX = 160
"""Characters: two lines of a list of runs."""

UPCOMING = {"tags": {"all_": [TAG, "auto-scheduled"]}, "state": {"type": {"any_": ["SCHEDULED"]}}}


def title() -> str:
    """`ingest hf_daily 2026-04-10`: the name of the run that is under way."""
    return title_of(flow_run.flow_name or "flow", flow_run.parameters, scheduled_at())


def scheduled_at() -> datetime:
    """The time for which the run was scheduled: after an outage it may be days before the clock's."""
    scheduled = flow_run.scheduled_start_time
    return datetime.fromtimestamp(scheduled.timestamp(), tz=UTC)


def title_of(flow: str, parameters: Mapping[str, Any], moment: datetime) -> str:
    """The flow, its source, and its days: those asked for, or the scheduled one and those counted back from it."""
    ends = [_day(str(parameters[name]), moment) for name in ("from", "to") if parameters.get(name)]
    piece = [*map(str, parameters.get("partitions") or ())]
    ends += [*piece[:1], *piece[-1:]]
    asked = list(dict.fromkeys(ends))  # one day is named once
    counted = [f"{moment:%Y-%m-%d}", *_days_back(parameters.get("days_back"))]
    source = parameters.get("source")
    return in_one_line(" ".join([flow, *([str(source)] if source else []), *(asked or counted)]))


def name_with(ending: str) -> None:
    """Have the name of the run under way end with what became of it, or what it waits for; "" for the name alone.

    Prefect's lists and pages show of a run its name and its state, and the state's message only below many details.
    """
    name = in_one_line(f"{title()}: {ending}" if ending else title())
    with suppress(httpx.HTTPError, PrefectException), get_client(sync_client=True) as client:
        client.set_flow_run_name(UUID(flow_run.id), f"{name[: NAME_MAX - 1]}…" if len(name) > NAME_MAX else name)


def name_upcoming() -> None:
    """Give every scheduled run of Paperlog its name. A server that does not answer only leaves them unnamed."""
    with suppress(httpx.HTTPError, PrefectException), get_client(sync_client=True) as client:
        runs = client.read_flow_runs(flow_run_filter=FlowRunFilter.model_validate(UPCOMING))
        flows = {each.id: each.name for each in client.read_flows()}
        for run in runs:
            _name(client, run, flows.get(run.flow_id, "flow"))


def _name(client: SyncPrefectClient, run: FlowRun, flow: str) -> None:
    if run.expected_start_time is None:
        return
    name = title_of(flow, run.parameters, datetime.fromtimestamp(run.expected_start_time.timestamp(), tz=UTC))
    if run.name != name:
        client.set_flow_run_name(run.id, name)


def _days_back(back: list[int] | int | None) -> list[str]:
    """Days as `D-1`, counted from the scheduled one; of a longer list or of the last so many days, both ends."""
    if isinstance(back, int):
        return [f"D-{back}", "to", "D-1"]
    counted = [f"D-{each}" for each in back or ()]
    return counted if len(counted) <= 3 else [counted[0], "to", counted[-1]]


def _day(text: str, moment: datetime) -> str:
    """`yesterday` as the day that it is; what is no day stands in the name as it came."""
    with suppress(DayError):
        found = days(text, moment.date())
        return str(found.first) if found.first == found.last else text
    return text
