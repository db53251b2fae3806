"""What a home can tell of a lake that another home fills, whose pages it does not see."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.jobs.audit import audit
from flows.settings import from_environment
from tests.support.batches import NOON, run, sighting, withheld_abstract
from tests.support.commands import paperlog_in
from tests.support.lakes import Lake
from tests.support.small import DAILY, fill

pytestmark = [pytest.mark.services, pytest.mark.timeout(180)]


@pytest.fixture
def filled(lake: Lake, home: Path) -> Lake:
    """A lake that the writer of a home filled, in which a decision was taken back."""
    warehouse = lake.opened(home)
    fill(warehouse)
    with warehouse.writer("test") as writer:
        writer.withhold(run(DAILY.name, None), [withheld_abstract(sighting(1).sighting_key, is_withheld=False)])
        writer.publish()
    return lake


def test_that_it_lacks_pages_of_the_other_is_no_fault(filled: Lake, other: Path) -> None:
    (other / "landing").mkdir(parents=True)
    found = audit(from_environment(filled.variables(other)), now=NOON)
    assert {each.kind for each in found}.isdisjoint({"integrity", "surroundings"})
    done = paperlog_in(filled.environment(other), "check")
    assert "integrity" not in done.out
    assert "landing" not in done.out
