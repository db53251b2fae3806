"""Killed at any moment between the first request and the snapshot, nothing is half there and nothing kept is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.kills import kills


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_eight_kills_leave_what_an_undisturbed_run_leaves(tmp_path: Path) -> None:
    assert kills(8, tmp_path).broken == []
