"""What is published of a lake is what its manifest says, also where a publish made only what had changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.kills import DAYS_BEFORE
from tests.support.lakes import Lake, digest_of, pages_of, undisturbed

pytestmark = [pytest.mark.services, pytest.mark.timeout(240)]


def test_the_manifest_is_that_of_the_facts_when_a_day_comes_to_many(lake: Lake, home: Path, tmp_path: Path) -> None:
    warehouse = lake.opened(home)
    with warehouse.writer("before") as writer:
        for place in range(DAYS_BEFORE):
            writer.load(pages_of(place))
        writer.publish()
    for place in (DAYS_BEFORE, DAYS_BEFORE + 1):
        with warehouse.writer("one more") as writer:
            writer.load(pages_of(place))
            digest = writer.publish().digest
        assert digest == digest_of(warehouse)
    assert warehouse.proof() == ()
    assert digest == undisturbed(range(DAYS_BEFORE + 2), tmp_path / "undisturbed")
