"""What `deployments.yaml` declares is what the records of the sources say."""

from __future__ import annotations

from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from extractors.source import Schedule, Source
from extractors.sources import SOURCES
from tests.support.places import ROOT

DECLARED: list[dict[str, Any]] = yaml.safe_load((ROOT / "deployments.yaml").read_text(encoding="utf-8"))["deployments"]
DEPLOYMENTS = {each["name"]: each for each in DECLARED}


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.name)
def test_a_source_is_deployed_with_the_schedules_of_its_record(source: Source) -> None:
    deployment = DEPLOYMENTS.get(source.name, {"schedules": []})
    assert tuple(schedule_of(deployment, each) for each in deployment["schedules"]) == source.schedules


@pytest.mark.parametrize("name", [source.name for source in SOURCES.values() if source.schedules])
def test_a_source_is_deployed_as_an_ingest_of_its_name(name: str) -> None:
    assert DEPLOYMENTS[name]["entrypoint"] == "flows.scheduled.deployments.ingest"
    assert DEPLOYMENTS[name]["parameters"]["source"] == name


def test_every_schedule_is_in_utc() -> None:
    schedules = [each for deployment in DECLARED for each in deployment["schedules"] or ()]
    assert {each["timezone"] for each in schedules} == {"UTC"}


def schedule_of(deployment: dict[str, Any], declared: dict[str, Any]) -> Schedule:
    parameters = {**deployment["parameters"], **declared.get("parameters", {})}
    return Schedule(slug=declared["slug"], cron=declared["cron"], days_back=tuple(parameters["days_back"]))
