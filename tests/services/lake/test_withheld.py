"""What people withhold is in no published state of a lake: a file without it is published instead."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.batches import DAILY, batch, run, sighting
from tests.support.lakes import Lake
from transforms.records import Content, WithholdDecision
from warehouse import SNAPSHOT

pytestmark = [pytest.mark.services, pytest.mark.timeout(180)]


def decision(number: int, key: str, *, is_withheld: bool) -> WithholdDecision:
    return WithholdDecision(
        decision_id=f"decision-{number}",
        contents=(Content.ABSTRACT,),
        sightings=(key,),
        source=None,
        name=None,
        is_withheld=is_withheld,
        reason="the authors asked",
        decided_at=datetime(2026, 3, 9, number, tzinfo=UTC),
    )


def test_a_file_without_it_takes_the_place_of_all_states(lake: Lake, home: Path) -> None:
    paper, warehouse = sighting(1), lake.opened(home)
    with warehouse.writer("test") as writer:
        writer.load([batch([paper, sighting(2)])])
        writer.publish(keep_days=5)
        writer.withhold(run(DAILY.name, None), [decision(1, paper.sighting_key, is_withheld=True)])
        assert writer.publish(keep_days=5).withheld_count == 1
    with warehouse.reader() as reader:
        assert reader.query("select count(*) from papers where abstract is null").rows == ((1,),)
        assert reader.place == str(home / SNAPSHOT)
    assert warehouse.snapshots() == ()

    with warehouse.writer("test") as writer:
        writer.withhold(run(DAILY.name, None), [decision(2, paper.sighting_key, is_withheld=False)])
        writer.publish()
    with warehouse.reader() as reader:
        assert reader.place.startswith("attach ")
        assert reader.query("select count(*) from papers where abstract is null").rows == ((0,),)
